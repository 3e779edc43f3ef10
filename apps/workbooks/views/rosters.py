from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import Request, requires
from apps.core.actions import Conflict
from apps.core.addresses import number_in
from apps.workbooks.actions.imports import commit_import
from apps.workbooks.actions.rosters import FOR_ALL, decide_roster
from apps.workbooks.models import ImportBatch

# How the fields of the form begin, and what they decide.
FIELDS = {"fate": "fates", "day": "days", "move": "moved", "how": "how", "since": "since"}


@requires("workbooks.add_importbatch")
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Keep what is decided on people of a roster's comparison, and import it if that is asked for."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    decided: dict[str, dict[int, str] | str] = {name: request.POST[name] for name in FOR_ALL if name in request.POST}
    for begin, name in FIELDS.items():
        sent = {number_in(key.removeprefix(f"{begin}_")): key for key in request.POST if key.startswith(f"{begin}_")}
        decided[name] = {teacher: request.POST[key] for teacher, key in sent.items() if teacher is not None}
    shown = {name: request.POST[name] for name in ("look", "page") if request.POST.get(name)}
    try:
        decide_roster(batch=batch, decided=decided, by=request.user, version=number_in(request.POST.get("version")))
        if "commit" in request.POST:
            commit_import(batch=batch, by=request.user)
            return redirect(batch)
        messages.success(request, _("Decisions kept."))
    except Conflict:
        messages.error(request, _("Somebody else has decided meanwhile: this is how it stands now. Decide again."))
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    return redirect(f"{batch.get_absolute_url()}?{urlencode(shown)}#roster")

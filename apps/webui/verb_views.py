"""The views behind verbs: with one record, and with the records ticked in a list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from apps.core.access import Request, local_address
from apps.core.actions import overtaken
from apps.core.addresses import number_in
from apps.core.models import Record

from .forms import refuse
from .verbs import Verb, report, take_all
from .views import PAGE_SIZES, RecordView

# So many rows can be ticked at a time: what the longest page of a list shows.
MOST = max(PAGE_SIZES.values())


class RecordVerb(RecordView):
    """A verb done with one record: at once, or after its question or form."""

    verb: Verb = None  # type: ignore[assignment]  # given with the address

    def row(self, pk: int) -> Record:
        """Return the row that the user sees under `pk`; raise 404, or 403 if the user may not do this to it."""
        row: Record = get_object_or_404(self.pages.rows(self.request.user), pk=pk)
        if not self.verb.may(self.request.user, row):
            raise PermissionDenied
        return row

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Show the form or the question; the record where the step would lead nowhere."""
        row = self.row(pk)
        if self.verb.asks and not self.verb.shown(row):
            return redirect(row)
        return self.ask(row, self.form(row)) if self.verb.asks else HttpResponseNotAllowed(["POST"])

    def post(self, request: Request, pk: int) -> HttpResponse:
        """Do it and say what came of it, or why it was refused."""
        row = self.row(pk)
        form = self.form(row)
        if form and not form.is_valid():
            return self.ask(row, form)
        try:
            result = self.take(row, form.cleaned_data if form else {})
        except ValidationError as error:
            if form:
                refuse(form, error)
                return self.ask(row, form)
            messages.error(request, "；".join(error.messages))
            return redirect(row)
        say = messages.warning if self.verb.warns(result) else messages.success
        say(request, self.verb.sentence(row, result))
        return redirect(result if isinstance(result, Record) else row)

    def take(self, row: Record, data: dict[str, Any]) -> Any:
        """Do it, and return what the action returns; raise Conflict if the record is not the one that was read."""
        seen = number_in(self.request.POST.get("read_version"))
        with transaction.atomic():
            result = self.verb.take(row, by=self.request.user, **data)
            # The action has read the row anew under its lock, and has written it once at the most.
            if seen is not None and row.version not in (seen, seen + 1):
                raise overtaken()
        return result

    def form(self, row: Record) -> forms.Form | None:
        """Return the verb's form, bound when something was sent; None for a verb without one."""
        if self.verb.form is None:
            return None
        request = self.request
        sent, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        return self.verb.form(sent, files, initial=dict(self.verb.initial(row)), **self.verb.given(row))

    def ask(self, row: Record, form: forms.Form | None) -> HttpResponse:
        """Show the page before the step."""
        context = {"pages": self.pages, "record": row, "verb": self.verb, "form": form, **self.verb.facts(row)}
        return render(self.request, self.verb.template, context)


class BulkVerb(RecordView):
    """A verb done with the records ticked in a list, each as if alone."""

    verb: Verb = None  # type: ignore[assignment]  # given with the address

    def post(self, request: Request) -> HttpResponse:
        """Ask where the verb asks, then do it with each record, and say how many were done and what was refused."""
        ids = {number for text in request.POST.getlist("ticked") if (number := number_in(text))}
        back = local_address(request, request.POST.get("next", "")) or self.pages.url("list")
        if len(ids) > MOST:
            messages.error(request, _("At most %(number)d rows at a time.") % {"number": MOST})
            return redirect(back)
        rows = list(self.pages.rows(request.user).filter(pk__in=ids).order_by(*self.pages.model._meta.ordering, "pk"))
        if not rows:
            messages.error(request, _("Tick at least one row first."))
            return redirect(back)
        if self.verb.question and "sure" not in request.POST:
            context = {"pages": self.pages, "verb": self.verb, "rows": rows, "back": back}
            return render(request, "webui/bulk.html", context)
        done, refused = take_all(self.verb, rows, by=request.user)
        for said, level in report(self.verb, done, refused):
            messages.add_message(request, level, said)
        return redirect(back)

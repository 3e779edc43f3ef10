"""What is done with exports: start one, make it, cancel it, make it once more. Finished files go after a week."""

import json
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from tempfile import TemporaryFile
from traceback import extract_tb
from typing import Any
from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.files import File
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import default_task_backend, task

from apps.accounts.models import User
from apps.core.access import Request
from apps.core.actors import Actor, demand_somebody
from apps.core.jobs import Overtaken
from apps.core.models import SchoolYear
from apps.core.rules import demand
from apps.schools.models import School, Township
from apps.webui.pages import REGISTRY, Pages
from apps.webui.views import filtered
from apps.workbooks.exporting.asked import Asked, ListAsked, YearAsked
from apps.workbooks.models import WorkbookExport
from apps.workbooks.models.exports import KEPT_DAYS
from apps.workbooks.rules import account_id, may_export

Status = WorkbookExport.Status


# Start.


def start_export(*, asked: Asked, by: Actor) -> WorkbookExport:
    """Start making a workbook in the background, and return its export; the same one that is being made already, if so.

    Raises PermissionDenied, also for who has no account: an export is somebody's.
    """
    demand_somebody(by)
    digest = sha256(json.dumps(asked.inputs, sort_keys=True).encode()).hexdigest()
    export = WorkbookExport(
        user_id=account_id(by) or 0,
        name=f"{asked.name}.xlsx"[-200:],
        inputs=digest,
        total=asked.total(),
        **asked.inputs,
    )
    if not may_export(by, export):
        raise PermissionDenied
    remove_outdated()
    running = WorkbookExport.objects.running().filter(user=export.user_id, inputs=digest)
    if there := running.first():
        return there
    export.attempt, export.beat = 1, timezone.now()
    try:
        with transaction.atomic():
            export.save()
            make_export.enqueue(export.pk, export.attempt)
    except IntegrityError:
        # Somebody has clicked twice.
        if there := running.first():
            return there
        raise
    export.refresh_from_db()
    return export


def list_asked(pages: Pages[Any], request: Request) -> ListAsked:
    """Return a list as the address of a request filters it, for who asks; a bad filter shows nothing."""
    bound = filtered(pages, request)
    rows = bound.qs if bound.is_valid() else bound.queryset.none()
    rows = rows.order_by(*pages.model._meta.ordering or (), "pk")
    return ListAsked(pages, rows, bound.data.urlencode(), request.user)


# Make.


class NotMade(Exception):
    """A workbook could not be made: which export, what kind of error, and where in the code; nothing of its content."""

    def __init__(self, export: WorkbookExport, error: Exception) -> None:
        steps = [f"{step.filename}:{step.lineno}" for step in extract_tb(error.__traceback__)]
        super().__init__(f"export {export.pk}: {type(error).__name__} in {' > '.join(steps)}")


@task
def make_export(export_pk: int, attempt: int) -> None:
    """Make the workbook of an export, for who has asked for it, and note how that ended."""
    export = WorkbookExport.objects.get(pk=export_pk)
    storage = export.file.storage
    try:
        asked = asked_again(export)
        total = asked.total()
        export.sign(attempt, total=total, written=0)
        with TemporaryFile() as made:
            asked.write(made, lambda rows: export.sign(attempt, written=rows))
            made.seek(0)
            name = storage.save(f"exports/{uuid4().hex}.xlsx", File(made))
    except Overtaken:
        return
    except (ObjectDoesNotExist, PermissionDenied):  # the account may have been given another place since
        _end(export, attempt, Status.FAILED)
        return
    except Exception as error:
        _end(export, attempt, Status.FAILED)
        # For the worker's log, in which nothing of anybody's records may stand: an error's own words often quote them.
        raise NotMade(export, error) from None
    if not _end(export, attempt, Status.DONE, file=name, written=total):
        storage.delete(name)  # cancelled meanwhile, or made by another worker
    elif default_task_backend.supports_defer:
        remove_exports.using(run_after=timezone.now() + timedelta(days=KEPT_DAYS, minutes=1)).enqueue()


def _end(export: WorkbookExport, attempt: int, status: str, **values: Any) -> bool:
    """Note how the making ended; return False if that is no longer this worker's."""
    with suppress(Overtaken):
        export.end(attempt, status, **values)
        return True
    return False


def asked_again(export: WorkbookExport) -> Asked:
    """Return what an export is of, as who has asked for it may see it now.

    Raises PermissionDenied or ObjectDoesNotExist where that is nothing any more.
    """
    user = User.objects.with_places().get(pk=export.user_id)
    if not user.is_active:
        raise PermissionDenied
    if export.listed:
        pages = REGISTRY[export.listed]
        if not pages.may(user, "view"):
            raise PermissionDenied
        return list_asked(pages, _request(user, export.query))
    if not user.has_perm("workbooks.view_importbatch"):
        raise PermissionDenied
    township = Township.objects.visible_to(user).select_related("district").get(pk=export.township_id or 0)
    scope = user.scope if user.scope.kind == "school" else township.scope
    if export.school_id:
        scope = School.objects.visible_to(user).get(pk=export.school_id).scope
    return YearAsked(scope, township, SchoolYear.objects.get(pk=export.school_year_id or 0), user)


def _request(user: User, query: str) -> Request:
    """Return a request as filters want one: of whom, and with which address."""
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(query), user
    vars(request)["session"] = {}
    return request  # type: ignore[return-value]  # what the site's own requests have, beyond Django's


# Go on, or stop.


def cancel_export(*, export: WorkbookExport, by: Actor) -> None:
    """Stop making a workbook; raise ValidationError if it is over."""
    demand(may_export, by, export)
    if not export.cancel(Status.CANCELLED):
        raise ValidationError(_("This export is over already."))


def resume_export(*, export: WorkbookExport, by: Actor) -> None:
    """Make a workbook that failed, or whose worker has died, once more; raise ValidationError if it is neither."""
    demand(may_export, by, export)
    same = WorkbookExport.objects.running().filter(user=export.user_id, inputs=export.inputs).exclude(pk=export.pk)
    with transaction.atomic():
        attempt = 0 if same.exists() else export.claim(written=0)
        if not attempt:
            raise ValidationError(_("This workbook is being made already, or is made."))
        make_export.enqueue(export.pk, attempt)


@task
def remove_exports() -> None:
    """Remove the files that have been kept long enough."""
    remove_outdated()


def remove_outdated() -> int:
    """Remove the files that have been kept long enough, and return how many."""
    rows = list(WorkbookExport.objects.outdated())
    for export in rows:
        if export.turn(Status.DONE, Status.EXPIRED, file=""):
            export.file.storage.delete(export.file.name or "")
    return len(rows)

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actors import Actor
from apps.core.scope import ScopedQuerySet
from apps.webui.pages import Button, ListColumn, Pages
from apps.webui.verbs import Verb, always
from apps.workbooks.actions import imports
from apps.workbooks.actions.undo import undo_import
from apps.workbooks.files.validation import UserError
from apps.workbooks.forms.answers import AnswerForm
from apps.workbooks.forms.imports import ImportForm, MendedForm

from . import rules
from .filters import ImportBatchFilter
from .models import ImportBatch
from .places import own_township

Status = ImportBatch.Status


def checked(batch: ImportBatch) -> str:
    """Return what is said after a workbook was checked again; nothing of a long one, whose page tells how far it is."""
    if batch.running:
        return ""
    return _("Checked again: %(result)s") % {"result": batch.result}


def has_errors(batch: ImportBatch) -> bool:
    """Return whether a workbook that was checked again cannot be imported."""
    return bool(batch.wrong)


class ImportBatchPages(Pages[ImportBatch]):
    model, form, filterset = ImportBatch, ImportForm, ImportBatchFilter
    detail_template = "workbooks/preview.html"
    form_template = "workbooks/upload.html"
    fetch = ("user", "undone_by", "township__district", "school__township", "school_year")
    columns = (
        ListColumn("name"),
        ListColumn("status", kind="state"),
        ListColumn("result", sort="-"),
        ListColumn("school_year", sort="school_year__start_year"),
        ListColumn("school.name", gettext_lazy("school"), sort="school__code"),
        ListColumn("user", sort="user__name"),
        ListColumn("created_at", kind="date"),
    )
    detail = ("name", "status", "result", "school_year", "township", "school", "user", "created_at", "ended", "sha256")
    hint = gettext_lazy("Upload a file of yours as it is, such as the roster; or download the template and fill it in.")

    verbs = (
        Verb(
            "check",
            gettext_lazy("Check again"),
            rules.may_import,
            imports.check_again,
            takes="batch",
            said=checked,
            warns=has_errors,
            shown=lambda batch: batch.open,
        ),
        Verb(
            "mend",  # on the page of the import itself
            gettext_lazy("Check the mended file"),
            rules.may_import,
            imports.check_again,
            takes="batch",
            said=checked,
            warns=has_errors,
            form=MendedForm,
            shown=lambda batch: False,
        ),
        Verb(
            "answer",  # on the page of the import itself
            gettext_lazy("Answer, and preview again"),
            rules.may_import,
            imports.answer_questions,
            takes="batch",
            said=checked,
            warns=has_errors,
            form=AnswerForm,
            given=lambda batch: {"questions": batch.questions, "answers": batch.answers},
            shown=lambda batch: False,
        ),
        Verb(
            "commit",
            gettext_lazy("Import now"),
            rules.may_import,
            imports.commit_import,
            takes="batch",
            said="",  # its page tells how far it is
            # A roster's stands under the decisions on its people, so that none of them is lost.
            shown=lambda batch: batch.status == Status.PREVIEWED and not batch.empty and not batch.comparison,
            next_when=always,
        ),
        Verb(
            "again",
            gettext_lazy("Import once more"),
            rules.may_import,
            imports.commit_import,
            takes="batch",
            said="",
            shown=lambda batch: batch.silent and batch.status == Status.COMMITTING,
            next_when=always,
        ),
        Verb(
            "undo",
            gettext_lazy("Take the import back"),
            rules.may_take_back,
            undo_import,
            takes="batch",
            said=gettext_lazy("The import was taken back: all is as it was before."),
            question=gettext_lazy("Take this import back?"),
            form=Form,
            template="workbooks/undo.html",
            shown=lambda batch: batch.status == Status.COMMITTED,
        ),
    )

    def told(self, record: ImportBatch) -> str:
        """Return nothing: the preview itself says what is to be done."""
        return ""

    def save(self, *, form: ImportForm, by: Actor, version: int | None) -> ImportBatch:
        """Preview the uploaded workbook."""
        data = form.cleaned_data
        township = data.get("township") or own_township(by)
        try:
            return imports.preview_workbook(
                file=data["file"], scope=by.scope, year=data["school_year"], township=township, by=by
            )
        except UserError as error:
            raise ValidationError({"file": error.messages}) from error  # said where the file is chosen

    def rows(self, user: Actor) -> ScopedQuerySet[ImportBatch]:
        """Return the imports, without the long lists that only their own pages show."""
        kept = ("problems", "changes", "added", "doubts", "notes", "seen", "questions", "answers", "comparison")
        return super().rows(user).defer(*kept)

    def buttons(self, user: Actor, record: ImportBatch) -> Iterable[Button]:
        """Offer the file as it was brought, or with its errors marked, and what can be done with the import now."""
        # A copy with marks is made in memory while somebody waits.
        marked = record.wrong and record.open and not record.long
        label = _("Download with marks") if marked else _("Download the file")
        address = reverse("workbooks:marked" if marked else "workbooks:original", args=[record.pk])
        yield Button(label, address, method="get")
        yield from super().buttons(user, record)


PAGES = (ImportBatchPages(),)

"""Excel sheets of the action handbook."""

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet
from apps.schools.sheets import SCHOOL
from apps.teachers.sheets import TEACHER

from .actions import import_entries
from .models import HandbookEntry, HandbookScore, Requirement

SHEETS = (
    Sheet(
        Requirement,
        _("Handbook requirements"),
        key=("term", "kind"),
        township_field="township",
        columns=(
            Column(_("Term"), "term", "row", required=True, help=_("The school year and the term, such as 2025-1.")),
            Column(_("Dimension"), "dimension", "choice", required=True),
            Column(_("Kind of entry"), "kind", "choice", required=True),
            Column(_("Entries asked for"), "minimum", "integer", required=True),
            Column(_("Points"), "points", "integer"),
            Column(_("Document"), "document"),
        ),
    ),
    Sheet(
        HandbookEntry,
        _("Handbook entries"),
        key=("teacher", "requirement", "date", "title"),
        save=import_entries,
        columns=(
            SCHOOL,
            TEACHER,
            Column(_("Requirement"), "requirement", "row", required=True, help=_("The term and the kind of entry.")),
            Column(_("Date"), "date", "date", required=True, aliases=("时间", "填写日期")),
            Column(_("Title"), "title", required=True, aliases=("题目", "课题")),
            Column(_("Content"), "content", aliases=("正文", "内容摘要")),
            Column(_("Status"), "status", "choice"),
            Column(_("Quality"), "quality", "choice", help=_("For approved entries only.")),
            Column(_("Reviewer's comment"), "comment"),
        ),
    ),
    Sheet(
        HandbookScore,
        _("Handbook scores"),
        key=("teacher", "closed_on"),
        columns=(
            SCHOOL,
            TEACHER,
            Column(_("Year closed on"), "closed_on", "date", required=True),
            Column(_("Entries asked for"), "asked", "integer", required=True),
            Column(_("Entries approved"), "done", "integer", required=True),
            Column(_("Handbook score"), "score", "decimal", required=True),
        ),
    ),
)

"""Who may do what with summaries, and in which years records may still be written.

The office writes, finalises and reopens the summaries of its township. A principal writes the school's summary and the
development files of its teachers, and sends them to the office for review; to finalise is the office's alone. A teacher
reads the own file.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actors import Actor
from apps.core.models import Record
from apps.core.rules import RecordRules, heads_school, is_self, keep_rules, keeps_records, rule
from apps.schools.models import School, Township

from .models import (
    LETTERHEAD_FIELDS,
    AnnualSummary,
    ParagraphComment,
    SectionRevision,
    SummaryBatch,
    SummaryPiece,
    SummarySection,
    SummaryVersion,
)

FINALISE = "reports.finalise_annualsummary"


def writes(actor: Actor, summary: AnnualSummary) -> bool:
    """Return whether `actor`, who sees `summary`, is one of those who write it.

    A principal sees the files of the teachers who belonged to the school at the end of the period. Nobody writes the
    own file.
    """
    if is_self(actor, summary.teacher_id):
        return False
    of_teacher = summary.teacher_id is not None and actor.school_id is not None
    return keeps_records(actor) or heads_school(actor, summary.school_id) or of_teacher


def signs(actor: Actor) -> bool:
    """Return whether `actor` is a person: what is signed says by whom, and the system signs nothing."""
    return actor.account is not None


def signer(actor: Actor) -> User:
    """Return the account that signs; raise PermissionDenied for the system, which signs nothing."""
    account = actor.account
    if not isinstance(account, User):
        raise PermissionDenied
    return account


def account_id(actor: Actor) -> int | None:
    """Return the id of the account to keep where a record says who did something; None for the system."""
    return actor.account.pk if actor.account else None


def nobody(_actor: Actor, _record: Record) -> bool:
    """Refuse: what is kept of the past is written by verbs alone."""
    return False


# Summaries


@rule("reports.change_annualsummary")
def may_write(actor: Actor, summary: AnnualSummary) -> bool:
    """Return whether `actor` may compose a summary again and write its title."""
    return writes(actor, summary)


def summary_open(actor: Actor, summary: AnnualSummary) -> bool:
    """Return whether `actor`, who has the permission, may write or delete a summary as a record now."""
    return summary.is_open and writes(actor, summary)


@rule("reports.change_annualsummary")
def may_submit(actor: Actor, summary: AnnualSummary) -> bool:
    """Return whether `actor` may send a summary for review, and take it back."""
    return writes(actor, summary)


@rule(FINALISE)
def may_finalise(actor: Actor, summary: AnnualSummary) -> bool:
    """Return whether `actor` may finalise a summary, and reopen it: a person of the office, who signs."""
    return keeps_records(actor) and signs(actor) and not is_self(actor, summary.teacher_id)


def reviewers(summary: AnnualSummary) -> QuerySet[User]:
    """Return the accounts that may review `summary`: those of its township that may finalise it."""
    accounts = User.objects.within(summary.township.scope).filter(is_active=True)
    who: QuerySet[User] = accounts.filter(groups__permissions__codename="finalise_annualsummary").distinct()
    return who


def issued_by_office(actor: Actor, summary: AnnualSummary) -> Sequence[str]:
    """Return the fields of a summary that `actor` may not write.

    Place, period and state belong to verbs. Whoever writes the own school's summary writes a report: what is issued,
    the office decides.
    """
    letterhead = () if actor.has_perm(FINALISE) else LETTERHEAD_FIELDS
    if summary.pk is None:
        return ("status", *letterhead)
    place = ("township", "school", "teacher")
    period = ("period_code", "period_label", "starts_on", "ends_on")
    return (*place, *period, "status", "reviewer", *letterhead)


# Sections


@rule("reports.add_summarysection")
def may_add_section(actor: Actor, summary: AnnualSummary) -> bool:
    """Return whether `actor` may put a new section into a summary."""
    return writes(actor, summary)


@rule("reports.change_summarysection")
def may_write_section(actor: Actor, section: SummarySection) -> bool:
    """Return whether `actor` may write a section, move it, and take it back."""
    return writes(actor, section.summary)


@rule("reports.delete_summarysection")
def may_drop_section(actor: Actor, section: SummarySection) -> bool:
    """Return whether `actor` may leave a section out, or delete it."""
    return writes(actor, section.summary)


def section_open(actor: Actor, section: SummarySection) -> bool:
    """Return whether `actor`, who has the permission, may write or delete a section as a record now."""
    return section.summary.is_open and writes(actor, section.summary)


def open_summaries(actor: Actor) -> QuerySet[AnnualSummary]:
    """Return the summaries to which `actor` may add sections."""
    return AnnualSummary.objects.visible_to(actor).exclude(status=AnnualSummary.Status.FINALISED)


# Remarks


@rule("reports.add_paragraphcomment")
def may_remark(actor: Actor, section: SummarySection) -> bool:
    """Return whether `actor` may remark on a paragraph of a section."""
    return writes(actor, section.summary) and signs(actor)


@rule("reports.change_paragraphcomment")
def may_resolve(actor: Actor, comment: ParagraphComment) -> bool:
    """Return whether `actor` may mark a remark as done: who writes the summary has mended what it says.

    The reviewer decides on the summary afterwards, so nobody decides on what is their own.
    """
    return writes(actor, comment.section.summary) and signs(actor)


# Batches


@rule("reports.add_summarybatch")
def may_make_summaries(actor: Actor, township: Township) -> bool:
    """Return whether `actor` may have the summaries of all schools of a township made."""
    return keeps_records(actor)


@rule("reports.add_summarybatch")
def may_make_files(actor: Actor, school: School) -> bool:
    """Return whether `actor` may have the files of all teachers of a school made."""
    return keeps_records(actor) or heads_school(actor, school.pk)


def keeps_batch(actor: Actor, batch: SummaryBatch) -> bool:
    """Return whether `actor` is one of those for whom a batch is made."""
    return keeps_records(actor) or heads_school(actor, batch.school_id)


@rule("reports.add_summarybatch")
def may_steer(actor: Actor, batch: SummaryBatch) -> bool:
    """Return whether `actor` may cancel a batch, have it made on, and have it packed."""
    return keeps_batch(actor, batch)


@rule("reports.delete_summarybatch")
def may_remove_batch(actor: Actor, batch: SummaryBatch) -> bool:
    """Return whether `actor` may delete a batch."""
    return keeps_batch(actor, batch)


# Plain records

keep_rules(
    AnnualSummary,
    RecordRules(add=writes, change=summary_open, fixed=issued_by_office),
)
keep_rules(
    SummarySection,
    RecordRules(
        add=section_open,
        change=section_open,
        offered={"summary": open_summaries},
        fixed=lambda actor, section: ("summary", "keys") if section.pk else ("keys",),
    ),
)
keep_rules(
    SummaryBatch,
    RecordRules(
        add=keeps_batch, change=nobody, delete=lambda actor, batch: not batch.running and keeps_batch(actor, batch)
    ),
)
# What somebody has remarked is theirs; the office may take a remark away.
keep_rules(
    ParagraphComment,
    RecordRules(add=nobody, change=nobody, delete=lambda actor, comment: writes(actor, comment.section.summary)),
)
for kept in (SectionRevision, SummaryVersion, SummaryPiece):
    keep_rules(kept, RecordRules(add=nobody, change=nobody))


# Locked years: once the township's summary is finalised, only the office changes the records behind it.

# What belongs to no township's year: the summaries themselves, accounts, imports.
OPEN_APPS = ("reports", "accounts", "workbooks", "core")


def year_open(actor: Actor, records: Sequence[Record]) -> bool:
    """Return whether `actor` may write these records of one model as far as their years are concerned.

    A record is locked by the days it is dated by: a lesson observed in the year, a posting that begins or ends in it.
    Both the days that are stored and those that would be stored count. Master data without a date (schools, teachers)
    and spans that only cover the year stay open. Two queries at most, whatever the number.
    """
    return not _closed_year(actor, records)


def demand_unlocked(records: Sequence[Record], by: Actor) -> None:
    """Raise ValidationError if one of the records lies in a year that is locked for `by`."""
    if not year_open(by, records):
        raise ValidationError(
            _("The summary of %(year)s is finalised: only the education office changes its records.")
            % {"year": _closed_year(by, records)},
            code="locked",
        )


def _closed_year(actor: Actor, records: Sequence[Record]) -> str:
    """Return the name of a finalised year in which one of the records lies, empty if `actor` may write them all."""
    paths = _paths(type(records[0])) if records else ()
    spans = _closed_spans(actor) if paths else []
    if not spans:
        return ""
    days = {day for record in records for path in paths if (day := _day(record, path))}
    known = [record.pk for record in records if record.pk]
    for row in type(records[0]).objects.filter(pk__in=known).order_by().values_list(*paths).distinct() if known else ():
        days |= {day for day in row if day}
    return next((label for first, last, label in spans if any(first <= day <= last for day in days)), "")


def _closed_spans(actor: Actor) -> list[tuple[date, date, str]]:
    """Return first day, last day and name of the years that are locked for `actor`; none for who may finalise."""
    if actor.has_perm(FINALISE):
        return []
    townships = [actor.scope.township] if actor.served_townships is None else actor.served_townships
    rows = AnnualSummary.objects.filter(
        township__in=townships, school=None, teacher=None, status=AnnualSummary.Status.FINALISED
    ).exclude(period_code__contains="-")  # a term's summary locks nothing
    return list(rows.values_list("starts_on", "ends_on", "period_label"))


def _paths(model: type[Record]) -> tuple[str, ...]:
    if model._meta.app_label in OPEN_APPS or not model.dated_by or "township" not in model.reached_from:
        return ()
    return model.dated_by if isinstance(model.dated_by, tuple) else (model.dated_by,)


def _day(record: Record, path: str) -> date | None:
    value: Any = record
    for name in path.split("__"):
        value = getattr(value, name, None)
    return value if isinstance(value, date) else None

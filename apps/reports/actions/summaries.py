"""What people do with summaries: compose, finalise, reopen."""

from hashlib import sha256

from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.core.actions import Conflict, lock, save_record, write_record, write_records
from apps.core.actors import Actor
from apps.core.periods import Period
from apps.core.rules import demand
from apps.core.scope import Scope
from apps.core.stamps import stamp
from apps.reports.composing.document import (
    LANGUAGE,
    default_sections,
    default_texts,
    figures_of,
    joined,
    live_document,
    title_of,
)
from apps.reports.composing.drift import counted_records, packed
from apps.reports.composing.versions import frozen_content, frozen_figures
from apps.reports.models import AnnualSummary, SummarySection, SummaryVersion
from apps.reports.printing.html import paper_pdf
from apps.reports.rules import may_finalise, may_write, signer


def demand_open(summary: AnnualSummary) -> None:
    """Raise ValidationError unless the summary can be changed."""
    if not summary.is_open:
        raise ValidationError(_("The summary is finalised. Reopen it before you change it."))


def blank_summary(*, scope: Scope, period: Period) -> AnnualSummary:
    """Return the unsaved summary of a township, a school or a teacher; raise ValidationError for another scope."""
    if scope.kind not in ("township", "school", "teacher") or scope.township is None:
        raise ValidationError(_("A summary is of a township, a school or a teacher."))
    with translation.override(LANGUAGE):
        # In Chinese, as everything on paper, whoever composes.
        label = Period.from_code(period.code).label
    summary = AnnualSummary(
        township_id=scope.township,
        school_id=scope.school if scope.kind == "school" else None,
        teacher_id=scope.teacher if scope.kind == "teacher" else None,
        period_code=period.code,
        period_label=label,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )
    summary.title = title_of(summary)
    return summary


def find_summary(*, scope: Scope, period: Period) -> AnnualSummary | None:
    """Return the summary of exactly this scope and period, or None."""
    wanted = blank_summary(scope=scope, period=period)
    return AnnualSummary.objects.filter(
        township=wanted.township_id, school=wanted.school_id, teacher=wanted.teacher_id, period_code=period.code
    ).first()


def compose_summary(*, scope: Scope, period: Period, by: Actor) -> AnnualSummary:
    """Return the draft for a scope and a period, made by the default outline, or brought up to date if it is there.

    In a draft that is there, sections that nobody has changed get the default prose of now, and a title that nobody
    has changed the name of now. Raises ValidationError if the summary is finalised.
    """
    summary = find_summary(scope=scope, period=period) or blank_summary(scope=scope, period=period)
    # Counted before the transaction: it takes a while, in which nobody else could write.
    texts = default_texts(scope, period, figures_of(scope, period))
    with transaction.atomic():
        if summary.pk is None:
            save_record(record=summary, by=by)
            sections = default_sections(scope.kind)
        else:
            demand(may_write, by, lock(summary))
            demand_open(summary)
            summary.starts_on, summary.ends_on = period.starts_on, period.ends_on
            if summary.title in _earlier_titles(summary):
                summary.title = title_of(summary)
            write_record(record=summary, by=by)
            sections = list(summary.sections.all())
        changed = [section for section in sections if _refresh(section, summary, texts)]
        write_records(records=changed, by=by, fields=["text"])
    return summary


def compose_again(*, summary: AnnualSummary, by: Actor) -> AnnualSummary:
    """Bring a draft up to date as `compose_summary` does, and return it."""
    return compose_summary(scope=summary.scope, period=summary.period, by=by)


def _earlier_titles(summary: AnnualSummary) -> set[str]:
    """Return the default titles under the names that the summary's place has had before."""
    changes = LogEntry.objects.get_for_object(summary.place).filter(action=LogEntry.Action.UPDATE)
    return {title_of(summary, entry.changes["name"][0]) for entry in changes if "name" in (entry.changes or {})}


def _refresh(section: SummarySection, summary: AnnualSummary, texts: dict[str, str]) -> bool:
    """Put the default prose of now into a section that nobody has changed; return whether it must be written."""
    if section.edited:
        return False
    text, section.summary = joined(texts, section.key_list), summary
    different = section.text != text or section.pk is None
    section.text = text
    return different


@transaction.atomic
def save_title(*, record: AnnualSummary, by: Actor, version: int | None = None) -> AnnualSummary:
    """Write the title of a draft, its red header and its imprint."""
    stored = AnnualSummary.objects.select_for_update().get(pk=record.pk)
    demand(may_write, by, stored)
    demand_open(stored)
    return save_record(record=record, by=by, version=version)


def finalise_summary(*, summary: AnnualSummary, by: Actor) -> SummaryVersion:
    """Freeze figures, text and PDF of a draft as its next version, and return it.

    Raises ValidationError if it is finalised already, Conflict if somebody changes it meanwhile.
    """
    demand(may_finalise, by, summary)
    demand_open(summary)
    now = timezone.now()
    sections = list(summary.outline)
    # Outside the transaction: a PDF takes seconds, in which nobody else could write.
    document = live_document(summary, sections, day=timezone.localdate(now))
    pdf = paper_pdf(document)
    records = packed(counted_records(summary.scope, summary.period))
    seen = summary.version, {section.pk: section.version for section in sections}
    with transaction.atomic():
        demand(may_finalise, by, lock(summary))
        demand_open(summary)
        if (summary.version, dict(summary.outline.values_list("pk", "version"))) != seen:
            raise Conflict(_("Somebody has changed the summary meanwhile. Look at it again, then finalise it."))
        latest = summary.latest_version
        version = SummaryVersion(
            summary=summary,
            number=latest.number + 1 if latest else 1,
            figures=frozen_figures(document),
            content=frozen_content(document),
            sha256=sha256(pdf).hexdigest(),
            finalised_at=now,
            finalised_by=signer(by),
        )
        version.pdf.save("", ContentFile(pdf), save=False)
        version.records.save("", ContentFile(records), save=False)
        write_record(record=version, by=by)
        summary.status, summary.reviewer = AnnualSummary.Status.FINALISED, None
        write_record(record=summary, by=by)
    return version


@transaction.atomic
def reopen_summary(*, summary: AnnualSummary, reason: str, by: Actor) -> AnnualSummary:
    """Make a finalised summary a draft again; its version stays, and says when, by whom and why it was reopened."""
    demand(may_finalise, by, lock(summary))
    if summary.is_open:
        raise ValidationError(_("The summary is a draft already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the summary is reopened.")})
    version = summary.versions.latest("number")
    version.reason = reason.strip()
    stamp(version, "reopened", signer(by))
    write_record(record=version, by=by)
    summary.status = AnnualSummary.Status.DRAFT
    return write_record(record=summary, by=by)

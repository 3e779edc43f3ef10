"""What people do with summaries: compose, write, finalise, reopen."""

from hashlib import sha256
from typing import Any

from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.core.actions import Conflict, erase_record, write_record, write_records
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.reports.composing.document import (
    LANGUAGE,
    default_sections,
    default_texts,
    figures_of,
    joined,
    labels,
    live_document,
    title_of,
)
from apps.reports.composing.drift import counted_records, packed
from apps.reports.composing.versions import frozen_content, frozen_figures
from apps.reports.models import AnnualSummary, SummarySection, SummaryVersion
from apps.reports.printing.html import paper_pdf
from apps.reports.prose.tokens import tidy, unknown_tokens

from .revisions import keep_revision, text_now


def demand_open(summary: AnnualSummary) -> None:
    """Raise ValidationError unless the summary can be changed."""
    if not summary.is_open:
        raise ValidationError(_("The summary is finalised. Reopen it before you change it."))


def blank_summary(*, scope: Scope, period: Period) -> AnnualSummary:
    """Return the unsaved summary of a township, a school or a teacher; raise ValidationError for another scope."""
    if scope.kind not in ("township", "school", "teacher"):
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


def compose_summary(*, scope: Scope, period: Period, by: Any) -> AnnualSummary:
    """Return the draft for a scope and a period, made by the default outline, or brought up to date if it is there.

    In a draft that is there, sections that nobody has changed get the default prose of now, and a title that nobody
    has changed the name of now. Raises ValidationError if the summary is finalised.
    """
    summary = find_summary(scope=scope, period=period) or blank_summary(scope=scope, period=period)
    demand_open(summary)
    texts = default_texts(scope, period, figures_of(scope, period))
    with transaction.atomic():
        if summary.pk:
            summary.starts_on, summary.ends_on = period.starts_on, period.ends_on
            if summary.title in _earlier_titles(summary):
                summary.title = title_of(summary)
            write_record(record=summary, by=by)
            sections = list(summary.sections.all())
        else:
            write_record(record=summary, by=by)
            sections = default_sections(scope.kind)
        changed = [section for section in sections if _refresh(section, summary, texts)]
        write_records(records=changed, by=by, fields=["text"])
    return summary


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


def refuse_unknown(text: str, kind: str = "") -> None:
    """Raise ValidationError, an error for each token of `text` that names no figure: its place, the nearest label.

    `kind` is what the summary is of: a teacher's file knows figures that no other summary has.
    """
    errors = []
    for unknown in unknown_tokens(text, labels(kind)):
        place = {"token": unknown.token, "line": unknown.line, "column": unknown.column, "nearest": unknown.nearest}
        if unknown.nearest:
            message = _(
                "Line %(line)d, character %(column)d: there is no figure %(token)s. Did you mean {%(nearest)s}?"
            )
        else:
            message = _(
                "Line %(line)d, character %(column)d: there is no figure %(token)s. Choose one from the list beside."
            )
        errors.append(ValidationError(message % place, code="unknown_token"))
    if errors:
        raise ValidationError({"text": errors})


def save_section(*, section: SummarySection, by: Any, version: int | None = None) -> SummarySection:
    """Write a section and return it; its text counts as changed by hand once it differs from the default prose.

    Raises ValidationError if the summary is finalised, or if a token names no figure.
    """
    summary = section.summary
    demand_open(summary)
    # Places are told in the text as it was typed.
    refuse_unknown(section.text, summary.kind)
    section.text = tidy(section.text)
    default = text_now(SummarySection(summary=summary, keys=section.keys)) if section.keys else ""
    section.edited = section.text != default
    with transaction.atomic():
        stored = SummarySection.objects.filter(pk=section.pk).first()
        write_record(record=section, by=by, version=version)
        before = stored.text if stored and (stored.edited or not stored.keys) else default
        keep_revision(section=section, by=by, before=before)
    return section


def reset_section(*, section: SummarySection, by: Any) -> SummarySection:
    """Give a section its default prose again."""
    demand_open(section.summary)
    before, section.edited = section.text, False
    section.text = text_now(section) if section.keys else ""
    with transaction.atomic():
        write_record(record=section, by=by)
        keep_revision(section=section, by=by, before=before, anew=True)
    return section


def remove_section(*, section: SummarySection, by: Any) -> None:
    """Take a section out of a draft."""
    demand_open(section.summary)
    erase_record(record=section, by=by)


def save_title(*, summary: AnnualSummary, by: Any, version: int | None = None) -> AnnualSummary:
    """Write the title of a draft, its red header and its imprint."""
    demand_open(AnnualSummary.objects.get(pk=summary.pk))
    return write_record(record=summary, by=by, version=version)


def remove_summary(*, summary: AnnualSummary, by: Any) -> None:
    """Delete a draft that was never finalised; raise ValidationError for any other."""
    demand_open(summary)
    erase_record(record=summary, by=by)


def finalise_summary(*, summary: AnnualSummary, by: Any) -> SummaryVersion:
    """Freeze figures, text and PDF of a draft as its next version, and return it.

    Raises ValidationError if it is finalised already, Conflict if somebody changes it meanwhile.
    """
    demand_open(summary)
    now = timezone.now()
    sections = list(summary.outline)
    # Outside the transaction: a PDF takes seconds, in which nobody else could write.
    document = live_document(summary, sections, day=timezone.localdate(now))
    pdf = paper_pdf(document)
    records = packed(counted_records(summary.scope, summary.period))
    seen = {section.pk: section.version for section in sections}
    with transaction.atomic(), set_actor(by):
        stored = AnnualSummary.objects.select_for_update().get(pk=summary.pk)
        demand_open(stored)
        if stored.version != summary.version or dict(stored.outline.values_list("pk", "version")) != seen:
            raise Conflict(_("Somebody has changed the summary meanwhile. Look at it again, then finalise it."))
        latest = summary.latest_version
        version = SummaryVersion(
            summary=summary,
            number=latest.number + 1 if latest else 1,
            figures=frozen_figures(document),
            content=frozen_content(document),
            sha256=sha256(pdf).hexdigest(),
            finalised_at=now,
            finalised_by=by,
        )
        version.pdf.save("", ContentFile(pdf), save=False)
        version.records.save("", ContentFile(records), save=False)
        write_record(record=version, by=by)
        summary.status, summary.reviewer = AnnualSummary.Status.FINALISED, None
        write_record(record=summary, by=by, version=summary.version)
    return version


def reopen_summary(*, summary: AnnualSummary, reason: str, by: Any) -> AnnualSummary:
    """Make a finalised summary a draft again; its version stays, and says when, by whom and why it was reopened."""
    if summary.is_open:
        raise ValidationError(_("The summary is a draft already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the summary is reopened.")})
    with transaction.atomic():
        version = summary.latest_version
        version.reason, version.reopened_at, version.reopened_by = reason.strip(), timezone.now(), by
        write_record(record=version, by=by)
        summary.status = AnnualSummary.Status.DRAFT
        return write_record(record=summary, by=by, version=summary.version)

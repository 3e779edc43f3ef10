"""Who may take the actions of summaries."""

from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.models import User
from apps.core.periods import Period
from apps.reports import actions
from apps.reports.models import (
    AnnualSummary,
    ParagraphComment,
    SectionRevision,
    SummaryBatch,
    SummaryPiece,
    SummarySection,
    SummaryVersion,
)
from tests.architecture.actions.rows import Row
from tests.factories import UserFactory

WRITERS = "office principal"
DRAFT, REVIEW, FINALISED = AnnualSummary.Status.DRAFT, AnnualSummary.Status.REVIEW, AnnualSummary.Status.FINALISED


def reviewer(town: SimpleNamespace) -> User:
    """Another account of the office."""
    return UserFactory(role="office", township=town.township)


def summary(town: SimpleNamespace, place: str = "school", status: str = DRAFT) -> AnnualSummary:
    """A summary of the school, of the township, or of the teacher."""
    row = actions.blank_summary(**scope(town, place))
    row.status = status
    row.save()
    return row


def finalised(town: SimpleNamespace) -> AnnualSummary:
    row = summary(town, status=FINALISED)
    version = SummaryVersion(summary=row, number=1, figures={"a": 1}, content={"a": 1}, sha256="0" * 64)
    version.finalised_at, version.finalised_by = timezone.now(), reviewer(town)
    version.pdf.save("", ContentFile(b"%PDF"))
    return row


def issued(town: SimpleNamespace) -> AnnualSummary:
    """A draft that has just got a red header."""
    row = summary(town)
    row.red_header, row.issuer, row.document_number = True, "慕仪镇教育组文件", "宝陈教体发〔2026〕5号"
    return row


def section(town: SimpleNamespace, place: str = "school", **given: Any) -> SummarySection:
    of = {"order": 10, "heading": "经费", "text": "经费有保障。", "edited": True}
    return SummarySection.objects.create(summary=summary(town, place), **(of | given))


def new_section(town: SimpleNamespace, place: str = "school") -> SummarySection:
    return SummarySection(summary=summary(town, place), order=10, heading="经费", text="经费有保障。")


def rewritten(town: SimpleNamespace, place: str = "school") -> dict[str, Any]:
    return {"section": section(town, place), "text": "经费不足。", "base": "经费有保障。"}


def revision(town: SimpleNamespace) -> SectionRevision:
    return SectionRevision.objects.create(section=section(town), text="经费不足。")


def remark(town: SimpleNamespace, place: str = "school") -> ParagraphComment:
    return ParagraphComment.objects.create(section=section(town, place), text="请核对。", written_by=reviewer(town))


def batch(town: SimpleNamespace, status: str = SummaryBatch.Status.CANCELLED, *, whole: bool = False) -> SummaryBatch:
    """A batch of the files of all teachers of the school, or of the summaries of the `whole` township."""
    what, school = SummaryBatch.What.TEACHERS, town.school
    if whole:
        what, school = SummaryBatch.What.SCHOOLS, None
    period = {"period_code": "2025", "starts_on": town.year.starts_on, "ends_on": town.year.ends_on}
    return SummaryBatch.objects.create(township=town.township, school=school, what=what, status=status, **period)


def incomplete(town: SimpleNamespace) -> SummaryBatch:
    """A batch of which one document was made."""
    row = batch(town, SummaryBatch.Status.INCOMPLETE)
    piece = SummaryPiece(batch=row, school=town.school, name="001 王思远.pdf", status=SummaryPiece.Status.DONE)
    piece.file.save("piece.pdf", ContentFile(b"%PDF"))
    return row


def scope(town: SimpleNamespace, place: str) -> dict[str, Any]:
    """The keywords of composing the summary of a place."""
    places = {"township": town.township.scope, "school": town.school.scope}
    found = places.get(place) or town.teacher.scope_on(town.year.ends_on)
    return {"scope": found, "period": Period.of_year(town.year)}


def batch_of(town: SimpleNamespace, **given: Any) -> dict[str, Any]:
    return {"township": town.township, "period": Period.of_year(town.year), "form": "docx", **given}


def commented(town: SimpleNamespace, place: str = "school") -> dict[str, Any]:
    return {"section": section(town, place), "paragraph": "", "text": "请核对。"}


ROWS = (
    # summaries
    Row(actions.compose_summary, lambda town: scope(town, "township"), "office", "of the township"),
    Row(actions.compose_summary, lambda town: scope(town, "school"), WRITERS, "of the school"),
    Row(actions.compose_summary, lambda town: scope(town, "teacher"), WRITERS, "of the teacher"),
    Row(actions.compose_again, lambda town: {"summary": summary(town, "township")}, "office", "of the township"),
    Row(actions.compose_again, lambda town: {"summary": summary(town)}, WRITERS, "of the school"),
    Row(actions.compose_again, lambda town: {"summary": summary(town, "teacher")}, WRITERS, "of the teacher"),
    Row(actions.save_title, lambda town: {"record": summary(town, "township")}, "office", "of the township"),
    Row(actions.save_title, lambda town: {"record": summary(town)}, WRITERS, "of the school"),
    Row(actions.save_title, lambda town: {"record": issued(town)}, "office", "with a red header"),
    Row(
        actions.submit_for_review,
        lambda town: {"summary": summary(town), "reviewer": reviewer(town)},
        WRITERS,
        "of the school",
    ),
    Row(
        actions.submit_for_review,
        lambda town: {"summary": summary(town, "township"), "reviewer": reviewer(town)},
        "office",
        "of the township",
    ),
    Row(actions.end_review, lambda town: {"summary": summary(town, status=REVIEW)}, WRITERS),
    Row(actions.finalise_summary, lambda town: {"summary": summary(town)}, "office", "of the school", system=False),
    Row(
        actions.finalise_summary,
        lambda town: {"summary": summary(town, "teacher")},
        "office",
        "of the teacher",
        system=False,
    ),
    Row(
        actions.reopen_summary,
        lambda town: {"summary": finalised(town), "reason": "人数有误"},
        "office",
        system=False,
    ),
    # text
    Row(actions.save_section, lambda town: {"record": section(town)}, WRITERS, "of the school"),
    Row(actions.save_section, lambda town: {"record": new_section(town)}, WRITERS, "new"),
    Row(actions.save_section, lambda town: {"record": new_section(town, "township")}, "office", "of the township"),
    Row(actions.write_section, rewritten, WRITERS, "of the school"),
    Row(actions.write_section, lambda town: rewritten(town, "township"), "office", "of the township"),
    Row(actions.write_section, lambda town: rewritten(town, "teacher"), WRITERS, "of the teacher"),
    Row(actions.reset_section, lambda town: {"section": section(town)}, WRITERS),
    Row(actions.restore_revision, lambda town: {"revision": revision(town)}, WRITERS),
    # outline
    Row(actions.add_section, lambda town: {"summary": summary(town), "heading": "经费", "after": None}, WRITERS),
    Row(actions.move_section, lambda town: {"section": section(town), "to": "in"}, WRITERS),
    Row(actions.drop_section, lambda town: {"section": section(town)}, WRITERS, "of the school"),
    Row(actions.drop_section, lambda town: {"section": section(town, "township")}, "office", "of the township"),
    Row(actions.take_back_section, lambda town: {"section": section(town, dropped=True)}, WRITERS),
    # remarks
    Row(actions.add_comment, commented, WRITERS, "of the school", system=False),
    Row(actions.add_comment, lambda town: commented(town, "township"), "office", "of the township", system=False),
    Row(actions.resolve_comment, lambda town: {"comment": remark(town)}, WRITERS, "of the school", system=False),
    Row(
        actions.resolve_comment,
        lambda town: {"comment": remark(town, "township")},
        "office",
        "of the township",
        system=False,
    ),
    # batches
    Row(actions.start_batch, batch_of, "office", "of all schools"),
    Row(actions.start_batch, lambda town: batch_of(town, school=town.school), WRITERS, "of the school's teachers"),
    Row(actions.cancel_batch, lambda town: {"batch": batch(town, SummaryBatch.Status.RUNNING)}, WRITERS),
    Row(actions.resume_batch, lambda town: {"batch": batch(town, SummaryBatch.Status.INCOMPLETE)}, WRITERS),
    Row(actions.pack_without, lambda town: {"batch": incomplete(town)}, WRITERS),
    Row(actions.remove_batch, lambda town: {"batch": batch(town)}, WRITERS, "of the school"),
    Row(
        actions.remove_batch,
        lambda town: {"batch": batch(town, whole=True)},
        "office",
        "of all schools",
    ),
)

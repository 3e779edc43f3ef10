"""What is done with the action handbook, each step and each refusal."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core.actions import Conflict, copy_to_next_term
from apps.core.actors import SYSTEM
from apps.core.models import Term
from apps.handbook.actions import (
    close_handbook_year,
    copy_requirements,
    import_entries,
    review_entry,
    save_entry,
    submit_entry,
    withdraw_entry,
)
from apps.handbook.models import HandbookEntry, HandbookScore, Requirement, waits_for
from apps.teachers.actions import transfer_teacher
from tests.factories import TeacherFactory
from tests.handbook.factories import HandbookEntryFactory, HandbookScoreFactory, RequirementFactory


@pytest.fixture
def entry(town: SimpleNamespace) -> HandbookEntry:
    return HandbookEntryFactory(teacher=town.teacher)


def new_entry(town: SimpleNamespace, **changes: Any) -> HandbookEntry:
    given = {
        "teacher": town.teacher,
        "requirement": RequirementFactory(),
        "date": date(2025, 10, 13),
        "title": "《春》",
    }
    return HandbookEntry(**(given | changes))


def test_entry_of_a_transferred_teacher_stands_at_the_school_of_its_day(town: SimpleNamespace, cast: dict) -> None:
    transfer_teacher(teacher=town.teacher, school=town.other, on=date(2025, 11, 1), by=SYSTEM.imports)
    before = save_entry(entry=new_entry(town), by=cast["teacher"])
    after = save_entry(entry=new_entry(town, date=date(2025, 11, 1)), by=cast["teacher"], submit=True)
    assert (before.school, before.status) == (town.school, "draft")
    assert (after.school, after.status) == (town.other, "submitted")


def test_entry_without_school_or_outside_the_term_is_refused_at_its_date(town: SimpleNamespace, cast: dict) -> None:
    town.teacher.appointments.update(ends_on=date(2025, 9, 30))
    with pytest.raises(ValidationError) as refusal:
        save_entry(entry=new_entry(town), by=cast["teacher"])
    assert list(refusal.value.message_dict) == ["date"]
    with pytest.raises(ValidationError) as refusal:
        save_entry(entry=new_entry(town, date=date(2025, 8, 31)), by=cast["teacher"])
    assert list(refusal.value.message_dict) == ["date"]


def test_entry_for_another_teacher_is_written_by_the_office_only(town: SimpleNamespace, cast: dict) -> None:
    for role in ("colleague", "principal"):
        with pytest.raises(PermissionDenied):
            save_entry(entry=new_entry(town), by=cast[role])
    assert save_entry(entry=new_entry(town), by=cast["office"]).school == town.school


def test_entry_step_by_step_is_withdrawn_returned_and_approved(entry: HandbookEntry, cast: dict) -> None:
    withdraw_entry(entry=entry, by=cast["teacher"])
    assert entry.status == "draft"
    submit_entry(entry=entry, by=cast["teacher"])
    review_entry(entry=entry, approve=False, comment=" 补充当堂检测 ", quality="good", by=cast["principal"])
    assert (entry.status, entry.quality, entry.comment) == ("returned", "", "补充当堂检测")
    submit_entry(entry=entry, by=cast["teacher"])
    review_entry(entry=entry, approve=True, quality="excellent", by=cast["principal"])
    entry.refresh_from_db()
    assert (entry.status, entry.quality, entry.reviewed_by) == ("approved", "excellent", cast["principal"])
    assert LogEntry.objects.get_for_object(entry).first().actor == cast["principal"]


def test_step_out_of_order_is_refused(entry: HandbookEntry, cast: dict) -> None:
    with pytest.raises(ValidationError):
        submit_entry(entry=entry, by=cast["teacher"])
    with pytest.raises(ValidationError) as refusal:
        review_entry(entry=entry, approve=False, comment=" ", by=cast["principal"])
    assert list(refusal.value.message_dict) == ["comment"]
    review_entry(entry=entry, approve=True, by=cast["principal"])
    with pytest.raises(ValidationError):
        withdraw_entry(entry=entry, by=cast["teacher"])
    withdrawn = HandbookEntryFactory(teacher=entry.teacher, status="draft")
    with pytest.raises(ValidationError):
        review_entry(entry=withdrawn, approve=True, by=cast["principal"])


def test_approved_entry_is_changed_by_the_office_only(entry: HandbookEntry, cast: dict) -> None:
    review_entry(entry=entry, approve=True, by=cast["principal"])
    entry.title = "改题"
    for role in ("teacher", "principal"):
        with pytest.raises(PermissionDenied):
            save_entry(entry=entry, by=cast[role])
    with pytest.raises(PermissionDenied):
        review_entry(entry=entry, approve=False, comment="重写", by=cast["principal"])
    save_entry(entry=entry, by=cast["office"])
    review_entry(entry=entry, approve=False, comment="重写", by=cast["office"])
    assert entry.status == "returned"


def test_review_without_the_right_is_refused(entry: HandbookEntry, cast: dict) -> None:
    for role in ("teacher", "colleague"):
        with pytest.raises(PermissionDenied):
            review_entry(entry=entry, approve=True, by=cast[role])


def test_review_of_the_own_entry_with_the_right_is_refused(entry: HandbookEntry, cast: dict) -> None:
    cast["teacher"].school = entry.school
    cast["teacher"].save()
    reviewer = type(cast["teacher"]).objects.with_places().get(pk=cast["teacher"].pk)
    assert reviewer.has_perm("handbook.review_handbookentry")
    with pytest.raises(PermissionDenied):
        review_entry(entry=entry, approve=True, by=reviewer)


def test_review_of_the_principals_own_entry_is_left_to_the_office(town: SimpleNamespace, cast: dict) -> None:
    head = TeacherFactory(school=town.school, no="009", name="林校长", position="principal")
    own, other = HandbookEntryFactory(teacher=head), HandbookEntryFactory(teacher=town.teacher)
    elsewhere = TeacherFactory(school=town.other, no="010", name="吴校长", position="principal")
    HandbookEntryFactory(teacher=elsewhere)
    with pytest.raises(PermissionDenied):
        review_entry(entry=own, approve=True, by=cast["principal"])
    waiting = {who: HandbookEntry.objects.visible_to(cast[who]).filter(waits_for(cast[who])) for who in cast}
    assert list(waiting["principal"]) == [other]
    assert set(waiting["office"]) >= {own, other}
    review_entry(entry=own, approve=True, by=cast["office"])
    assert (own.status, own.reviewed_by) == ("approved", cast["office"])


def test_review_of_an_older_version_raises_conflict(entry: HandbookEntry, cast: dict) -> None:
    withdraw_entry(entry=entry, by=cast["teacher"])
    submit_entry(entry=entry, by=cast["teacher"])
    with pytest.raises(Conflict):
        review_entry(entry=entry, approve=True, by=cast["principal"], version=1)


def unsaved(town: SimpleNamespace, *statuses: str) -> list[HandbookEntry]:
    return [
        HandbookEntryFactory.build(
            teacher=town.teacher, school=town.school, requirement=RequirementFactory(), status=status
        )
        for status in statuses
    ]


def test_import_of_reviewed_entries_notes_who_took_them_over(town: SimpleNamespace, cast: dict) -> None:
    rows = unsaved(town, "submitted", "approved", "returned")
    import_entries(records=rows, by=cast["office"], fields=["status"])
    assert [row.reviewed_by for row in rows] == [None, cast["office"], cast["office"]]
    assert [row.reviewed_at is None for row in rows] == [True, False, False]
    rows[1].status = "draft"
    import_entries(records=[rows[1]], by=cast["office"], fields=["status"])
    stored = HandbookEntry.objects.get(pk=rows[1].pk)
    assert (stored.status, stored.reviewed_by, stored.reviewed_at) == ("draft", None, None)


def test_import_by_the_system_names_no_reviewer(town: SimpleNamespace) -> None:
    rows = unsaved(town, "approved")
    import_entries(records=rows, by=SYSTEM.imports, fields=["status"])
    assert (rows[0].status, rows[0].reviewed_by, rows[0].reviewed_at) == ("approved", None, None)


@pytest.mark.parametrize(
    "said",
    [{"status": "approved"}, {"status": "submitted"}, {"comment": "很好"}],
    ids=["approved", "submitted", "comment"],
)
@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
def test_import_of_what_a_review_says_by_its_teacher_is_refused(
    town: SimpleNamespace, cast: dict, said: dict, known: bool
) -> None:
    row = HandbookEntryFactory(teacher=town.teacher, status="draft") if known else unsaved(town, "draft")[0]
    for name, value in said.items():
        setattr(row, name, value)
    with pytest.raises(PermissionDenied):
        import_entries(records=[row], by=cast["teacher"], fields=["status", "comment"])
    assert list(HandbookEntry.objects.values_list("status", "comment")) == ([("draft", "")] if known else [])


def test_import_into_an_approved_entry_by_its_teacher_is_refused(town: SimpleNamespace, cast: dict) -> None:
    row = HandbookEntryFactory(teacher=town.teacher, status="approved")
    row.title = "改题"
    with pytest.raises(PermissionDenied):
        import_entries(records=[row], by=cast["teacher"], fields=["title"])


def test_import_of_many_costs_as_many_queries_as_of_few(town: SimpleNamespace, cast: dict) -> None:
    def cost(number: int) -> int:
        rows = unsaved(town, *["approved"] * number)
        with CaptureQueriesContext(connection) as queries:
            import_entries(records=rows, by=cast["office"], fields=["status"])
        return len(queries)

    cost(1)
    assert cost(30) == cost(3) <= 12


def test_requirements_copied_twice_are_added_once(town: SimpleNamespace, cast: dict) -> None:
    first, second = Term.objects.order_by("number")
    kept = RequirementFactory(term=second, kind="reflection", minimum=1)
    RequirementFactory(term=first, kind="reflection", minimum=8)
    given = RequirementFactory(term=first, minimum=3, points=25, document="陈教发〔2025〕1号")
    RequirementFactory(term=first, township=town.far.township)
    for expected in (1, 0):
        assert copy_requirements(requirement=given, by=cast["office"]) == expected
    copied = Requirement.objects.get(term=second, kind="learning_guide")
    assert (copied.minimum, copied.points, copied.document, copied.township) == (
        3,
        25,
        "陈教发〔2025〕1号",
        town.township,
    )
    kept.refresh_from_db()
    assert kept.minimum == 1
    with pytest.raises(ValidationError, match="下一学期|没有下一"):
        copy_requirements(requirement=kept, by=cast["office"])
    Requirement.objects.all().delete()
    with pytest.raises(ValidationError):
        copy_to_next_term(model=Requirement, term=first, by=cast["office"])


def close(town: SimpleNamespace, day: date = date(2026, 7, 3)) -> list[HandbookScore]:
    return close_handbook_year(township=town.township, school_year=town.year, closed_on=day, by=SYSTEM.imports)


def test_score_of_more_entries_than_asked_for_counts_the_minimum(town: SimpleNamespace) -> None:
    guides = RequirementFactory(minimum=2, points=30)
    notes = RequirementFactory(kind="reading", minimum=3, points=10)
    for _number in range(3):
        HandbookEntryFactory(teacher=town.teacher, requirement=guides, status="approved")
    HandbookEntryFactory(teacher=town.teacher, requirement=notes, status="approved")
    HandbookEntryFactory(teacher=town.teacher, requirement=notes, status="submitted")
    assert {row.teacher for row in close(town)} == {town.teacher, town.colleague, town.neighbour}
    score = HandbookScore.objects.get(teacher=town.teacher)
    # (2/2 × 30 + 1/3 × 10) ÷ 40 = 83.3 %
    assert (score.asked, score.done, score.score, score.school) == (5, 3, Decimal("83.3"), town.school)
    assert HandbookScore.objects.get(teacher=town.colleague).score == 0


def test_year_closed_again_is_scored_anew(town: SimpleNamespace) -> None:
    guides = RequirementFactory()
    close(town)
    assert close(town) == []
    HandbookEntryFactory(teacher=town.teacher, requirement=guides, status="approved")
    assert [row.score for row in close(town)] == [50]
    close(town, date(2026, 7, 10))
    assert set(HandbookScore.objects.values_list("closed_on", flat=True)) == {date(2026, 7, 10)}
    assert HandbookScore.objects.count() == 3


def test_score_of_who_came_late_asks_for_the_terms_served(town: SimpleNamespace) -> None:
    first, second = Term.objects.order_by("number")
    RequirementFactory(term=first)
    RequirementFactory(term=second, minimum=4)
    late = TeacherFactory(no="020", name="李新来")
    late.appointments.create(school=town.other, starts_on=date(2026, 2, 16))
    gone = TeacherFactory(school=town.other, no="021", name="李早退")
    gone.appointments.update(ends_on=date(2026, 1, 31))
    close(town)
    assert HandbookScore.objects.get(teacher=late).asked == 4
    assert HandbookScore.objects.get(teacher=town.teacher).asked == 6
    assert not HandbookScore.objects.filter(teacher=gone).exists()


def test_year_without_requirements_or_on_a_day_outside_is_not_closed(town: SimpleNamespace) -> None:
    with pytest.raises(ValidationError):
        close(town)
    RequirementFactory()
    with pytest.raises(ValidationError) as refusal:
        close(town, date(2026, 9, 1))
    assert list(refusal.value.message_dict) == ["closed_on"]


def test_year_closed_for_many_teachers_costs_few_queries(
    town: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    RequirementFactory()
    for number in range(10):
        TeacherFactory(school=town.school, no=f"1{number:02}")
    with django_assert_max_num_queries(12):
        assert len(close(town)) == 13


@pytest.mark.parametrize(
    ("factory", "changes"),
    [
        (RequirementFactory, {"minimum": 0}),
        (HandbookEntryFactory, {"quality": "good"}),
        (HandbookEntryFactory, {"reviewed_at": "2026-01-01T00:00Z"}),
        (HandbookScoreFactory, {"score": 101}),
        (HandbookScoreFactory, {"done": 5}),
    ],
)
def test_row_against_a_check_is_refused_by_the_database(town: SimpleNamespace, factory: Any, changes: dict) -> None:
    given = {} if factory is RequirementFactory else {"teacher": town.teacher}
    row = factory(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize("model", [Requirement, HandbookEntry, HandbookScore])
def test_row_written_twice_is_refused(town: SimpleNamespace, model: Any) -> None:
    row = {
        Requirement: lambda: RequirementFactory(),
        HandbookEntry: lambda: HandbookEntryFactory(teacher=town.teacher),
        HandbookScore: lambda: HandbookScoreFactory(teacher=town.teacher),
    }[model]()
    row.pk, row._state.adding = None, True
    with pytest.raises(ValidationError):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()

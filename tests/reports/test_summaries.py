"""A summary from composing to finalising: live while it is a draft, frozen as a version."""

from datetime import date
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.actions import delete_record, save_record
from apps.core.periods import Period
from apps.ethics.models import AssessmentCycle
from apps.reports.actions import (
    compose_summary,
    finalise_summary,
    reopen_summary,
    reset_section,
    save_section,
    save_title,
)
from apps.reports.composing.document import all_chapters, figures_of, labels, prose_source
from apps.reports.composing.versions import document_of, drifted
from apps.reports.models import AnnualSummary, SummaryVersion
from apps.reports.prose.conditions import labels_of
from apps.reports.prose.tokens import sentences, unknown_tokens
from tests.ethics.factories import AssessmentFactory, CaseFactory, HonourFactory
from tests.factories import DesignationFactory, SchoolFactory, SchoolGradeFactory, TeacherFactory
from tests.observations.factories import ObservationFactory
from tests.reports.factories import composed, section


@pytest.fixture
def draft(town: SimpleNamespace, cast: dict) -> AnnualSummary:
    """The township's draft, with an experimental school and grade."""
    DesignationFactory(school=town.other, level=2)
    SchoolGradeFactory(school=town.school, experimental=True)
    return composed(town.township, cast["office"])


def text(summary: AnnualSummary) -> str:
    return "\n".join(f"{part.number}{part.heading}\n{part.plain}" for part in document_of(summary).printed)


def test_draft_follows_the_outline_and_states_what_is_recorded(draft: AnnualSummary) -> None:
    assert draft.title == "慕仪镇2025—2026学年校本研修工作总结"
    written = text(draft)
    assert "全镇2所学校、3名教师" in written
    assert "袁科小学被确定为镇级实验校" in written
    assert "二、" in written
    assert "（一）初级中学" in written
    # Nothing is recorded about subject bases: neither sentence nor heading.
    assert "学科基地\n" not in written
    numbers = [part.number for part in document_of(draft).printed if part.level == 1 and part.heading]
    assert numbers == ["一、", "二、", "三、", "四、"][: len(numbers)]


def test_edited_sentence_keeps_its_live_figures(draft: AnnualSummary, town: SimpleNamespace, cast: dict) -> None:
    row = section(draft, "teachers.staff")
    row.text = "我镇教师队伍不断壮大，现有教师{教师人数}人。"
    save_section(record=row, by=cast["office"])
    assert "现有教师3人。" in text(draft)
    TeacherFactory(school=town.other, no="009", name="周平")
    assert "现有教师4人。" in text(draft)


def test_default_prose_of_an_untouched_section_is_live(draft: AnnualSummary, town: SimpleNamespace, cast: dict) -> None:
    assert "学科示范基地" not in text(draft)
    DesignationFactory(school=town.school, kind="subject_base", project="优化教学模式")
    assert "学科示范基地" in text(draft)
    compose_summary(scope=draft.scope, period=draft.period, by=cast["office"])
    assert "{学科示范基地学校数}" in section(draft, "schools.bases").text


def test_composing_again_leaves_what_people_wrote(draft: AnnualSummary, cast: dict) -> None:
    row = section(draft, "reports.problems")
    row.text = "存在的问题是经费不足。"
    save_section(record=row, by=cast["office"])
    count = draft.sections.count()
    assert compose_summary(scope=draft.scope, period=draft.period, by=cast["office"]) == draft
    row.refresh_from_db()
    assert (row.text, row.edited, draft.sections.count()) == ("存在的问题是经费不足。", True, count)
    reset_section(section=row, by=cast["office"])
    assert not row.edited
    assert "经费不足" not in text(draft)


def test_unknown_token_is_refused_with_place_and_nearest_label(draft: AnnualSummary, cast: dict) -> None:
    row = section(draft, "teachers.staff")
    row.text = "第一段。\n现有教师{教师人数量}人，{0.__class__}。"
    with pytest.raises(ValidationError) as refusal:
        save_section(record=row, by=cast["office"])
    first, second = refusal.value.message_dict["text"]
    assert "第2行第5个字" in first
    assert "{教师人数}" in first
    assert "{0.__class__}" in second
    row.refresh_from_db()
    assert "教师人数量" not in row.text


def test_finalising_freezes_figures_text_and_pdf(draft: AnnualSummary, town: SimpleNamespace, cast: dict) -> None:
    version = finalise_summary(summary=draft, by=cast["office"])
    assert draft.status == "finalised"
    with version.pdf.open("rb") as file:
        assert sha256(file.read()).hexdigest() == version.sha256
    before = text(draft)
    TeacherFactory(school=town.other, no="009", name="周平")
    assert text(draft) == before
    assert "3名教师" in before
    changed = drifted(document_of(draft), figures_of(draft.scope, draft.period))
    assert {(was.key, was.value, now.value) for was, now in changed} == {
        ("teachers.count", 3, 4), ("teachers.title_none", 3, 4),
    }  # fmt: skip


def test_finalised_summary_refuses_every_change(draft: AnnualSummary, cast: dict) -> None:
    by = cast["office"]
    finalise_summary(summary=draft, by=by)
    row = section(draft, "teachers.staff")
    for change in (
        lambda: save_section(record=row, by=by),
        lambda: reset_section(section=row, by=by),
        lambda: save_title(record=draft, by=by),
        lambda: compose_summary(scope=draft.scope, period=draft.period, by=by),
        lambda: finalise_summary(summary=draft, by=by),
    ):
        with pytest.raises(ValidationError):
            change()
    for record in (row, draft):
        with pytest.raises(PermissionDenied):
            delete_record(record=record, by=by)


def test_reopening_needs_a_reason_and_leads_to_a_second_version(draft: AnnualSummary, cast: dict) -> None:
    by = cast["office"]
    finalise_summary(summary=draft, by=by)
    with pytest.raises(ValidationError):
        reopen_summary(summary=draft, reason=" ", by=by)
    reopen_summary(summary=draft, reason="人数有误", by=by)
    first = SummaryVersion.objects.get()
    assert (draft.status, first.reason, first.reopened_by) == ("draft", "人数有误", by)
    assert finalise_summary(summary=draft, by=by).number == 2
    assert SummaryVersion.objects.count() == 2


def test_a_finalised_draft_cannot_be_deleted_with_its_versions(draft: AnnualSummary, cast: dict) -> None:
    finalise_summary(summary=draft, by=cast["office"])
    reopen_summary(summary=draft, reason="人数有误", by=cast["office"])
    with pytest.raises(ValidationError):
        delete_record(record=draft, by=cast["office"])


def test_change_during_finalising_is_a_conflict(draft: AnnualSummary, cast: dict) -> None:
    seen = AnnualSummary.objects.get(pk=draft.pk)
    draft.title = "另一个标题"
    save_title(record=draft, by=cast["office"])
    with pytest.raises(ValidationError):
        finalise_summary(summary=seen, by=cast["office"])


def test_school_has_its_own_summary(town: SimpleNamespace, cast: dict) -> None:
    SchoolGradeFactory(school=town.school, experimental=True)
    summary = composed(town.school, cast["office"])
    assert summary.title == "镇初级中学2025—2026学年校本研修工作总结"
    written = text(summary)
    assert "教师2人" in written
    assert "全镇" not in written
    assert "镇教育组" not in written


def own_file(town: SimpleNamespace, by: Any, code: str = "2025") -> AnnualSummary:
    period = Period.from_code(code)
    return compose_summary(scope=town.teacher.scope_on(period.ends_on), period=period, by=by)


def test_teacher_has_a_development_file_in_sentences(town: SimpleNamespace, cast: dict) -> None:
    ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague, topic="背影")
    ObservationFactory(teacher=town.teacher, observer_name="李文静", topic="背影")
    ObservationFactory(teacher=town.colleague, observer_teacher=town.teacher, topic="春")
    HonourFactory(school=town.school, teacher=town.teacher, title="教学能手")
    HonourFactory(school=town.school, teacher=town.colleague, title="师德标兵")
    summary = own_file(town, cast["office"])
    assert summary.title == "王思远2025—2026学年教师专业发展档案"
    document = document_of(summary)
    assert document.signature == "镇初级中学"
    said = {f"{part.number}{part.heading}": part.plain for part in document.printed}
    assert list(said) == ["一、基本情况与任职", "二、课堂教学", "三、荣誉与交流"]
    assert "在镇初级中学任职" in said["一、基本情况与任职"]
    assert "有1节接受同行和教研员听课" in said["二、课堂教学"]
    assert "深入课堂听课1节，听了1名教师的课" in said["二、课堂教学"]
    assert said["三、荣誉与交流"] == "获得荣誉1项，荣誉称号为教学能手。"
    tables = {table.key: [row[3].value for row in table.rows] for table in document.annexes.tables}
    assert tables["observations.given"] == ["背影", "背影"]
    assert tables["observations.observed"] == ["春"]
    assert [[cell.value for cell in row][0] for row in document.annexes.tables[0].rows] == ["教学能手"]


def test_a_file_tells_of_the_ethics_assessment_once_it_is_published(town: SimpleNamespace, cast: dict) -> None:
    AssessmentFactory(school=town.school, teacher=town.teacher, grade="excellent")
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    assert "等次" not in text(own_file(town, cast["office"]))
    AssessmentCycle.objects.update(status="published")
    written = text(own_file(town, cast["office"]))
    assert "师德考核等次为优秀。" in written
    assert "失德" not in written


def test_a_token_of_a_file_is_known_there_only(town: SimpleNamespace, cast: dict) -> None:
    file, school = own_file(town, cast["office"]), composed(town.school, cast["office"])
    for summary, key in ((file, "teachers.staff"), (school, "teachers.staff")):
        row = next(row for row in summary.sections.all() if key in row.key_list)
        row.text = "任教{任教学科}。"
        if summary == file:
            assert save_section(record=row, by=cast["office"]).edited
        else:
            with pytest.raises(ValidationError):
                save_section(record=row, by=cast["office"])


def test_the_summary_of_a_term_speaks_of_the_term(town: SimpleNamespace, cast: dict) -> None:
    ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague, date=date(2025, 10, 13))
    term = text(composed(town.school, cast["office"], "2025-1"))
    assert "本学期听课1节" in term
    assert "全年" not in term
    assert "本年度" not in term
    assert "全年听课1节" in text(composed(town.school, cast["office"], "2025"))


def test_a_school_says_nothing_of_what_it_has_not(town: SimpleNamespace, cast: dict) -> None:
    """A neighbour's records, the town's documents and a kindergarten without any: only what is its own is said."""
    ObservationFactory(teacher=town.neighbour, observer_teacher=town.teacher)
    small = SchoolFactory(code="09", name="镇中心幼儿园", stage="kindergarten")
    TeacherFactory(school=small, no="090", name="孙梅")
    summary = composed(small, cast["office"])
    document = document_of(summary)
    assert [f"{part.number}{part.heading}" for part in document.printed] == [
        "", "一、教研与培训", "二、存在问题", "三、下一步打算",
    ]  # fmt: skip
    written = text(summary)
    assert [word for word in ("全镇", "我镇", "各校", "小学", "初中", "{", "＿") if word in written] == []
    assert [(table.title, len(table.rows)) for table in document.annexes.tables] == [("学校教师情况", 1)]
    assert document.annexes.charts == ()


def test_the_numbers_of_one_school_stand_in_one_annex(town: SimpleNamespace, cast: dict) -> None:
    ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague)
    tables = document_of(composed(town.school, cast["office"])).annexes.tables
    assert tables[0].title == "学校基本数据"
    lines = {(row[0].value, row[1].value): row[2].value for row in tables[0].rows}
    assert lines["学校教师情况", "教师"] == town.school.appointments.count() == 2
    assert lines["学校听课情况", "听课节数（节）"] == 1
    assert not {table.title for table in tables} & {"学校教师情况", "学校听课情况"}
    town_tables = document_of(composed(town.township, cast["office"])).annexes.tables
    assert {"各校教师情况", "各校听课情况"} <= {table.title for table in town_tables}


def test_a_title_that_nobody_has_changed_follows_a_new_name(town: SimpleNamespace, cast: dict) -> None:
    summary = composed(town.school, cast["office"])
    town.school.name = "镇第一初级中学"
    save_record(record=town.school, by=cast["office"])
    assert composed(town.school, cast["office"]).title == "镇第一初级中学2025—2026学年校本研修工作总结"
    summary.refresh_from_db()
    summary.title = "镇第一初级中学校本研修纪实"
    save_title(record=summary, by=cast["office"])
    town.school.name = "镇第二初级中学"
    save_record(record=town.school, by=cast["office"])
    assert composed(town.school, cast["office"]).title == "镇第一初级中学校本研修纪实"


def test_only_one_summary_for_a_place_and_period(draft: AnnualSummary, town: SimpleNamespace) -> None:
    copy = AnnualSummary(
        township=town.township,
        period_code="2025",
        period_label="x",
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        title="x",
    )
    with pytest.raises(ValidationError):
        copy.full_clean()


def test_figures_cost_few_queries(town: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as queries:
        figures = figures_of(town.township.scope, Period.from_code("2025"))
    assert len(figures) >= 17
    assert len(queries) <= 40


def test_every_token_of_the_default_prose_is_a_label() -> None:
    known = labels()
    for chapter in all_chapters():
        for part in chapter.sections:
            for kind in ("township", "school"):
                assert (part.prose, unknown_tokens(prose_source(part, kind), known)) == (part.prose, [])
            assert (part.prose, unknown_tokens(prose_source(part, "teacher"), labels("teacher"))) == (part.prose, [])


@pytest.mark.parametrize("kind", ["township", "school", "teacher"])
def test_every_condition_of_the_default_prose_names_figures(kind: str) -> None:
    """An unknown label in a condition would stop the whole summary."""
    known = set(labels(kind))
    lines = [line for c in all_chapters() for part in c.sections for line in prose_source(part, kind).splitlines()]
    asked = {label for line in lines for sentence in sentences(line) for label in labels_of(sentence)}
    assert len(asked) > 10
    assert asked - known == set()


def test_labels_and_keys_are_unique() -> None:
    keys = [tally.key for chapter in all_chapters() for tally in chapter.tallies]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
    known = labels()
    assert sorted({label for label in known if known.count(label) > 1}) == []

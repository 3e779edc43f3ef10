"""From draft to version: review, remarks, what to look at first, drift, versions side by side, the locked year."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from apps.core.actions import delete_record, save_record, save_records
from apps.core.actors import SYSTEM
from apps.handbook.models import HandbookEntry
from apps.observations.models import Observation
from apps.reports.actions import add_section, finalise_summary, reopen_summary, submit_for_review, write_section
from apps.reports.composing.drift import kept_records
from apps.reports.models import AnnualSummary, ParagraphComment, SummarySection
from apps.reports.prose.suggestions import PROBLEMS
from apps.reports.rules import year_open
from apps.research.models import Activity
from tests.architecture.rows import make
from tests.factories import UserFactory
from tests.reports.factories import composed, section


@pytest.fixture
def cast(cast: dict, town: SimpleNamespace) -> dict:
    cast["second"] = UserFactory(role="office", township=town.township, name="审核员")
    return cast


@pytest.fixture
def lessons(town: SimpleNamespace) -> list[Any]:
    return [make(Activity, town.school, number) for number in range(3)]


@pytest.fixture
def draft(town: SimpleNamespace, cast: dict, lessons: list) -> AnnualSummary:
    return composed(town.township, cast["office"])


@pytest.fixture
def problems(draft: AnnualSummary, cast: dict) -> SummarySection:
    row = section(draft, PROBLEMS)
    write_section(
        section=row, text="活动{教研活动总次数}次。\n教师4人，{师德学习文件}。", base=row.text, by=cast["office"]
    )
    row.refresh_from_db()
    return row


def address(name: str, row: Any) -> str:
    return reverse(f"reports:{name}", args=[row.pk])


def test_a_summary_goes_to_review_and_comes_back(draft: AnnualSummary, cast: dict, browser: Any) -> None:
    client, reviewer = browser("office"), browser("second")
    offered = client.get(address("annualsummary_submit", draft)).content.decode()
    assert "审核员" in offered
    assert cast["stranger"].name not in offered or cast["stranger"].name == cast["office"].name
    client.post(address("annualsummary_submit", draft), {"reviewer": cast["second"].pk})
    draft.refresh_from_db()
    assert (draft.status, draft.reviewer, draft.is_open) == ("review", cast["second"], True)
    assert "待您审核的总结" in reviewer.get("/").content.decode()
    assert "待您审核的总结" not in client.get("/").content.decode()
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "审核中" in page
    assert "审核员" in page
    client.post(address("annualsummary_unsubmit", draft))
    draft.refresh_from_db()
    assert (draft.status, draft.reviewer) == ("draft", None)
    said = client.post(address("annualsummary_unsubmit", draft), follow=True).content.decode()
    assert "总结不在审核中" in said
    # Another township's clerk cannot be chosen.
    client.post(address("annualsummary_submit", draft), {"reviewer": cast["stranger"].pk})
    draft.refresh_from_db()
    assert draft.status == "draft"


def buttons(client: Any, row: Any) -> dict[str, tuple[bool, bool]]:
    """Return the names of the verbs that a page offers, each with whether it is the main button, and a rare one."""
    found = client.get(row.get_absolute_url()).context["buttons"]
    return {button.url.rstrip("/").rpartition("/")[2]: (button.main, button.rare) for button in found}


def test_main_button_in_each_state_is_the_next_step(draft: AnnualSummary, cast: dict, browser: Any) -> None:
    client, main, rare, plain = browser("office"), (True, False), (False, True), (False, False)
    drafted = {"compare": plain, "write": plain, "compose": rare, "submit": main, "finalise": rare}
    assert buttons(client, draft) == drafted
    submit_for_review(summary=draft, reviewer=cast["second"], by=cast["office"])
    reviewed = {"compare": plain, "write": plain, "compose": rare, "unsubmit": rare, "finalise": main}
    assert buttons(client, draft) == reviewed
    finalise_summary(summary=draft, by=cast["second"])
    assert buttons(client, draft) == {"compare": plain, "reopen": plain}


def test_reviewer_of_another_township_is_refused_by_the_action_too(draft: AnnualSummary, cast: dict) -> None:
    for reviewer in (cast["stranger"], cast["principal"]):
        with pytest.raises(ValidationError, match="该账号不能审核此总结。"):
            submit_for_review(summary=draft, reviewer=reviewer, by=cast["office"])
    assert AnnualSummary.objects.get(pk=draft.pk).status == AnnualSummary.Status.DRAFT


def test_years_are_open_to_who_may_finalise_and_closed_to_others(
    draft: AnnualSummary, lessons: list, cast: dict
) -> None:
    assert year_open(cast["principal"], lessons)
    finalise_summary(summary=draft, by=cast["office"])
    actors = {"office": True, "principal": False, "teacher": False, "researcher": False, "stranger": True}
    assert {name: year_open(cast[name], lessons) for name in actors} == actors
    assert year_open(SYSTEM.imports, lessons)


def test_a_remark_follows_its_paragraph(draft: Any, problems: SummarySection, cast: dict, browser: Any) -> None:
    client = browser("second")
    data = {"paragraph": "活动{教研活动总次数}次。", "text": "请补充时间。"}
    client.post(address("summarysection_comment", problems), data)
    text = client.get(draft.get_absolute_url()).content.decode()
    assert "审核员：请补充时间。" in text
    assert "1条意见待处理" in text
    now = "开头。\n活动{教研活动总次数}次。\n教师4人，{师德学习文件}。"
    write_section(section=problems, text=now, base=problems.text, by=cast["office"])
    text = client.get(draft.get_absolute_url()).content.decode()
    # Right behind its paragraph, which now is the second one.
    assert text.index("开头。") < text.index("审核员：请补充时间。") < text.index("教师4人，")
    remark = ParagraphComment.objects.get()
    browser("office").post(address("paragraphcomment_done", remark))
    remark.refresh_from_db()
    assert remark.resolved_by == cast["office"]
    assert "条意见待处理" not in client.get(draft.get_absolute_url()).content.decode()
    client.post(address("summarysection_comment", problems), {"paragraph": "", "text": " "})
    assert ParagraphComment.objects.count() == 1


def test_before_finalising_everything_doubtful_is_listed(
    draft: AnnualSummary, problems: SummarySection, browser: Any
) -> None:
    browser("second").post(address("summarysection_comment", problems), {"paragraph": "", "text": "核对一下。"})
    text = browser("office").get(address("annualsummary_finalise", draft)).content.decode()
    assert "“4”是手填数字" in text
    assert "“师德学习文件”没有记录，将印成空格" in text
    assert "审核员的意见：核对一下。" in text
    assert AnnualSummary.objects.get(pk=draft.pk).is_open
    assert browser("principal").get(address("annualsummary_finalise", draft)).status_code == 403


def test_a_version_knows_the_records_that_it_counted(draft: AnnualSummary, cast: dict, lessons: list) -> None:
    version = finalise_summary(summary=draft, by=cast["office"])
    kept = kept_records(version)
    assert kept["figures"]["research.activities"] == [row.pk for row in lessons]
    assert kept["records"]["research.activity"][str(lessons[0].pk)] == [lessons[0].version, str(lessons[0])]


def test_drift_names_the_records_that_came_went_and_changed(
    draft: AnnualSummary, cast: dict, town: SimpleNamespace, lessons: list, browser: Any
) -> None:
    finalise_summary(summary=draft, by=cast["office"])
    client = browser("office")
    assert "记录与定稿一致" in client.get(address("annualsummary_drift", draft)).content.decode()
    gone = str(lessons[0])
    delete_record(record=lessons[0], by=cast["office"])
    lessons[1].title = "改了题目"
    save_record(record=lessons[1], by=cast["office"])
    new = [make(Activity, town.other, number) for number in (7, 8)]
    page = client.get(address("annualsummary_drift", draft))
    drift = next(drift for drift in page.context["drifts"] if drift.was.key == "research.activities")
    assert (drift.was.value, drift.now.value) == (3, 4)
    assert [text for text, _address in drift.went] == [gone]
    assert {link for _text, link in drift.came} == {row.get_absolute_url() for row in new}
    assert [link for _text, link in drift.changed] == [lessons[1].get_absolute_url()]
    assert "定稿的文件不变" in page.content.decode()
    assert client.get(address("annualsummary_drift", composed(town.school, cast["office"]))).status_code == 404


def test_versions_stand_side_by_side(
    draft: AnnualSummary, problems: SummarySection, cast: dict, town: SimpleNamespace, browser: Any
) -> None:
    client = browser("office")
    assert client.get(address("annualsummary_versions", draft)).status_code == 404
    finalise_summary(summary=draft, by=cast["office"])
    reopen_summary(summary=draft, reason="补充", by=cast["office"])
    make(Activity, town.other, 7)
    write_section(section=problems, text=problems.text + "\n另有一句。", base=problems.text, by=cast["office"])
    text = client.get(address("annualsummary_versions", draft)).content.decode()
    assert "<del>活动3次。</del>" in text
    assert "<ins>活动4次。</ins>" in text
    assert "<ins>另有一句。</ins>" in text
    assert "五、打算" not in text, "what is the same in both is left out"
    same = client.get(address("annualsummary_versions", draft) + "?a=1&b=1").content.decode()
    assert "两者的数据和文字相同。" in same
    assert client.get(address("annualsummary_versions", draft) + "?a=7").status_code == 404


def test_sections_of_one_heading_are_compared_each(draft: AnnualSummary, cast: dict, browser: Any) -> None:
    for text in ("甲。", "乙。"):
        added = add_section(summary=draft, heading="说明", after=None, by=cast["office"])
        write_section(section=added, text=text, base="", by=cast["office"])
    finalise_summary(summary=draft, by=cast["office"])
    reopen_summary(summary=draft, reason="补充", by=cast["office"])
    first = next(row for row in draft.outline if row.text == "甲。")
    write_section(section=first, text="甲改。", base="甲。", by=cast["office"])
    text = browser("office").get(address("annualsummary_versions", draft)).content.decode()
    assert "<del>甲。</del>" in text
    assert "<ins>甲改。</ins>" in text
    assert "乙。" not in text


@pytest.fixture
def locked(draft: AnnualSummary, cast: dict) -> AnnualSummary:
    finalise_summary(summary=draft, by=cast["office"])
    return draft


LOCKED = "2025—2026学年总结已定稿，当年记录只有教育组能改。"


def test_a_finalised_year_is_locked_for_schools(
    locked: AnnualSummary, town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    row = make(Activity, town.school, 5)
    client = browser("principal")
    page = client.get(row.get_absolute_url()).content.decode()
    assert LOCKED in page
    assert f"{row.get_absolute_url()}edit/" not in page
    assert client.get(f"{row.get_absolute_url()}edit/").status_code == 403
    assert client.post(f"{row.get_absolute_url()}delete/").status_code == 403
    assert browser("office").get(f"{row.get_absolute_url()}edit/").status_code == 200
    for write in (
        lambda by: save_record(record=Activity.objects.get(pk=row.pk), by=by),
        lambda by: save_records(records=[Activity.objects.get(pk=row.pk)], by=by, fields=["title"]),
    ):
        with pytest.raises(ValidationError, match=LOCKED):
            write(cast["principal"])
        for by in (cast["teacher"], cast["researcher"]):
            with pytest.raises(PermissionDenied):  # they never write activities
                write(by)
        for by in (cast["office"], SYSTEM.imports):
            write(by)


def test_records_are_moved_neither_out_of_nor_into_a_locked_year(
    locked: AnnualSummary, town: SimpleNamespace, cast: dict
) -> None:
    row = make(Activity, town.school, 5)
    row.date = date(2026, 10, 1)
    with pytest.raises(ValidationError, match=LOCKED):
        save_record(record=row, by=cast["principal"])
    save_record(record=row, by=cast["office"])
    save_record(record=row, by=cast["principal"])
    row.date = date(2026, 3, 1)
    with pytest.raises(ValidationError, match=LOCKED):
        save_record(record=row, by=cast["principal"])


def test_handbook_entries_and_lessons_of_the_year_are_locked_and_others_open(
    locked: AnnualSummary, town: SimpleNamespace, cast: dict
) -> None:
    entry = make(HandbookEntry, town.school, teacher=town.teacher)
    with pytest.raises(ValidationError, match=LOCKED):
        delete_record(record=entry, by=cast["teacher"])
    with pytest.raises(ValidationError, match=LOCKED):
        save_record(record=make(Observation, town.school), by=cast["principal"])
    save_record(record=town.teacher, by=cast["principal"])
    # Another township is not locked, a summary that was reopened locks nothing.
    far = UserFactory(role="principal", school=town.far)
    save_record(record=make(Activity, town.far, 5), by=far)
    reopen_summary(summary=locked, reason="补充", by=cast["office"])
    delete_record(record=entry, by=cast["teacher"])


def test_a_schools_own_version_and_a_terms_lock_nothing(town: SimpleNamespace, cast: dict) -> None:
    finalise_summary(summary=composed(town.school, cast["office"]), by=cast["office"])
    save_record(record=make(Activity, town.school, 5), by=cast["principal"])

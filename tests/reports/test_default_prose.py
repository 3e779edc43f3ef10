"""What the default prose says is true of the figures that it states; charts stand with the text that they show."""

from types import SimpleNamespace

from apps.reports.actions import write_section
from apps.reports.composing.checks import overstated
from apps.reports.composing.versions import document_of
from apps.schools.models import SchoolGrade
from tests.ethics.factories import CampaignFactory, ParticipantFactory
from tests.factories import DesignationFactory, SchoolGradeFactory
from tests.handbook.factories import HandbookEntryFactory
from tests.observations.factories import ObservationFactory, RubricFactory
from tests.reports.factories import composed, section
from tests.research.factories import ActivityFactory, ActivityGuestFactory, BaseMemberFactory, SmallProjectFactory


def said(place: object, by: object, key: str) -> str:
    """Return the text of a place's draft as it is printed where the section `key` stands."""
    summary = composed(place, by)
    wanted = section(summary, key).pk
    return next(part.plain for part in document_of(summary, annexes=False).parts if part.pk == wanted)


def test_meetings_of_the_town_are_not_said_to_be_of_primary_schools(town: SimpleNamespace, cast: dict) -> None:
    for number, school in enumerate((town.school, town.school, town.other)):
        ActivityFactory(school=school, kind="meeting", title=f"观摩研讨会{number}")
    text = said(town.township, cast["office"], "research.meetings")
    assert "全镇开展教学观摩研讨活动3次，由袁科小学、镇初级中学承办" in text
    assert "各小学以课例为载体，先后举办教学观摩研讨活动1次。" in text


def test_comments_in_all_activities_are_not_said_to_be_of_the_meetings(town: SimpleNamespace, cast: dict) -> None:
    ActivityFactory(school=town.school, kind="meeting")
    for title in ("沙龙一", "沙龙二"):
        ActivityGuestFactory(activity=ActivityFactory(school=town.school, title=title), commented=True)
    assert "在全年各类教研活动中，安排现场点评的活动有2次。" in said(town.township, cast["office"], "research.meetings")


def test_what_did_not_happen_is_not_told_with_a_zero(town: SimpleNamespace, cast: dict) -> None:
    base = DesignationFactory(school=town.school, kind="subject_base")
    BaseMemberFactory(designation=base, teacher=town.teacher)
    SmallProjectFactory(school=town.school)
    ObservationFactory(teacher=town.teacher, rubric=RubricFactory(township=town.township), score=70)
    bases = said(town.township, cast["office"], "research.bases")
    assert "1所学校成立了学科示范基地建设领导小组。基地集中了1名学科骨干教师。" in bases.replace("\n", "")
    assert "领导小组会议" not in bases
    assert "邀请区教研员" not in bases
    projects = said(town.township, cast["office"], "research.projects")
    assert "申报小课题1项。" in projects
    assert "立项" not in projects
    practice = said(town.township, cast["office"], "observations.practice")
    assert "1名教师承担做课任务。" in practice
    assert "议课0次" not in practice
    assert "平均得分70" in practice
    assert "优秀课" not in practice


def test_each_theme_stands_in_its_own_quotation_marks(town: SimpleNamespace, cast: dict) -> None:
    for number, theme in enumerate(("以德立身、以德施教", "争做“四有”好老师"), start=1):
        campaign = CampaignFactory(township=town.township, theme=theme, document=f"教字{number}号")
        ParticipantFactory(campaign=campaign, teacher=town.teacher)
    text = said(town.township, cast["office"], "ethics.education")
    assert "主题活动为“争做‘四有’好老师”“以德立身、以德施教”，" in text


def test_a_chart_stands_with_the_text_on_what_it_shows(town: SimpleNamespace, cast: dict) -> None:
    """Guides of the junior school and guidance by researchers are told elsewhere, and have no chart there."""
    HandbookEntryFactory(teacher=town.teacher)
    ObservationFactory(teacher=town.teacher, observer_researcher=town.researcher)
    ActivityFactory(school=town.school, kind="meeting")
    parts = document_of(composed(town.township, cast["office"])).printed
    assert {chart.title: part.heading for part in parts for chart in part.charts} == {
        "各校行动手册条目数": "三维一体行动手册",
        "各校听课情况": "教研与培训",
        "各类教研活动次数": "教研与培训",
    }


def test_all_is_said_only_where_all_is_counted(town: SimpleNamespace, cast: dict) -> None:
    for grade in (7, 8, 9):
        SchoolGradeFactory(school=town.school, school_year=town.year, grade=grade, experimental=grade < 9)
    assert "3个年级中2个为实验年级。" in said(town.township, cast["office"], "schools.junior")
    SchoolGrade.objects.update(experimental=True)
    assert "3个年级全部作为实验年级" in said(town.township, cast["office"], "schools.junior")


def test_all_written_beside_a_part_is_pointed_out(town: SimpleNamespace, cast: dict) -> None:
    for grade in (7, 8, 9):
        SchoolGradeFactory(school=town.school, school_year=town.year, grade=grade, experimental=grade < 9)
    summary = composed(town.township, cast["office"])
    row = section(summary, "schools.junior")
    for text, told in (
        ("{初中实验年级数}个年级全部作为实验年级。", ["“全部”"]),
        ("{初中年级数}个年级中{初中实验年级数}个为实验年级。", []),
        ("全部重视；{初中实验年级数}个年级为实验年级。", []),
    ):
        row.refresh_from_db()
        write_section(section=row, text=text, base=row.text, by=cast["office"])
        found = [finding.said for finding in overstated(summary, document_of(summary, annexes=False))]
        assert [word in said for word, said in zip(told, found, strict=True)] == [True] * len(told), text

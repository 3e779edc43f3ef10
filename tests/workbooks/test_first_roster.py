"""A town's first roster: no numbers, schools that nobody knows, no day of arrival; and who may be who in the next."""

from collections.abc import Callable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.schools.models import School
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.actions.imports import commit_now
from apps.workbooks.actions.undo import undo_import
from apps.workbooks.models import ImportBatch
from tests.factories import TeacherFactory
from tests.workbooks.conftest import upload
from tests.workbooks.corpus.cases import valid
from tests.workbooks.corpus.writing import text, xlsx

HEAD = ["序号", "学校名称", "姓名", "身份证号码", "参加工作时间", "职称"]
PEOPLE = [
    ("东岭小学", "康知远", valid("61030419850712302"), "2008.9", "二级"),
    ("东岭小学", "康知行", valid("61030419790305101"), "1999.8", "小高"),
    ("沟口九年制学校", "白晓芸", valid("61030419900101402"), "2012.9", "中二"),
    ("沟口幼儿园", "白晓芸", valid("61030419910202404"), "2014.9", "未评"),
]
ROWS = [[number, *person] for number, person in enumerate(PEOPLE, 1)]
LI = valid("61030419850712302")


@pytest.fixture
def bring(browser: Callable, town: SimpleNamespace) -> Callable[..., ImportBatch]:
    def bring_file(content: bytes, name: str = "花名册.xlsx", role: str = "office") -> ImportBatch:
        from io import BytesIO

        form = {"file": upload(BytesIO(content), name), "school_year": town.year.pk}
        answer = browser(role).post(reverse("workbooks:importbatch_create"), form)
        assert answer.status_code == 302, answer.content.decode()
        return ImportBatch.objects.latest("pk")

    return bring_file


@pytest.fixture
def first(bring: Callable) -> ImportBatch:
    batch: ImportBatch = bring(xlsx([["慕仪镇教师花名册"], HEAD, *ROWS], "花名册"))
    assert batch.problems == []
    return batch


@pytest.fixture
def answer(browser: Callable) -> Callable[..., ImportBatch]:
    def send(batch: ImportBatch, **answers: str) -> ImportBatch:
        reply = browser("office").post(reverse("workbooks:importbatch_answer", args=[batch.pk]), answers)
        assert reply.status_code == 302, reply.content.decode()
        return ImportBatch.objects.get(pk=batch.pk)

    return send


def roster() -> set[tuple[Any, ...]]:
    """Who serves where, of the teachers that the roster brings."""
    rows = Appointment.objects.filter(teacher__name__in={person[1] for person in PEOPLE})
    return {
        (row.teacher.name, row.teacher.id_number, row.teacher.sex, row.teacher.birth_date, row.teacher.title,
         row.school.name)
        for row in rows.select_related("teacher", "school")
    }  # fmt: skip


WHOLE = {
    ("康知远", PEOPLE[0][2], "f", date(1985, 7, 12), "second", "东岭小学"),
    ("康知行", PEOPLE[1][2], "m", date(1979, 3, 5), "first", "东岭小学"),
    ("白晓芸", PEOPLE[2][2], "f", date(1990, 1, 1), "second", "沟口九年制学校"),
    ("白晓芸", PEOPLE[3][2], "f", date(1991, 2, 2), "none", "沟口幼儿园"),
}


def test_first_roster_creates_schools_and_issues_numbers(first: ImportBatch, cast: dict, browser: Callable) -> None:
    page = browser("office").get(first.get_absolute_url()).content.decode()
    assert "以下学校系统中还没有" in page
    commit_now(batch=first, by=cast["office"])
    assert roster() == WHOLE
    schools = School.objects.filter(name__in={person[0] for person in PEOPLE}).order_by("code")
    assert list(schools.values_list("code", "name", "stage")) == [
        ("03", "东岭小学", "primary"), ("04", "沟口九年制学校", "nine_year"), ("05", "沟口幼儿园", "kindergarten"),
    ]  # fmt: skip
    names = {person[1] for person in PEOPLE}
    numbers = Teacher.objects.filter(name__in=names).values_list("no", flat=True)
    assert sorted(numbers) == [
        "0004",
        "0005",
        "0006",
        "0007",
    ]
    undo_import(batch=first, by=cast["office"])
    assert not Teacher.objects.filter(name__in=names).exists()
    assert not School.objects.filter(name="东岭小学").exists()


def test_same_roster_again_changes_nothing(first: ImportBatch, bring: Callable, cast: dict) -> None:
    commit_now(batch=first, by=cast["office"])
    again = bring(xlsx([HEAD, *ROWS], "Sheet1"), "再报.xlsx")
    assert (again.problems, again.empty, again.questions) == ([], True, {})


def by_school() -> dict[str, list[list[Any]]]:
    pages: dict[str, list[list[Any]]] = {}
    for school, *person in PEOPLE:
        pages.setdefault(school, [["姓名", "身份证号", "参加工作时间", "职称"]]).append(person)
    return pages


def born(number: str) -> str:
    """The month of birth in an ID number, as rosters write it."""
    return f"{number[6:10]}年{int(number[10:12])}月"


def a_sheet_a_school() -> bytes:
    (title, rows), *others = by_school().items()
    return xlsx(rows, f"{title}教师花名册", **dict(others))


LAYOUTS = {
    "ID first": lambda: xlsx(
        [["身份证号", "职称", "姓名", "工作单位", "参加工作"]]
        + [[number, title, name, school, began] for school, name, number, began, title in PEOPLE]
    ),
    "two header rows": lambda: xlsx(
        [["学校", "基本信息", None, "工作情况", None], [None, "姓名", "身份证号", "参加工作时间", "职称"]]
        + [list(person) for person in PEOPLE],
        shape=lambda page, _book: [page.merge_cells(cells) for cells in ("A1:A2", "B1:C1", "D1:E1")],
    ),
    "a sheet a school": a_sheet_a_school,
    "titles only": lambda: xlsx(
        [["学校", "姓名", "出生年月", "职称"]]
        + [[school, name, born(number), title] for school, name, number, _began, title in PEOPLE]
    ),
    "GB18030 CSV": lambda: text([HEAD, *ROWS], "gb18030"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_other_layouts_mean_the_same_teachers(layout: str, first: ImportBatch, bring: Callable, cast: dict) -> None:
    commit_now(batch=first, by=cast["office"])
    batch = bring(LAYOUTS[layout](), "名单.csv" if "CSV" in layout else "名单.xlsx")
    assert batch.problems == []
    assert batch.total("new") == 0, batch.added
    assert roster() == WHOLE


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "titles only"])
def test_other_layouts_bring_the_same_teachers(layout: str, bring: Callable, cast: dict) -> None:
    batch = bring(LAYOUTS[layout](), "名单.csv" if "CSV" in layout else "名单.xlsx")
    assert batch.problems == []
    commit_now(batch=batch, by=cast["office"])
    assert roster() == WHOLE


def test_titles_alone_say_what_is_needed_of_who_is_new(bring: Callable) -> None:
    batch = bring(xlsx([["学校", "姓名", "职称"], ["镇初级中学", "康知远", "二级"]]))
    said = [problem["what"] for problem in batch.problems]
    assert any("缺少“出生日期”，也没有“身份证号”" in what for what in said), said
    assert not any("教师编号" in what for what in said)


def test_row_without_id_number_is_told_at_its_cell(bring: Callable) -> None:
    batch = bring(xlsx([HEAD, ROWS[0], [2, "东岭小学", "康知行", None, "1999.8", "小高"]], "花名册"))
    (problem,) = batch.problems
    assert (problem["cell"], problem["what"]) == ("D3", "此行没有身份证号，无法推算：性别、出生日期。")


def test_wrong_id_number_is_the_only_thing_said_of_its_row(bring: Callable) -> None:
    batch = bring(xlsx([HEAD, [1, "东岭小学", "康知远", "610304198507123020", "2008.9", "二级"]], "花名册"))
    assert [problem["cell"] for problem in batch.problems] == ["D2"]


# Since when.


@pytest.mark.parametrize(
    ("told", "starts_on", "known"),
    [("2019.9.1", date(2019, 9, 1), "day"), ("2019年9月", date(2019, 9, 1), "month"), ("", date(2025, 9, 1), "latest")],
)
def test_day_of_arrival_is_asked_once_and_kept_as_it_is_known(
    told: str, starts_on: date, known: str, first: ImportBatch, answer: Callable, cast: dict
) -> None:
    batch = answer(first, since=told)
    assert batch.status == ImportBatch.Status.PREVIEWED
    commit_now(batch=batch, by=cast["office"])
    rows = Appointment.objects.filter(teacher__name="康知远")
    assert list(rows.values_list("starts_on", "since_known")) == [(starts_on, known)]


def test_answer_that_is_no_day_is_refused_with_what_was_typed(first: ImportBatch, browser: Callable) -> None:
    reply = browser("office").post(reverse("workbooks:importbatch_answer", args=[first.pk]), {"since": "去年秋天"})
    page = reply.content.decode()
    assert "“去年秋天”不是日期" in page
    assert 'value="去年秋天"' in page


def test_arrival_told_later_mends_the_one_that_was_not_known(first: ImportBatch, bring: Callable, cast: dict) -> None:
    commit_now(batch=first, by=cast["office"])
    rows = [[*row, "2016.9.1"] for row in ROWS]
    batch = bring(xlsx([[*HEAD, "到校时间"], *rows], "花名册"), "补.xlsx")
    assert batch.problems == []
    commit_now(batch=batch, by=cast["office"])
    found = Appointment.objects.filter(teacher__name="康知远")
    assert list(found.values_list("starts_on", "since_known")) == [(date(2016, 9, 1), "day")]


def test_only_those_without_a_day_are_asked_about(bring: Callable) -> None:
    rows = [[*row, day] for row, day in zip(ROWS, ["2016.9.1", None, "2018年9月", ""], strict=True)]
    batch = bring(xlsx([[*HEAD, "到校时间"], *rows], "花名册"))
    assert batch.problems == []
    assert batch.questions["undated"] == 2


# Schools.


def asked(batch: ImportBatch) -> dict[str, Mapping[str, Any]]:
    return {one["name"]: one for one in batch.questions.get("schools", ())}


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("东岭小学", "primary"), ("东岭教学点", "primary"), ("东岭完小", "primary"), ("东岭幼儿园", "kindergarten"),
        ("东岭初级中学", "junior"), ("东岭中学", "junior"), ("东岭九年一贯制学校", "nine_year"), ("东岭学校", ""),
    ],
)  # fmt: skip
def test_stage_is_guessed_from_the_name_and_shown(name: str, stage: str, bring: Callable) -> None:
    batch = bring(xlsx([HEAD, [1, name, *PEOPLE[0][1:]]], "花名册"))
    assert asked(batch)[name]["stage"] == stage
    assert bool(batch.problems) == (not stage)


@pytest.mark.parametrize("name", ["慕仪镇袁科小学", "袁科完小", "远科小学", "袁科中心小学"])
def test_school_near_a_known_one_is_doubted_and_not_created(
    name: str, bring: Callable, answer: Callable, cast: dict, town: SimpleNamespace
) -> None:
    batch = bring(xlsx([HEAD, [1, name, *PEOPLE[0][1:]]], "花名册"))
    assert "袁科小学" in batch.problems[0]["remedy"]
    assert asked(batch)[name]["like"] == [[town.other.pk, "袁科小学"]]
    batch = answer(batch, school_0=f"school:{town.other.pk}")
    commit_now(batch=batch, by=cast["office"])
    assert Appointment.objects.get(teacher__name="康知远").school == town.other
    assert not School.objects.filter(name=name).exists()


def test_stage_is_changed_by_an_answer(bring: Callable, answer: Callable, cast: dict) -> None:
    batch = bring(xlsx([HEAD, [1, "东岭学校", *PEOPLE[0][1:]]], "花名册"))
    batch = answer(batch, school_0="stage:nine_year")
    commit_now(batch=batch, by=cast["office"])
    assert School.objects.get(name="东岭学校").stage == "nine_year"


def test_principal_creates_no_school(bring: Callable) -> None:
    batch = bring(xlsx([HEAD, [1, "东岭小学", *PEOPLE[0][1:]]], "花名册"), role="principal")
    assert batch.problems
    assert "schools" not in batch.questions


# Who may be who.


def teachers_of(number: Any, id_number: str | None, name: str = "李新") -> bytes:
    head = ["教师编号", "姓名", "性别", "身份证号", "出生日期", "参加工作时间"]
    return xlsx([head, [number, name, "女", id_number, "1985-07-12", "2008-09-01"]])


@pytest.fixture
def li(town: SimpleNamespace) -> Teacher:
    return TeacherFactory(school=town.school, no="0105", name="李新", sex="f", id_number=LI, birth_date="1985-07-12")


def test_number_that_lost_its_zero_is_doubted_and_the_person_named(
    li: Teacher, bring: Callable, answer: Callable
) -> None:
    batch = bring(teachers_of(105, None))
    assert batch.status == ImportBatch.Status.PREVIEWED
    assert "李新（0105）" in batch.doubts[0]["what"]
    same = answer(batch, same_0="on")
    assert (same.total("new"), same.problems) == (0, [])
    assert Teacher.objects.get(pk=li.pk).no == "0105"


def test_second_number_of_one_id_number_names_the_person(li: Teacher, bring: Callable, answer: Callable) -> None:
    batch = bring(teachers_of(105, LI))
    assert batch.status == ImportBatch.Status.REFUSED
    assert "李新（0105）" in batch.problems[0]["what"]
    assert LI not in str(batch.problems)
    same = answer(batch, same_0="on")
    assert (same.status, same.total("new")) == (ImportBatch.Status.PREVIEWED, 0)
    back = answer(same)
    assert back.status == ImportBatch.Status.REFUSED


def test_namesake_of_another_birth_date_is_new_and_doubted(li: Teacher, bring: Callable) -> None:
    head = ["姓名", "性别", "出生日期", "参加工作时间"]
    batch = bring(xlsx([head, ["李新", "女", "1990-01-01", "2012.9"]]))
    assert batch.total("new") == 1
    assert "李新（0105）" in batch.doubts[0]["what"]


def test_one_person_twice_without_number_is_refused(bring: Callable) -> None:
    head = ["姓名", "性别", "出生日期", "参加工作时间"]
    row = ["康知远", "女", "1990-01-01", "2012.9"]
    (problem,) = bring(xlsx([head, row, row])).problems
    assert problem["cell"] == "A3"


# Numbers.


def test_numbers_follow_the_form_of_the_township(
    town: SimpleNamespace, first: ImportBatch, cast: dict, browser: Callable
) -> None:
    town.township.number_pattern = "MY101"
    town.township.save()
    commit_now(batch=first, by=cast["office"])
    assert Teacher.objects.get(name="康知远").no == "MY101"
    form = {
        "township": town.township.pk, "no": "", "name": "白一", "sex": "f", "birth_date": "1990-01-01",
        "started_work_on": "2012-09-01", "title": "none", "position": "teacher", "staffing": "established",
        "backbone_level": "0", "school": town.school.pk, "arrived_on": "2025-09-01",
    }  # fmt: skip
    reply = browser("office").post(reverse("teachers:teacher_create"), form)
    assert reply.status_code == 302, reply.content.decode()
    teacher = Teacher.objects.get(name="白一")
    assert teacher.no == "MY105"
    address = reverse("teachers:teacher_update", args=[teacher.pk])
    assert browser("office").post(address, form | {"read_version": "1"}).status_code == 302
    assert Teacher.objects.get(name="白一").no == "MY105"

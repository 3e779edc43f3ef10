"""The pages: own rows and not the neighbour's, what they cost, what they refuse."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from PIL import Image

from apps.research.models import (
    Activity,
    ActivityGuest,
    Attendance,
    BaseMember,
    Photo,
    ProjectMember,
    ResearcherSurvey,
    SmallProject,
)
from apps.teachers.models import Teacher
from apps.webui.home import todos
from tests.factories import DesignationFactory, ResearcherFactory, TeacherFactory
from tests.research.factories import (
    ActivityFactory,
    ActivityGuestFactory,
    AttendanceFactory,
    BaseMemberFactory,
    PhotoFactory,
    ProjectMemberFactory,
    ResearcherSurveyFactory,
    SmallProjectFactory,
)


def base_at(school: Any) -> Any:
    return school.designations.filter(kind="subject_base").first() or DesignationFactory(
        school=school, kind="subject_base"
    )


def teacher_at(school: Any, number: int) -> Teacher:
    return TeacherFactory(school=school, no=f"{school.code}-{number}-{Teacher.objects.count()}")


def activity_at(school: Any, number: int) -> Activity:
    return ActivityFactory(school=school, title=f"沙龙{number}")


MAKE = {
    Activity: activity_at,
    Attendance: lambda s, n: AttendanceFactory(activity=activity_at(s, n), teacher=teacher_at(s, n)),
    ActivityGuest: lambda s, n: ActivityGuestFactory(activity=activity_at(s, n)),
    Photo: lambda s, n: PhotoFactory(activity=activity_at(s, n)),
    ResearcherSurvey: lambda s, n: ResearcherSurveyFactory(school=s, topic=f"调查{n}"),
    BaseMember: lambda s, n: BaseMemberFactory(designation=base_at(s), teacher=teacher_at(s, n)),
    SmallProject: lambda s, n: SmallProjectFactory(school=s),
    ProjectMember: lambda s, n: ProjectMemberFactory(
        project=SmallProjectFactory(school=s), teacher=teacher_at(s, n), role="leader"
    ),
}


def list_of(model: Any) -> str:
    return reverse(f"research:{model._meta.model_name}_list")


@pytest.mark.parametrize("model", MAKE)
def test_list_shows_own_row_and_not_the_neighbours(model: Any, town: SimpleNamespace, browser: Any) -> None:
    own, theirs = MAKE[model](town.school, 1), MAKE[model](town.other, 1)
    text = browser("principal").get(list_of(model)).content.decode()
    assert f'href="{own.get_absolute_url()}"' in text
    assert f'href="{theirs.get_absolute_url()}"' not in text
    assert browser("principal").get(theirs.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("model", MAKE)
def test_pages_cost_the_same_with_ten_rows(model: Any, town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    row = MAKE[model](town.school, 0)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    cost(list_of(model))
    one = cost(list_of(model))
    for number in range(1, 10):
        MAKE[model](town.school, number)
    assert cost(list_of(model)) == one <= 12
    assert cost(row.get_absolute_url()) <= 15


@pytest.mark.parametrize("model", MAKE)
@pytest.mark.parametrize("page", ["create", "update"])
def test_form_opened_by_the_office_is_shown(model: Any, page: str, town: SimpleNamespace, browser: Any) -> None:
    row = MAKE[model](town.school, 0)
    args = [row.pk] if page == "update" else []
    response = browser("office").get(reverse(f"research:{model._meta.model_name}_{page}", args=args))
    assert response.status_code == 200


def test_activity_page_with_related_rows_shows_them(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school, base=base_at(town.school))
    photo = PhotoFactory(activity=activity)
    AttendanceFactory(activity=activity, teacher=town.teacher)
    ActivityGuestFactory(activity=activity)
    client = browser("principal")
    client.get(activity.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        text = client.get(activity.get_absolute_url()).content.decode()
    assert len(queries) <= 15, [query["sql"] for query in queries]
    assert f'src="{reverse("research:photo_file", args=[photo.pk])}"' in text
    assert "王思远" in text
    assert "苟主任" in text


def test_attendance_page_sent_records_the_whole_school(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)
    address = reverse("research:activity_attendance", args=[activity.pk])
    client = browser("principal")
    page = client.get(address).content.decode()
    assert page.count("checked") == 2
    response = client.post(address, {"teachers": [town.teacher.pk, town.colleague.pk]})
    assert response.url == activity.get_absolute_url()
    assert activity.attendances.count() == 2
    assert "checkbox" not in client.get(address).content.decode()


def test_attendance_page_of_another_school_is_for_the_office_only(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)
    address = reverse("research:activity_attendance", args=[activity.pk]) + f"?school={town.other.pk}"
    assert "赵雪" in browser("office").get(address).content.decode()
    browser("office").post(address, {"teachers": [town.neighbour.pk]})
    assert activity.attendances.get().school == town.other
    assert browser("principal").get(address).status_code == 404
    assert browser("neighbour").get(address).status_code == 404


def test_attendance_page_sent_with_another_schools_teacher_is_refused(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)
    address = reverse("research:activity_attendance", args=[activity.pk])
    assert browser("principal").post(address, {"teachers": [town.neighbour.pk]}).status_code == 200
    assert not activity.attendances.exists()


def test_attendance_form_finds_school_and_hours(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school, hours=3)
    data = {"activity": activity.names()[0], "teacher": "陈一鸣", "role": "speaker", "hours": "", "reflection": ""}
    assert browser("principal").post(reverse("research:attendance_create"), data).status_code == 302
    row = Attendance.objects.get()
    assert (row.school, row.hours, row.role) == (town.school, 3, "speaker")


def test_attendance_form_names_a_teacher_without_school(town: SimpleNamespace, browser: Any) -> None:
    TeacherFactory(township=town.township, name="孙立", no="900")
    activity = ActivityFactory(school=town.school)
    data = {"activity": activity.names()[0], "teacher": "孙立", "role": "attendee"}
    with translation.override("en"):
        response = browser("office").post(
            reverse("research:attendance_create"), data, headers={"accept-language": "en"}
        )
    assert response.status_code == 200
    assert response.context["form"].errors["teacher"]


def jpeg(name: str = "a.jpg") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (60, 40 + ord(name[0]) % 50), "green").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def test_pictures_sent_at_once_are_added_with_their_captions(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)
    address = reverse("research:activity_photos", args=[activity.pk])
    client = browser("principal")
    assert client.get(address).status_code == 200
    response = client.post(address, {"files": [jpeg(), jpeg("b.jpg")], "captions": "开场\n讨论"})
    assert response.url == activity.get_absolute_url()
    assert list(activity.photos.values_list("caption", flat=True)) == ["开场", "讨论"]


@pytest.mark.parametrize("page", ["several", "one"])
def test_upload_of_no_picture_is_refused_with_a_sentence(page: str, town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)
    bad = SimpleUploadedFile("名单.jpg", b"MZ no picture", "image/jpeg")
    address = reverse("research:activity_photos", args=[activity.pk])
    data: dict[str, Any] = {"files": [bad]}
    if page == "one":
        address = reverse("research:photo_create")
        data = {"activity": activity.names()[0], "caption": "开场", "image": bad}
    response = browser("principal").post(address, data)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Photo.objects.exists()


def test_pictures_left_out_are_named_on_the_page(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)
    files = [jpeg(), jpeg(), SimpleUploadedFile("名单.jpg", b"MZ no picture", "image/jpeg")]
    address = reverse("research:activity_photos", args=[activity.pk])
    page = browser("principal").post(address, {"files": files}, follow=True).content.decode()
    assert activity.photos.count() == 1
    assert "已有，不重复计数：a.jpg。" in page
    assert "“名单.jpg”" in page


def test_photo_form_refuses_a_picture_that_is_there(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)
    for status in (302, 200):
        data = {"activity": activity.names()[0], "caption": "开场", "image": jpeg("家.jpg")}
        assert browser("principal").post(reverse("research:photo_create"), data).status_code == status
    assert activity.photos.count() == 1


def test_photo_form_sent_keeps_the_picture_under_another_name(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)
    data = {"activity": activity.names()[0], "caption": "开场", "image": jpeg("家.jpg")}
    assert browser("principal").post(reverse("research:photo_create"), data).status_code == 302
    photo = Photo.objects.get()
    assert photo.caption == "开场"
    assert "家" not in photo.image.name


@pytest.mark.parametrize(
    ("role", "status"),
    [("office", 200), ("principal", 200), ("researcher", 200), ("neighbour", 404), ("stranger", 404), ("teacher", 403)],
)
def test_picture_is_sent_to_those_who_may_see_it(role: str, status: int, town: SimpleNamespace, browser: Any) -> None:
    photo = PhotoFactory(activity=ActivityFactory(school=town.school))
    response = browser(role).get(reverse("research:photo_file", args=[photo.pk]))
    assert response.status_code == status
    if status == 200:
        assert response.getvalue()[:2] == b"\xff\xd8"
        assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert "private" in response["Cache-Control"]


def test_picture_whose_file_is_lost_is_not_found(town: SimpleNamespace, browser: Any) -> None:
    photo = PhotoFactory(activity=ActivityFactory(school=town.school))
    photo.image.storage.delete(photo.image.name)
    assert browser("office").get(reverse("research:photo_file", args=[photo.pk])).status_code == 404


def test_project_established_by_the_office_is_no_longer_applied_for(town: SimpleNamespace, browser: Any) -> None:
    project = SmallProjectFactory(school=town.school)
    address = reverse("research:smallproject_approve", args=[project.pk])
    assert address in browser("office").get(project.get_absolute_url()).content.decode()
    assert browser("office").get(address).status_code == 200
    assert browser("office").post(address, {"on": "2025-10-08"}).status_code == 302
    project.refresh_from_db()
    assert (project.stage, project.approved_on) == ("approved", date(2025, 10, 8))
    assert browser("office").post(address, {"on": "2025-10-08"}).status_code == 200  # it stands elsewhere now


@pytest.mark.parametrize(
    ("role", "status"),
    [("principal", 403), ("neighbour", 404), ("teacher", 403), ("researcher", 403), ("stranger", 404)],
)
@pytest.mark.parametrize("step", ["approve", "reject", "midterm", "close"])
def test_decision_by_others_is_refused(step: str, role: str, status: int, town: SimpleNamespace, browser: Any) -> None:
    project = SmallProjectFactory(school=town.school)
    ProjectMemberFactory(project=project, teacher=town.teacher)
    address = reverse(f"research:smallproject_{step}", args=[project.pk])
    assert browser(role).post(address, {"on": "2025-10-08", "result": "excellent"}).status_code == status
    assert address not in browser("principal").get(project.get_absolute_url()).content.decode()
    project.refresh_from_db()
    assert project.stage == "applied"


@pytest.mark.parametrize(
    ("step", "stage", "data", "after"),
    [
        ("open", "approved", {"on": "2025-10-08"}, "running"),
        ("closing", "midterm", {"outcome": "论文"}, "closing"),
        ("drop", "running", {}, "dropped"),
    ],
)
def test_step_of_the_school_is_taken(
    step: str, stage: str, data: dict, after: str, town: SimpleNamespace, browser: Any
) -> None:
    project = SmallProjectFactory(school=town.school, stage=stage)
    address = reverse(f"research:smallproject_{step}", args=[project.pk])
    assert browser("principal").get(address).status_code == 200
    assert browser("principal").post(address, data).status_code == 302
    project.refresh_from_db()
    assert project.stage == after


def test_form_of_a_decided_project_keeps_its_level(town: SimpleNamespace, browser: Any) -> None:
    project = SmallProjectFactory(school=town.school, stage="approved", level=2)
    data = {
        "no": project.no,
        "title": "新题目",
        "level": 1,
        "team_limit": 20,
        "applied_on": "2025-09-20",
        "outcome": "",
    }
    assert (
        browser("principal").post(reverse("research:smallproject_update", args=[project.pk]), data).status_code == 302
    )
    project.refresh_from_db()
    assert (project.title, project.level, project.team_limit) == ("新题目", 2, 4)


def test_full_team_is_told_in_the_form(town: SimpleNamespace, browser: Any) -> None:
    project = SmallProjectFactory(school=town.school, team_limit=1)
    ProjectMemberFactory(project=project, teacher=town.teacher)
    data = {"project": project.names()[0], "teacher": "陈一鸣", "role": "member", "task": ""}
    response = browser("principal").post(reverse("research:projectmember_create"), data)
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


def test_start_page_with_waiting_projects_tells_who_decides(town: SimpleNamespace, cast: dict) -> None:
    SmallProjectFactory(school=town.school, level=2)
    SmallProjectFactory(school=town.school, level=1, stage="closing")
    waiting = {
        role: [todo.url.split("?")[1].split("&") for todo in todos(user, town.year) if "smallproject" in todo.url]
        for role, user in cast.items()
    }
    assert waiting == dict.fromkeys(cast, []) | {
        "office": [["period=", "state=applied", "waiting=true"]],
        "principal": [["period=", "state=closing", "waiting=true"]],
    }


def test_list_behind_what_waits_shows_it(town: SimpleNamespace, browser: Any, cast: dict) -> None:
    project = SmallProjectFactory(school=town.school, level=2, applied_on=date(2023, 9, 20))
    SmallProjectFactory(school=town.school, level=1)
    todo = next(todo for todo in todos(cast["office"], town.year) if "smallproject" in todo.url)
    assert list(browser("office").get(todo.url).context["page"].object_list) == [project]


def test_survey_by_a_researcher_is_recorded_where_serving_only(town: SimpleNamespace, browser: Any) -> None:
    client = browser("researcher")
    form = client.get(reverse("research:researchersurvey_create")).context["form"]
    assert set(form.fields["school"].queryset) == {town.school, town.other}
    data = {
        "school": town.school.pk, "researcher": town.researcher.pk, "date": "2025-11-03", "audience": "both",
        "topic": "学习负担", "issued": 60, "returned": 58,
    }  # fmt: skip
    assert client.post(reverse("research:researchersurvey_create"), data).status_code == 302
    assert client.post(reverse("research:researchersurvey_create"), data | {"school": town.far.pk}).status_code == 200
    assert ResearcherSurvey.objects.get().school == town.school


def test_admin_page_opened_by_the_office_is_shown(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    for number, (model, make) in enumerate(MAKE.items()):
        row = make(town.school, number)
        for page, args in (("changelist", []), ("change", [row.pk])):
            address = reverse(f"admin:research_{model._meta.model_name}_{page}", args=args)
            assert client.get(address).status_code == 200, address


def test_survey_of_another_researcher_is_refused_to_a_researcher(town: SimpleNamespace, browser: Any) -> None:
    other = ResearcherFactory(name="李老师")
    other.townships.add(town.township)
    survey = ResearcherSurveyFactory(school=town.school, researcher=other)
    client = browser("researcher")
    assert client.get(reverse("research:researchersurvey_update", args=[survey.pk])).status_code == 403
    form = client.get(reverse("research:researchersurvey_create")).context["form"]
    assert list(form.fields["researcher"].queryset) == [town.researcher]


def test_main_button_of_an_activity_is_what_is_still_missing(town: SimpleNamespace, browser: Any) -> None:
    activity = ActivityFactory(school=town.school)

    def main() -> list[str]:
        buttons = browser("principal").get(activity.get_absolute_url()).context["buttons"]
        return [button.url.split("/")[-2] for button in buttons if button.main]

    assert main() == ["attendance"]
    AttendanceFactory(activity=activity, teacher=town.teacher)
    assert main() == ["photos"]
    PhotoFactory(activity=activity)
    assert main() == []


@pytest.mark.parametrize(
    ("stage", "main"),
    [
        ("applied", ["approve"]),
        ("approved", ["open"]),
        ("running", ["midterm"]),
        ("midterm", ["closing"]),
        ("closing", ["close"]),
        ("closed", []),
    ],
)
def test_main_button_of_a_project_is_its_next_step(
    stage: str, main: list[str], town: SimpleNamespace, browser: Any
) -> None:
    project = SmallProjectFactory(school=town.school, stage=stage)
    buttons = browser("office").get(project.get_absolute_url()).context["buttons"]
    assert [button.url.split("/")[-2] for button in buttons if button.main] == main


def test_form_of_a_project_decided_by_the_school_keeps_its_level(town: SimpleNamespace, browser: Any) -> None:
    project = SmallProjectFactory(school=town.school, stage="approved", level=1)
    address = reverse("research:smallproject_update", args=[project.pk])
    fields = {role: browser(role).get(address).context["form"].fields.keys() for role in ("principal", "office")}
    assert ("level" in fields["principal"], "team_limit" in fields["principal"]) == (False, True)
    assert "level" in fields["office"]

"""What is done with activities and small projects: each step, and each step that is refused."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.research import actions
from apps.research.models import Attendance, Photo, ProjectMember, SmallProject
from tests.factories import TeacherFactory
from tests.research.factories import (
    ActivityFactory,
    AttendanceFactory,
    PhotoFactory,
    ProjectMemberFactory,
    SmallProjectFactory,
    picture,
)

DAY = date(2025, 10, 20)


def test_recording_a_whole_school_adds_those_not_listed(town: SimpleNamespace, cast: dict) -> None:
    activity = ActivityFactory(school=town.school, hours=3)
    AttendanceFactory(activity=activity, teacher=town.teacher, hours=1)
    teachers = [town.teacher, town.colleague, town.neighbour]
    assert actions.record_attendance(activity=activity, teachers=teachers, by=cast["office"]) == 2
    rows = Attendance.objects.order_by("teacher__no").values_list("teacher__name", "school__name", "hours")
    assert list(rows) == [("王思远", "镇初级中学", 1), ("陈一鸣", "镇初级中学", 3), ("赵雪", "袁科小学", 3)]


def test_teacher_of_no_school_is_not_recorded(town: SimpleNamespace, cast: dict) -> None:
    newcomer = TeacherFactory(township=town.township, name="孙立")
    with pytest.raises(ValidationError, match="孙立"):
        actions.record_attendance(
            activity=ActivityFactory(school=town.school), teachers=[town.teacher, newcomer], by=cast["office"]
        )
    assert not Attendance.objects.exists()


def test_attendance_without_school_and_hours_finds_them(town: SimpleNamespace, cast: dict) -> None:
    row = Attendance(activity=ActivityFactory(school=town.school, hours=4), teacher=town.neighbour, hours=None)
    actions.save_attendance(record=row, by=cast["office"])
    assert (row.school, row.hours) == (town.other, 4)


def test_pictures_are_shrunk_and_stripped(town: SimpleNamespace, cast: dict) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "camera"  # lies on its side; the maker
    files = [picture(exif=exif), picture("PNG", (300, 200), "b.png")]
    activity = ActivityFactory(school=town.school)
    photos = actions.add_photos(activity=activity, files=files, captions=["开场"], by=cast["principal"]).added
    assert [photo.caption for photo in photos] == ["开场", "小组合作学习沙龙"]
    with Image.open(photos[0].image.path) as kept:
        assert (kept.size, dict(kept.getexif()), kept.format) == ((800, 1600), {}, "JPEG")
    assert all(photo.image.name.endswith(".jpg") for photo in photos)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (SimpleUploadedFile("合影.jpg", b"no picture"), "合影.jpg"),
        (SimpleUploadedFile("合影.jpg", b"<script>alert(1)</script>", "image/jpeg"), "合影.jpg"),
        (picture("GIF", name="合影.gif"), "合影.gif"),
        (SimpleUploadedFile("合影.jpg", picture().read()[:2000]), "合影.jpg"),
        (SimpleUploadedFile("合影.jpg", b"x" * (5 * 1024 * 1024 + 1)), "5 MB"),
        (picture("PNG", (9000, 9000), "合影.png"), "合影.png"),
    ],
    ids=["text", "script", "gif", "cut off", "too large", "too many points"],
)
def test_what_is_no_picture_is_refused(file: Any, reason: str, town: SimpleNamespace, cast: dict) -> None:
    activity = ActivityFactory(school=town.school)
    with pytest.raises(ValidationError) as refusal:
        actions.add_photos(activity=activity, files=[file], captions=[], by=cast["principal"])
    assert reason in refusal.value.messages[0]
    assert not Photo.objects.exists()


@pytest.mark.parametrize("kind", ["HEIF", "WEBP", "PNG"])
def test_picture_is_known_by_its_content_whatever_its_name(kind: str, town: SimpleNamespace, cast: dict) -> None:
    activity = ActivityFactory(school=town.school)
    actions.add_photos(activity=activity, files=[picture(kind, (80, 60), "a.jpg")], captions=[], by=cast["principal"])
    with Image.open(Photo.objects.get().image.path) as kept:
        assert (kept.size, kept.format) == ((80, 60), "JPEG")


def test_good_pictures_are_kept_and_the_bad_ones_named(town: SimpleNamespace, cast: dict) -> None:
    activity = ActivityFactory(school=town.school)
    bad = SimpleUploadedFile("坏.jpg", b"no picture")
    files = [picture(size=(80, 60)), bad, picture(size=(90, 60)), SimpleUploadedFile("空.jpg", b"")]
    result = actions.add_photos(activity=activity, files=files, captions=["一", "二", "三"], by=cast["principal"])
    assert [photo.caption for photo in result.added] == ["一", "三"]
    assert ["坏.jpg" in result.refused[0], "空.jpg" in result.refused[1]] == [True, True]


def test_same_picture_sent_twice_is_counted_once(town: SimpleNamespace, cast: dict) -> None:
    activity, other = ActivityFactory(school=town.school), ActivityFactory(school=town.school, title="另一次")
    files = [picture(size=(80, 60)), picture(size=(80, 60), name="又.jpg")]
    result = actions.add_photos(activity=activity, files=files, captions=[], by=cast["principal"])
    assert (len(result.added), result.twice) == (1, ["又.jpg"])
    with pytest.raises(ValidationError) as refusal:
        actions.add_photos(activity=activity, files=[picture(size=(80, 60))], captions=[], by=cast["principal"])
    assert refusal.value.messages
    actions.add_photos(activity=other, files=[picture(size=(80, 60))], captions=[], by=cast["principal"])
    assert Photo.objects.count() == 2


def test_removing_records_with_pictures_removes_the_files(
    town: SimpleNamespace, cast: dict, django_capture_on_commit_callbacks: Any
) -> None:
    photos = [PhotoFactory(activity=ActivityFactory(school=town.school, title=title)) for title in ("一", "二")]
    storage = photos[0].image.storage
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_with_pictures(record=photos[0], by=cast["principal"])
        actions.remove_with_pictures(record=photos[1].activity, by=cast["principal"])
    assert not Photo.objects.exists()
    assert [storage.exists(photo.image.name) for photo in photos] == [False, False]


def test_project_taken_through_all_steps_is_concluded(town: SimpleNamespace, cast: dict) -> None:
    office, principal = cast["office"], cast["principal"]
    project = SmallProjectFactory(school=town.school)
    project = actions.approve_project(project=project, on=DAY, by=office)
    project = actions.open_project(project=project, on=DAY, by=principal)
    project = actions.pass_midterm(project=project, on=date(2026, 1, 10), by=office)
    project = actions.apply_for_closing(project=project, outcome="论文两篇", by=principal)
    project = actions.close_project(project=project, result="excellent", on=date(2026, 6, 1), by=office)
    assert (project.stage, project.result, project.outcome) == ("closed", "excellent", "论文两篇")
    assert (project.approved_on, project.midterm_on, project.closed_on) == (DAY, date(2026, 1, 10), date(2026, 6, 1))


STEPS = {
    "approve_project": ({"on": DAY}, {"applied"}),
    "reject_project": ({}, {"applied"}),
    "open_project": ({"on": DAY}, {"approved"}),
    "pass_midterm": ({"on": DAY}, {"running"}),
    "apply_for_closing": ({"outcome": "论文"}, {"midterm"}),
    "close_project": ({"result": "qualified", "on": DAY}, {"closing"}),
    "drop_project": ({}, {"applied", "approved", "running", "midterm", "closing"}),
}


@pytest.mark.parametrize("stage", SmallProject.Stage.values)
@pytest.mark.parametrize("step", STEPS)
def test_step_from_another_stage_is_refused(step: str, stage: str, town: SimpleNamespace, cast: dict) -> None:
    given, stages = STEPS[step]
    project = SmallProjectFactory(school=town.school, stage=stage)
    action = getattr(actions, step)
    if stage in stages:
        assert action(project=project, by=cast["office"], **given).stage != stage
    else:
        with pytest.raises(ValidationError):
            action(project=project, by=cast["office"], **given)
        project.refresh_from_db()
        assert project.stage == stage


@pytest.mark.parametrize("step", ["approve_project", "reject_project", "pass_midterm", "close_project"])
def test_decision_of_a_school_above_its_level_is_refused(step: str, town: SimpleNamespace, cast: dict) -> None:
    given, stages = STEPS[step]
    own = SmallProjectFactory(school=town.school, stage=min(stages), level=1)
    above = SmallProjectFactory(school=town.school, stage=min(stages), level=2)
    getattr(actions, step)(project=own, by=cast["principal"], **given)
    with pytest.raises(PermissionDenied):
        getattr(actions, step)(project=above, by=cast["principal"], **given)


@pytest.mark.parametrize(
    ("step", "stage", "given", "dates"),
    [
        ("approve_project", "applied", {"on": date(2025, 9, 1)}, {}),
        ("open_project", "approved", {"on": date(2025, 9, 1)}, {"approved_on": DAY}),
        ("pass_midterm", "running", {"on": date(2025, 9, 1)}, {"opened_on": DAY}),
        ("close_project", "closing", {"on": date(2025, 10, 1), "result": "qualified"}, {"midterm_on": DAY}),
        ("close_project", "closing", {"on": DAY, "result": "splendid"}, {}),
        ("apply_for_closing", "midterm", {"outcome": " "}, {}),
    ],
)
def test_step_with_wrong_data_is_refused(
    step: str, stage: str, given: dict, dates: dict, town: SimpleNamespace, cast: dict
) -> None:
    project = SmallProjectFactory(school=town.school, stage=stage, **dates)
    with pytest.raises(ValidationError):
        getattr(actions, step)(project=project, by=cast["office"], **given)


def test_import_of_the_offices_decision_by_a_school_is_refused(town: SimpleNamespace, cast: dict) -> None:
    project = SmallProject(
        school=town.school, no="1", title="阅读", level=2, applied_on=DAY, stage="approved", approved_on=DAY
    )
    with pytest.raises(PermissionDenied, match="阅读"):
        actions.save_projects(records=[project], by=cast["principal"])
    actions.save_projects(records=[project], by=cast["office"])
    project.title, project.level = "阅读指导", 2
    actions.save_projects(records=[project], by=cast["principal"], fields=["title", "level"])
    project.level = 1
    with pytest.raises(PermissionDenied, match="阅读指导"):
        actions.save_projects(records=[project], by=cast["principal"], fields=["level"])


def test_import_of_too_large_a_team_is_refused(town: SimpleNamespace, cast: dict) -> None:
    project = SmallProjectFactory(school=town.school, team_limit=2, title="阅读")
    team = [town.teacher, town.colleague, town.neighbour]
    with pytest.raises(ValidationError, match="阅读（3 > 2）"):
        actions.save_members(records=[ProjectMember(project=project, teacher=one) for one in team], by=cast["office"])
    assert not ProjectMember.objects.exists()
    actions.save_members(records=[ProjectMember(project=project, teacher=one) for one in team[:2]], by=cast["office"])
    assert project.members.count() == 2


def test_member_of_a_full_team_is_refused(town: SimpleNamespace, cast: dict) -> None:
    project = SmallProjectFactory(school=town.school, team_limit=1)
    ProjectMemberFactory(project=project, teacher=town.teacher)
    with pytest.raises(ValidationError):
        actions.save_member(record=ProjectMember(project=project, teacher=town.colleague), by=cast["office"])

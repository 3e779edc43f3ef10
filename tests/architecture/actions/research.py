"""Who may take the actions of research."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from apps.core.actions import save_record
from apps.core.models import Term
from apps.research import actions
from apps.research.models import Attendance, ProjectMember, SmallProject
from tests.architecture.actions.rows import Row
from tests.factories import ResearcherFactory, TeacherFactory
from tests.research.factories import (
    ActivityFactory,
    ActivityQuotaFactory,
    AttendanceFactory,
    PhotoFactory,
    ProjectMemberFactory,
    ResearcherSurveyFactory,
    SmallProjectFactory,
    picture,
)

DAY = date(2025, 10, 20)
SCHOOL_LEVEL, TOWN_LEVEL = 1, 2


def activity(town: SimpleNamespace) -> Any:
    return ActivityFactory(school=town.school)


def survey(town: SimpleNamespace, researcher: Any) -> Any:
    return ResearcherSurveyFactory(school=town.school, researcher=researcher)


def project(town: SimpleNamespace, **given: Any) -> Any:
    """A project above the school's level, unless another is given."""
    return SmallProjectFactory(**{"school": town.school, "level": TOWN_LEVEL} | given)


def of_the_head(town: SimpleNamespace, **given: Any) -> Any:
    """A project of the school's level with the school's principal on its team."""
    row = project(town, level=SCHOOL_LEVEL, **given)
    head = TeacherFactory(school=town.school, no="009", name="林校长", position="principal")
    ProjectMemberFactory(project=row, teacher=head, role="leader")
    return row


def decisions(action: Any, stage: str, **given: Any) -> tuple[Row, ...]:
    """What is decided: above the school by the office, at the school by its principal, never on the own project."""
    return (
        Row(action, lambda town: {"project": project(town, stage=stage), **given}, "office", "above the school"),
        Row(
            action,
            lambda town: {"project": project(town, stage=stage, level=SCHOOL_LEVEL), **given},
            "office principal",
            "at the school",
        ),
        Row(
            action,
            lambda town: {"project": of_the_head(town, stage=stage), **given},
            "office",
            "of the head",
        ),
    )


def changed(row: SmallProject, **values: Any) -> SmallProject:
    """The stored project with other values, not yet written."""
    for name, value in values.items():
        setattr(row, name, value)
    return row


def plan(town: SimpleNamespace) -> Any:
    return ActivityQuotaFactory(township=town.township, term=Term.objects.get(number=1))


ROWS = (
    # plans
    Row(actions.copy_activity_quotas, lambda town: {"quota": plan(town)}, "office"),
    # activities
    Row(
        actions.record_attendance,
        lambda town: {"activity": activity(town), "teachers": [town.teacher, town.colleague]},
        "office principal",
    ),
    Row(
        actions.record_attendance,
        lambda town: {"activity": activity(town), "teachers": [town.neighbour]},
        "office",
        "of another school",
    ),
    Row(
        actions.save_attendance,
        lambda town: {"record": Attendance(activity=activity(town), teacher=town.teacher)},
        "office principal",
        "new",
    ),
    Row(
        actions.save_attendance,
        lambda town: {"record": AttendanceFactory(activity=activity(town), teacher=town.teacher)},
        "office principal",
        "known",
    ),
    Row(
        actions.add_photos,
        lambda town: {"activity": activity(town), "files": [picture(size=(40, 30))], "captions": []},
        "office principal",
    ),
    Row(
        actions.remove_with_pictures,
        lambda town: {"record": PhotoFactory(activity=activity(town))},
        "office principal",
        "a photo",
    ),
    Row(actions.remove_with_pictures, lambda town: {"record": activity(town)}, "office principal", "an activity"),
    # surveys
    Row(
        save_record,
        lambda town: {"record": survey(town, town.researcher)},
        "office researcher",
        "of the own survey",
    ),
    Row(
        save_record,
        lambda town: {"record": survey(town, ResearcherFactory(name="李老师"))},
        "office",
        "of another researcher's survey",
    ),
    # small projects
    *decisions(actions.approve_project, "applied", on=DAY),
    *decisions(actions.reject_project, "applied"),
    *decisions(actions.pass_midterm, "running", on=DAY),
    *decisions(actions.close_project, "closing", on=DAY, result="qualified"),
    Row(
        actions.open_project,
        lambda town: {"project": project(town, stage="approved"), "on": DAY},
        "office principal",
    ),
    Row(
        actions.apply_for_closing,
        lambda town: {"project": project(town, stage="midterm"), "outcome": "论文"},
        "office principal",
    ),
    Row(actions.drop_project, lambda town: {"project": project(town)}, "office principal"),
    Row(
        actions.save_projects,
        lambda town: {"records": [changed(project(town), title="阅读指导")], "fields": ["title"]},
        "office principal",
        "applied for",
    ),
    Row(
        actions.save_projects,
        lambda town: {"records": [changed(project(town), stage="approved")], "fields": ["stage"]},
        "office",
        "decided in the file",
    ),
    Row(
        actions.save_projects,
        lambda town: {"records": [changed(project(town, stage="running"), midterm_on=DAY)], "fields": ["midterm_on"]},
        "office",
        "reviewed in the file",
    ),
    Row(
        actions.save_projects,
        lambda town: {
            "records": [changed(project(town, stage="approved", level=SCHOOL_LEVEL), level=TOWN_LEVEL)],
            "fields": ["level"],
        },
        "office",
        "raised after the school's decision",
    ),
    Row(
        actions.save_projects,
        lambda town: {"records": [changed(of_the_head(town), stage="approved")], "fields": ["stage"]},
        "office",
        "of the head",
    ),
    Row(
        actions.save_member,
        lambda town: {"record": ProjectMember(project=project(town), teacher=town.teacher)},
        "office principal",
    ),
    Row(
        actions.save_members,
        lambda town: {"records": [ProjectMember(project=project(town), teacher=town.teacher)]},
        "office principal",
    ),
)

"""Who may take the actions of teachers."""

from datetime import date
from types import SimpleNamespace

from apps.teachers import actions
from apps.teachers.models import Leave, Teacher
from tests.architecture.actions.rows import Row

DAY = date(2026, 2, 1)


def new_teacher(town: SimpleNamespace) -> Teacher:
    born, began = date(1990, 5, 1), date(2012, 9, 1)
    return Teacher(township=town.township, no="099", name="李新", sex="f", birth_date=born, started_work_on=began)


def gone(town: SimpleNamespace) -> Teacher:
    town.teacher.appointments.update(ends_on=date(2025, 8, 31), end_reason="away")
    return town.teacher


def leave(town: SimpleNamespace) -> Leave:
    return Leave(teacher=town.teacher, kind="sick", starts_on=DAY)


def on_leave(town: SimpleNamespace) -> Teacher:
    Leave.objects.create(teacher=town.teacher, school=town.school, kind="sick", starts_on=date(2025, 12, 1))
    return town.teacher


def written(town: SimpleNamespace) -> Teacher:
    """The town's teacher, with another name."""
    teacher = Teacher.objects.get(pk=town.teacher.pk)
    teacher.name = "王思源"
    return teacher


ROWS = (
    Row(actions.save_teacher, lambda town: {"record": written(town)}, "office principal"),
    Row(actions.save_teachers, lambda town: {"records": [written(town)], "fields": ["name"]}, "office principal"),
    Row(actions.transfer_teacher, lambda town: {"teacher": town.teacher, "school": town.other, "on": DAY}, "office"),
    Row(
        actions.transfer_teacher,
        lambda town: {"teacher": town.stranger, "school": town.far, "on": DAY},
        "stranger",
        "of another township",
    ),
    Row(
        actions.transfer_teachers,
        lambda town: {"moves": [actions.Move(town.teacher, town.other, DAY)]},
        "office",
    ),
    Row(
        actions.admit_teacher,
        lambda town: {"teacher": new_teacher(town), "school": town.school, "on": DAY},
        "office",
    ),
    Row(actions.end_service, lambda town: {"teacher": town.teacher, "on": DAY, "reason": "retired"}, "office"),
    Row(
        actions.end_services,
        lambda town: {"departures": [actions.Departure(town.teacher, DAY, "away")]},
        "office",
    ),
    Row(actions.rejoin, lambda town: {"teacher": gone(town), "school": town.school, "on": DAY}, "office"),
    Row(
        actions.take_leave,
        lambda town: {"teacher": town.teacher, "kind": "sick", "starts_on": DAY},
        "office principal",
    ),
    Row(actions.save_leave, lambda town: {"record": leave(town)}, "office principal"),
    Row(actions.begin_leaves, lambda town: {"leaves": [leave(town)]}, "office principal"),
    Row(actions.end_leave, lambda town: {"teacher": on_leave(town), "on": DAY}, "office principal"),
    Row(actions.reveal_personal_data, lambda town: {"teacher": town.teacher}, "office"),
    Row(
        actions.change_facts,
        lambda town: {"teacher": town.teacher, "values": {"title": "first"}, "since": DAY},
        "office principal",
    ),
    Row(
        actions.save_teacher,
        lambda town: {"record": town.teacher, "since": {"title_since": DAY}},
        "office principal",
        "news",
    ),
)

"""Who may take the actions of teachers."""

from datetime import date
from types import SimpleNamespace

from apps.teachers import actions
from apps.teachers.models import Teacher
from tests.architecture.actions.rows import Row

DAY = date(2026, 2, 1)


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
    Row(actions.reveal_personal_data, lambda town: {"teacher": town.teacher}, "office"),
)

"""Who may take the actions of teachers."""

from datetime import date

from apps.teachers import actions
from tests.architecture.actions.rows import Row

DAY = date(2026, 2, 1)

ROWS = (
    Row(actions.transfer_teacher, lambda town: {"teacher": town.teacher, "school": town.other, "on": DAY}, "office"),
    Row(
        actions.transfer_teacher,
        lambda town: {"teacher": town.stranger, "school": town.far, "on": DAY},
        "stranger",
        "of another township",
    ),
    Row(actions.reveal_personal_data, lambda town: {"teacher": town.teacher}, "office"),
    Row(
        actions.change_facts,
        lambda town: {"teacher": town.teacher, "values": {"title": "first"}, "since": DAY},
        "office principal",
    ),
    Row(actions.save_teacher, lambda town: {"record": town.teacher, "since": {"title_since": DAY}}, "office principal"),
    Row(actions.save_teachers, lambda town: {"records": [town.teacher]}, "office principal"),
)

"""Who may take the actions of schools."""

from datetime import date
from types import SimpleNamespace

from apps.schools import actions
from apps.schools.models import Researcher
from tests.architecture.actions.rows import Row

DAY = date(2026, 2, 1)


def new_researcher(town: SimpleNamespace) -> Researcher:
    return Researcher(district=town.township.district, name="新教研员")


ROWS = (
    # The researchers are the district's: each office there may enter one, and says for its own township.
    Row(actions.save_researcher, lambda town: {"record": new_researcher(town), "townships": []}, "office stranger"),
    Row(
        actions.assign_townships,
        lambda town: {"researcher": town.researcher, "townships": [town.township]},
        "office stranger",
    ),
    Row(
        actions.change_school_facts,
        lambda town: {"school": town.school, "values": {"name": "镇第一中学"}, "since": DAY},
        "office principal",
    ),
    Row(actions.save_school, lambda town: {"record": town.school, "since": {"name_since": DAY}}, "office principal"),
)

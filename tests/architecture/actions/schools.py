"""Who may take the actions of schools."""

from datetime import date
from types import SimpleNamespace

from apps.schools import actions
from apps.schools.models import District, Researcher, Township
from tests.architecture.actions.rows import Row

DAY = date(2026, 2, 1)


def new_researcher(town: SimpleNamespace) -> Researcher:
    return Researcher(district=town.township.district, name="新教研员")


def renamed(town: SimpleNamespace) -> Township:
    town.township.office_name = "慕仪镇中心学校"
    return town.township


ROWS = (
    Row(actions.save_place, lambda town: {"record": renamed(town)}, "office"),
    Row(
        actions.save_place,
        lambda town: {"record": Township(district=town.township.district, name="新镇", office_name="新镇教育组")},
        "",
        "of another township",
    ),
    Row(actions.save_place, lambda town: {"record": District(name="新县")}, "", "of another district"),
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
    Row(actions.merge_school, lambda town: {"school": town.school, "into": town.other, "on": DAY}, "office"),
    Row(actions.save_schools, lambda town: {"records": [town.school]}, "office principal"),
)

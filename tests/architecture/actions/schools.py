"""Who may take the actions of schools."""

from types import SimpleNamespace

from apps.schools import actions
from apps.schools.models import Researcher
from tests.architecture.actions.rows import Row


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
)

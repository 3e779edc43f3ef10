"""Who may take the actions of a new installation's checklist and of school years."""

from apps.webui import actions
from tests.architecture.actions.rows import Row
from tests.factories import SchoolYearFactory

ROWS = (
    Row(actions.put_off, lambda town: {"step": "rubric"}, "office stranger"),
    # With two townships the next year is the district's to add, and each office's to fill once it is there.
    Row(actions.foresee_next_year, lambda town: {"year": town.year}, ""),
    Row(actions.open_next_year, lambda town: {"year": town.year}, ""),
    Row(
        actions.open_next_year,
        lambda town: {"year": SchoolYearFactory(start_year=2026) and town.year},
        "office stranger",
        "where it is there",
    ),
)

"""Who may take the actions of the exchange."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from apps.exchange import actions
from apps.exchange.models import Posting
from tests.architecture.actions.rows import Row
from tests.exchange.factories import ExchangeRoundFactory, PostingFactory
from tests.factories import SchoolYearFactory


def posting(town: SimpleNamespace, **given: Any) -> Posting:
    return PostingFactory(teacher=town.teacher, from_school=town.school, to_school=town.other, **given)


def new_posting(town: SimpleNamespace) -> Posting:
    return Posting(
        round=ExchangeRoundFactory(),
        teacher=town.teacher,
        from_school=town.school,
        to_school=town.other,
        starts_on=date(2025, 9, 1),
    )


ROWS = (
    Row(
        actions.open_next_round,
        lambda town: {"round": ExchangeRoundFactory(), "school_year": SchoolYearFactory(start_year=2026)},
        "office",
    ),
    Row(actions.post_teacher, lambda town: {"posting": new_posting(town)}, "office", "anew"),
    Row(actions.post_teacher, lambda town: {"posting": posting(town)}, "office", "again"),
    Row(actions.post_teachers, lambda town: {"records": [new_posting(town)]}, "office", "anew"),
    Row(actions.post_teachers, lambda town: {"records": [posting(town)], "fields": ["way"]}, "office", "again"),
    Row(
        actions.assess_posting,
        lambda town: {"posting": posting(town), "score": Decimal("92.5"), "grade": "excellent"},
        "office",
    ),
    Row(actions.end_posting, lambda town: {"posting": posting(town), "ends_on": date(2026, 7, 10)}, "office"),
    Row(actions.delete_posting, lambda town: {"record": posting(town)}, "office"),
    Row(actions.take_default_round, lambda town: {"year": town.year}, "office stranger"),
    Row(
        actions.carry_rounds,
        lambda town: {"rows": [ExchangeRoundFactory()], "following": SchoolYearFactory(start_year=2026)},
        "office",
    ),
)

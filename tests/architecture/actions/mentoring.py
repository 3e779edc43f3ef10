"""Who may take the actions of mentoring pairs."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from apps.mentoring import actions
from tests.architecture.actions.rows import Row
from tests.factories import TeacherFactory
from tests.mentoring.factories import MentoringPairFactory

END = {"on": date(2026, 6, 30), "result": "excellent"}


def pair(town: SimpleNamespace, **given: Any) -> Any:
    return MentoringPairFactory(**{"school": town.school, "mentor": town.colleague, "apprentice": town.teacher} | given)


def heads_pair(town: SimpleNamespace, **given: Any) -> Any:
    """A pair whose mentor is the principal of the school."""
    head = TeacherFactory(school=town.school, no="009", name="林校长", position="principal")
    return pair(town, mentor=head, **given)


ROWS = (
    Row(actions.save_pair, lambda town: {"record": pair(town)}, "office principal"),
    Row(actions.save_pair, lambda town: {"record": heads_pair(town)}, "office principal", "of the head"),
    Row(
        actions.save_pair,
        lambda town: {"record": heads_pair(town, result="excellent")},
        "office",
        "of the head with a result",
    ),
    Row(actions.save_pairs, lambda town: {"records": [pair(town)]}, "office principal"),
    Row(actions.end_pairing, lambda town: {"pair": pair(town)} | END, "office principal"),
    Row(actions.end_pairing, lambda town: {"pair": heads_pair(town)} | END, "office", "of the head"),
    Row(actions.extend_pairing, lambda town: {"pair": pair(town), "until": date(2027, 7, 5)}, "office principal"),
)

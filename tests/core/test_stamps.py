"""Stamps: who did something to a record and when stand together, in the record and in the database."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from apps.core.models import Record
from apps.core.stamps import paired, stamp, unstamp
from tests.architecture.rows import record_models
from tests.observations.factories import ObservationFactory

# The time of taking an import back stands with its state; a command takes it back without an account.
ALONE = [("workbooks.importbatch", "undone")]
STAMPS = [
    (model, field.name[:-3])
    for model in record_models()
    for field in model._meta.concrete_fields
    if field.name.endswith("_at") and field.name not in ("created_at", "updated_at")
]
# The fields of a stamp with a reason.
FIELDS = (models.DateTimeField(), models.IntegerField(), models.CharField())


@pytest.mark.parametrize(("model", "what"), STAMPS, ids=lambda value: getattr(value, "label", value))
def test_stamp_of_a_model_is_paired_in_the_database(model: type[Record], what: str) -> None:
    held = [c.condition for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    wanted = [paired(what, name="", violation_error_message="", reason=reason).condition for reason in ("", "reason")]
    assert any(condition in held for condition in wanted) is ((model.label, what) not in ALONE)


def test_stamp_sets_the_time_and_the_account(town: SimpleNamespace, cast: dict) -> None:
    row, before = ObservationFactory(teacher=town.teacher), timezone.now()
    stamp(row, "confirmed", cast["office"])
    row.save()
    row.refresh_from_db()
    assert row.confirmed_by == cast["office"]
    assert before <= row.confirmed_at <= timezone.now()


def test_stamp_without_an_account_leaves_both_empty(town: SimpleNamespace, cast: dict) -> None:
    row = ObservationFactory(teacher=town.teacher)
    for account in (cast["office"], None):
        stamp(row, "confirmed", account)
    assert (row.confirmed_at, row.confirmed_by) == (None, None)


def test_unstamp_empties_both(town: SimpleNamespace, cast: dict) -> None:
    row = ObservationFactory(teacher=town.teacher)
    stamp(row, "confirmed", cast["office"])
    unstamp(row, "confirmed")
    assert (row.confirmed_at, row.confirmed_by) == (None, None)


@pytest.mark.parametrize("half", ["confirmed_at", "confirmed_by"])
def test_half_a_stamp_is_refused_in_words(town: SimpleNamespace, cast: dict, half: str) -> None:
    row = ObservationFactory(teacher=town.teacher)
    stamp(row, "confirmed", cast["office"])
    setattr(row, half, None)
    with pytest.raises(ValidationError, match="确认人和确认时间须同时填写"):
        row.validate_constraints()


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ((None, None, ""), True),
        ((timezone.now(), 1, "数字有误"), True),
        ((timezone.now(), 1, ""), False),
        ((None, None, "数字有误"), False),
        ((timezone.now(), None, "数字有误"), False),
    ],
)
def test_stamp_with_a_reason_needs_all_three(db: None, given: tuple, allowed: bool) -> None:
    condition = paired("reopened", name="any", violation_error_message="", reason="reason").condition
    at, by, reason = (models.Value(value, output_field=field) for value, field in zip(given, FIELDS, strict=True))
    assert condition.check({"reopened_at": at, "reopened_by": by, "reason": reason}) is allowed

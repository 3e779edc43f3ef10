"""What is done with rubrics: written with their items, and kept as they are once lessons were scored by them."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import demand_reach, demand_write, erase_record, write_record, write_records
from apps.core.actors import Actor, demand_somebody
from apps.observations.models import Rubric, RubricItem


@transaction.atomic
def save_rubric(*, rubric: Rubric, items: Sequence[RubricItem], by: Actor, version: int | None = None) -> Rubric:
    """Write a rubric with its items (as `Rubric.read_items` gives them, adding up to 100), and return it.

    Raises ValidationError when lessons were scored by it already and its items or cut-offs would change.
    """
    demand_write([rubric], by)
    check_rubric_unchanged(rubric, items)
    write_record(record=rubric, by=by, version=version)
    demand_reach([rubric], by)
    _write_items(rubric, items, by)
    return rubric


def _write_items(rubric: Rubric, items: Sequence[RubricItem], by: Actor) -> None:
    known = list(rubric.items.order_by("order"))
    for item in known[len(items) :]:
        erase_record(record=item, by=by)
    changed = []
    for place, item in enumerate(items):
        row = known[place] if place < len(known) else RubricItem(rubric=rubric, order=item.order)
        if row.pk is None or (row.name, row.maximum) != (item.name, item.maximum):
            row.name, row.maximum = item.name, item.maximum
            row.full_clean(validate_unique=False, validate_constraints=False)
            changed.append(row)
    write_records(records=changed, by=by, fields=["name", "maximum"])


def check_rubric_unchanged(rubric: Rubric, items: Sequence[RubricItem]) -> None:
    """Raise ValidationError if lessons were scored by the rubric and its items or cut-offs would change."""
    if not rubric.applied:
        return
    stored = Rubric.objects.get(pk=rubric.pk)
    cut_offs = ("excellent_from", "good_from", "fair_from")
    same = [getattr(stored, name) for name in cut_offs] == [getattr(rubric, name) for name in cut_offs]
    known = [(item.name, item.maximum) for item in stored.items.order_by("order")]
    if not same or known != [(item.name, item.maximum) for item in items]:
        raise ValidationError(
            _("Lessons were scored by this rubric already. Add a new edition instead of changing it.")
        )


@transaction.atomic
def import_rubrics(*, records: Sequence[Rubric], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked rubrics from a workbook; raise ValidationError if cut-offs of an applied one would change."""
    demand_somebody(by)
    if not records:
        return
    demand_write(records, by)
    for rubric in records:
        if rubric.pk:
            check_rubric_unchanged(rubric, list(rubric.items.all()))
    write_records(records=records, by=by, fields=fields)
    demand_reach(records, by)


@transaction.atomic
def import_items(*, records: Sequence[Rubric], children: Sequence[Sequence[RubricItem]], by: Actor) -> None:
    """Write the items of many rubrics; raise ValidationError if those of an applied one would change."""
    demand_somebody(by)
    if not records:
        return
    demand_write(records, by)
    for rubric, items in zip(records, children, strict=True):
        check_rubric_unchanged(rubric, items)
        _write_items(rubric, items, by)

"""Writing a plan: all of it or nothing, and what only the database finds wrong is told too."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from auditlog.context import disable_auditlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from apps.core.actions import write_records
from apps.core.models import Record
from apps.workbooks.plan import Part, Place, Problem

from .overview import RESEARCHERS, all_sheets, serving
from .workbook_plan import Plan, Refused

# So many rows are asked for at once.
QUERIED = 5000


def write_plan(plan: Plan, *, by: Any) -> None:
    """Write all that a plan without problems lists, in one transaction; raise Refused and write nothing otherwise.

    What only the database finds wrong becomes a problem too.
    """
    if plan.problems:
        raise Refused(plan)
    title = plan.overview.title
    try:
        with transaction.atomic():
            plan.overview.write(by)
            for part in plan.parts:
                title = part.title
                _write_part(part, plan.place, by)
    except ValidationError as error:
        plan.problems.append(Problem(title, "", "".join(error.messages), _("Correct the rows of this sheet.")))
    except IntegrityError as error:
        plan.problems.append(Problem(title, "", _sentence(error), _("Correct the rows of this sheet.")))
    if plan.problems:
        raise Refused(plan)


def try_plan(plan: Plan, *, by: Any) -> None:
    """Write a plan and take it back at once, so that what only writing finds wrong stands in the preview too.

    The plan gets the problems found; it cannot be written afterwards. Nothing is audited, since nothing stays.
    """
    if plan.problems or plan.empty:
        return
    with suppress(Refused), disable_auditlog(), transaction.atomic():
        write_plan(plan, by=by)
        transaction.set_rollback(True)


def _refuse_outdated(part: Part) -> None:
    """Raise ValidationError naming the rows that have been changed since the plan was made."""
    planned = {record.pk: record for record in part.changed}
    known, stored = list(planned), {}
    for start in range(0, len(known), QUERIED):
        rows = part.sheet.model.objects.filter(pk__in=known[start : start + QUERIED])
        stored |= dict(rows.values_list("pk", "version"))
    changed = [record for pk, record in planned.items() if stored.get(pk) != record.version]
    if changed:
        names = "、".join(str(record) for record in changed[:5])
        raise ValidationError(_("These records have changed since the preview: %(names)s.") % {"names": names})


def _write_part(part: Part, place: Place, by: Any) -> None:
    _refuse_outdated(part)
    records = [*part.new, *part.changed]
    for record in part.new:
        record.pk = None
    _refer_anew(records)
    if records:
        part.sheet.save(records=records, by=by, fields=sorted(part.fields))
    if part.lines:
        _write_lines(part, by)
    if part.sheet is RESEARCHERS:
        already = serving(place)
        part.joined = [row.pk for row in (*records, *part.unchanged) if row.pk not in already]
        place.township.researchers.add(*part.joined)


def _refer_anew(records: Sequence[Record]) -> None:
    """Give rows the ids that the rows they refer to have got in writing."""
    for record in records:
        for f in record._meta.concrete_fields:
            if isinstance(f, models.ForeignKey) and (getattr(record, f.attname) or 0) < 0:
                setattr(record, f.name, f.get_cached_value(record))


def _write_lines(part: Part, by: Any) -> None:
    """Write the child rows of changed lines, in place of those that were there."""
    lines = part.sheet.lines
    records, children = [record for record, _rows in part.lines], [rows for _record, rows in part.lines]
    for record, rows in part.lines:
        for child in rows:
            _refer_anew([child])
            for f in child._meta.concrete_fields:
                if isinstance(f, models.ForeignKey) and f.is_cached(child) and f.get_cached_value(child) is record:
                    setattr(child, f.name, record)
    if lines.save:
        lines.save(records=records, children=children, by=by)
        return
    relation = part.sheet.model._meta.get_field(lines.prefetch[0].split("__")[0])
    relation.related_model.objects.filter(**{f"{relation.field.name}__in": records}).delete()
    write_records(records=[child for rows in children for child in rows], by=by)


def _sentence(error: IntegrityError) -> str:
    """Return the sentence of the constraint that the database names, else a general one."""
    text = str(error)
    for sheet in all_sheets():
        for constraint in sheet.model._meta.constraints:
            if constraint.name in text:
                return str(constraint.get_violation_error_message())
    return _("The database refuses a row of this sheet: it contradicts another one.")

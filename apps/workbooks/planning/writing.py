"""Writing a plan: all of it or nothing, and what only the database finds wrong is told too."""

from collections.abc import Sequence
from contextlib import suppress

from auditlog.context import disable_auditlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from apps.core.actions import delete_record, save_record, save_records
from apps.core.actors import Actor, demand_somebody
from apps.core.journal import PORTION
from apps.core.models import Record
from apps.core.rules import demand, record_rule
from apps.core.sheets import Lines
from apps.schools.models import Researcher
from apps.workbooks.plan import Part, Place, Problem

from .overview import RESEARCHERS, Overview, all_sheets, serving
from .roster_writing import date_news, write_comparison
from .workbook_plan import Plan, Refused

# So many records of a sheet are written at once: what they held before is in memory meanwhile, several times.
WRITTEN_AT_ONCE = 2000


def write_plan(plan: Plan, *, by: Actor) -> None:
    """Write all that a plan without problems lists, in one transaction; raise Refused and write nothing otherwise.

    What only the writing finds wrong becomes a problem too: a rule that `by` breaks, or one of the database. The plan's
    parts are empty afterwards.
    """
    demand_somebody(by)
    if plan.problems:
        raise Refused(plan)
    title, remedy = plan.overview.title, _("Correct the rows of this sheet.")
    try:
        with transaction.atomic():
            _write_overview(plan.overview, by)
            for part in plan.parts:
                title = part.title
                date_news(plan, part)
                _write_part(part, plan.place, by)
            title = ""
            write_comparison(plan, by=by)
    except PermissionDenied as error:
        what = str(error) or _("This sheet has a record that you may not write.")
        plan.problems.append(Problem(title, "", what, _("Take the row out, or ask the education office.")))
    except ValidationError as error:
        plan.problems.append(Problem(title, "", "".join(error.messages), remedy))
    except IntegrityError as error:
        plan.problems.append(Problem(title, "", _sentence(error), remedy))
    if plan.problems:
        raise Refused(plan)


def try_plan(plan: Plan, *, by: Actor) -> None:
    """Write a plan and take it back at once, so that what only writing finds wrong stands in the preview too.

    The plan gets the problems found; it cannot be written afterwards. Nothing is audited, since nothing stays.
    """
    if plan.problems or plan.empty:
        return
    with suppress(Refused), disable_auditlog(), transaction.atomic():
        write_plan(plan, by=by)
        transaction.set_rollback(True)


def _write_overview(overview: Overview, by: Actor) -> None:
    """Write the district, township, school year and terms that are new or changed."""
    for record in overview.new:
        record.pk = None
        _refer_anew([record])
        save_record(record=record, by=by)
    for record in overview.changed:
        save_record(record=record, by=by)


def _refuse_outdated(part: Part) -> None:
    """Raise ValidationError naming the rows that have been changed since the plan was made."""
    planned = {record.pk: record for record in part.changed}
    known, stored = list(planned), dict[int, int]()
    for start in range(0, len(known), PORTION):
        rows = part.sheet.model.objects.filter(pk__in=known[start : start + PORTION])
        stored |= dict(rows.values_list("pk", "version"))
    changed = [record for pk, record in planned.items() if stored.get(pk) != record.version]
    if changed:
        names = "、".join(str(record) for record in changed[:5])
        raise ValidationError(_("These records have changed since the preview: %(names)s.") % {"names": names})


def _write_part(part: Part, place: Place, by: Actor) -> None:
    _refuse_outdated(part)
    researchers = [row for row in (*part.new, *part.changed, *part.unchanged) if isinstance(row, Researcher)]
    for record in part.new:
        record.pk = None
    while records := part.take(WRITTEN_AT_ONCE):
        _refer_anew(records)
        part.sheet.save(records=records, by=by, fields=sorted(part.fields))
    if part.lines and part.sheet.lines:
        _write_lines(part, part.sheet.lines, by)
    if part.sheet is RESEARCHERS:
        _let_serve(researchers, part, place, by)


def _let_serve(researchers: Sequence[Researcher], part: Part, place: Place, by: Actor) -> None:
    """Let these researchers serve the township, as far as they do not yet."""
    already = serving(place)
    joining = [row for row in researchers if row.pk not in already]
    for row in joining:
        demand(record_rule(Researcher, "change"), by, row)
    part.joined = [row.pk for row in joining]
    place.township.researchers.add(*part.joined)


def _refer_anew(records: Sequence[Record]) -> None:
    """Give rows the ids that the rows they refer to have got in writing."""
    for record in records:
        for f in record._meta.concrete_fields:
            if isinstance(f, models.ForeignKey) and (getattr(record, f.attname) or 0) < 0:
                setattr(record, f.name, f.get_cached_value(record))


def _write_lines(part: Part, lines: Lines, by: Actor) -> None:
    """Write the child rows of changed lines, in place of those that were there."""
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
    for record in records:
        for former in getattr(record, lines.prefetch[0].split("__")[0]).order_by("pk"):
            delete_record(record=former, by=by)
    save_records(records=[child for rows in children for child in rows], by=by)


def _sentence(error: IntegrityError) -> str:
    """Return the sentence of the constraint that the database names, else a general one."""
    text = str(error)
    for sheet in all_sheets():
        for constraint in sheet.model._meta.constraints:
            if constraint.name in text:
                return str(constraint.get_violation_error_message())
    return _("The database refuses a row of this sheet: it contradicts another one.")

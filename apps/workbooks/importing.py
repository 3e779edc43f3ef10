"""Import of a workbook: plan it (the preview), then write it all or not at all."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, BinaryIO

from auditlog.context import disable_auditlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from apps.core.actions import save_records
from apps.core.models import Record
from apps.core.scope import Scope
from apps.core.sheets import Sheet, sheets
from apps.schools.models import Researcher

from .beside import BesidePlanner, doubt_the_unplaced
from .knowing import Known
from .layouts import layouts_of, unlike_ours
from .overview import RESEARCHERS, SERVED, TITLE, Overview
from .planning import SheetPlanner
from .plans import Change, Ids, Part, Place, Problem
from .reading import Found, Layout, UserError, find, opened, spoken
from .resolving import Resolver

# Sheets that a workbook may have beyond records: the words on how to fill it in, and the lists behind drop-downs.
COVER, CHOICES = "填表说明", "选项"
# So many rows are asked for at once.
QUERIED = 5000


class Refused(ValidationError):
    """Nothing was written, because the workbook has problems; `plan` lists them."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__([str(problem) for problem in plan.problems])
        self.plan = plan


@dataclass
class Plan:
    """What an import would do: the place, the overview, a part for each sheet, all problems, all changed cells."""

    place: Place
    overview: Overview
    parts: list[Part]
    problems: list[Problem]
    changes: list[Change]
    notes: list[str] = field(default_factory=list)
    # Title of each page whose columns may be mapped by hand, and why, as `layouts` has it.
    layouts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Return sheet → how many rows are new, changed, unchanged and wrong."""
        return {part.title: part.counts for part in self.all_parts}

    @property
    def all_parts(self) -> list[Part]:
        """Return the parts, the overview's first where the workbook has one."""
        return [self.overview.part, *self.parts] if self.overview.cells or self.overview.new else self.parts

    @property
    def empty(self) -> bool:
        """Return whether the import would change nothing."""
        return not any(part.new or part.changed for part in self.all_parts)


def all_sheets() -> tuple[Sheet, ...]:
    """Return all sheets of a workbook in the order in which they are written: what is referred to comes first."""
    return (RESEARCHERS, *sheets())


@contextmanager
def without_sweeping() -> Iterator[None]:
    """Keep Python from looking for cycles of garbage over and over while many thousands of rows come up; it is slow."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def plan_import(
    file: BinaryIO,
    *,
    by: Any,
    scope: Scope | None = None,
    township: Any = None,
    code: str = "",
    year: Any = None,
    start_year: int | None = None,
    told: Callable[[float], None] = lambda share: None,
) -> Plan:
    """Return what an import of `file` would do; raise UserError if it cannot be read at all.

    `scope` is a school's scope where only that school's rows may be touched. Township and school year are given as
    rows, or as `code` and `start_year` where the workbook itself may bring them. `told` hears from time to time which
    share of the work is done, from 0 to 1.
    """
    import_module(settings.ROOT_URLCONF)  # pages, which say who may change what, are declared with the addresses
    with opened(file) as book:
        overview, ids = Overview(book), Ids()
        place = overview.place(
            scope=scope, township=township, code=code, year=year, start_year=start_year, by=by, ids=ids
        )
        layouts = layouts_of(place)
        found = _find(book, overview, layouts)
    resolver = Resolver(place.whole)
    resolver.plan([*overview.new, *overview.changed])
    plan = Plan(place, overview, [], list(overview.problems), list(overview.changes), _notes(found))
    for title in found.headless:
        plan.problems.append(
            Problem(title, "A1", _("The row of headers is missing."), _("Put the template's headers above the rows."))
        )
    plan.layouts, problems = unlike_ours(found, layouts)
    plan.problems += problems
    known: dict[int, Known | None] = {}
    for number, table in enumerate(found.tables):
        told((number + 1) / (len(found.tables) + 1))
        extra = _joins(place) if table.sheet is RESEARCHERS else None
        if table.part:
            main = next(part for part in plan.parts if part.title == table.title)
            planner: SheetPlanner = BesidePlanner(
                table, place, resolver, ids, main=main, known=known.get(id(table.sheet))
            )
        else:
            planner = SheetPlanner(table, place, resolver, ids, known=known.get(id(table.sheet)), extra=extra)
        planner.plan()
        known[id(table.sheet)] = planner.known
        plan.parts.append(planner.part)
        plan.problems += planner.problems
        plan.changes += planner.changes
    if not plan.problems:
        doubt_the_unplaced(plan.parts)
    return plan


def _find(book: Any, overview: Overview, layouts: Mapping[str, Layout]) -> Found:
    try:
        return find(book, all_sheets(), layouts)
    except UserError:
        if not overview.cells:
            raise
        return Found([], [])


def _joins(place: Place) -> Callable[[Record], str]:
    """Return what tells that a known researcher does not serve the township yet, by the name of that cell."""
    serving = _serving(place)
    return lambda record: "" if record.pk in serving else spoken(SERVED)


def _serving(place: Place) -> set[int]:
    """Return the ids of the researchers who serve the township."""
    pairs = Researcher.townships.through.objects.filter(township=place.township.pk)
    return set(pairs.values_list("researcher_id", flat=True))


def _notes(found: Found) -> list[str]:
    """Return what was left aside, in sentences."""
    quiet = {COVER, CHOICES, spoken(TITLE), str(TITLE)}
    notes = [
        _("The sheet “%(sheet)s” is not known and was left aside.") % {"sheet": title}
        for title in found.ignored
        if title not in quiet
    ]
    notes += [
        _("The sheet “%(sheet)s” is hidden and was left aside.") % {"sheet": title}
        for title in found.hidden
        if title not in quiet
    ]
    for table in found.tables:
        if table.hidden and not table.part:
            rows = "、".join(map(str, table.hidden[:20]))
            notes.append(
                _("%(sheet)s: rows %(rows)s are hidden and were left aside. Show them in Excel to import them.")
                % {"sheet": table.title, "rows": rows}
            )
        if table.hidden_columns and not table.part:
            letters = "、".join(table.hidden_columns)
            notes.append(
                _("%(sheet)s: columns %(letters)s are hidden and were left aside. Show them in Excel to import them.")
                % {"sheet": table.title, "letters": letters}
            )
        if table.unknown:
            names = "、".join(table.unknown)
            notes.append(
                _("%(sheet)s: the columns %(names)s are not known and were left aside.")
                % {"sheet": table.title, "names": names}
            )
        if table.skipped:
            rows = "、".join(map(str, table.skipped[:20]))
            notes.append(
                _("%(sheet)s: rows %(rows)s hold sums, notes or the example, and were left aside.")
                % {"sheet": table.title, "rows": rows}
            )
    return notes


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
        serving = _serving(place)
        part.joined = [row.pk for row in (*records, *part.unchanged) if row.pk not in serving]
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
    save_records(records=[child for rows in children for child in rows], by=by)


def _sentence(error: IntegrityError) -> str:
    """Return the sentence of the constraint that the database names, else a general one."""
    text = str(error)
    for sheet in all_sheets():
        for constraint in sheet.model._meta.constraints:
            if constraint.name in text:
                return str(constraint.get_violation_error_message())
    return _("The database refuses a row of this sheet: it contradicts another one.")

"""What forbids taking an import back: newer records, what refers to it, rules of its records; and what stays aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.core.journal import PORTION
from apps.core.models import Record
from apps.core.rules import in_scope, reaches_all, record_rule, rules_of
from apps.webui.pages import REGISTRY
from apps.workbooks.models import ImportBatch
from apps.workbooks.planning.overview import MODELS, all_sheets
from apps.workbooks.reading.columns import concrete

from .trace import Trace, gone, stored, touched

# So many of what forbids the undoing are named.
NAMED = 50


@dataclass(frozen=True)
class Blocker:
    """A record that forbids taking an import back: its kind, its name, its page, and why."""

    kind: str
    name: str
    url: str
    why: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.why}"


class Blocked(ValidationError):
    """An import cannot be taken back; `blockers` names the records."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__([str(blocker) for blocker in blockers])
        self.blockers = blockers


def traces_of(batch: ImportBatch) -> list[Trace]:
    """Return what an import wrote, in the order of writing."""
    return [Trace.unpacked(change) for change in batch.written.order_by("place")]


def blockers(batch: ImportBatch, traces: list[Trace], actor: Actor) -> list[Blocker]:
    """Return what forbids `actor` to take an import back, the first of very many."""
    return list(islice(_blockers(batch, traces, actor), NAMED))


def _blockers(batch: ImportBatch, traces: list[Trace], by: Actor) -> Iterator[Blocker]:
    by_model = {trace.model: trace for trace in traces}
    for trace in traces:
        left = {pk: (version, "") for pk, version in trace.created.items()}
        left |= {pk: as_left for pk, (as_left, _before) in trace.changed.items()}
        for row in touched(trace.model, left, batch.ended) if batch.ended else ():
            yield _blocker(row, by, _("It has been changed since the import."))
        for relation in trace.model._meta.related_objects:
            model = relation.related_model
            if model not in (ImportBatch, *joining(trace.model)):
                yield from _hanging(relation, trace, by_model.get(model) if issubclass(model, Record) else None, by)
        if not reaches_all(by):
            yield from _forbidden(trace, by)
    yield from _later_imports(batch, by_model)


def _forbidden(trace: Trace, by: Actor) -> Iterator[Blocker]:
    """Yield the rows that `by` may not write as they were before, by the rules of their kind.

    Who may change what the import brought may take it away again: that undoes the adding, it deletes nothing else.
    Rows that an action wrote beside, such as the scores of a lesson, go with those that they belong to.
    """
    if trace.model not in {*MODELS.values(), *(sheet.model for sheet in all_sheets())}:
        return
    change, add, rules = record_rule(trace.model, "change"), record_rule(trace.model, "add"), rules_of(trace.model)
    for row in stored(trace.model, [*trace.created, *trace.changed], named=True):
        before = trace.changed[row.pk][1] if row.pk in trace.changed else {}
        fixed = {concrete(trace.model, name).attname for name in rules.fixed(by, row)} if before else set()
        if not change(by, row) or fixed & before.keys():
            yield _blocker(row, by, _("You may not change it."))
    for values in trace.deleted.values():
        row = trace.model(**values)
        if not add(by, row):
            yield Blocker(_name(trace.model), str(row), "", _("You may not add it again."))


def _hanging(relation: Any, trace: Trace, own: Trace | None, by: Actor) -> Iterator[Blocker]:
    """Yield rows that refer to what the import created, and are not its own."""
    model, column, created = relation.related_model, relation.field.attname, list(trace.created)
    for start in range(0, len(created), PORTION):
        rows = model._base_manager.filter(**{f"{column}__in": created[start : start + PORTION]})
        for row in rows:
            if own and (row.pk in own.created or column in own.changed.get(row.pk, (0, {}))[1]):
                continue
            yield _blocker(row, by, _("It refers to what the import brought."))


def _later_imports(batch: ImportBatch, by_model: dict[type[Record], Trace]) -> Iterator[Blocker]:
    """Yield other imports into a township, school or school year that this one founded."""
    for f in ImportBatch._meta.concrete_fields:
        if isinstance(f, models.ForeignKey) and f.related_model in by_model:
            others = ImportBatch.objects.filter(
                **{f"{f.attname}__in": list(by_model[f.related_model].created)[:PORTION]}
            )
            for other in others.exclude(pk=batch.pk).exclude(status=ImportBatch.Status.UNDONE):
                yield Blocker(
                    _name(ImportBatch), str(other), other.get_absolute_url(), _("It refers to what the import brought.")
                )


def joining(model: type[models.Model]) -> list[type[models.Model]]:
    """Return the tables that only join two models."""
    ways = [way.remote_field for way in model._meta.many_to_many]
    ways += [way for way in model._meta.related_objects if isinstance(way, models.ManyToManyRel)]
    return [way.through for way in ways if way.through and way.through._meta.auto_created]


def _blocker(row: models.Model, by: Actor, why: str) -> Blocker:
    kind = _name(type(row))
    if not isinstance(row, Record):
        return Blocker(kind, str(row), "", why)
    if not in_scope(by, row):
        return Blocker(kind, _("(of another school)"), "", why)
    linked = row.label in REGISTRY and REGISTRY[row.label].may(by, "view")
    return Blocker(kind, str(row), row.get_absolute_url() if linked else "", why)


def _name(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def left_aside(traces: list[Trace]) -> list[str]:
    """Return in sentences what the import changed and somebody has deleted since: it stays deleted."""
    said = []
    for trace in traces:
        ids = gone(trace)
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(trace.model),
            object_id__in=ids[:NAMED],
            action=LogEntry.Action.DELETE,
        )
        names = dict(entries.order_by("pk").values_list("object_id", "object_repr"))
        said += [
            _("%(kind)s %(name)s has been deleted since the import and is not put back.")
            % {"kind": _name(trace.model), "name": names.get(pk, f"#{pk}")}
            for pk in ids[:NAMED]
        ]
        if more := len(ids[NAMED:]):
            said.append(
                _("%(number)d more of %(kind)s have been deleted since and are not put back.")
                % {"number": more, "kind": _name(trace.model)}
            )
    return said

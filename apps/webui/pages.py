"""The pages of a kind of record, declared: list, export, detail, create, edit, delete."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from apps.core.actions import delete_record, demand_unlocked, save_record
from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.models import Record, SchoolYear
from apps.core.past import Day
from apps.core.periods import Period
from apps.core.rules import holds_for, record_rule
from apps.core.scope import ScopedQuerySet
from apps.figures.filters import RecordFilter

from .forms import RecordForm
from .verbs import Verb

R = TypeVar("R", bound=Record)
# Fields that say where, when and in what: a record shares them with the one on whose page it is added, and with the
# next one that is added after it.
COMMON = ("township", "school", "school_year", "term", "date", "subject", "grade", "class_name", "researcher")


@dataclass(frozen=True)
class ListColumn:
    """A column of a list: the path of its value (dots lead through relations), and how it is headed, sorted, drawn.

    `kind` is text, num, date or state; an empty `sort` is the path, dots as double underscores; `-` forbids sorting.
    """

    path: str
    label: Label = ""
    kind: str = "text"
    sort: str = ""

    @property
    def order(self) -> str:
        """Return the field by which the column is sorted, or an empty string."""
        return "" if self.sort == "-" else self.sort or self.path.replace(".", "__")


def value_of(record: models.Model, dotted: str) -> Any:
    """Return the value at `dotted` as people read it: the label of a choice, the result of a method, None at a gap."""
    value: Any = record
    for name in dotted.split("."):
        if value is None:
            return None
        display = getattr(value, f"get_{name}_display", None)
        value = display() if display else getattr(value, name)
        if callable(value) and not isinstance(value, models.Manager):
            value = value()
    return value


@cache
def _address(name: str, _prefix: str) -> str:
    """Return the address of a page without a record; the side bar asks for all of them on every page."""
    return reverse(name)


class Pages(Generic[R]):
    """The pages of one model. Subclasses declare; `views.record_urls` makes the patterns of all pages.

    `verbs` are what is done with a record beyond editing it, in the order of its workflow. `menu` is the entry of the
    side bar under which the list stands, the first one being the entry's own page.
    Of records `added_by_few` the rule for adding asks who adds, and nothing of the record: to others it is not offered.
    `title` heads the list where the plural of the name would not do. `hint` is what an empty list says to do next.
    `own_rows` names, on the start page, the list of those rows of which the user is the teacher.
    `related` names the sets of other rows shown on the detail page; `shown_on` does so from the other side: on the page
    of which other model, a lower floor's, these rows are shown.
    `part_of` is the field of the record whose part such a row is: it is shown after one was added, changed or deleted.
    `kept` are the fields that the next record most likely has in common when several are added, one after the other.
    """

    model: type[R]
    form: ClassVar[type[RecordForm]]
    filterset: ClassVar[type[RecordFilter]]
    columns: ClassVar[tuple[ListColumn, ...]]
    detail: ClassVar[tuple[str, ...]] = ()
    related: ClassVar[tuple["Related", ...]] = ()
    shown_on: ClassVar[Mapping[str, tuple["Related", ...]]] = {}
    part_of: ClassVar[str] = ""
    kept: ClassVar[tuple[str, ...]] = COMMON
    fetch: ClassVar[tuple[str, ...]] = ()
    verbs: ClassVar[tuple[Verb, ...]] = ()
    menu: ClassVar[str] = ""
    added_by_few: ClassVar[bool] = False
    hint: ClassVar[Label] = ""
    title: ClassVar[Label] = ""
    own_rows: ClassVar[Label] = ""
    list_template: ClassVar[str] = "webui/list.html"
    detail_template: ClassVar[str] = "webui/detail.html"
    form_template: ClassVar[str] = "webui/form.html"

    def __init__(self) -> None:
        REGISTRY[self.model.label] = self

    # What a subclass may narrow or replace.

    def rows(self, user: Actor) -> ScopedQuerySet[R]:
        """Return the rows that `user` may see, with what the list shows fetched along."""
        rows: ScopedQuerySet[Any] = self.model.objects.visible_to(user)
        return rows.select_related(*self.fetch)

    def rows_on(self, rows: QuerySet[Any], day: Day) -> QuerySet[Any]:
        """Return the rows of a list with what it shows as of `day`, beside the facts that it reads by itself."""
        return rows

    def save(self, *, form: Any, by: Actor, version: int | None) -> R:
        """Write the record of a valid form: the action that the domain has for it."""
        record: R = form.instance
        return save_record(record=record, by=by, version=version)

    def remove(self, *, record: R, by: Actor) -> None:
        """Delete a record."""
        delete_record(record=record, by=by)

    def told(self, record: R) -> str:
        """Return what is told after a record was written; nothing where its page says it all."""
        return _("Saved: %(record)s") % {"record": record}

    def buttons(self, user: Actor, record: R) -> Iterable["Button"]:
        """Return what `user` may do to `record` now; the main button is the next step of its workflow."""
        offered = [verb for verb in self.verbs if verb.shown(record) and verb.may(user, record)]
        following = next((verb for verb in offered if verb.next_when and verb.next_when(record)), None)
        for verb in offered:
            address = self.url(verb.name, record.pk)
            yield Button(verb.label, address, verb is following, "get" if verb.asks else "post", verb.is_rare(record))

    def left_open(self, teachers: Collection[int], day: date) -> Iterable[tuple[int, R]]:
        """Return who of these teachers (ids) has which record that goes on after `day`; one query at most."""
        return ()

    def waiting(self, user: Actor) -> Iterable["Waiting"]:
        """Return what may wait for somebody like `user`, declared; no query."""
        return ()

    def taken(self, field: str, owner: Record) -> dict[str, Any]:
        """Return what a new record takes from `owner`, on whose page it is added and to which `field` refers."""
        ways = ("{}_id", "{}_pk", "{}")  # of a teacher the list reads the school of today, as `school_pk`
        found = {
            name: next((value for way in ways if (value := getattr(owner, way.format(name), None))), None)
            for name in COMMON
        }
        return {name: value for name, value in found.items() if value and name in self.form.base_fields}

    # What follows from the declaration.

    def todo(self, user: Actor, year: SchoolYear) -> list["Todo"]:
        """Return what waits for `user` in the school year, at the cost of one query at most.

        The number is counted by the condition of the list that the to-do opens.
        """
        declared, period = list(self.waiting(user)), Period.of_year(year)
        if not declared:
            return []
        counts: dict[str, Count] = {}
        for number, one in enumerate(declared):
            condition = self.filterset.where_for(user, one.where, None if one.every_year else period)
            counts[f"all{number}"] = Count("pk", filter=condition)
            if one.late is not None:
                counts[f"late{number}"] = Count("pk", filter=condition & one.late)
        found = self.rows(user).order_by().aggregate(**counts)
        return [
            one.todo(self, period, found[f"all{number}"], late=bool(found.get(f"late{number}")))
            for number, one in enumerate(declared)
        ]

    @property
    def meta(self) -> Any:
        """Return the model's Meta."""
        return self.model._meta

    def permission(self, verb: str) -> str:
        """Return the permission to `verb` (view, add, change, delete) these records."""
        return f"{self.meta.app_label}.{verb}_{self.meta.model_name}"

    def url(self, page: str, *args: Any) -> str:
        """Return the address of one of these pages."""
        name = f"{self.meta.app_label}:{self.meta.model_name}_{page}"
        return reverse(name, args=args) if args else _address(name, get_script_prefix())

    def may(self, user: Actor, verb: str, record: R | None = None) -> bool:
        """Return whether `user` may `verb` these records, or this one: what the action demands."""
        if record is None and verb == "add" and self.added_by_few:
            return record_rule(self.model, verb)(user, self.model())
        if record is None or verb == "view":
            return user.has_perm(self.permission(verb))
        rule = record_rule(self.model, verb)
        return rule(user, record) and holds_for(user, rule.permission, record) and not self.locked(user, record)

    def bulk_verbs(self, user: Actor) -> list[Verb]:
        """Return the verbs that can be done with several records of the list, as far as `user` has the permission."""
        return [verb for verb in self.verbs if verb.bulk and user.has_perm(verb.rule.permission)]

    def locked(self, user: Actor, record: R) -> str:
        """Return why nobody like `user` may write this record now, empty if nothing forbids it."""
        known: dict[str, Any] = vars(record)
        if "_locked" not in known:
            try:
                demand_unlocked([record], user)
            except ValidationError as error:
                known["_locked"] = error.messages[0]
            else:
                known["_locked"] = ""
        return str(known["_locked"])

    def demand(self, user: Actor, verb: str, record: R) -> None:
        """Raise PermissionDenied unless `user` may `verb` this record."""
        if not self.may(user, verb, record):
            raise PermissionDenied

    @cached_property
    def all_related(self) -> tuple["Related", ...]:
        """Return the sets of rows on the detail page: its own, then those that other pages want shown there."""
        others = (pages.shown_on.get(self.model.label, ()) for pages in REGISTRY.values())
        return (*self.related, *(related for group in others for related in group))

    @cached_property
    def labels(self) -> dict[str, Label]:
        """Return path → heading of the columns and the fields of the detail page."""
        headed = {column.path: column.label for column in self.columns if column.label}
        return {
            name: headed.get(name) or label_of(self.model, name)
            for name in [*(c.path for c in self.columns), *self.detail]
        }


@dataclass(frozen=True)
class Related:
    """Rows shown on another record's page: their model's label, the field that points here, and which columns.

    `later` rows are fetched by a request of their own once the page stands.
    """

    label: str
    field: str
    columns: tuple[str, ...]
    title: Label = ""
    later: bool = False

    @property
    def key(self) -> str:
        """Return what tells it from the others of its page, in the address that fetches it later."""
        return f"{self.label}.{self.field}"


@dataclass(frozen=True)
class Button:
    """What is offered on a record's page: its label, the address to go or to post to, and whether it is the main one.

    A `rare` one stands under "more", so that a page's head keeps to what is done from day to day.
    """

    label: Label
    url: str
    main: bool = False
    method: str = "post"
    rare: bool = False


@dataclass(frozen=True)
class Todo:
    """Something that waits for a user: a sentence, the list to go to, how many there are, whether it is late.

    `queue` is the address that goes through them one after the other, where there is such a way.
    """

    text: Label
    url: str
    number: int
    late: bool = False
    queue: str = ""


@dataclass(frozen=True)
class Waiting:
    """What may wait for a user: a sentence, and the parameters of the list of what waits.

    It waits in the school year chosen in the top bar, unless it does so in `every_year`. `late` is the condition of
    those that are late. `queue` names the page that goes through them one after the other under the same parameters.
    """

    text: Label
    where: Mapping[str, str]
    every_year: bool = False
    late: Q | None = None
    queue: str = ""

    def todo(self, pages: Pages[Any], period: Period, number: int, *, late: bool) -> Todo:
        """Return what is told on the start page."""
        query = urlencode({"period": "" if self.every_year else period.code, **self.where})
        queue = f"{pages.url(self.queue)}?{query}" if self.queue else ""
        return Todo(self.text, f"{pages.url('list')}?{query}", number, late, queue)


REGISTRY: dict[str, Pages[Any]] = {}


def left_open(teachers: Collection[int], day: date) -> list[tuple[int, Record]]:
    """Return who of these teachers (ids) has which record of any kind that goes on after `day`."""
    return [found for pages in REGISTRY.values() for found in pages.left_open(teachers, day)]


def label_of(model: type[models.Model], dotted: str) -> Label:
    """Return the heading of a path: the verbose name of the last field, or a method's `short_description`.

    What leads to a relation's name is headed by the relation.
    """
    label: Label = dotted
    dotted = dotted.removesuffix(".name")
    for name in dotted.split("."):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            method = getattr(model, name, None)
            heading: Label = getattr(getattr(method, "fget", method), "short_description", name)
            return heading
        label = getattr(found, "verbose_name", name)
        model = found.related_model or model
    return label

"""Who may do what: rules as plain predicates, and the few that others are composed of.

Each app has a room `rules.py`. A rule is a predicate of an actor and a record that states the permission it asks for.
Actions demand it (`demand`); buttons, pages and the admin ask it (`rule(actor, record)`), and repeat nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from .actors import Actor, demand_somebody
from .models import Record
from .scope import Scoped, ScopedQuerySet

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=Scoped)


@dataclass(frozen=True)
class Rule(Generic[R]):
    """A predicate of an actor and a record, and the permission that the actor's role needs besides."""

    permission: str
    predicate: Callable[[Actor, R], bool]

    def __call__(self, actor: Actor, record: R) -> bool:
        """Return whether `actor` may do this to `record` now; whether the record is within reach is not asked."""
        return actor.has_perm(self.permission) and self.predicate(actor, record)


def rule(permission: str) -> Callable[[Callable[[Actor, R], bool]], Rule[R]]:
    """Make a predicate a rule that asks for `permission` besides."""

    def state(predicate: Callable[[Actor, R], bool]) -> Rule[R]:
        return Rule(permission, predicate)

    return state


def demand(rule: Rule[R], actor: Actor, record: R) -> None:
    """Raise PermissionDenied unless the stored `record` is within the actor's reach and the rule lets the actor."""
    demand_somebody(actor)
    if not (in_scope(actor, record, rule.permission) and rule(actor, record)):
        raise PermissionDenied


# What rules are composed of.


def in_scope(actor: Actor, record: Record, permission: str = "") -> bool:
    """Return whether a stored record is one that `actor` sees, and for which a permission holds, if one is named."""
    if reaches_all(actor):
        return True
    rows = type(record).objects.visible_to(actor).filter(pk=record.pk)
    return (permitted(rows, actor, permission) if permission else rows).exists()


def permitted(rows: ScopedQuerySet[S], actor: Actor, permission: str) -> ScopedQuerySet[S]:
    """Return those of the rows that `actor` sees for which the permission holds: a role's permissions end with it.

    A head who teaches sees own rows of another school as a teacher, and does there what teachers may do.
    """
    return rows.within(actor.scope) if bound_to_scope(actor, permission) else rows


def bound_to_scope(actor: Actor, permission: str) -> bool:
    """Return whether `actor`, who sees own rows elsewhere, has a permission within the actor's scope alone."""
    return actor.own_scope is not None and not actor.has_own_perm(permission)


def holds_for(actor: Actor, permission: str, record: Record) -> bool:
    """Return whether a permission of `actor` holds for a stored record that the actor sees; told once a record."""
    if not bound_to_scope(actor, permission):
        return True
    known: dict[str, Any] = vars(record)
    if "_in_place" not in known:
        known["_in_place"] = type(record).objects.within(actor.scope).filter(pk=record.pk).exists()
    return bool(known["_in_place"])


def reaches_all(actor: Actor) -> bool:
    """Return whether `actor` sees everything there is."""
    return actor.scope.kind == "everything" and actor.served_townships is None


def keeps_records(actor: Actor) -> bool:
    """Return whether `actor` keeps the records of more than one school: the office, or the system."""
    return actor.scope.kind in {"everything", "district", "township"} and actor.researcher_id is None


def heads_school(actor: Actor, school_id: int | None) -> bool:
    """Return whether `actor` heads this school."""
    return school_id is not None and actor.school_id == school_id


def is_self(actor: Actor, teacher_id: int | None) -> bool:
    """Return whether `actor` is this teacher."""
    return teacher_id is not None and actor.teacher_id == teacher_id


def anybody(_actor: Actor, _record: Record) -> bool:
    """Ask for nothing beyond the permission."""
    return True


# What plain records ask for: by permission alone, unless their app says more.

Predicate = Callable[[Actor, Any], bool]


@dataclass(frozen=True)
class RecordRules:
    """Who may add, change and delete records of a model, beyond the permissions and the reach of their scope.

    `add` sees the new record, the others the stored one. `offered` gives for a foreign key the rows that an actor may
    write into it, where they are others than the ones that the actor sees; `fixed` the fields that an actor may not
    write in a record: it stays as it is stored, or at its default.
    """

    add: Predicate = anybody
    change: Predicate = anybody
    delete: Predicate | None = None
    offered: Mapping[str, Callable[[Actor], QuerySet[Any]]] = field(default_factory=dict)
    fixed: Callable[[Actor, Any], Sequence[str]] = lambda actor, record: ()

    def predicate(self, verb: str) -> Predicate:
        """Return the predicate of a verb (add, change or delete); who may change may delete, unless said otherwise."""
        return {"add": self.add, "change": self.change, "delete": self.delete or self.change}[verb]


_known: dict[type[Record], RecordRules] = {}


def keep_rules(model: type[Record], rules: RecordRules) -> None:
    """Keep the rules of a model's records; `rules.py` of its app calls this."""
    _known[model] = rules


def rules_of(model: type[Record]) -> RecordRules:
    """Return the rules of a model's records."""
    return _known.get(model, RecordRules())


def record_rule(model: type[Record], verb: str) -> Rule[Any]:
    """Return the rule by which records of `model` are added, changed or deleted."""
    return Rule(f"{model._meta.app_label}.{verb}_{model._meta.model_name}", rules_of(model).predicate(verb))

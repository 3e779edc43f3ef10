"""Verbs: what people do with a record, declared once.

From a declaration come its address, the gate before it, the button on the record's page, the entry among what a list
does with several records, and the action in the admin. The rule is the one that the action demands.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.models import Record
from apps.core.rules import Rule, holds_for

Said = Label | Callable[[Any], str]


def always(_record: Record) -> bool:
    """Return that it is so, whatever the record."""
    return True


@dataclass(frozen=True)
class Verb:
    """One thing that people do with a record of some kind.

    `name` stands in the address. `action` is called with the record as the keyword `takes`, with `by`, and with what
    `form` was filled in with. `said` is told afterwards: a sentence, which may name %(record)s and %(result)s (what the
    action returned), or a function of that; `warns` tells whether that is no good news. A step that cannot be taken
    back, or that closes something for others, has a `question`. A verb of the workflow says in `next_when` for which
    records it is the step to take now: the first such verb is the main button. A `rare` one stands under "more", for
    some records or for all. A `bulk` one can be done with several records of a list. `shown` hides the button where it
    would lead nowhere, though nobody is forbidden to take the step. `given` are keywords with which the form of a
    record is made, `facts` what the template of its page shows besides. One with `own_views` is taken by views of its
    app, which stand at its address.
    """

    name: str
    label: Label
    rule: Rule[Any]
    action: Callable[..., Any]
    takes: str
    said: Said
    question: Label = ""
    form: type[forms.Form] | None = None
    initial: Callable[[Any], Mapping[str, Any]] = lambda record: {}
    warns: Callable[[Any], bool] = lambda result: False
    next_when: Callable[[Any], bool] | None = None
    shown: Callable[[Any], bool] = always
    rare: bool | Callable[[Any], bool] = False
    bulk: bool = False
    own_views: bool = False
    template: str = "webui/verb_page.html"
    given: Callable[[Any], Mapping[str, Any]] = lambda record: {}
    facts: Callable[[Any], Mapping[str, Any]] = lambda record: {}

    @property
    def asks(self) -> bool:
        """Return whether a page comes before the step: a form to fill in, or a question."""
        return bool(self.form or self.question or self.own_views)

    def is_rare(self, record: Record) -> bool:
        """Return whether the button of `record` stands under "more"."""
        return self.rare(record) if callable(self.rare) else self.rare

    def may(self, actor: Actor, record: Record) -> bool:
        """Return whether `actor` may do it to `record`, which is within reach, now."""
        return self.rule(actor, record) and holds_for(actor, self.rule.permission, record)

    def take(self, record: Record, *, by: Actor, **data: Any) -> Any:
        """Do it, and return what the action returns; raise PermissionDenied or ValidationError as the action does."""
        return self.action(**{self.takes: record}, by=by, **data)

    def sentence(self, record: Record, result: Any) -> str:
        """Return what is said after it was done."""
        if callable(self.said):
            return self.said(result)
        return str(self.said) % {"record": record, "result": result}


def take_all(verb: Verb, records: list[Record], *, by: Actor) -> tuple[int, dict[str, list[str]]]:
    """Do `verb` with each record in a transaction of its own; return how many were done, and refusal → names."""
    done, refused = 0, dict[str, list[str]]()
    for record in records:
        name = str(record)
        try:
            verb.take(record, by=by)
        except PermissionDenied:
            refused.setdefault(_("You may not do this"), []).append(name)
        except ValidationError as error:
            refused.setdefault("；".join(error.messages), []).append(name)
        else:
            done += 1
    return done, refused


def report(verb: Verb, done: int, refused: Mapping[str, list[str]]) -> Iterator[tuple[str, int]]:
    """Yield sentence and message level of what came of `take_all`."""
    if done:
        said = ngettext("%(verb)s: %(number)d record.", "%(verb)s: %(number)d records.", done)
        yield said % {"verb": verb.label, "number": done}, messages.SUCCESS
    for reason, names in refused.items():
        named = "、".join(names[:5]) + (_(" and others") if len(names) > 5 else "")
        yield _("%(reason)s (%(names)s)") % {"reason": reason, "names": named}, messages.ERROR

"""A row of the table of actions: what is called, with what, and who may.

Everybody of the cast calls every action with the same record, one that lies at the principal's and the teacher's own
school: `teacher` is whom the record is about where it is about somebody, `colleague` another teacher of that school,
`neighbour` the principal of another school, `stranger` the office of another township, `system` a named system actor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

CAST = ("office", "principal", "teacher", "colleague", "neighbour", "researcher", "stranger", "system")


@dataclass(frozen=True)
class Row:
    """An action, a function of the town to its keywords (beyond `by`), and who of the cast may take it.

    `label` tells two rows of one action apart, which differ in the record or in its state. What a person signs the
    system does not do: `system` is False.
    """

    action: Callable[..., Any]
    given: Callable[[SimpleNamespace], dict[str, Any]]
    may: str
    label: str = ""
    system: bool = True

    @property
    def allowed(self) -> set[str]:
        """Return who may, the system among them unless a person signs."""
        return {*self.may.split(), *(["system"] if self.system else [])}

    def __str__(self) -> str:
        name = f"{self.action.__module__.removeprefix('apps.')}.{self.action.__name__}"
        return f"{name} {self.label}".strip()

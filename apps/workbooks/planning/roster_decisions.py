"""What people say of a roster's comparison: what became of who is not in the file, and since when people moved.

It is kept as it was typed, so that nothing typed is lost; what cannot be is said beside it, and stops the import.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.labels import Label
from apps.teachers.models import Appointment, Leave

HERE, LEAVE = "here", "leave:"
# How facts change: they are new since a day, or were never otherwise.
NEW, CORRECT = "new", "correct"
# Of who the file has at another school: no move, the file is wrong.
STAYS = "stays"
# What may have become of somebody, in groups.
FATES: tuple[tuple[Label, tuple[tuple[str, Label], ...]], ...] = (
    (gettext_lazy("Left the township's schools"), tuple(Appointment.EndReason.choices)),
    (gettext_lazy("On leave, still on the staff"), tuple((f"{LEAVE}{k}", name) for k, name in Leave.Kind.choices)),
    (gettext_lazy("No change"), ((HERE, gettext_lazy("still here")),)),
)
KNOWN = {value for _group, choices in FATES for value, _label in choices}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Decisions:
    """The decisions of an import; `kept` is how they are stored.

    `fates` and `days` are by teacher, `moved` the day of each move that has one of its own, `how` and `since` whether
    changed facts are new, and since when; `left_on`, `moved_on` and `changed_on` are for all others.
    """

    kept: Mapping[str, Any]

    def fate(self, teacher: int) -> str:
        """Return what became of a teacher who is not in the file, empty if that is not decided."""
        return str(self.kept.get("fates", {}).get(str(teacher), ""))

    def typed(self, group: str, teacher: int) -> str:
        """Return the day that was typed for a teacher: of `days` or `moved`."""
        return str(self.kept.get(group, {}).get(str(teacher), ""))

    def for_all(self, name: str, rows: Mapping[str, Any]) -> str:
        """Return the day for all who have none of their own: `left_on`, `moved_on` or `changed_on`."""
        first = rows["first_day"]
        usual = first if name != "left_on" else (date.fromisoformat(first) - ONE_DAY).isoformat()
        return str(self.kept.get(name) or usual)

    def leaves_on(self, row: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
        """Return the last day of who has left, the first of who is on leave; empty where none is needed."""
        fate = self.fate(row["teacher"])
        if fate in ("", HERE):
            return ""
        usual = rows["first_day"] if fate.startswith(LEAVE) else self.for_all("left_on", rows)
        return self.typed("days", row["teacher"]) or usual

    def moves_on(self, row: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
        """Return the first day at the new school: the typed one, what the file tells, the day for all; "" for none."""
        if self.typed("how", row["teacher"]) == STAYS:
            return ""
        usual = row["told"] or (self.kept.get("moved_on") or row["on"])
        return self.typed("moved", row["teacher"]) or str(usual)

    def how(self, row: Mapping[str, Any]) -> str:
        """Return whether a teacher's changed facts are new since a day, or corrected; empty where none has a day."""
        return (self.typed("how", row["teacher"]) or str(row["usual"])) if row["facts"] else ""

    def news_on(self, row: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
        """Return since when a teacher's changed facts hold, empty for a correction."""
        if self.how(row) != NEW:
            return ""
        return self.typed("since", row["teacher"]) or row["told"] or self.for_all("changed_on", rows)

    def trouble(self, kind: str, row: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
        """Return why the decision on a row cannot be, empty if it can."""
        if kind == "changed":
            return self._trouble_of_news(row, rows)
        fate = self.fate(row["teacher"]) if kind == "left" else "moved"
        if kind == "moved" and self.typed("how", row["teacher"]) == STAYS:
            return ""
        if fate in ("", HERE):
            return ""
        day = (self.leaves_on if kind == "left" else self.moves_on)(row, rows)
        found = day_in(day)
        if found is None:
            return _("“%(text)s” is no day. Write it as 2027-08-31.") % {"text": day} if day else _("Give the day.")
        since = date.fromisoformat(row["since"])
        if found < since or (kind == "moved" and found == since):
            return _("Serves there only since %(day)s: give a later day.") % {"day": row["since"]}
        if fate.startswith(LEAVE) and row["leave"]:
            return _("Is on leave already: choose “still here”, or end that leave first.")
        return ""

    def _trouble_of_news(self, row: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
        day = self.news_on(row, rows)
        if not day:
            return ""
        found = day_in(day)
        if found is None:
            return _("“%(text)s” is no day. Write it as 2027-08-31.") % {"text": day}
        if row["held"] and found <= date.fromisoformat(row["held"]):
            return _("What is stored holds since %(day)s: give a later day, or correct it.") % {"day": row["held"]}
        return ""

    def troubles(self, rows: Mapping[str, Any]) -> Iterator[str]:
        """Yield what cannot be, person by person."""
        for kind in ("left", "moved", "changed") if rows else ():
            for row in rows[kind]:
                if said := self.trouble(kind, row, rows):
                    yield _("%(name)s: %(what)s") % {"name": row["name"], "what": said}

    def undecided(self, rows: Mapping[str, Any]) -> int:
        """Return how many of who is not in the file are not decided on."""
        return sum(not self.fate(row["teacher"]) for row in rows.get("left", ()))

    def changes_anything(self, rows: Mapping[str, Any]) -> bool:
        """Return whether somebody moves, leaves or goes on leave."""
        going = (self.fate(row["teacher"]) not in ("", HERE) for row in rows.get("left", ()))
        moving = (self.typed("how", row["teacher"]) != STAYS for row in rows.get("moved", ()))
        return any(going) or any(moving)


def day_in(text: str) -> date | None:
    """Return the day that a text is, None for no day."""
    try:
        return parse_date(text)
    except ValueError:
        return None

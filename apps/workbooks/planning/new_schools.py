"""Schools that a roster names and nobody knows: offered for creation, unless they are like one that is known."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from apps.core.rules import record_rule
from apps.core.sheets import Sheet
from apps.schools.models import School
from apps.schools.sheets import stage_by_name
from apps.workbooks.language import spoken
from apps.workbooks.plan import Ids, Part, Place
from apps.workbooks.reading.cells import is_empty, key, tidy
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.tables import Table

# What names of schools have in common, and what they begin with.
KINDS = re.compile(r"(中心)?(小学|完小|教学点|初级中学|高级中学|初中|中学|九年一?贯?制学校|九年制|学校|幼儿园)(校)?$")
PLACES = re.compile(r"^.{1,6}?[省市县区镇乡]")
# Names of one form whose letters agree so far are like each other.
LIKE = 0.66


@dataclass
class Unknown:
    """A name that no known school has: where it stands first, on how many rows, its stage, and whom it is like."""

    name: str
    title: str
    row: int
    rows: int = 0
    stage: str = ""
    like: list[School] = field(default_factory=list)


def new_schools(
    tables: Iterable[Table], sheet: Sheet, place: Place, resolver: Resolver, ids: Ids
) -> tuple[list[Part], list[dict[str, Any]]]:
    """Return the parts that add the schools which rosters name and nobody knows, and what is to be asked about them.

    A name that is answered to mean a known school becomes one of its names. Who may not add schools adds none.
    """
    found = {unknown.name: unknown for unknown in _unknown(tables, resolver)}
    if not found or place.scope.kind == "school" or not place.by.has_perm(record_rule(School, "add").permission):
        return [], []
    index = resolver.index(School)
    parts: dict[str, Part] = {}
    codes = _free_codes(index.rows.values())
    for unknown in found.values():
        _look_up(unknown, index.rows.values())
        answer = place.answers.schools.get(unknown.name, f"stage:{unknown.stage}" if not unknown.like else "")
        kind, _colon, what = answer.partition(":")
        if kind == "school" and (known := index.rows.get(int(what))):
            index.by_name[key(unknown.name)].add(known.pk)
        elif kind == "stage" and what in School.Stage.values:
            school = School(pk=ids.next(), township=place.township, code=next(codes), name=unknown.name, stage=what)
            part = parts.setdefault(unknown.title, Part(sheet, f"{unknown.title}（{spoken(sheet.title)}）"))
            part.new.append(school)
            part.rows[school.pk] = unknown.row
            resolver.plan([school])
    return list(parts.values()), [_asked(unknown, place) for unknown in found.values()]


def _unknown(tables: Iterable[Table], resolver: Resolver) -> Iterator[Unknown]:
    """Yield each name of a school in the rosters that is not known, once."""
    found: dict[str, Unknown] = {}
    for table in tables:
        at = table.school_at
        for number, values in table.rows if table.part and at is not None else ():
            raw = values[at] if at is not None and at < len(values) else None
            if not isinstance(raw, str) or is_empty(raw):
                continue
            name = "".join(tidy(raw).split())
            if name and not resolver.index(School).called(name):
                found.setdefault(name, Unknown(name, table.title, number)).rows += 1
    yield from found.values()


def _look_up(unknown: Unknown, schools: Iterable[Any]) -> None:
    """Note the stage that a name tells, and the known schools that it is like."""
    unknown.stage = stage_by_name(unknown.name)
    unknown.like = [
        school
        for school in schools
        if school.pk > 0 and any(_is_like(unknown.name, unknown.stage, name, school.stage) for name in school.names())
    ]


def _is_like(name: str, stage: str, known: str, known_stage: str) -> bool:
    """Return whether two names may be one school: the same but for place and kind, or for how they are written."""
    if stage and known_stage and stage != known_stage and "nine_year" not in (stage, known_stage):
        return False
    first, second = _core(name), _core(known)
    if first == second or _sound(first) == _sound(second):
        return True
    if not first or not second:
        return name.endswith(known) or known.endswith(name)
    return min(len(first), len(second)) > 2 and SequenceMatcher(None, first, second).ratio() >= LIKE


def _core(name: str) -> str:
    return KINDS.sub("", PLACES.sub("", key(name)))


@lru_cache(maxsize=2000)
def _sound(text: str) -> str:
    from pypinyin import lazy_pinyin  # heavy: a dictionary of 40,000 characters

    return " ".join(lazy_pinyin(text))


def _free_codes(schools: Iterable[Any]) -> Iterator[str]:
    """Yield codes of two digits or more that no school has."""
    taken = {school.code for school in schools}
    number = max((int(code) for code in taken if code.isdecimal() and len(code) < 6), default=0)
    while True:
        number += 1
        if (code := f"{number:02d}") not in taken:
            yield code


def _asked(unknown: Unknown, place: Place) -> dict[str, Any]:
    return {
        "name": unknown.name,
        "rows": unknown.rows,
        "stage": unknown.stage,
        "like": [[school.pk, school.name] for school in unknown.like],
        "answer": place.answers.schools.get(unknown.name, ""),
    }

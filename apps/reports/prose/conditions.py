"""Default prose in parts: each part of a sentence has its condition, and falls away where that does not hold.

A part stands in square brackets. It holds where each of its figures has something to state:

    听课{听课总节数}节[，人均{人均听课节数}节]。

Of several after `|` the first that holds is said. A condition may stand before a part and a colon: labels and numbers
compared by `=`, `>`, `<`, `>=`, `<=`, joined by `&`; `#` before a label is the number of its names, and a label
alone holds where it has something to state, `!` before it where it has not:

    [初中实验年级数=初中年级数: 各年级均为实验年级|初中年级数>0: {初中年级数}个年级中{初中实验年级数}个为实验年级]

`*` before the parts joins all that hold by 、, `+` by a comma: [*有偿家教{有偿家教件数}件|校外兼课{校外兼课件数}件].
Brackets may stand in brackets. A sentence falls away where a figure outside of all brackets is empty, or none of its
figures is left.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from apps.figures.figures import Figure

MARKS = re.compile(r"[\[\]|]|\{[^{}]*\}")
COMPARED = re.compile(r"(?P<left>[^=<>]+?)\s*(?P<sign>>=|<=|=|>|<)\s*(?P<right>[^=<>]+)")
JOINED_BY = {"*": "、", "+": "，"}
# What is left of punctuation where parts have fallen away.
BEFORE_END = re.compile(r"[，、；：]+(?=[。；！？]|$)")
DOUBLED = re.compile(r"[，；]*([，；：])[，、；]+")
AT_START = re.compile(r"^[，、；：。]+")


class Part(NamedTuple):
    """A piece of a sentence: plain text, a token in braces, or brackets with alternatives."""

    text: str = ""
    alternatives: "tuple[Alternative, ...]" = ()
    joined_by: str = ""


class Alternative(NamedTuple):
    """What may stand in a bracket: its condition ("" for none besides its figures), and its parts."""

    condition: str
    parts: tuple[Part, ...]


@lru_cache(maxsize=2000)
def parsed(sentence: str) -> tuple[Part, ...]:
    """Return the parts of a sentence; raise ValueError for brackets that do not match."""
    parts, end = _parts(sentence, 0, depth=0)
    if end < len(sentence):
        raise ValueError(f"A bracket too many in {sentence!r}, at {end + 1}.")
    return parts


def _parts(text: str, at: int, depth: int) -> tuple[tuple[Part, ...], int]:
    parts: list[Part] = []
    while found := MARKS.search(text, at):
        mark = found.group()
        if mark in "|]" and not depth:
            raise ValueError(f"“{mark}” outside of brackets in {text!r}, at {found.start() + 1}.")
        parts.append(Part(text[at : found.start()]))
        if mark in "|]":
            return tuple(part for part in parts if part != Part()), found.start()
        at = found.end()
        if mark == "[":
            bracket, at = _bracket(text, at, depth + 1)
            parts.append(bracket)
        else:
            parts.append(Part(mark))
    if depth:
        raise ValueError(f"A bracket is not closed in {text!r}.")
    parts.append(Part(text[at:]))
    return tuple(part for part in parts if part != Part()), len(text)


def _bracket(text: str, at: int, depth: int) -> tuple[Part, int]:
    joined_by = JOINED_BY.get(text[at : at + 1], "")
    at += bool(joined_by)
    alternatives = []
    while True:
        colon = re.compile(r"\s*(?P<condition>[^\[\]{}|:：，。]+):\s*").match(text, at)
        parts, end = _parts(text, colon.end() if colon else at, depth)
        alternatives.append(Alternative(colon["condition"].strip() if colon else "", parts))
        at = end + 1
        if text[end] == "]":
            return Part("", tuple(alternatives), joined_by), at


def said(sentence: str, figures: Mapping[str, Figure]) -> str | None:
    """Return what a sentence says of the figures (label → figure), tokens kept; None where it has nothing to state."""
    parts = parsed(sentence)
    text = _joined(parts, figures)
    if text is None or ("{" in sentence and "{" not in text):
        return None
    return _tidied(text)


def _joined(parts: Iterable[Part], figures: Mapping[str, Figure]) -> str | None:
    told = []
    for part in parts:
        if part.alternatives:
            told.append(_of(part, figures))
        elif part.text.startswith("{"):
            figure = figures.get(label_of(part.text))
            if figure is None or figure.empty:
                return None
            told.append(part.text)
        else:
            told.append(part.text)
    return "".join(told)


def _of(bracket: Part, figures: Mapping[str, Figure]) -> str:
    held = (
        text
        for condition, parts in bracket.alternatives
        if holds(condition, figures) and (text := _joined(parts, figures)) and _states(parts, figures)
    )
    return bracket.joined_by.join(held) if bracket.joined_by else next(held, "")


def _states(parts: Iterable[Part], figures: Mapping[str, Figure]) -> bool:
    """Return whether a part says more than the words around its own brackets, where it has any."""
    inner = [part for part in parts if part.alternatives]
    return not inner or any(part.text.startswith("{") for part in parts) or any(_of(part, figures) for part in inner)


def label_of(token: str) -> str:
    """Return the label that a token names."""
    return token.strip("{}").strip()


def holds(condition: str, figures: Mapping[str, Figure]) -> bool:
    """Return whether a condition holds; raise KeyError for a label that no figure has."""
    return all(_holds(part.strip(), figures) for part in condition.split("&")) if condition else True


def _holds(part: str, figures: Mapping[str, Figure]) -> bool:
    found = COMPARED.fullmatch(part)
    if not found:
        empty = figures[part.removeprefix("!").strip()].empty
        return empty if part.startswith("!") else not empty
    left, right = (_number(found[side].strip(), figures) for side in ("left", "right"))
    match found["sign"]:
        case "=":
            return left == right
        case ">":
            return left > right
        case "<":
            return left < right
        case ">=":
            return left >= right
        case _:
            return left <= right


def _number(term: str, figures: Mapping[str, Figure]) -> Decimal:
    if re.fullmatch(r"\d+(\.\d+)?", term):
        return Decimal(term)
    if term.startswith("#"):
        return Decimal(len(figures[term[1:].strip()].names))
    value = figures[term].value
    return Decimal(0) if value in (None, "") else Decimal(str(value))


def labels_of(sentence: str) -> set[str]:
    """Return the labels that a sentence and its conditions name."""
    return set(_labels(parsed(sentence)))


def _labels(parts: Iterable[Part]) -> Iterable[str]:
    for part in parts:
        if part.text.startswith("{"):
            yield label_of(part.text)
        for condition, inner in part.alternatives:
            for term in re.split(r">=|<=|[=<>&]", condition):
                name = term.strip().lstrip("!#").strip()
                if name and not re.fullmatch(r"\d+(\.\d+)?", name):
                    yield name
            yield from _labels(inner)


def _tidied(text: str) -> str:
    """Return a sentence without the punctuation that stood between parts that fell away."""
    return AT_START.sub("", BEFORE_END.sub("", DOUBLED.sub(r"\1", text)))

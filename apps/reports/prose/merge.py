"""Two people at one text: joined by paragraph where they touch different ones."""

from difflib import SequenceMatcher


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Return `base` with the changes of both texts, paragraph by paragraph; None where both touch the same place."""
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    lines = base.splitlines()
    changes = sorted(_changes(lines, mine.splitlines()) + _changes(lines, theirs.splitlines()))
    merged: list[str] = []
    end = 0
    last: tuple[int, int, list[str]] | None = None
    for first, stop, new in changes:
        if last and (first, stop, new) == last:
            continue
        if last and _clash(last, (first, stop, new)):
            return None
        merged += [*lines[end:first], *new]
        end, last = stop, (first, stop, new)
    return "\n".join([*merged, *lines[end:]])


def _clash(one: tuple[int, int, list[str]], other: tuple[int, int, list[str]]) -> bool:
    """Return whether two changes, the first one first, touch the same place.

    Paragraphs put in where another change ends touch it: nothing says which comes first.
    """
    (first, stop, _new), (begin, end, _other) = one, other
    return begin < stop or (begin == stop and (first == stop or begin == end))


def _changes(old: list[str], new: list[str]) -> list[tuple[int, int, list[str]]]:
    """Return what differs as (first line, line after the last, the new lines), by the old lines."""
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(first, stop, new[start:end]) for kind, first, stop, start, end in found if kind != "equal"]

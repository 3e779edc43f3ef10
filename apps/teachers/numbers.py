"""Teacher numbers as townships issue them: the first one says how all of them look."""

import re
from collections.abc import Collection, Iterator

PATTERN = re.compile(r"(.*?)(\d+)")


def free_numbers(pattern: str, taken: Collection[str]) -> Iterator[str]:
    """Yield the numbers of a form that follow the last one taken: 0001 → 0002, T099 → T100."""
    prefix, digits = _parts(pattern)
    # Longer ones are of another form; shorter ones have lost their zeros.
    own = re.compile(rf"{re.escape(prefix)}(\d{{1,{len(digits) + 2}}})")
    used = [int(found[1]) for number in taken if (found := own.fullmatch(number))]
    number = max([int(digits), *(last + 1 for last in used)])
    while True:
        yield f"{prefix}{number:0{len(digits)}d}"
        number += 1


def _parts(pattern: str) -> tuple[str, str]:
    found = PATTERN.fullmatch(pattern)
    return (found[1], found[2]) if found else (pattern, "1")

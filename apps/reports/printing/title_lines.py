"""Where a title is broken: lines of about the same length, whole words, never one lonely character."""

import re
from functools import cache

from apps.figures.charts import width_of

# What is not broken apart: numbers with what follows them, what stands between quotes, the words of such titles.
PIECES = re.compile(
    r"《[^》]{1,14}》|“[^”]{1,12}”|[0-9A-Za-z.%—–-]+(?:学年|年度|年)?(?:第[一二]学期)?|"
    r"校本研修|专业发展|工作总结|中心小学|初级中学|中心幼儿园|教学点|教研活动|教研员|教育组|幼儿园|小学|中学|学校|教师|人数|学年|年度|学期|档案|"
    r"工作|总结|报告|情况|关于|全镇|教育|培训|活动|课堂|教学|观摩|研修|发展|评价|考核|."
)
# A line may not begin with these.
CLOSING = "，。、；：！？》”’）〕】%"
ROOM = 20.0
# What it costs to break within what may be a name, against the square of a line's distance from the others.
APART = 12.0


def title_lines(title: str, room: float = ROOM) -> list[str]:
    """Return a title in as few lines as hold it, each at most `room` full-width characters long if words allow."""
    pieces: list[str] = []
    for piece in PIECES.findall(title.strip()):
        if pieces and piece in CLOSING:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    total = sum(map(width_of, pieces))
    if total <= room:
        return [title.strip()]
    fewest = int(-(-total // room))
    for number in range(fewest, fewest + 3):
        cost, lines = _broken(tuple(pieces), number, room)
        if cost != float("inf"):
            return lines
    return [title.strip()]


def _broken(pieces: tuple[str, ...], number: int, room: float) -> tuple[float, list[str]]:
    """Return what the best break into so many lines costs (infinite if none fits), and its lines."""
    ideal = sum(map(width_of, pieces)) / number

    @cache
    def best(start: int, left: int) -> tuple[float, tuple[str, ...]]:
        if left == 1:
            line = "".join(pieces[start:])
            return _cost(line, ideal, room), (line,)
        found: tuple[float, tuple[str, ...]] = (float("inf"), ())
        for stop in range(start + 1, len(pieces) - left + 2):
            line = "".join(pieces[start:stop])
            own = _cost(line, ideal, room) + _apart(pieces[stop - 1], pieces[stop])
            if own < found[0]:
                rest, lines = best(stop, left - 1)
                found = min(found, (own + rest, (line, *lines)))
        return found

    cost, lines = best(0, number) if len(pieces) >= number else (float("inf"), ())
    return cost, list(lines)


def _apart(left: str, right: str) -> float:
    """Return what it costs to break between two pieces: nothing behind a mark or a whole word."""
    return APART if len(left) == 1 and len(right.rstrip(CLOSING)) <= 1 else 0


def _cost(line: str, ideal: float, room: float) -> float:
    width = width_of(line)
    return float("inf") if width > room or len(line) < 2 else (width - ideal) ** 2

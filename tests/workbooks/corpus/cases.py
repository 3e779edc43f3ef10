"""What a case of the corpus is, and the roster that all of them vary."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.teachers.id_numbers import check_character

HEAD = ["教师编号", "姓名", "性别", "身份证号", "出生日期", "参加工作时间", "职称"]
ROW = ["010", "李新", "女", "610304198507123029", "1985-07-12", "2008-09-01", "二级教师"]
SECOND = ["011", "周明远", "男", "610304197903051018", "1979-03-05", "1999-08-01", "高级教师"]
READ = {
    "no": "010", "name": "李新", "sex": "f", "id_number": "610304198507123029", "birth_date": date(1985, 7, 12),
    "started_work_on": date(2008, 9, 1), "title": "second",
}  # fmt: skip
READ_SECOND = {
    "no": "011", "name": "周明远", "sex": "m", "id_number": "610304197903051018", "birth_date": date(1979, 3, 5),
    "started_work_on": date(1999, 8, 1), "title": "senior",
}  # fmt: skip
TEACHER = "teachers.teacher"


@dataclass(frozen=True)
class Case:
    """A file, and what must come of it.

    `read` is label → the new rows, each with some of its values; `errors` are cell and sentence (its English text) of
    all problems, `doubts` the same of what is taken, but is to be checked; `refused` the one sentence for a file that
    cannot be read; `notes` texts that must be among the notes.
    """

    name: str
    file: Callable[[], bytes]
    read: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    errors: tuple[tuple[str, str], ...] = ()
    refused: str = ""
    doubts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    called: str = "教师.xlsx"
    by_school: bool = False


def valid(digits: str) -> str:
    """Return an ID number of 17 digits with its check character."""
    return digits + check_character(digits)


def one(**changes: Any) -> list[list[Any]]:
    """Return the header and one teacher, with some cells changed."""
    row = [changes.pop(head, value) for head, value in zip(HEAD, ROW, strict=True)]
    return [[*HEAD, *changes], [*row, *changes.values()]]


def without(*heads: str, **changes: Any) -> list[list[Any]]:
    """Return the header and one teacher without some columns."""
    kept = [place for place, head in enumerate(one(**changes)[0]) if head not in heads]
    return [[row[place] for place in kept] for row in one(**changes)]


def teachers(*rows: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what is read: these teachers."""
    return {TEACHER: list(rows)}

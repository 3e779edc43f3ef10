"""Workbooks beside plain openpyxl and django-import-export: reading, preview, commit and export, in time and memory."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from openpyxl import Workbook, load_workbook

from apps.core.actors import SYSTEM
from apps.core.models import SchoolYear
from apps.schools.models import Township
from apps.teachers.id_numbers import check_character
from apps.teachers.models import Teacher
from apps.workbooks.actions.imports import commit_now, preview_now
from apps.workbooks.exporting.writer import Writer
from apps.workbooks.language import spoken
from apps.workbooks.planning.overview import all_sheets
from bench.timing import median_seconds, paired_seconds, queries

ROWS, EXPORTED, COLUMNS = 10_000, 2_000, 19
TITLES = ("二级教师", "一级教师", "高级教师", "中一", "小高")
SUBJECTS = ("语文", "数学", "英语", "物理", "音乐")


def person(number: int) -> dict[str, Any]:
    """Return the cells of one made-up teacher, by field."""
    born = date(1970, 1, 1) + timedelta(days=number % 9000)
    front = f"610399{born:%Y%m%d}{(number + number // 9000 * 2) % 1000:03}"
    return {
        "no": f"T{number:05}",
        "name": "赵钱孙李周吴郑王"[number % 8]
        + "文明光华建国志强"[number // 8 % 8]
        + "一二三四五六七八"[number // 64 % 8],
        "sex": "男" if number % 1000 % 2 else "女",
        "id_number": front + check_character(front),
        "birth_date": born,
        "phone": f"139{number:08}",
        "started_work_on": born + timedelta(days=8400),
        "education": "本科",
        "title": TITLES[number % 5],
        "title_since": date(2015, 9, 1),
        "position": "教师",
        "staffing": "在编",
        "subject": SUBJECTS[number % 5],
        "backbone_level": None,
        "backbone_kind": None,
        "backbone_since": None,
    }


def roster(rows: int) -> bytes:
    """Return a workbook with the sheet of teachers."""
    sheet = next(sheet for sheet in all_sheets() if sheet.model is Teacher)
    book = Workbook()
    page = book.active
    page.title = spoken(sheet.title)
    page.append([spoken(column.header) for column in sheet.columns])
    for number in range(rows):
        cells = person(number)
        page.append([cells.get(column.field) for column in sheet.columns])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read_plainly(content: bytes) -> int:
    """Read all cells with openpyxl in read-only mode, as quickly as it does."""
    book = load_workbook(BytesIO(content), read_only=True)
    count = sum(len(row) for page in book.worksheets for row in page.iter_rows(values_only=True))
    book.close()
    return count


def taken_back(work: Callable[[], Any]) -> Any:
    """Do the work, and let the database forget it."""
    with transaction.atomic():
        result = work()
        transaction.set_rollback(True)
    return result


def seconds(work: Callable[[], Any]) -> float:
    """Return the seconds of a piece of work that is too long to be done twice."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def preview(content: bytes) -> Any:
    """Preview the roster as the upload page does."""
    township, year = Township.objects.select_related("district").first(), SchoolYear.objects.get(start_year=2025)
    file = SimpleUploadedFile("roster.xlsx", content)
    batch = preview_now(file=file, scope=township.scope, year=year, by=SYSTEM.imports, township=township)
    if batch.problems:
        raise SystemExit(f"the made-up roster is refused: {batch.problems[0]}")
    return batch


def run() -> None:
    """Print the ratios of the import and of the export, queries and memory."""
    content = roster(ROWS)
    plain = median_seconds(lambda: read_plainly(content), 5)
    print(f"roster of {ROWS} rows: openpyxl alone reads it in {plain:.2f} s")
    print(f"  {'preview':<30}{_line(lambda: preview(content), content)}")
    with transaction.atomic():
        batch = preview(content)
        print(f"  {'commit':<30}{_line(lambda: commit_now(batch=batch, by=SYSTEM.imports), content)}")
        transaction.set_rollback(True)
    for name in ("preview", "preview_and_commit"):
        print(f"  {name}: {_memory(name, content)} MB over the idle process")
    for name, work in rivals(content):
        taken = seconds(lambda work=work: taken_back(work))
        print(f"  {name:<30}{taken:6.2f} s, {taken / plain:5.2f} × openpyxl")
    run_export()


def preview_and_commit(content: bytes) -> None:
    """Preview the roster and import it."""
    commit_now(batch=preview(content), by=SYSTEM.imports)


def _line(work: Callable[[], Any], content: bytes) -> str:
    count = queries(lambda: taken_back(work))
    taken, plain = paired_seconds([lambda: taken_back(work), lambda: read_plainly(content)], 5)
    return f"{taken:6.2f} s, {taken / plain:5.2f} × openpyxl, {count / ROWS * 1000:7.1f} queries per 1,000 rows"


def _memory(name: str, content: bytes) -> str:
    """Return by how many megabytes a fresh process grows at most over the work of this name."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "bench.memory", name, file.name], capture_output=True, text=True, check=True
        )
    return done.stdout.strip()


def rivals(content: bytes) -> list[tuple[str, Callable[[], Any]]]:
    """Return the same job through django-import-export, row by row and as quick as it can be set."""
    try:
        import import_export.resources  # noqa: F401  (only here: the site does without it)
    except ImportError:
        print("  django-import-export is not installed")
        return []
    from bench.rival import dry_run, import_rows

    return [
        ("django-import-export dry run", lambda: dry_run(content)),
        ("django-import-export import", lambda: import_rows(content)),
    ]


def run_export() -> None:
    """Print how long the export of rows takes beside openpyxl writing the same cells."""
    sheet = next(sheet for sheet in all_sheets() if sheet.model is Teacher)
    columns = (sheet.columns * 2)[:COLUMNS]
    values = [[person(number).get(column.field) for column in columns] for number in range(EXPORTED)]
    records = [Teacher(**_stored(person(number))) for number in range(EXPORTED)]
    wide = type(sheet)(sheet.model, sheet.title, sheet.key, columns)
    township = Township.objects.first()

    def ours() -> bytes:
        writer, out = Writer(township.scope, personal=True), BytesIO()
        with writer.into(out):
            writer.sheet(wide, records)
        return out.getvalue()

    def plainly() -> bytes:
        book = Workbook(write_only=True)
        page = book.create_sheet()
        page.append([column.field for column in columns])
        for row in values:
            page.append(row)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    taken, plain = paired_seconds([ours, plainly], 9)
    print(f"export of {EXPORTED} × {COLUMNS}: {taken:.2f} s, openpyxl alone {plain:.2f} s, ratio {taken / plain:.2f}")


def _stored(cells: dict[str, Any]) -> dict[str, Any]:
    codes = {"sex": "m", "education": "bachelor", "title": "first", "position": "teacher", "staffing": "established"}
    codes |= {"subject": "maths", "backbone_level": 0, "backbone_kind": ""}
    return cells | codes

"""A year of 26,000 long handbook entries out and in again: time and memory of each step, and how long others wait.

It works on a copy of the benchmarks' SQLite database, so that entries stay as long there as they are.
`python -m bench.large STEP FILE` is one step of it, in a process of its own.
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

VAR = Path(__file__).resolve().parent.parent / "var"
COPY, FILE, STOP = VAR / "bench-large.sqlite3", VAR / "bench-large.xlsx", VAR / "bench-large.stop"
ENTRIES, LENGTH = 26_000, 400
# Characters of the made-up texts: as many kinds as people write with.
SIGNS = "".join(map(chr, range(0x4E00, 0x4E00 + 1500)))


def run() -> None:
    """Print seconds and the most memory of each step, each in a fresh process, and the longest wait of a writer."""
    from django.db import connection

    if connection.vendor != "sqlite":
        print("large: only on SQLite, whose file is copied")
        return
    COPY.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(COPY)])
    print(f"large: {_step('lengthen')['entries']} entries of {LENGTH} characters in the year")
    print(f"  {'export':<22}{_line(_step('export'))}; the file has {FILE.stat().st_size / 1e6:.1f} MB")
    print(f"  {'preview, all as stored':<22}{_line(_step('preview'))}")
    _step("alter")
    _beside_a_writer("preview, all changed", "preview")
    _beside_a_writer("commit", "commit")
    for path in (COPY, FILE):
        path.unlink()


def _beside_a_writer(label: str, name: str) -> None:
    """Print a step, and how long somebody else's writing waited meanwhile."""
    STOP.unlink(missing_ok=True)
    writer = _start("write")
    print(f"  {label:<22}{_line(_step(name))}")
    STOP.touch()
    waits = json.loads(writer.communicate()[0])
    said = f"{waits['writes']} writes, the longest waited {waits['longest']:.1f} s, {waits['refused']} were refused"
    print(f"  {'':<22}another writer: {said}")
    STOP.unlink()


def _start(name: str) -> "subprocess.Popen[str]":
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{COPY}"}
    return subprocess.Popen(
        [sys.executable, "-m", "bench.large", name], env=environment, stdout=subprocess.PIPE, text=True
    )


def _step(name: str) -> dict[str, Any]:
    process = _start(name)
    said = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"large: {name} failed")
    found: dict[str, Any] = json.loads(said)
    return found


def _line(found: dict[str, Any]) -> str:
    counts = f", {found['rows']}" if "rows" in found else ""
    return f"{found['seconds']:6.1f} s, at most {found['peak']:4d} MB{counts}"


# The steps, in a process of their own.


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _entries() -> Any:
    from apps.handbook.models import HandbookEntry
    from bench import towns

    return HandbookEntry.objects.within(towns.town().scope).in_period(towns.period())


def lengthen() -> dict[str, Any]:
    """Leave so many entries in the year, and give each a text of its own."""
    dice = random.Random(1)
    extra = _entries().order_by("-pk").values_list("pk", flat=True)[: max(_entries().count() - ENTRIES, 0)]
    _entries().filter(pk__in=list(extra)).delete()
    rows = list(_entries())
    for row in rows:
        row.content = "".join(dice.choices(SIGNS, k=LENGTH))
    type(rows[0]).objects.bulk_update(rows, ["content"], batch_size=500)
    return {"entries": len(rows)}


def alter() -> dict[str, Any]:
    """Let each stored entry differ from the file."""
    from django.db.models import Value
    from django.db.models.functions import Concat

    return {"entries": _entries().update(content=Concat("content", Value("。")))}


def export() -> dict[str, Any]:
    """Write the year's workbook as the worker does."""
    from apps.core.actors import SYSTEM
    from apps.core.models import SchoolYear
    from apps.workbooks.exporting.asked import YearAsked
    from bench import towns

    town = towns.town()
    asked = YearAsked(town.scope, town, SchoolYear.objects.get(start_year=int(towns.YEAR)), SYSTEM.imports)
    with FILE.open("wb") as out:
        asked.write(out)
    return {"rows": f"{asked.total()} rows"}


def _previewed() -> Any:
    from django.core.files import File

    from apps.core.actors import SYSTEM
    from apps.core.models import SchoolYear
    from apps.workbooks.actions.imports import preview_now
    from bench import towns

    town = towns.town()
    year = SchoolYear.objects.get(start_year=int(towns.YEAR))
    with FILE.open("rb") as stream:
        batch = preview_now(
            file=File(stream, name=FILE.name), scope=town.scope, year=year, by=SYSTEM.imports, township=town
        )
    if batch.problems:
        raise SystemExit(f"our own workbook is refused: {batch.problems[0]}")
    return batch


def preview() -> dict[str, Any]:
    """Preview the workbook as the worker does."""
    batch = _previewed()
    return {"rows": " ".join(f"{batch.total(kind)} {kind}" for kind in ("new", "changed", "unchanged"))}


def commit() -> dict[str, Any]:
    """Import what was previewed last, as the worker does."""
    from apps.core.actors import SYSTEM
    from apps.workbooks.actions.imports import commit_now
    from apps.workbooks.models import ImportBatch

    batch = ImportBatch.objects.defer("changes", "added").order_by("-pk")[0]
    commit_now(batch=batch, by=SYSTEM.imports)
    return {"rows": batch.status}


def write() -> dict[str, Any]:
    """Write a row over and over, as a page does, until the file appears that says stop; tell the longest wait."""
    from django.db import OperationalError

    from apps.accounts.models import User

    writes, refused, longest = 0, 0, 0.0
    user = User.objects.order_by("pk")[0]
    while not STOP.exists():
        began = time.perf_counter()
        try:
            User.objects.filter(pk=user.pk).update(name=user.name)
        except OperationalError:
            refused += 1
        writes, longest = writes + 1, max(longest, time.perf_counter() - began)
        time.sleep(0.05)
    return {"writes": writes, "refused": refused, "longest": longest}


STEPS = {step.__name__: step for step in (lengthen, alter, export, preview, commit, write)}

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townedu.settings")
    django.setup()
    started = time.perf_counter()
    told = STEPS[sys.argv[1]]()
    print(json.dumps(told | {"seconds": time.perf_counter() - started, "peak": _peak()}))

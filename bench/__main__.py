"""`python -m bench [summary] [pages] [workbooks] [batches] [large] [--towns N]`: benchmarks on generated towns.

Its database is `var/bench.sqlite3` unless DATABASE_URL names another one, which must be there for benchmarks only.
"""

import argparse
import os
from pathlib import Path

import django

VAR = Path(__file__).resolve().parent.parent / "var"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townedu.settings")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{VAR / 'bench.sqlite3'}")
os.environ.setdefault("MEDIA_ROOT", str(VAR / "bench-media"))
django.setup()

from bench import batches, large, pages, summary, towns, workbooks  # noqa: E402  (they need Django to be set up)

BENCHMARKS = {
    "summary": summary.run,
    "pages": pages.run,
    "workbooks": workbooks.run,
    "batches": batches.run,
    "large": large.run,
}

parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
parser.add_argument("names", nargs="*", help=f"some of {', '.join(BENCHMARKS)}; all without any")
parser.add_argument("--towns", type=int, default=1, help="so many towns of the budget's size in the database")
options = parser.parse_args()
if unknown := set(options.names) - set(BENCHMARKS):
    parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
towns.ensure(options.towns)
for name in options.names or BENCHMARKS:
    BENCHMARKS[name]()

"""`python -m bench.memory WORK FILE`: prints by how many megabytes this process grows at most over a piece of work."""

import os
import re
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townedu.settings")
django.setup()

from django.urls import get_resolver  # noqa: E402  (Django must be set up)

from bench import workbooks  # noqa: E402


def peak() -> int:
    """Return the most memory that the process has had, in kilobytes."""
    status = Path("/proc/self/status").read_text()  # getrusage would begin with what the parent process has had
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1])


work, content = getattr(workbooks, sys.argv[1]), Path(sys.argv[2]).read_bytes()
len(get_resolver().url_patterns)  # an idle web process has its addresses read
workbooks.Township.objects.first()
idle = peak()
workbooks.taken_back(lambda: work(content))
print((peak() - idle) // 1024)

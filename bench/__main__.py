"""`python -m bench`: runs every benchmark on the database that the settings name, and prints what it measured."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townedu.settings")
django.setup()

from bench import batches, pages, summary, workbooks  # noqa: E402  (they need Django to be set up)

for benchmark in (summary, pages, workbooks, batches):
    benchmark.run()

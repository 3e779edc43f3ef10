"""A site on which processes work: a database and a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

PLACES = """
from datetime import date
from apps.accounts.actions import sync_roles
from apps.accounts.models import User
from apps.core.models import SchoolYear
from apps.schools.models import District, School, Township
sync_roles()
district = District.objects.create(code="610304", name="陈仓区")
township = Township.objects.create(district=district, code="610304105", name="慕仪镇", office_name="慕仪镇教育组")
School.objects.create(township=township, code="01", name="镇初级中学", stage="junior")
year = SchoolYear.objects.create(start_year=2025, starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))
User.objects.create(username="office", name="office", township=township, is_superuser=True)
"""


class Site:
    """A site with a database and a folder of its own, worked on by processes."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.written = folder, folder / "written"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.workbooks.settings_worker",
            "DATABASE_URL": database,
            "MEDIA_ROOT": str(folder),
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "PYTHONPATH": str(settings.BASE_DIR),
            "WRITTEN": str(self.written),
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out

    def do(self, code: str, *arguments: str) -> str:
        return self.run("-c", f"import json, sys, django; django.setup()\n{code}", *arguments)

    def worker(self, **environment: str) -> subprocess.Popen:
        return self.start(
            "manage.py", "db_worker", "--queue-name", "*", "--no-startup-delay", "--batch", "--no-reload", **environment
        )

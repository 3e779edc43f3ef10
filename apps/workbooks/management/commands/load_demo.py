"""The demo town: built from its seed, brought in by the import that offices use, with accounts to look around."""

import tempfile
import time
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from apps.accounts.actions import save_account, sync_roles
from apps.accounts.models import User
from apps.accounts.roles import OFFICE, PRINCIPAL, RESEARCHER, TEACHER
from apps.core.actors import SYSTEM
from apps.research.actions import add_photos
from apps.research.models import Activity, Photo
from apps.schools.models import School, Township
from apps.workbooks.actions.imports import import_file
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Refused
from fixtures.demo import SEED, TOWNSHIP_CODE, make_town
from fixtures.demo.accounts import PASSWORD, USERNAMES, Account, accounts_of
from fixtures.demo.pictures import draw
from fixtures.demo.town import LANGUAGE, Town
from fixtures.demo.workbook import Books

ROLES = {role.key: role for role in (OFFICE, PRINCIPAL, TEACHER, RESEARCHER)}


class Command(BaseCommand):
    help = "Loads the demo town with its accounts, unless it is there, and prints the sign-ins. Refuses in production."

    def add_arguments(self, parser: Any) -> None:
        """Offer another seed."""
        parser.add_argument("--seed", type=int, default=SEED, help="the same number gives the same town")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the town all or nothing, then print who can sign in."""
        if settings.PUBLIC:
            raise CommandError("The demo town has known passwords: it is not loaded on a site that others can reach.")
        if not Township.objects.filter(code=TOWNSHIP_CODE).exists():
            with transaction.atomic():
                self.load(options["seed"])
        self.print_sign_ins()

    def load(self, seed: int) -> None:
        """Bring in the town of `seed`: the three workbooks, the photos that no workbook holds, the accounts."""
        began = time.monotonic()
        sync_roles()
        town = make_town(seed)
        with tempfile.TemporaryDirectory() as folder, translation.override(LANGUAGE):
            for path in Books(town).write(Path(folder)):
                self.bring_in(path)
                self.tell(f"{path.name} imported after {time.monotonic() - began:.0f} s")
        self.add_photos(town)
        for account in accounts_of(town):
            self.open_account(account)
        self.tell(f"Demo town loaded in {time.monotonic() - began:.0f} s")

    def bring_in(self, path: Path) -> None:
        """Import a workbook as an office does; raise CommandError with all that is refused."""
        try:
            with path.open("rb") as file:
                plan = plan_import(file, by=SYSTEM.demo, code=TOWNSHIP_CODE, start_year=int(path.stem[-4:]))
                import_file(file=File(file, name=path.name), plan=plan, by=SYSTEM.demo)
        except Refused as refusal:
            raise CommandError("\n".join([path.name, *refusal.messages])) from refusal

    def add_photos(self, town: Town) -> None:
        """Draw the photos and add them to their activities, as the page of photos does."""
        stored = {(a.school.name, a.date, a.title): a for a in Activity.objects.select_related("school")}
        for _activity, group in groupby(town.of(Photo), key=lambda photo: photo.activity_id):
            photos = list(group)
            held = photos[0].activity
            add_photos(
                activity=stored[held.school.name, held.date, held.title],
                files=[ContentFile(draw(photo.pk), name=f"demo-{photo.pk:03}.jpg") for photo in photos],
                captions=[photo.caption for photo in photos],
                by=SYSTEM.demo,
            )

    def open_account(self, account: Account) -> None:
        """Open an account with the demo's password."""
        rows = type(account.record).objects.filter(**{account.known_by: getattr(account.record, account.known_by)})
        place = rows.get(**({"township__code": TOWNSHIP_CODE} if account.place in ("school", "teacher") else {}))
        user = User(username=account.username, name=account.name, **{account.place: place})
        save_account(record=user, by=SYSTEM.demo, role=ROLES[account.role])
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])

    def print_sign_ins(self) -> None:
        """Print user names, people, places and roles; the password is the same for all."""
        self.stdout.write(f"Password of all demo accounts: {PASSWORD}")
        for user in User.objects.with_places().filter(username__in=USERNAMES).order_by("pk"):
            duty = user.researcher.duty if user.researcher else ""
            place = School.objects.filter(pk=user.scope.school or 0).first() or user.township or duty
            self.stdout.write(f"  {user.username:<11} {user.name}  {place}  {user.role}")

    def tell(self, text: str) -> None:
        """Say how far the work is, on standard error."""
        self.stderr.write(text)

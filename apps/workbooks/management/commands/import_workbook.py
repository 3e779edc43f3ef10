"""Import a workbook; print the counts, or every error with its cell, and write nothing on any error."""

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.core.actors import SYSTEM
from apps.workbooks.actions.imports import import_file
from apps.workbooks.files.validation import UserError
from apps.workbooks.places import place_named
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan, Refused
from apps.workbooks.planning.writing import try_plan


class Command(BaseCommand):
    help = "Import a workbook. Prints counts for each sheet, or every error with its cell, and then writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--year", type=int, help="the year in which the school year begins")
        parser.add_argument("--township", default="", metavar="CODE")
        parser.add_argument("--school", default="", metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="preview only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or raise CommandError."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": path})
        try:
            with path.open("rb") as stream:
                file = File(stream, name=path.name)
                plan = plan_import(
                    file, by=SYSTEM.imports, **place_named(options["year"], options["township"], options["school"])
                )
                counts = plan.counts
                if options["dry_run"]:
                    try_plan(plan, by=SYSTEM.imports)
                if plan.problems:
                    raise Refused(plan)
                if not options["dry_run"]:
                    import_file(file=file, plan=plan, by=SYSTEM.imports)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except Refused as refusal:
            for problem in refusal.plan.problems:
                self.stderr.write(str(problem))
            numbers = {"number": len(refusal.plan.problems)}
            raise CommandError(_("%(number)d errors; nothing was written.") % numbers) from refusal
        except UserError as error:
            raise CommandError("".join(error.messages)) from error
        self._report(plan, counts)

    def _report(self, plan: Plan, counts: dict[str, dict[str, int]]) -> None:
        for note in plan.notes:
            self.stderr.write(note)
        for _record, doubt in (found for part in plan.parts for found in part.doubts):
            self.stderr.write(str(doubt))
        for title, numbers in counts.items():
            said = _("%(sheet)s: %(new)d new, %(changed)d changed, %(unchanged)d unchanged")
            self.stdout.write(said % {"sheet": title, **numbers})

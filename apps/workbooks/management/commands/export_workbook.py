"""Export a school year's workbook, in the form that the import takes."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.core.actors import SYSTEM
from apps.schools.models import Township
from apps.workbooks.exporting.writer import write_year
from apps.workbooks.places import place_named


class Command(BaseCommand):
    help = "Export the workbook of a school year: of a township, or of one school."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--year", type=int, required=True, help="the year in which the school year begins")
        parser.add_argument("--township", default="", metavar="CODE")
        parser.add_argument("--school", default="", metavar="CODE")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the workbook, or raise CommandError."""
        if not options["out"].parent.is_dir():
            raise CommandError(_("There is no folder %(folder)s.") % {"folder": options["out"].parent})
        try:
            place = place_named(options["year"], options["township"], options["school"])
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        township, year = place["township"] or _only_township(), place["year"]
        if year is None:
            raise CommandError(_("There is no school year that begins in %(year)d.") % {"year": options["year"]})
        if township is None:
            raise CommandError(_("There is no township, or there are several: name one by --township CODE."))
        scope = place["scope"] or township.scope
        try:
            with options["out"].open("wb") as target:
                write_year(target, scope=scope, township=township, year=year, user=SYSTEM.imports)
        except OSError as error:
            raise CommandError(f"{options['out']}: {error.strerror}") from error
        self.stderr.write(f"{options['out']}")


def _only_township() -> Township | None:
    townships = list(Township.objects.select_related("district")[:2])
    return townships[0] if len(townships) == 1 else None

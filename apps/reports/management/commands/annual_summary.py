"""Writes the summary of a township, a school or a teacher for a school year, a term or a calendar year."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.reports.actions import blank_summary, find_summary
from apps.reports.composing.document import LANGUAGE
from apps.reports.printing.files import TYPES, summary_file
from apps.schools.models import School, Township
from apps.teachers.models import Teacher


class Command(BaseCommand):
    """Prints the summary as it stands: the finalised version, else the draft, else the default outline."""

    help = "Write the annual summary to a file or to standard output. Changes nothing in the database."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return a parser that leaves with status 1 and one sentence, as every failure does."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if parser.called_from_command_line:
            vars(parser)["error"] = lambda message: parser.exit(1, f"{message}\n")
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="the year in which the school year begins")
        span = parser.add_mutually_exclusive_group()
        span.add_argument("--calendar", action="store_true", help="take the calendar year instead")
        span.add_argument("--term", type=int, choices=(1, 2), help="take only this term of the school year")
        parser.add_argument("--township", help="the township's code; needed if there are several")
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--school", help="a school's code: its own summary")
        one.add_argument("--teacher", help="a teacher's number: the development file")
        parser.add_argument("--format", choices=sorted(TYPES), default="pdf")
        parser.add_argument("--out", type=Path, help="the file to write; standard output without it")

    def handle(self, *, out: Path | None, **options: Any) -> None:
        """Write the summary."""
        try:
            period = self.period(options["year"], options["calendar"], options["term"])
            scope = self.scope(self.township(options["township"]), options["school"], options["teacher"], period)
            summary = find_summary(scope=scope, period=period) or blank_summary(scope=scope, period=period)
            data = summary_file(summary, options["format"]).data
            self.put(data, out)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        except (ValueError, OSError, DatabaseError) as error:
            raise CommandError(str(error)) from error

    def period(self, year: int, calendar: bool, term: int | None) -> Period:
        """Return the school year, its term, or the calendar year; raise ValueError if there is none."""
        code = f"c{year}" if calendar else f"{year}-{term}" if term else str(year)
        with translation.override(LANGUAGE):
            return Period.from_code(code)

    def township(self, code: str | None) -> Township:
        """Return the township of a code, the only one without a code."""
        found = list(Township.objects.filter(code=code) if code else Township.objects.all()[:2])
        if code and not found:
            raise CommandError(_("There is no township with the code %(code)s.") % {"code": code})
        if not found:
            raise CommandError(_("There is no township in the database yet."))
        if len(found) > 1:
            raise CommandError(_("There are several townships: name one by --township CODE."))
        return found[0]

    def scope(self, township: Township, school: str | None, teacher: str | None, period: Period) -> Scope:
        """Return the scope of the township, or of the school or teacher within it."""
        if school:
            row = School.objects.filter(township=township, code=school).select_related("township").first()
            if not row:
                raise CommandError(_("The township has no school with the code %(code)s.") % {"code": school})
            return row.scope
        if teacher:
            person = Teacher.objects.filter(township=township, no=teacher).select_related("township").first()
            if not person:
                raise CommandError(_("The township has no teacher with the number %(no)s.") % {"no": teacher})
            return person.scope_on(period.ends_on)
        return township.scope

    def put(self, data: bytes, out: Path | None) -> None:
        """Write the bytes to the file, or to standard output."""
        if out is not None:
            try:
                out.write_bytes(data)
            except FileNotFoundError as error:
                raise CommandError(_("There is no folder %(folder)s.") % {"folder": out.parent}) from error
            except OSError as error:
                raise CommandError(_("The file %(path)s cannot be written there.") % {"path": out}) from error
            self.stderr.write(self.style.SUCCESS(str(out)))
            return
        stream = getattr(self.stdout, "buffer", None)
        if stream is not None:
            stream.write(data)
            stream.flush()
        else:
            self.stdout.write(data.decode(), ending="")

"""Prints the one-time code with which the first account is made in the browser."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.firstrun.models import FirstCode, nobody_yet


class Command(BaseCommand):
    help = "Prints a one-time code for the first steps in the browser; none once somebody has an account."

    def add_arguments(self, parser: Any) -> None:
        """Take the address at which the site is served."""
        parser.add_argument("--address", default="http://localhost:8000/", help="where the site is served")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print address and code, or say on standard error that there is nothing to open."""
        if nobody_yet():
            self.stdout.write(f"First steps     {options['address']}\nOne-time code   {FirstCode.issue()}")
        elif options["verbosity"]:
            self.stderr.write(f"Somebody has an account already: sign in at {options['address']}")

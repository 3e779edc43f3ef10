"""Towns of any size with invented records, for benchmarks and load tests."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.actions import sync_roles
from apps.accounts.models import User
from apps.schools.models import Township
from fixtures.demo.accounts import PASSWORD
from fixtures.generated import Size, Writer, plan_of
from fixtures.generated.plans import PARTS


class Command(BaseCommand):
    help = (
        "Adds towns with invented records, the same ones for the same seed, and prints who can sign in. Refuses in "
        "production, and where a town of this seed is there already; another seed adds other towns beside it."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take how many towns and how large."""
        for name, default, about in (
            ("townships", 1, "how many towns"),
            ("schools", 14, "schools of each town"),
            ("teachers", 260, "teachers of each town"),
            ("years", 3, "school years, the last of which has only begun"),
            ("entries", 30, "handbook entries per teacher and year, at least 14"),
            ("observations", 12, "observations per teacher and year, at least 4"),
            ("seed", 1, "the same number gives the same towns"),
            ("first", 0, "how many towns of this seed to pass over, because they are there"),
        ):
            parser.add_argument(f"--{name}", type=int, default=default, help=f"{about} (default: {default})")
        parser.add_argument(
            "--without", nargs="*", default=[], choices=PARTS, help="leaves kinds of records out, so that gaps occur"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the towns one after another, each all or nothing, then print who can sign in."""
        if settings.PUBLIC:
            raise CommandError("Generated towns have known passwords: none is made on a site that others can reach.")
        size = demand_size(options)
        seed, numbers = options["seed"], range(options["first"], options["townships"])
        plans = [plan_of(seed, number, size) for number in numbers]
        demand_new([plan.code for plan in plans], seed)
        sync_roles()
        writer, began, users = Writer(), time.monotonic(), []
        for number, plan in enumerate(plans, start=1):
            users += writer.add(seed, plan)
            passed = time.monotonic() - began
            self.stderr.write(f"{number} of {len(plans)}: {plan.name} {plan.code} after {passed:.0f} s")
        self.stdout.write(f"Password of all generated accounts: {PASSWORD}")
        for username in users:
            self.stdout.write(f"  {username}")


def demand_size(options: dict[str, Any]) -> Size:
    """Return the size of each town; raise CommandError for one that no town can have."""
    for name in ("townships", "schools", "years"):
        if options[name] < 1:
            raise CommandError(f"--{name} must be at least 1.")
    if options["teachers"] < 2 * options["schools"]:
        raise CommandError("--teachers must be at least twice --schools: every school has a head and somebody to lead.")
    if options["seed"] < 0:
        raise CommandError("--seed must not be negative.")
    names = ("schools", "teachers", "years", "entries", "observations")
    return Size(**{name: options[name] for name in names}, without=frozenset(options["without"]))


def demand_new(codes: list[str], seed: int) -> None:
    """Raise CommandError if a township or an account of these codes is there: nothing is written twice or mixed up."""
    found = sorted(Township.objects.filter(code__in=codes).values_list("code", flat=True))
    accounts = User.objects.filter(username__in=[f"office-{code}" for code in codes], township__isnull=True)
    found += sorted(accounts.values_list("username", flat=True))
    if found:
        raise CommandError(
            f"Towns of seed {seed} are there already ({found[0]} and {len(found) - 1} more). "
            "Choose another --seed to add other towns; nothing was written."
        )

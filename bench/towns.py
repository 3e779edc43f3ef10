"""The towns that benchmarks run on: of the size that the budgets speak of, made where they are missing."""

import time

from django.core.management import call_command
from django.db import connection

from apps.accounts.models import User
from apps.core.periods import Period
from apps.schools.models import Township
from fixtures.generated import Size, plan_of

SEED, YEAR = 100, "2025"
# 30,000 handbook entries and 12,000 observations a year.
BUDGET = Size(schools=30, teachers=1000, years=3)


def ensure(number: int) -> None:
    """Bring database and assets up to date and add towns until there are `number`; refuse one that holds others."""
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("collectstatic", interactive=False, verbosity=0)
    codes = [plan_of(SEED, place, BUDGET).code for place in range(max(number, 1000))]
    there = set(Township.objects.values_list("code", flat=True))
    if foreign := there - set(codes):
        raise SystemExit(f"This database holds other towns ({sorted(foreign)[0]}): name one for benchmarks only.")
    missing = number - len(there)
    if missing > 0:
        began = time.monotonic()
        size = {name: getattr(BUDGET, name) for name in ("schools", "teachers", "years")}
        call_command("generate_town", townships=number, seed=SEED, first=len(there), **size)
        print(f"{missing} towns made in {time.monotonic() - began:.0f} s")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"{Township.objects.count()} towns on {connection.vendor}")


def town() -> Township:
    """Return the town that is measured: the last one, so that the others lie before it."""
    return Township.objects.select_related("district").order_by("-code")[0]


def period() -> Period:
    """Return the complete school year that is measured."""
    return Period.from_code(YEAR)


def office() -> User:
    """Return the account of the town's office."""
    return User.objects.get(username=f"office-{town().code}")

"""Townships, schools and school years: the user's own, and as commands name them, by code and by year."""

from typing import Any

from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.core.models import SchoolYear
from apps.schools.models import School, Township
from apps.workbooks.files.validation import UserError


def own_township(user: Actor) -> Township | None:
    """Return the township that the user works in, None for who works in several."""
    return Township.objects.select_related("district").filter(pk=user.scope.township or 0).first()


def place_named(year: int | None, township: str, school: str) -> dict[str, Any]:
    """Return what `plan_import` wants to know of the place, None for what is not stored.

    Raises UserError for a school that is not there.
    """
    found = Township.objects.select_related("district").filter(code=township).first() if township else None
    place: dict[str, Any] = {
        "scope": None,
        "township": found,
        "code": township,
        "year": SchoolYear.objects.filter(start_year=year).first() if year else None,
        "start_year": year,
    }
    if school:
        schools = School.objects.select_related("township__district").filter(
            code=school, **({"township": found} if found else {})
        )
        if township and found is None or schools.count() != 1:
            raise UserError(
                _("There is no school with code %(code)s, or there are several: name the township too.")
                % {"code": school}
            )
        row = schools.get()
        place |= {"scope": row.scope, "township": row.township}
    return place

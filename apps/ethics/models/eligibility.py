"""Who is barred: what ethics assessment and misconduct mean for annual appraisal, promotion and honours.

An unqualified ethics assessment makes the annual appraisal unqualified and closes promotion and honours
(关于加强和改进新时代师德师风建设的意见, 2019); confirmed misconduct closes promotion and honours for 24 months at least
(中小学教师违反职业道德行为处理办法, 2018年修订, 第三条).
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from .assessment import AssessmentCycle, EthicsAssessment
from .conduct import MisconductCase

UNQUALIFIED = EthicsAssessment.Grade.UNQUALIFIED
DECIDED = EthicsAssessment.Status.DECIDED
CONFIRMED = MisconductCase.Finding.CONFIRMED


def barred(day: date, path: str = "pk") -> Q:
    """Return the condition that the teacher at `path` may not be promoted or honoured on `day`.

    So is who was unqualified in the latest decided assessment closed by then, or has a case that bars on that day.
    """
    decided = EthicsAssessment.objects.filter(teacher=OuterRef(path), status=DECIDED, cycle__closes_on__lte=day)
    latest = Subquery(decided.order_by("-cycle__closes_on").values("grade")[:1])
    cases = MisconductCase.objects.filter(
        teacher=OuterRef(path), finding=CONFIRMED, decided_on__lte=day, barred_until__gte=day
    )
    return Q(Exact(Coalesce(latest, Value("")), Value(UNQUALIFIED.value))) | Q(Exists(cases))


def eligible(value: bool) -> Q:
    """Return the condition that an assessment leaves promotion and honours open, or closes them.

    Misconduct counts as it stands on the last day of the assessment's school year. One that is not decided does
    neither, unless a case of misconduct bars the teacher.
    """
    day = OuterRef("cycle__school_year__ends_on")
    cases = MisconductCase.objects.filter(
        teacher=OuterRef("teacher"), finding=CONFIRMED, decided_on__lte=day, barred_until__gte=day
    )
    if value:
        return Q(status=DECIDED) & ~Q(grade=UNQUALIFIED) & ~Q(Exists(cases))
    return Q(grade=UNQUALIFIED) | Q(Exists(cases))


def vetoed(cycle: AssessmentCycle) -> QuerySet[MisconductCase, int]:
    """Return the ids of the teachers with confirmed misconduct that was received in the cycle's school year."""
    year = cycle.school_year
    cases = MisconductCase.objects.filter(finding=CONFIRMED, received_on__range=(year.starts_on, year.ends_on))
    return cases.filter(teacher__township=cycle.township_id).values_list("teacher", flat=True)

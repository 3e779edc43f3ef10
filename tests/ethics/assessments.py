"""Assessments of the town's teacher in a state, and what is stored of one."""

from decimal import Decimal
from types import SimpleNamespace

from apps.ethics.models import EthicsAssessment
from tests.ethics.factories import AssessmentFactory


def stored(row: EthicsAssessment) -> EthicsAssessment:
    return EthicsAssessment.objects.get(pk=row.pk)


def draft(town: SimpleNamespace, **kwargs: object) -> EthicsAssessment:
    return AssessmentFactory(**{"school": town.school, "teacher": town.teacher} | kwargs)


def submitted(town: SimpleNamespace, total: int | None = 95, **kwargs: object) -> EthicsAssessment:
    score = None if total is None else Decimal(total)
    return draft(town, status="submitted", school_score=score, total=score, **kwargs)

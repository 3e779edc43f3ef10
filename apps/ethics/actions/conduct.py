"""What is done with misconduct, honours and campaigns."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import lock, save_record, save_records, write_records
from apps.core.actors import Actor
from apps.core.rules import demand
from apps.ethics.models import (
    AssessmentCycle,
    Campaign,
    CampaignParticipant,
    EthicsAssessment,
    Honour,
    MisconductCase,
    barred,
    vetoed,
)
from apps.ethics.rules import may_join
from apps.teachers.models import Appointment, Teacher, on_day


@transaction.atomic
def save_case(*, record: MisconductCase, by: Actor, version: int | None = None) -> MisconductCase:
    """Write a case; once confirmed, it makes its school year's decided grade unqualified, unless that is published."""
    save_record(record=record, by=by, version=version)
    _veto([record], by)
    return record


@transaction.atomic
def save_cases(*, records: Sequence[MisconductCase], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked cases as `save_case` writes one."""
    for record in records:
        record.set_bar()
    save_records(records=records, by=by, fields=dict.fromkeys([*fields, "barred_until"]))
    _veto(records, by)


def _veto(cases: Sequence[MisconductCase], by: Actor) -> None:
    """Let grades already decided follow from cases confirmed later, in cycles that are not published."""
    confirmed = [case for case in cases if case.finding == MisconductCase.Finding.CONFIRMED]
    days = [case.received_on for case in confirmed]
    if not days:
        return
    cycles = AssessmentCycle.objects.exclude(status=AssessmentCycle.Status.PUBLISHED).filter(
        township__in={case.school.township_id for case in confirmed},
        school_year__starts_on__lte=max(days),
        school_year__ends_on__gte=min(days),
    )
    for cycle in cycles.select_related("school_year"):
        decided = cycle.assessments.filter(status=EthicsAssessment.Status.DECIDED, teacher__in=vetoed(cycle))
        wrong = list(decided.exclude(grade=EthicsAssessment.Grade.UNQUALIFIED).select_related("teacher"))
        for assessment in wrong:
            assessment.grade = EthicsAssessment.Grade.UNQUALIFIED
        write_records(records=wrong, by=by, fields=["grade"])


def award_honour(*, record: Honour, by: Actor, version: int | None = None) -> Honour:
    """Write an honour and return it; raise ValidationError for a teacher who is barred on that day."""
    refuse_barred([record])
    return save_record(record=record, by=by, version=version)


def award_honours(*, records: Sequence[Honour], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked honours, or none: raise ValidationError naming the teachers who are barred."""
    refuse_barred(records)
    save_records(records=records, by=by, fields=fields)


def refuse_barred(records: Sequence[Honour]) -> None:
    """Raise ValidationError naming the teachers of `records` who may not be honoured on the day; one query a day."""
    by_day: dict[date, set[int]] = {}
    for record in records:
        by_day.setdefault(record.awarded_on, set()).add(record.teacher_id)
    refused = [
        _("%(teacher)s (%(day)s)") % {"teacher": teacher, "day": day.isoformat()}
        for day, teachers in sorted(by_day.items())
        for teacher in Teacher.objects.filter(barred(day), pk__in=teachers)
    ]
    if refused:
        raise ValidationError(
            _(
                "No honours on that day for %(names)s: unqualified in the latest ethics assessment, or barred for"
                " misconduct (measures of 2018, §3)."
            )
            % {"names": "、".join(refused)}
        )


@transaction.atomic
def join_campaign(*, campaign: Campaign, by: Actor) -> int:
    """Record that all teachers who serve within the scope of `by` take part in `campaign`; return how many were new.

    They serve there today, or on the campaign's first or last day if it is not running today.
    """
    demand(may_join, by, lock(campaign))
    day = min(max(timezone.localdate(), campaign.starts_on), campaign.ends_on)
    serving = Appointment.objects.within(by.scope).filter(on_day(day), school__township=campaign.township_id)
    serving = serving.exclude(teacher__in=campaign.participants.values("teacher")).select_related("teacher", "school")
    joining = [CampaignParticipant(campaign=campaign, teacher=row.teacher, school=row.school) for row in serving]
    write_records(records=joining, by=by)
    return len(joining)

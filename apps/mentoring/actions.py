"""What people do with mentoring pairs."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core.actions import lock, save_record, save_records, write_record
from apps.core.actors import Actor
from apps.core.rules import demand
from apps.teachers.models import Appointment

from .models import MentoringPair
from .rules import may_end, may_extend


@transaction.atomic
def save_pair(*, record: MentoringPair, by: Actor, version: int | None = None) -> MentoringPair:
    """Write a pair and return it; raise ValidationError for an apprentice who belonged to another school then."""
    save_record(record=record, by=by, version=version)
    _refuse_elsewhere([record])
    return record


@transaction.atomic
def save_pairs(*, records: Sequence[MentoringPair], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked pairs as `save_pair` writes one."""
    save_records(records=records, by=by, fields=fields)
    _refuse_elsewhere(records)


def _refuse_elsewhere(pairs: Sequence[MentoringPair]) -> None:
    """Raise ValidationError naming the apprentices who did not belong to the pair's school on its first day."""
    stays = Appointment.objects.filter(teacher__in={pair.apprentice_id for pair in pairs})
    spans = list(stays.values_list("teacher", "school", "starts_on", "ends_on"))
    elsewhere = [
        _("%(teacher)s (%(day)s)") % {"teacher": pair.apprentice, "day": pair.starts_on.isoformat()}
        for pair in pairs
        if not any(
            (teacher, school) == (pair.apprentice_id, pair.school_id)
            and first <= pair.starts_on <= (last or pair.starts_on)
            for teacher, school, first, last in spans
        )
    ]
    if elsewhere:
        raise ValidationError(
            _("These apprentices did not belong to the school when they were paired: %(names)s.")
            % {"names": "、".join(elsewhere)}
        )


@transaction.atomic
def end_pairing(*, pair: MentoringPair, on: date, result: str, by: Actor) -> MentoringPair:
    """End a pair (出师) with its result, and return it; raise ValidationError for one that has it, or a day to come."""
    demand(may_end, by, lock(pair))
    _demand_running(pair)
    if on > timezone.localdate():
        raise ValidationError({"on": _("The result is given when the pair has ended.")})
    if on <= pair.starts_on:
        raise ValidationError({"on": _("A pair must end after it begins.")})
    if result not in MentoringPair.Result.values:
        raise ValidationError({"result": pgettext("mentoring pair", "Choose a result.")})
    pair.ends_on, pair.result = on, result
    return write_record(record=pair, by=by)


@transaction.atomic
def extend_pairing(*, pair: MentoringPair, until: date, by: Actor) -> MentoringPair:
    """Let a pair go on until a later day, and return it; raise ValidationError if it has a result, or ends later."""
    demand(may_extend, by, lock(pair))
    _demand_running(pair)
    if pair.ends_on is None or until <= pair.ends_on:
        raise ValidationError({"until": _("Choose a day after the one until which the pair is agreed.")})
    pair.ends_on = until
    return write_record(record=pair, by=by)


def _demand_running(pair: MentoringPair) -> None:
    if pair.result:
        raise ValidationError(_("This pair has its result already."))

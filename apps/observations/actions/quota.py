"""What is done with quotas of observations."""

from django.db import transaction

from apps.core.actions import copy_to_next_term, lock
from apps.core.actors import Actor
from apps.core.models import Record
from apps.core.rules import demand
from apps.observations.models import ObservationQuota
from apps.observations.rules import may_copy


@transaction.atomic
def copy_quotas(*, quota: ObservationQuota, by: Actor) -> list[Record]:
    """Set for the next term what is set for the quota's term, and return what was added."""
    demand(may_copy, by, lock(quota))
    return copy_to_next_term(model=ObservationQuota, term=quota.term, by=by)

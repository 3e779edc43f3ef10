"""What is done with the plans of activities."""

from django.db import transaction

from apps.core.actions import copy_to_next_term, lock
from apps.core.actors import Actor
from apps.core.rules import demand
from apps.research.models import ActivityQuota
from apps.research.rules import may_copy


@transaction.atomic
def copy_activity_quotas(*, quota: ActivityQuota, by: Actor) -> int:
    """Set for the next term what is set for the plan's term, and return how many were added."""
    demand(may_copy, by, lock(quota))
    return len(copy_to_next_term(model=ActivityQuota, term=quota.term, by=by))

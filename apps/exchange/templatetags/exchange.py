"""What the page of a round shows beside its fields."""

from django import template
from django.template import Context

from apps.exchange.models import ExchangeRound, Staffing, Standing, staffing, standing
from apps.schools.models import School

register = template.Library()


@register.simple_tag(takes_context=True)
def staffing_of(context: Context, round: ExchangeRound) -> list[Staffing]:
    """Return the staffing before and after a round, of the schools that the user may see."""
    schools = School.objects.visible_to(context["request"].user).filter(township=round.township_id)
    return staffing(round, schools.standing_in(round.school_year).as_of(round.closes_on))


@register.simple_tag(takes_context=True)
def standing_of(context: Context, round: ExchangeRound) -> Standing | None:
    """Return how the round stands against its shares; None for users who see a part of the township only."""
    wide = context["request"].user.scope.kind in {"everything", "district", "township"}
    return standing(round) if wide else None

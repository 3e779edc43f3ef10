"""Who may do what with schools and with what they lie in.

A district is kept by its own people, who see all of it; a township's office does so only where it is the one office
there. Each office says for its own township which researchers serve it.
"""

from apps.core.actors import Actor
from apps.core.rules import RecordRules, keep_rules, keeps_records, rule

from .models import District, Researcher, School, Township


def keeps_district(actor: Actor, district: District) -> bool:
    """Return whether `actor`, who has the permission, may change a district: no other township lies in it."""
    if actor.scope.kind in {"everything", "district"}:
        return True
    own = actor.scope.township
    return own is not None and not Township.objects.filter(district=district).exclude(pk=own).exists()


@rule("schools.change_researcher")
def may_assign(actor: Actor, researcher: Researcher) -> bool:
    """Return whether `actor` may say which townships a researcher serves."""
    return keeps_records(actor)


@rule("schools.change_school")
def may_merge(actor: Actor, school: School) -> bool:
    """Return whether `actor` may merge a school into another."""
    return keeps_records(actor)


keep_rules(District, RecordRules(change=keeps_district))

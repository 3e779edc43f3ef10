"""Who may do what with schools and with what they lie in.

A district is kept by its own people, who see all of it; a township's office does so only where it is the one office
there. Each office says for its own township which researchers serve it. School years and terms are the whole
installation's: the district's people keep them, or the office of a township that is the only one.
"""

from apps.core.actors import Actor
from apps.core.models import Record, SchoolYear, Term
from apps.core.rules import RecordRules, keep_rules, keeps_records, reaches_all, rule

from .models import District, Researcher, School, Township


def keeps_district(actor: Actor, district: District) -> bool:
    """Return whether `actor`, who has the permission, may change a district: no other township lies in it."""
    if actor.scope.kind in {"everything", "district"}:
        return True
    own = actor.scope.township
    return own is not None and not Township.objects.filter(district=district).exclude(pk=own).exists()


def above_townships(actor: Actor, place: District | Township) -> bool:
    """Return whether `actor`, who has the permission, may add a township: whoever has more than one."""
    return actor.scope.kind in {"everything", "district"} and keeps_records(actor)


def above_districts(actor: Actor, place: District) -> bool:
    """Return whether `actor`, who has the permission, may add a district: nobody of one sees another."""
    return reaches_all(actor)


def keeps_installation(actor: Actor, record: Record) -> bool:
    """Return whether `actor`, who has the permission, may write what all townships share: school years and terms."""
    if not keeps_records(actor):
        return False
    own = actor.scope.township
    return own is None or not Township.objects.exclude(pk=own).exists()


@rule("schools.change_researcher")
def may_assign(actor: Actor, researcher: Researcher) -> bool:
    """Return whether `actor` may say which townships a researcher serves."""
    return keeps_records(actor)


@rule("schools.change_school")
def may_merge(actor: Actor, school: School) -> bool:
    """Return whether `actor` may merge a school into another."""
    return keeps_records(actor)


keep_rules(District, RecordRules(add=above_districts, change=keeps_district))
keep_rules(Township, RecordRules(add=above_townships))
keep_rules(SchoolYear, RecordRules(add=keeps_installation, change=keeps_installation))
keep_rules(Term, RecordRules(add=keeps_installation, change=keeps_installation))

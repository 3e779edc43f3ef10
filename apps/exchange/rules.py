"""Who may do what in the exchange: the office runs rounds and postings, schools and teachers see their own."""

from apps.core.actors import Actor
from apps.core.rules import RecordRules, is_self, keep_rules, keeps_records, rule

from .models import ExchangeRound, Posting

# Rounds


@rule("exchange.add_exchangeround")
def may_open_next(actor: Actor, round: ExchangeRound) -> bool:
    """Return whether `actor` may open the round that follows this one."""
    return keeps_records(actor)


# Postings


def may_write(actor: Actor, posting: Posting) -> bool:
    """Return whether `actor`, who has the permission, may write or delete a posting: the office, and not the own."""
    return keeps_records(actor) and not is_self(actor, posting.teacher_id)


@rule("exchange.change_posting")
def may_assess(actor: Actor, posting: Posting) -> bool:
    """Return whether `actor` may assess a posting: the office, never the own one."""
    return may_write(actor, posting)


@rule("exchange.change_posting")
def may_end(actor: Actor, posting: Posting) -> bool:
    """Return whether `actor` may end a posting."""
    return may_write(actor, posting)


def _runs(actor: Actor, round: ExchangeRound) -> bool:
    return keeps_records(actor)


keep_rules(ExchangeRound, RecordRules(add=_runs, change=_runs))
keep_rules(Posting, RecordRules(add=may_write, change=may_write))

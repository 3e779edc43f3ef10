"""Who may do what with workbooks: the office with those of its townships, a principal with those of the own school.

What a workbook may write is no rule of this app: that is asked of the rules of the records themselves.
"""

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core.actors import Actor
from apps.core.models import Record
from apps.core.rules import RecordRules, heads_school, keep_rules, keeps_records, rule

from .models import HeaderMapping, ImportBatch, ImportChange, WorkbookExport


def keeps(actor: Actor, batch: ImportBatch) -> bool:
    """Return whether the records that a workbook is for are kept by `actor`."""
    return keeps_records(actor) or heads_school(actor, batch.school_id)


def nobody(_actor: Actor, _record: Record) -> bool:
    """Return that nobody may."""
    return False


def account_id(actor: Actor) -> int | None:
    """Return the id of the account of `actor`; None for the system."""
    return actor.account.pk if actor.account else None


def own_account(actor: Actor) -> "QuerySet[User]":
    """Return the account of `actor`: nobody brings a workbook in the name of another."""
    own: QuerySet[User] = User.objects.filter(pk=account_id(actor) or 0)
    return own


@rule("workbooks.add_importbatch")
def may_import(actor: Actor, batch: ImportBatch) -> bool:
    """Return whether `actor` may check a workbook again, say what its columns mean, and import it."""
    return keeps(actor, batch)


@rule("workbooks.add_importbatch")
def may_take_back(actor: Actor, batch: ImportBatch) -> bool:
    """Return whether `actor` may take an import back; what of it must stay, the rules of its records say."""
    return keeps(actor, batch)


@rule("workbooks.add_workbookexport")
def may_export(actor: Actor, export: WorkbookExport) -> bool:
    """Return whether `actor` may have a workbook made, and steer its making: everybody the own ones.

    What it holds, the rules of its records say.
    """
    return export.user_id == account_id(actor)


# What was brought stays as it is; what was never written may be thrown away.
keep_rules(
    ImportBatch,
    RecordRules(
        add=keeps,
        change=nobody,
        delete=lambda actor, batch: batch.open and keeps(actor, batch),
        offered={"user": own_account},
    ),
)
# Without it an import could not be taken back.
keep_rules(ImportChange, RecordRules(add=nobody, change=nobody))
# Mapped on the page of an import; one that is wrong is deleted, and mapped anew.
keep_rules(HeaderMapping, RecordRules(add=nobody, change=nobody, delete=lambda actor, mapping: keeps_records(actor)))
keep_rules(WorkbookExport, RecordRules(add=nobody, change=nobody))

"""Who may take the actions of the action handbook."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from apps.handbook import actions
from apps.handbook.models import HandbookEntry
from tests.architecture.actions.rows import Row
from tests.factories import TeacherFactory
from tests.handbook.factories import HandbookEntryFactory, RequirementFactory


def entry(town: SimpleNamespace, **given: Any) -> HandbookEntry:
    return HandbookEntryFactory(**{"teacher": town.teacher} | given)


def new_entry(town: SimpleNamespace, **given: Any) -> HandbookEntry:
    requirement = RequirementFactory()
    return HandbookEntryFactory.build(teacher=town.teacher, school=town.school, requirement=requirement, **given)


def head(town: SimpleNamespace) -> Any:
    """The principal of the school, as a teacher of the roster."""
    return TeacherFactory(school=town.school, no="009", name="林校长", position="principal")


def first_term(town: SimpleNamespace) -> Any:
    """What is asked for in the first term of the school year."""
    return RequirementFactory(term=town.year.terms.get(number=1))


def closing(town: SimpleNamespace) -> dict[str, Any]:
    RequirementFactory()
    return {"township": town.township, "school_year": town.year, "closed_on": date(2026, 7, 3)}


ROWS = (
    # entries
    Row(actions.save_entry, lambda town: {"entry": new_entry(town, status="draft")}, "office teacher", "anew"),
    Row(actions.save_entry, lambda town: {"entry": entry(town, status="draft")}, "office teacher", "in draft"),
    Row(actions.save_entry, lambda town: {"entry": entry(town, status="returned")}, "office teacher", "returned"),
    Row(actions.save_entry, lambda town: {"entry": entry(town)}, "office", "submitted"),
    Row(actions.save_entry, lambda town: {"entry": entry(town, status="approved")}, "office", "approved"),
    Row(actions.submit_entry, lambda town: {"entry": entry(town, status="draft")}, "office teacher"),
    Row(actions.withdraw_entry, lambda town: {"entry": entry(town)}, "office teacher"),
    Row(actions.review_entry, lambda town: {"entry": entry(town), "approve": True}, "office principal"),
    Row(
        actions.review_entry,
        lambda town: {"entry": entry(town, teacher=head(town)), "approve": True},
        "office",
        "of the head",
    ),
    Row(
        actions.review_entry,
        lambda town: {"entry": entry(town, status="approved"), "approve": False, "comment": "重写"},
        "office",
        "approved",
    ),
    Row(
        actions.import_entries,
        lambda town: {"records": [new_entry(town, status="draft")], "fields": ["title"]},
        "office teacher",
        "in draft",
    ),
    Row(
        actions.import_entries,
        lambda town: {"records": [new_entry(town, status="approved", quality="good")], "fields": ["status"]},
        "office",
        "approved",
    ),
    Row(
        actions.import_entries,
        lambda town: {"records": [entry(town, status="approved")], "fields": ["title"]},
        "office",
        "into an approved one",
    ),
    # requirements and scores
    Row(actions.copy_requirements, lambda town: {"requirement": first_term(town)}, "office"),
    Row(actions.close_handbook_year, closing, "office"),
    Row(actions.take_default_requirements, lambda town: {"year": town.year}, "office stranger"),
)

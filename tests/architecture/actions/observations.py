"""Who may take the actions of observations."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from apps.core.actions import delete_record, save_record
from apps.core.models import Term
from apps.observations import actions
from apps.observations.models import Observation, ObservationScore
from tests.architecture.actions.rows import Row
from tests.factories import ResearcherFactory, TeacherFactory
from tests.observations.factories import ObservationFactory, ObservationQuotaFactory, RubricFactory

# The name of all accounts of the cast.
SIGNED_IN = "李文静"


def lesson(town: SimpleNamespace, **given: Any) -> Observation:
    """A stored lesson of the teacher, submitted by somebody from elsewhere, unless other values are given."""
    return ObservationFactory(**{"teacher": town.teacher, "school": town.school} | given)


def new(town: SimpleNamespace, **given: Any) -> Observation:
    """The same, a draft that is not stored yet."""
    return ObservationFactory.build(**{"teacher": town.teacher, "school": town.school, "status": "draft"} | given)


def draft(town: SimpleNamespace, **given: Any) -> Observation:
    return lesson(town, status="draft", **given)


def head(town: SimpleNamespace) -> Any:
    """The principal of the school, as a teacher of the roster."""
    return TeacherFactory(school=town.school, no="009", name="林校长", position="principal")


def neighbours_head(town: SimpleNamespace) -> Any:
    return TeacherFactory(school=town.other, no="008", name="秦校长", position="principal")


def confirmed_by_hand(town: SimpleNamespace) -> Observation:
    """A stored lesson whose state was set without the verb."""
    record = lesson(town)
    record.status = Observation.Status.CONFIRMED
    return record


def recorded(label: str, may: str, make: Any) -> Row:
    """The row of an observation written by its form."""
    return Row(actions.record_observation, lambda town: {"observation": make(town), "scores": None}, may, label)


def imported(label: str, may: str, make: Any, **values: Any) -> Row:
    """The row of an observation read from a workbook with other values than are stored."""

    def given(town: SimpleNamespace) -> dict[str, Any]:
        record = make(town)
        for name, value in values.items():
            setattr(record, name, value)
        return {"records": [record], "fields": list(values)}

    return Row(actions.import_observations, given, may, label)


def step(action: Any, label: str, may: str, make: Any) -> Row:
    return Row(action, lambda town: {"observation": make(town)}, may, label)


def rubric(town: SimpleNamespace) -> Any:
    return RubricFactory(township=town.township)


def scored(town: SimpleNamespace, **given: Any) -> dict[str, Any]:
    """An observation, and the scores of its items as a workbook gives them."""
    record = lesson(town, rubric=rubric(town), **given)
    rows = [
        ObservationScore(observation=record, item=item, maximum=item.maximum, score=Decimal(5))
        for item in record.rubric.items.all()
    ]
    return {"records": [record], "children": [rows]}


def quota(town: SimpleNamespace) -> Any:
    return ObservationQuotaFactory(township=town.township, term=Term.objects.get(number=1))


ROWS = (
    # recorded
    recorded("new", "office principal", new),
    recorded(
        "new, observed by a colleague", "office principal colleague", lambda t: new(t, observer_teacher=t.colleague)
    ),
    recorded(
        "new, observed by the researcher",
        "office principal researcher",
        lambda t: new(t, observer_researcher=t.researcher),
    ),
    recorded(
        "new, observed by another researcher",
        "office principal",
        lambda t: new(t, observer_researcher=ResearcherFactory(name="李老师")),
    ),
    recorded(
        "new, of another school's teacher", "office", lambda t: new(t, teacher=t.neighbour, observer_teacher=t.teacher)
    ),
    recorded("new, already confirmed", "", lambda t: new(t, status="confirmed")),
    recorded("draft", "office principal", draft),
    recorded("draft of a colleague", "office principal colleague", lambda t: draft(t, observer_teacher=t.colleague)),
    recorded(
        "draft of the researcher", "office principal researcher", lambda t: draft(t, observer_researcher=t.researcher)
    ),
    recorded("submitted by a colleague", "office principal", lambda t: lesson(t, observer_teacher=t.colleague)),
    recorded("submitted, of the head's lesson", "office", lambda t: lesson(t, teacher=head(t))),
    recorded(
        "submitted, of another head's lesson", "office principal", lambda t: lesson(t, teacher=neighbours_head(t))
    ),
    recorded("draft of the head's lesson", "office principal", lambda t: draft(t, teacher=head(t))),
    recorded("confirmed", "office", lambda t: lesson(t, status="confirmed")),
    Row(delete_record, lambda town: {"record": draft(town)}, "office principal", "of an observation, draft"),
    Row(
        delete_record,
        lambda town: {"record": lesson(town, status="confirmed")},
        "office",
        "of an observation, confirmed",
    ),
    Row(
        save_record,
        lambda town: {"record": confirmed_by_hand(town)},
        "",
        "of an observation, with another state",
    ),
    # steps
    step(actions.submit_observation, "", "office principal", draft),
    step(
        actions.submit_observation,
        "of a colleague",
        "office principal colleague",
        lambda t: draft(t, observer_teacher=t.colleague),
    ),
    step(
        actions.submit_observation,
        "of the researcher",
        "office principal researcher",
        lambda t: draft(t, observer_researcher=t.researcher),
    ),
    step(actions.confirm_observation, "", "office principal teacher", lesson),
    step(
        actions.confirm_observation,
        "observed by a colleague",
        "office principal teacher",
        lambda t: lesson(t, observer_teacher=t.colleague),
    ),
    step(
        actions.confirm_observation,
        "observed by the head",
        "office teacher",
        lambda t: lesson(t, observer_teacher=head(t)),
    ),
    step(
        actions.confirm_observation,
        "observed by another school's head",
        "office principal teacher",
        lambda t: lesson(t, observer_teacher=neighbours_head(t)),
    ),
    step(
        actions.confirm_observation,
        "observed under the name that signs in",
        "teacher",
        lambda t: lesson(t, observer_name=SIGNED_IN),
    ),
    step(
        actions.confirm_observation,
        "of the head's lesson",
        "office principal",
        lambda t: lesson(t, teacher=head(t), observer_teacher=t.colleague),
    ),
    step(actions.reopen_observation, "submitted", "office principal", lesson),
    step(actions.reopen_observation, "of the head's lesson", "office", lambda t: lesson(t, teacher=head(t))),
    step(actions.reopen_observation, "confirmed", "office", lambda t: lesson(t, status="confirmed")),
    # imported
    imported("new", "office principal", new),
    imported("changed", "office principal", lesson, topic="夏"),
    imported("of another school's teacher", "office", lambda t: new(t, teacher=t.neighbour)),
    imported("confirmed before", "office", lambda t: lesson(t, status="confirmed"), topic="夏"),
    imported("confirmed by the file", "office principal", lesson, status="confirmed"),
    imported(
        "confirmed by the file, observed by the head",
        "office",
        lambda t: lesson(t, observer_teacher=head(t)),
        status="confirmed",
    ),
    imported(
        "new and confirmed, observed by the head",
        "office",
        lambda t: new(t, observer_teacher=head(t)),
        status="confirmed",
    ),
    imported("reopened by the file", "office", lambda t: lesson(t, status="confirmed"), status="draft"),
    Row(actions.import_scores, scored, "office principal"),
    Row(actions.import_scores, lambda town: scored(town, status="confirmed"), "office", "of a confirmed one"),
    # rubrics and quotas
    Row(
        actions.save_rubric,
        lambda town: {"rubric": rubric(town), "items": rubric(town).read_items("教学目标 40；教学过程 60")},
        "office",
    ),
    Row(actions.import_rubrics, lambda town: {"records": [rubric(town)], "fields": ["document"]}, "office"),
    Row(
        actions.import_items,
        lambda town: {"records": [rubric(town)], "children": [rubric(town).read_items("教学过程 100")]},
        "office",
    ),
    Row(actions.copy_quotas, lambda town: {"quota": quota(town)}, "office"),
    Row(actions.take_default_rubric, lambda town: {"year": town.year}, "office stranger"),
    Row(actions.take_default_quotas, lambda town: {"year": town.year}, "office stranger"),
)

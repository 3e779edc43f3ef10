"""Ways round a rule, which somebody has found: each is closed, on the page, in the admin and in the action."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from apps.core.actions import delete_record, save_record
from apps.ethics import actions as ethics
from apps.ethics.models import EthicsAssessment
from apps.observations.actions import record_observation
from apps.observations.models import Observation
from apps.research.actions import save_member
from apps.research.models import ProjectMember
from tests.ethics.factories import AssessmentFactory, CycleFactory, QuestionnaireFactory
from tests.factories import ResearcherFactory, TeacherFactory
from tests.observations.factories import ObservationFactory, ObservationScoreFactory, RubricFactory
from tests.research.factories import SmallProjectFactory

CONFLICT = "这条记录刚刚被他"


@pytest.fixture
def head(town: SimpleNamespace) -> Any:
    """The principal of the cast, as a teacher of the roster."""
    return TeacherFactory(school=town.school, no="009", name="林校长", position="principal")


# The principal's own post tells what is her own


def test_own_post_of_the_principal_is_no_field_of_her_form(head: Any, browser: Any) -> None:
    client, address = browser("principal"), reverse("teachers:teacher_update", args=[head.pk])
    page = client.get(address)
    assert 'name="position"' not in page.content.decode()
    sent = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    client.post(address, sent | {"position": "teacher"})
    head.refresh_from_db()
    assert head.position == "principal"


def test_own_post_written_by_the_action_is_refused(head: Any, cast: dict[str, Any]) -> None:
    head.position = "teacher"
    with pytest.raises(PermissionDenied):
        save_record(record=head, by=cast["principal"])
    assert save_record(record=head, by=cast["office"]).position == "teacher"


# The own small project


def test_principal_joining_a_decided_project_is_refused(town: SimpleNamespace, head: Any, cast: dict[str, Any]) -> None:
    project = SmallProjectFactory(school=town.school, level=1, stage="approved")
    with pytest.raises(PermissionDenied):
        save_member(record=ProjectMember(project=project, teacher=head, role="member"), by=cast["principal"])
    other = ProjectMember(project=project, teacher=town.teacher, role="member")
    assert save_member(record=other, by=cast["principal"]).pk


def test_principal_leaving_the_own_project_is_refused(town: SimpleNamespace, head: Any, cast: dict[str, Any]) -> None:
    project = SmallProjectFactory(school=town.school, level=1)
    member = ProjectMember.objects.create(project=project, teacher=head, role="leader")
    with pytest.raises(PermissionDenied):
        delete_record(record=member, by=cast["principal"])
    member.teacher = town.teacher
    with pytest.raises(PermissionDenied):
        save_member(record=member, by=cast["principal"])


# Cycles that are over


@pytest.mark.parametrize(
    ("status", "refused"), [("closed", ["principal"]), ("published", ["principal", "office"]), ("open", [])]
)
def test_new_assessment_in_a_cycle_that_is_over_is_refused(
    status: str, refused: list[str], town: SimpleNamespace, cast: dict[str, Any]
) -> None:
    cycle = CycleFactory(status=status)
    for role, teacher in (("principal", town.teacher), ("office", town.colleague)):
        new = EthicsAssessment(cycle=cycle, teacher=teacher, school=town.school, school_score=90)
        if role in refused:
            with pytest.raises(PermissionDenied):
                ethics.save_assessment(record=new, by=cast[role])
        else:
            assert ethics.save_assessment(record=new, by=cast[role]).pk


def test_questionnaire_of_a_published_cycle_is_kept(cast: dict[str, Any]) -> None:
    questionnaire = QuestionnaireFactory(cycle=CycleFactory(status="published"))
    with pytest.raises(PermissionDenied):
        delete_record(record=questionnaire, by=cast["office"])


# Whose a decided record is


def test_assessment_in_the_admin_stays_with_its_teacher(town: SimpleNamespace, browser: Any) -> None:
    row = AssessmentFactory(school=town.school, teacher=town.teacher)
    client, address = browser("office"), reverse("admin:ethics_ethicsassessment_change", args=[row.pk])
    assert 'name="teacher"' not in client.get(address).content.decode()
    sent = {"teacher": town.colleague.pk, "cycle": row.cycle_id, "school": town.school.pk, "note": "已核对"}
    assert client.post(address, sent).status_code == 302
    row.refresh_from_db()
    assert (row.teacher, row.note) == (town.teacher, "已核对")


def test_observer_of_a_confirmed_observation_is_not_exchanged(town: SimpleNamespace, cast: dict[str, Any]) -> None:
    row = ObservationFactory(teacher=town.teacher, status="confirmed")
    row.observer_name = str(cast["office"])
    with pytest.raises(PermissionDenied):
        record_observation(observation=row, scores=None, by=cast["office"])


@pytest.mark.parametrize("spelled", ["李文静", "李　文静", "李文静校长"])
def test_own_observation_under_another_spelling_is_not_confirmed(
    spelled: str, town: SimpleNamespace, browser: Any
) -> None:
    row = ObservationFactory(teacher=town.teacher, observer_name=spelled)
    address = reverse("observations:observation_confirm", args=[row.pk])
    assert browser("principal").post(address).status_code == 403


def test_another_rubric_under_the_same_scores_is_refused(town: SimpleNamespace, cast: dict[str, Any]) -> None:
    rubric = RubricFactory()
    row = ObservationFactory(teacher=town.teacher, rubric=rubric, score=9)
    ObservationScoreFactory(observation=row, item=rubric.items.first())
    row.rubric = RubricFactory(edition="2026年版")
    with pytest.raises(ValidationError):
        record_observation(observation=row, scores=None, by=cast["office"])


# What was read is what is decided


def test_observation_changed_since_it_was_read_is_not_confirmed(town: SimpleNamespace, browser: Any) -> None:
    row = ObservationFactory(teacher=town.teacher)
    client, address = browser("teacher"), reverse("observations:observation_confirm", args=[row.pk])
    assert f'name="read_version" value="{row.version}"' in client.get(address).content.decode()
    read = row.version
    Observation.objects.filter(pk=row.pk).update(suggestions="另一段文字", version=read + 1)
    answer = client.post(address, {"read_version": read}, follow=True)
    row.refresh_from_db()
    assert (row.status, CONFLICT in answer.content.decode()) == ("submitted", True)
    client.post(address, {"read_version": read + 1})
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_record_changed_since_the_admin_showed_it_is_not_overwritten(town: SimpleNamespace, browser: Any) -> None:
    row = AssessmentFactory(school=town.school, teacher=town.teacher)
    client, address = browser("office"), reverse("admin:ethics_ethicsassessment_change", args=[row.pk])
    assert f'name="read_version" value="{row.version}"' in client.get(address).content.decode()
    EthicsAssessment.objects.filter(pk=row.pk).update(note="较新", version=row.version + 1)
    answer = client.post(address, {"school": town.school.pk, "note": "旧", "read_version": row.version}, follow=True)
    row.refresh_from_db()
    assert (row.note, CONFLICT in answer.content.decode()) == ("较新", True)


def test_rows_of_ids_that_cannot_be_are_told_in_the_form(town: SimpleNamespace, browser: Any) -> None:
    row = ResearcherFactory(name="另一位")
    row.townships.add(town.township)
    address = reverse("schools:researcher_update", args=[row.pk])
    answer = browser("office").post(address, {"name": "另一位", "townships": "9" * 30})
    assert (answer.status_code, "townships" in answer.context["form"].errors) == (200, True)

"""What holds for every model: readable names, constraints with a sentence, held by the database."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import override

from tests.architecture.rows import DAY, make, record_models

CHINESE = re.compile("[\u4e00-\u9fff]")
OWN = [(model, constraint) for model in record_models() for constraint in model._meta.constraints]

# For each check: a change of a good row that breaks it.
BREAK: dict[str, dict[str, Any]] = {
    "schoolyear_ends_after_start": {"ends_on": DAY.replace(year=1999)},
    "term_ends_after_start": {"ends_on": DAY.replace(year=1999)},
    "activity_quota_asks_for_something": {"times": 0},
    "user_places_go_together": {"researcher_id": 1},
    "township_backbone_level_known": {"backbone_from": 0},
    "school_closes_after_opening": {"opened_on": DAY, "closed_on": DAY},
    "school_merged_when_closed": {"merged_into_id": models.F("pk")},
    "school_not_merged_into_itself": {"closed_on": DAY, "merged_into_id": models.F("pk")},
    "school_past_in_order": {"until": DAY.replace(year=1999)},
    "teacher_past_in_order": {"until": DAY.replace(year=1999)},
    "designation_ends_after_award": {"ends_on": DAY.replace(year=1999)},
    "designation_has_level": {"level": 0},
    "grade_between_1_and_9": {"grade": 10},
    "culture_note_ends_after_start": {"until": DAY.replace(year=1999)},
    "teacher_works_after_birth": {"birth_date": DAY},
    "teacher_backbone_level_known": {"backbone_level": 7},
    "appointment_ends_after_start": {"ends_on": DAY.replace(year=1999)},
    "appointment_reason_when_ended": {"end_reason": "retired"},
    "leave_ends_after_start": {"ends_on": DAY.replace(year=1999)},
    "assignment_grade_between_1_and_9": {"grade": 10},
    "activity_hours_sensible": {"hours": -1},
    "activity_level_known": {"level": 0},
    "attendance_hours_sensible": {"hours": 101},
    "guest_is_researcher_or_named": {"name": "来宾"},
    "survey_returns_at_most_issued": {"issued": 1, "returned": 2},
    "project_dates_in_order": {"approved_on": DAY.replace(year=1999)},
    "project_result_when_closed": {"result": "excellent"},
    "project_team_limit_sensible": {"team_limit": 0},
    "project_level_known": {"level": 7},
    "mentoring_not_of_oneself": {"apprentice_id": models.F("mentor_id")},
    "mentoring_ends_after_start": {"ends_on": DAY.replace(year=1999)},
    "mentoring_result_when_ended": {"result": "excellent"},
    "rubric_cutoffs_in_order": {"good_from": 90},
    "rubric_item_maximum_sensible": {"maximum": 0},
    "observation_has_one_observer": {"observer_name": ""},
    "observation_not_of_oneself": {"observer_name": "", "observer_teacher_id": models.F("teacher_id")},
    "observation_score_in_range": {"score": 101},
    "observation_score_needs_rubric": {"score": 80, "rubric": None},
    "observation_grade_between_1_and_9": {"grade": 0},
    "observation_confirmed_at_and_by": {"confirmed_at": timezone.now()},
    "item_score_within_maximum": {"score": 99, "maximum": 10},
    "cycle_weights_add_up": {"school_weight": 61},
    "cycle_cutoffs_in_order": {"qualified_from": 95},
    "cycle_closes_after_opening": {"closes_on": DAY.replace(year=1999)},
    "questionnaire_closes_after_opening": {"closes_on": DAY.replace(year=1999)},
    "response_score_in_range": {"score": 101},
    "assessment_scores_in_range": {"parent_score": -1},
    "assessment_grade_when_decided": {"status": "decided", "grade": ""},
    "case_bars_when_confirmed": {"barred_until": DAY},
    "case_ends_after_decision": {"ends_on": DAY, "decided_on": None},
    "cycle_bar_months_sensible": {"bar_months": 0},
    "cycle_excellent_share_is_a_percentage": {"excellent_share": 101},
    "assessment_decided_at_and_by": {"decided_at": timezone.now()},
    "case_handled_when_confirmed": {"finding": "confirmed"},
    "case_unhandled_unless_confirmed": {"handling": "criticism"},
    "case_decided_after_received": {"decided_on": DAY.replace(year=1999)},
    "honour_level_known": {"level": 0},
    "entry_prize_known": {"prize": 4},
    "campaign_ends_after_start": {"ends_on": DAY.replace(year=1999)},
    "requirement_asks_for_something": {"minimum": 0},
    "entry_quality_when_approved": {"quality": "good"},
    "entry_reviewed_at_and_by": {"reviewed_at": timezone.now()},
    "handbook_score_in_range": {"score": 101},
    "handbook_done_at_most_asked": {"done": 5},
    "round_closes_after_opening": {"closes_on": DAY.replace(year=1999)},
    "round_shares_are_percentages": {"exchange_share": 101},
    "posting_to_another_school": {"to_school_id": models.F("from_school_id")},
    "posting_ends_after_start": {"ends_on": DAY.replace(year=1999)},
    "posting_score_in_range": {"score": 101},
    "summary_of_one_place": {"teacher_id": 1},
    "summary_red_header_complete": {"red_header": True},
    "summary_printing_paired": {"printed_by": "慕仪镇教育组"},
    "summary_ends_after_start": {"ends_on": DAY.replace(year=1999)},
    "section_level_between_1_and_3": {"level": 4},
    "summary_reviewer_in_review": {"status": "draft", "reviewer_id": 1},
    "comment_resolved_paired": {"resolved_at": timezone.now(), "resolved_by": None},
    "version_finalised_paired": {"finalised_at": timezone.now(), "finalised_by": None},
    "version_reopened_paired": {"reopened_at": timezone.now(), "reopened_by": None},
    "batch_school_for_teachers": {"school": None},
    "batch_done_has_its_file": {"status": "done", "ended": None},
    "export_done_has_its_file": {"status": "done", "ended": None},
    "import_ends_after_beginning": {"began": None, "ended": timezone.now()},
    "import_progress_is_a_percentage": {"progress": 101},
    "import_undone_has_its_time": {"undone_at": timezone.now()},
    "import_committed_has_ended": {"status": "committed", "ended": None},
}
# Rows that uniqueness holds only under a condition: what makes a good row fall under it.
UNDER: dict[str, dict[str, Any]] = {
    "teacher_id_once_in_township": {"id_digest": "x" * 64},
    "photo_once_in_activity": {"digest": "x" * 64},
    "project_one_leader": {"role": "leader"},
    "batch_of_township_runs_once": {"status": "running", "what": "schools", "school": None},
    "batch_of_school_runs_once": {"status": "running"},
    "export_runs_once": {"status": "running"},
    "observation_once_by_teacher": {"observer_name": "", "observer_teacher_id": None},
    "observation_once_by_researcher": {"observer_name": "", "observer_researcher_id": None},
}


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.label)
def test_model_has_readable_names(model: Any) -> None:
    names = {"verbose_name": model._meta.verbose_name, "verbose_name_plural": model._meta.verbose_name_plural}
    names |= {f.name: f.verbose_name for f in model._meta.concrete_fields if f.editable and not f.primary_key}
    with override("zh-hans"):
        assert [name for name, said in names.items() if not CHINESE.search(str(said))] == []


@pytest.mark.parametrize(("model", "constraint"), OWN, ids=lambda value: getattr(value, "name", ""))
def test_constraint_speaks_to_people(model: Any, constraint: Any) -> None:
    assert str(constraint.violation_error_message) != str(models.BaseConstraint.default_violation_error_message)


@pytest.mark.parametrize(("model", "constraint"), OWN, ids=lambda value: getattr(value, "name", ""))
def test_constraint_holds_in_the_database(model: Any, constraint: Any, town: SimpleNamespace) -> None:
    row = make(model, town.school)
    if isinstance(constraint, models.CheckConstraint):
        assert constraint.name in BREAK, f"say in BREAK how to break {constraint.name}"
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**BREAK[constraint.name])
        return
    given = {name: _observer(name, value, town) for name, value in UNDER.get(constraint.name, {}).items()}
    if given:
        type(row).objects.filter(pk=row.pk).update(**given)
        row.refresh_from_db()
    copy = type(row).objects.get(pk=row.pk)
    copy.pk, copy._state.adding = None, True
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        copy.save()
    assert constraint.name in str(refusal.value) or _columns(constraint, model, str(refusal.value))


def _observer(name: str, value: Any, town: SimpleNamespace) -> Any:
    return {"observer_teacher_id": town.colleague.pk, "observer_researcher_id": town.researcher.pk}.get(name, value)


def _columns(constraint: Any, model: Any, message: str) -> bool:
    """Return whether SQLite, which names columns and not constraints, or another uniqueness of the row, refused."""
    return "UNIQUE" in message or "unique" in message or "overlap" in message


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.label)
def test_at_and_by_stand_together(model: Any) -> None:
    names = {field.name for field in model._meta.concrete_fields}
    own = {name[:-3] for name in names if name.endswith("_at")} - {"created", "updated"}
    lonely = [name for name in own if f"{name}_by" not in names]
    assert lonely == []

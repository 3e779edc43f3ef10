"""The back room: every model stands in it, for the office only, and within the office's township."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from apps.core.models import Record
from tests.architecture.rows import make, record_models

# Rows that are edited on another's page.
INLINE = {"observations.rubricitem", "observations.observationscore", "ethics.questionnaireitem"}
MODELS = sorted((m for m in admin.site._registry if issubclass(m, Record)), key=lambda model: model.label)


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_kind_of_record_is_in_the_back_room() -> None:
    missing = {model.label for model in record_models()} - {model.label for model in MODELS}
    assert missing == INLINE


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.label)
def test_office_sees_its_township_only(model: Any, town: SimpleNamespace, browser: Any, cast: dict) -> None:
    client = browser("office")
    own, far = make(model, town.school), make(model, town.far, 1)
    seen = model.objects.visible_to(cast["office"])
    listed = client.get(address(model, "changelist"))
    assert listed.status_code == 200
    text = listed.content.decode()
    for row in (own, far):
        inside = seen.filter(pk=row.pk).exists()
        assert (
            f'{address(model, "change", row.pk)}"' in text or f"{address(model, 'change', row.pk)}?" in text
        ) == inside
        # The admin sends whoever asks for a row it does not have back to its start.
        assert client.get(address(model, "change", row.pk)).status_code == (200 if inside else 302)
    assert client.get(address(model, "add")).status_code in {200, 403}


def test_back_room_is_closed_to_others(town: SimpleNamespace, browser: Any) -> None:
    for role in ("principal", "teacher", "researcher"):
        assert browser(role).get(reverse("admin:index")).status_code == 302


def test_saving_in_the_back_room_takes_the_action_and_says_a_refusal(
    town: SimpleNamespace, browser: Any, cast: dict
) -> None:
    from apps.ethics.models import AssessmentCycle

    cycle = make(AssessmentCycle, town.school)
    client = browser("office")
    page = client.get(address(AssessmentCycle, "change", cycle.pk))
    data = {k: v for k, v in page.context["adminform"].form.initial.items() if v is not None}
    changed = client.post(address(AssessmentCycle, "change", cycle.pk), data | {"student_weight": 30}, follow=True)
    assert "三项权重之和" in changed.content.decode() or "已发布" in changed.content.decode()
    cycle.refresh_from_db()
    assert cycle.student_weight == 20

"""The audit: of which records it tells, and what of them it leaves out or hides."""

from types import SimpleNamespace

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog

from apps.core.audit import OWN, REASONS, hidden
from apps.core.models import Record
from tests.architecture.rows import record_models
from tests.factories import TeacherFactory


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.label)
def test_record_is_audited_or_says_why_not(model: type[Record]) -> None:
    reason = REASONS.get(model, "")
    assert auditlog.contains(model) is not bool(reason)
    assert not reason or reason.endswith(".")


@pytest.mark.parametrize("model", auditlog.get_models(), ids=lambda model: model._meta.label_lower)
def test_audit_leaves_out_what_every_writing_sets_and_names_only_fields(model: type[Record]) -> None:
    told = auditlog.get_model_fields(model)
    assert [name for name in OWN if name not in told["exclude_fields"]] == []
    fields = {field.name for field in model._meta.concrete_fields}
    named = {name for part in ("include_fields", "exclude_fields", "mask_fields") for name in told[part]}
    assert named - fields == set()


def test_change_is_told_without_version_and_times(town: SimpleNamespace) -> None:
    town.other.name = "袁科中心小学"
    town.other.version += 1
    town.other.save()
    entry = LogEntry.objects.get_for_object(town.other).get(action=LogEntry.Action.UPDATE)
    assert entry.changes == {"name": ["袁科小学", "袁科中心小学"]}


def test_personal_data_is_told_to_have_changed_and_not_shown(town: SimpleNamespace) -> None:
    teacher = TeacherFactory(phone="13800001234")
    teacher.phone = "13900009999"
    teacher.save()
    entry = LogEntry.objects.get_for_object(teacher).get(action=LogEntry.Action.UPDATE)
    assert entry.changes == {"phone": ["***", "***"]}


def test_hidden_of_nothing_is_nothing() -> None:
    assert (hidden("13800001234"), hidden("")) == ("***", "")

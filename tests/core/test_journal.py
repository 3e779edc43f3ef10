"""The journal: what is written while it is open, in the thread that opened it, and nothing else."""

from types import SimpleNamespace

import pytest
from django.db.models.signals import post_save, pre_delete, pre_save

from apps.core.journal import is_open, journal
from apps.core.models import Record
from apps.schools.models import School
from apps.teachers.models import Appointment, Teacher
from tests.architecture.rows import record_models
from tests.factories import AppointmentFactory, TeacherFactory
from tests.threads import elsewhere


def test_journal_in_one_thread_is_not_open_in_another() -> None:
    with journal():
        assert (is_open(), elsewhere(is_open)) == (True, False)
    assert not is_open()


@pytest.mark.django_db(transaction=True)
def test_journals_of_two_threads_keep_each_their_own_rows(town: SimpleNamespace) -> None:
    def add(name: str) -> tuple[list[int], int]:
        with journal() as kept:
            pk = TeacherFactory(name=name).pk
        return list(kept.created[Teacher]), pk

    with journal() as kept:
        own = TeacherFactory(name="孙丽").pk
        there, other = elsewhere(lambda: add("周明"))
    assert (list(kept.created[Teacher]), there) == ([own], [other])


def test_deletion_by_cascade_is_kept_with_all_that_goes(town: SimpleNamespace) -> None:
    teacher = TeacherFactory()
    post = AppointmentFactory(teacher=teacher, school=town.school)
    expected = {Teacher: [teacher.pk], Appointment: [post.pk]}
    with journal() as kept:
        teacher.delete()
    assert {model: list(ids) for model, ids in kept.deleted.items()} == expected


def test_journal_that_is_closed_keeps_nothing_more(town: SimpleNamespace) -> None:
    with journal() as first:
        pass
    with journal() as second:
        town.other.save()
    town.school.save()
    assert (dict(first.before), list(second.before[School])) == ({}, [town.other.pk])


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.label)
def test_record_of_every_kind_is_heard_of(model: type[Record]) -> None:
    assert [signal.has_listeners(model) for signal in (pre_save, post_save, pre_delete)] == [True] * 3

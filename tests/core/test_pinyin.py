"""Finding people and schools by pinyin: initials and syllables in full, in both readings of a character."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from apps.core.actions import save_record
from apps.core.actors import SYSTEM
from apps.core.pinyin import pinyin_of, reads_as
from apps.schools.models import School
from apps.teachers.models import Teacher


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单晓", "shanxiao danxiao sx dx"),
        ("曾晓", "zengxiao cengxiao zx cx"),
        ("解放", "xiefang jiefang"),
        ("仇和", "qiuhe chouhe"),
        ("区伟", "ouwei quwei"),
        ("查良", "zhaliang chaliang"),
        ("覃辉", "qinhui tanhui"),
        ("尉迟恭", "yuchigong ycg weichigong"),
        ("万俟卨", "moqixie mqx"),
        ("王乐", "wangle wangyue"),
        ("买买提·阿里", "maimaitiali mmtal"),
        ("李Lily", "lilily"),
    ],
)
def test_name_is_found_in_each_of_its_readings(name: str, typed: str) -> None:
    assert set(typed.split()) <= set(pinyin_of(name).split())


def test_name_of_many_readings_keeps_few_of_them() -> None:
    assert len(pinyin_of("重长乐行朝茜堡圩涌").split()) <= 32


def test_teacher_and_school_are_found_by_pinyin_in_lists_and_search(town: SimpleNamespace, browser: Any) -> None:
    teacher, school = town.colleague, town.other
    teacher.name, school.name, school.aliases = "曾 晓", "长安小学", "仇庄小学"
    for row in (teacher, school):
        save_record(record=row, by=SYSTEM.imports)
    client = browser("office")
    for typed in ("zengx", "ZX", "cengxiao", "zeng xiao"):
        assert "曾晓" in client.get("/search/", {"q": typed}).content.decode(), typed
    assert "曾晓" in client.get("/teachers/teacher/", {"q": "zengxiao", "period": ""}).content.decode()
    assert "曾晓" not in client.get("/teachers/teacher/", {"q": "engxiao", "period": ""}).content.decode()
    for typed in ("changan", "cax", "qiuzhuang"):
        assert "长安小学" in client.get("/search/", {"q": typed}).content.decode(), typed
    assert not Teacher.objects.filter(reads_as("·")).exists()


def test_stored_teachers_and_schools_are_read_when_the_column_comes(town: SimpleNamespace) -> None:
    Teacher.objects.update(pinyin="old")
    School.objects.update(pinyin="")
    for app in ("teachers.migrations.0007_pinyin", "schools.migrations.0004_pinyin"):
        import_module(f"apps.{app}").fill(apps, None)
    assert Teacher.objects.get(pk=town.teacher.pk).pinyin == " wsy wangsiyuan"
    assert School.objects.get(pk=town.school.pk).pinyin.startswith(" zcjzx zhenchujizhongxue")
    import_module("apps.teachers.migrations.0007_pinyin").shorten(apps, None)
    assert Teacher.objects.get(pk=town.teacher.pk).pinyin == "wsy"

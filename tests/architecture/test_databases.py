"""What tests start from is made once in a run, and every worker has copies of its own."""

from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from apps.schools.models import School
from tests.databases import Databases, Run
from tests.starts import CAST


def test_what_is_costly_is_made_once_and_given_anew_each_time(tmp_path: Path) -> None:
    calls = []

    def make() -> list[str]:
        calls.append("made")
        return ["as made"]

    first, second = Run(tmp_path), Run(tmp_path)  # as two workers have it
    first.once("town", make).append("changed by a test")
    assert (first.once("town", make), second.once("town", make)) == (["as made"], ["as made"])
    assert calls == ["made"]
    assert {name: {how: len(times) for how, times in ways.items()} for name, ways in second.costs().items()} == {
        "town": {"made": 1}
    }
    assert second.made_again() == []


def test_two_workers_that_ask_at_a_time_get_the_same(tmp_path: Path) -> None:
    begun, asked, got = Event(), Event(), []

    def make() -> str:
        begun.set()
        assert asked.wait(10)
        return "made by the first"

    def second() -> None:
        assert begun.wait(10)
        asked.set()
        got.append(Run(tmp_path).once("town", lambda: "made by the second"))

    other = Thread(target=second)
    other.start()
    got.append(Run(tmp_path).once("town", make))
    other.join(10)
    assert got == ["made by the first", "made by the first"]


def test_what_could_not_be_made_is_not_tried_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError("no such seed")

    with pytest.raises(ValueError, match="no such seed"):
        Run(tmp_path).once("town", fail)
    with pytest.raises(pytest.fail.Exception, match=r"town could not be made:\n(?s:.*)no such seed"):
        Run(tmp_path).once("town", lambda: "made")


def test_what_a_worker_left_half_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "town.lock").touch()
    (tmp_path / "town.new").write_bytes(b"hal")
    assert Run(tmp_path).once("town", lambda: "made") == "made"


def test_what_is_made_twice_is_named(tmp_path: Path) -> None:
    for name in ("town", "paper", "town"):
        Run(tmp_path).count(name, "made", 1.5)
    assert Run(tmp_path).made_again() == ["town"]


def test_databases_do_not_know_of_each_other(databases: Databases, town: SimpleNamespace) -> None:
    names = School.objects.order_by("pk").values_list("name", flat=True)
    School.objects.filter(pk=town.school.pk).update(name="改了名的学校")
    with databases.at(CAST):
        assert list(names.all()) == ["镇初级中学", "袁科小学", "东湖中学"]
    assert list(names.all()) == ["改了名的学校", "袁科小学", "东湖中学"]

"""The checklist of a new installation: its states, its defaults, what is put off."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from apps.ethics.models import AssessmentCycle
from apps.exchange.models import ExchangeRound
from apps.handbook.models import Requirement
from apps.observations.models import ObservationQuota, Rubric
from apps.webui.actions import put_off
from apps.webui.checklist import checklist, next_line
from apps.webui.manifests import first_steps
from apps.webui.pages import REGISTRY
from tests.factories import TeacherFactory

DEFAULTS = {step.key: step for step in first_steps() if step.default}
MODELS = {
    "rubric": Rubric,
    "quotas": ObservationQuota,
    "requirements": Requirement,
    "cycle": AssessmentCycle,
    "round": ExchangeRound,
}


def states(user: Any, year: Any) -> dict[str, str]:
    return {line.step.key: line.state for line in checklist(user, year)}


def start(client: Any) -> str:
    return client.get("/").content.decode()


def test_every_default_is_known_here() -> None:
    assert set(DEFAULTS) == set(MODELS)


def test_office_sees_each_step_with_its_state(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    TeacherFactory(township=town.township, no="010", name="无校")
    told = states(cast["office"], town.year)
    assert told == {
        "places": "done", "years": "done", "schools": "done", "teachers": "check", "accounts": "done",
        "rubric": "none", "quotas": "none", "requirements": "none", "cycle": "none", "round": "none",
    }  # fmt: skip
    page = start(browser("office"))
    for said in ("开始使用", "完成4项，还有6项", "其中1人没有任职学校", "采用通用量表", "自己制定", "先看看总结"):
        assert said in page, said
    assert next_line(checklist(cast["office"], town.year)).step.key == "teachers"


def test_step_of_accounts_leads_to_whole_schools_first(cast: dict) -> None:
    ways = next(step.ways for step in first_steps() if step.key == "accounts")
    assert [reverse(name) for _label, name in ways] == ["/teachers/accounts/open/", "/accounts/user/new/"]


def test_default_taken_over_leads_back_to_the_start_page(browser: Any) -> None:
    taken = browser("office").post("/checklist/rubric/default/", follow=True).content.decode()
    assert '<a href="/">返回首页</a>' in taken


@pytest.mark.parametrize("role", ["principal", "teacher", "researcher"])
def test_others_see_no_checklist(role: str, browser: Any) -> None:
    assert "开始使用" not in start(browser(role))


def test_checklist_costs_two_queries(town: SimpleNamespace, cast: dict, django_assert_num_queries: Any) -> None:
    cast["office"].has_perm("schools.add_school")
    with django_assert_num_queries(2):
        checklist(cast["office"], town.year)


@pytest.mark.parametrize("key", MODELS)
def test_default_is_taken_once_with_its_source_and_stays_editable(
    key: str, town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    client, step, model = browser("office"), DEFAULTS[key], MODELS[key]
    address = reverse("take_default", args=[key])
    answer = client.post(address, follow=True)
    assert f"出处：{step.default.source}" in answer.content.decode()
    made = list(model.objects.order_by("pk"))
    assert made
    assert {row.township_id for row in made} == {town.township.pk}
    assert all(row.document == str(step.default.source) for row in made)
    assert states(cast["office"], town.year)[key] == "done"
    assert "没有重复添加" in client.post(address, follow=True).content.decode()
    assert list(model.objects.order_by("pk")) == made
    pages = REGISTRY[model.label]
    form = client.get(pages.url("update", made[0].pk)).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}
    sent |= {name: field.initial for name, field in form.fields.items() if field.initial and name not in sent}
    assert client.post(pages.url("update", made[0].pk), sent | {"document": "镇教组发〔2026〕3号"}).status_code == 302
    made[0].refresh_from_db()
    assert made[0].document == "镇教组发〔2026〕3号"


def test_default_rubric_adds_up_to_a_hundred(town: SimpleNamespace, browser: Any) -> None:
    browser("office").post(reverse("take_default", args=["rubric"]))
    rubric = Rubric.objects.get()
    assert sum(item.maximum for item in rubric.items.all()) == 100
    assert (rubric.excellent_from, rubric.good_from, rubric.fair_from) == (85, 75, 60)


def test_default_requirements_of_both_terms_add_up_to_a_hundred(town: SimpleNamespace, browser: Any) -> None:
    browser("office").post(reverse("take_default", args=["requirements"]))
    assert sum(Requirement.objects.values_list("points", flat=True)) == 100


def test_step_put_off_is_remembered_and_taken_up_again(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    client, address = browser("office"), reverse("put_off_step", args=["round"])
    client.post(address)
    client.post(address)
    assert states(cast["office"], town.year)["round"] == "later"
    assert states(cast["stranger"], town.year)["round"] == "none"
    client.post(address, {"again": "1"})
    assert states(cast["office"], town.year)["round"] == "none"


def test_checklist_with_nothing_open_makes_room(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    for key in MODELS:
        assert "开始使用" in start(client)
        client.post(reverse("put_off_step", args=[key]))
    assert "开始使用" not in start(client)
    assert "今日" in start(client)


@pytest.mark.parametrize("role", ["principal", "teacher", "researcher"])
def test_step_of_the_office_is_refused_to_others(role: str, cast: dict, browser: Any) -> None:
    client = browser(role)
    assert client.post(reverse("take_default", args=["rubric"])).status_code == 403
    assert client.post(reverse("put_off_step", args=["rubric"])).status_code == 403
    with pytest.raises(PermissionDenied):
        put_off(step="rubric", by=cast[role])
    assert not Rubric.objects.exists()


def test_unknown_step_and_step_without_default_are_answered(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    assert client.post(reverse("take_default", args=["nothing"])).status_code == 403
    assert client.post(reverse("take_default", args=["schools"])).status_code == 302
    assert client.get(reverse("take_default", args=["rubric"])).status_code == 405


def test_guide_of_the_first_year_is_a_page_of_the_site(browser: Any) -> None:
    page = browser("office").get(reverse("first_year")).content.decode()
    assert "<h2>一、建站（约五分钟）</h2>" in page
    assert "<strong>一次性代码</strong>" in page
    assert "# A first year" not in page

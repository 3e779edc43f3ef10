"""The summary's pages: who sees what, every number a link, the verbs."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.periods import Period
from apps.reports.actions import compose_summary, finalise_summary
from apps.reports.models import AnnualSummary, SummaryVersion
from tests.factories import DesignationFactory, TeacherFactory
from tests.observations.factories import ObservationFactory
from tests.reports.factories import composed, section


@pytest.fixture
def summaries(town: SimpleNamespace, cast: dict) -> dict[str, AnnualSummary]:
    """Summaries of the township, its two schools, and another township."""
    DesignationFactory(school=town.other, level=2)
    places = {"township": town.township, "own": town.school, "other": town.other}
    found = {name: composed(place, cast["office"]) for name, place in places.items()}
    return found | {"far": composed(town.far.township, cast["stranger"])}


def page(browser: Any, role: str, name: str, *args: Any) -> Any:
    return browser(role).get(reverse(f"reports:{name}", args=args))


SEEN = {
    "office": {"township", "own", "other"},
    "principal": {"own"},
    "neighbour": {"other"},
    "stranger": {"far"},
}


@pytest.mark.parametrize("role", SEEN)
def test_summaries_are_seen_by_those_they_are_of(role: str, summaries: dict, browser: Any) -> None:
    text = page(browser, role, "annualsummary_list").content.decode()
    listed = {name for name, row in summaries.items() if f'href="{row.get_absolute_url()}"' in text}
    assert listed == SEEN[role]
    for name, row in summaries.items():
        expected = 200 if name in SEEN[role] else 404
        for view in ("annualsummary_detail", "annualsummary_annexes"):
            assert (view, name, page(browser, role, view, row.pk).status_code) == (view, name, expected)
        for form in ("json", "xlsx"):
            assert page(browser, role, "annualsummary_file", row.pk, form).status_code == expected


def test_a_researcher_sees_no_summaries(summaries: dict, browser: Any) -> None:
    pk = summaries["own"].pk
    assert page(browser, "researcher", "annualsummary_list").status_code == 403
    for view in ("annualsummary_detail", "annualsummary_annexes"):
        assert page(browser, "researcher", view, pk).status_code == 403
    assert page(browser, "researcher", "annualsummary_file", pk, "json").status_code == 403


def test_a_teacher_sees_the_own_development_file_only(
    town: SimpleNamespace, cast: dict, summaries: dict, browser: Any
) -> None:
    own, other = (
        compose_summary(scope=person.scope_on(town.year.ends_on), period=Period.of_year(town.year), by=cast["office"])
        for person in (town.teacher, town.colleague)
    )
    listed = page(browser, "teacher", "annualsummary_list").content.decode()
    rows = {"own": own, "other": other, "school": summaries["own"], "township": summaries["township"]}
    assert [name for name, row in rows.items() if f'href="{row.get_absolute_url()}"' in listed] == ["own"]
    for name, row in rows.items():
        expected = 200 if name == "own" else 404
        for view in ("annualsummary_detail", "annualsummary_annexes", "annualsummary_compare"):
            assert (view, name, page(browser, "teacher", view, row.pk).status_code) == (view, name, expected)
        assert page(browser, "teacher", "annualsummary_file", row.pk, "json").status_code == expected
    text = page(browser, "teacher", "annualsummary_detail", own.pk).content.decode()
    assert "教师专业发展档案" in text
    for verb in ("write", "finalise", "submit"):
        assert f"/annualsummary/{own.pk}/{verb}/" not in text
        assert page(browser, "teacher", f"annualsummary_{verb}", own.pk).status_code == 403


def test_every_number_is_a_link_to_its_records(summaries: dict, browser: Any) -> None:
    text = page(browser, "office", "annualsummary_detail", summaries["township"].pk).content.decode()
    chip = re.search(r'<a class="chip" href="([^"]+)" title="教师人数">([^<]+)</a>', text)
    assert chip[2] == "3"
    records = browser("office").get(chip[1].replace("&amp;", "&")).content.decode()
    assert records.count("/teachers/teacher/") >= 3
    assert '<a class="chip" href="' in text
    assert ">3 人</a>" in text
    assert "style=" not in text
    assert "<script>" not in text


def test_page_costs_no_query_per_figure(summaries: dict, browser: Any, town: SimpleNamespace) -> None:
    client, address = browser("office"), summaries["township"].get_absolute_url()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 40


def test_annexes_link_their_cells(summaries: dict, browser: Any) -> None:
    address = reverse("reports:annualsummary_annexes", args=[summaries["township"].pk])
    whole = browser("office").get(address).content.decode()
    part = browser("office").get(address, headers={"hx-request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert 'href="/teachers/appointment/?' in part


def test_section_is_written_and_a_wrong_token_refused(summaries: dict, browser: Any) -> None:
    row = section(summaries["township"], "teachers.staff")
    client, address = browser("office"), reverse("reports:summarysection_update", args=[row.pk])
    shown = client.get(address).content.decode()
    assert "{教师人数}" in shown
    assert "人，其中未评职称{未评职称教师人数}人" in shown
    data = {"order": row.order, "level": 1, "heading": "队伍", "read_version": row.version}
    data["text"] = "有{教师人数量}人。"
    refused = client.post(address, data).content.decode()
    assert "第1行第2个字" in refused
    assert "教师人数" in refused
    assert client.post(address, data | {"text": "有{教师人数}人。"}).status_code == 302
    text = client.get(summaries["township"].get_absolute_url()).content.decode()
    assert "队伍</h2>" in text
    assert ">3 人</a>。" in text
    assert client.post(reverse("reports:summarysection_reset", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert not row.edited


def test_section_is_added_and_dropped(summaries: dict, browser: Any) -> None:
    client, summary = browser("office"), summaries["township"]
    address = reverse("reports:summarysection_create")
    assert "{教师人数}" in client.get(address, {"summary": summary.pk}).content.decode()
    data = {"summary": summary.pk, "order": 15, "level": 1, "heading": "经费", "text": "经费有保障。"}
    assert client.post(address, data).status_code == 302
    row = summary.sections.get(heading="经费")
    assert "一、经费</h2>" in client.get(summary.get_absolute_url()).content.decode()
    assert client.post(reverse("reports:summarysection_delete", args=[row.pk])).status_code == 302
    assert not summary.sections.filter(heading="经费").exists()


def test_summary_is_composed_from_the_form(town: SimpleNamespace, browser: Any) -> None:
    client, address = browser("office"), reverse("reports:annualsummary_create")
    assert "2025" in client.get(address).content.decode()
    response = client.post(address, {"of": "school", "period": "2025-1", "school": town.school.pk})
    summary = AnnualSummary.objects.get()
    assert response.status_code == 302
    assert (summary.school, summary.period_code, summary.sections.count() > 10) == (town.school, "2025-1", True)
    nobody = client.post(address, {"of": "teacher", "period": "2025", "school": town.school.pk, "teacher": ""})
    assert (nobody.status_code, list(nobody.context["form"].errors)) == (200, ["teacher"])
    assert AnnualSummary.objects.count() == 1
    # What was chosen before somebody made up their mind does not count.
    both = {"of": "teacher", "period": "c2025", "school": town.school.pk, "teacher": "王思远（001）"}
    ObservationFactory(teacher=town.colleague, date=date(2025, 10, 8))
    assert client.post(address, both).status_code == 302
    file = AnnualSummary.objects.get(teacher=town.teacher)
    assert (file.school, file.township, file.period_code) == (None, town.township, "c2025")


def test_finalise_and_reopen_by_their_pages(summaries: dict, town: SimpleNamespace, browser: Any) -> None:
    client, summary = browser("office"), summaries["township"]
    verbs = {
        verb: reverse(f"reports:annualsummary_{verb}", args=[summary.pk]) for verb in ("finalise", "reopen", "compose")
    }
    assert "定稿前检查" in client.get(verbs["finalise"]).content.decode()
    assert client.post(verbs["compose"]).status_code == 302
    assert client.post(verbs["finalise"]).status_code == 302
    summary.refresh_from_db()
    assert summary.status == "finalised"
    TeacherFactory(school=town.other, no="009", name="周平")
    text = client.get(summary.get_absolute_url()).content.decode()
    assert 'id="drift"' in text
    assert SummaryVersion.objects.get().sha256[:16] in text
    assert client.get(reverse("reports:summarysection_update", args=[summary.sections.first().pk])).status_code == 403
    pdf = client.get(reverse("reports:annualsummary_file", args=[summary.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF-1.7")
    assert pdf["Content-Type"] == "application/pdf"
    version = reverse("reports:summaryversion_pdf", args=[SummaryVersion.objects.get().pk])
    assert client.get(version).content == pdf.content
    assert client.get(verbs["reopen"]).status_code == 200
    assert client.post(verbs["reopen"], {"reason": ""}).status_code == 200
    assert client.post(verbs["reopen"], {"reason": "人数有误"}).status_code == 302
    summary.refresh_from_db()
    assert summary.status == "draft"
    assert "人数有误" in client.get(summary.get_absolute_url()).content.decode()


def test_verbs_are_for_the_office_of_the_township(summaries: dict, browser: Any) -> None:
    for role, expected in (("teacher", 403), ("researcher", 403), ("stranger", 404)):
        for verb in ("compose", "finalise"):
            address = reverse(f"reports:annualsummary_{verb}", args=[summaries["own"].pk])
            assert (role, verb, browser(role).post(address).status_code) == (role, verb, expected)
        address = reverse("reports:annualsummary_reopen", args=[summaries["own"].pk])
        assert browser(role).get(address).status_code == expected
        row = summaries["own"].sections.first()
        assert browser(role).post(reverse("reports:summarysection_reset", args=[row.pk])).status_code == expected


def test_ticked_summaries_are_finalised_after_a_question(summaries: dict, browser: Any) -> None:
    client, address = browser("office"), reverse("reports:annualsummary_ticked_finalise")
    ticked = {"ticked": [summaries["own"].pk, summaries["far"].pk]}
    asked = client.post(address, ticked).content.decode()
    assert str(summaries["own"]) in asked
    assert str(summaries["far"]) not in asked
    assert client.post(address, ticked | {"sure": "1"}).status_code == 302
    found = {name: AnnualSummary.objects.get(pk=row.pk).status for name, row in summaries.items()}
    assert found == {"township": "draft", "own": "finalised", "other": "draft", "far": "draft"}
    assert browser("principal").post(address, ticked | {"sure": "1"}).status_code == 403


def test_versions_are_for_the_office_of_the_township(summaries: dict, cast: dict, browser: Any) -> None:
    version = finalise_summary(summary=summaries["own"], by=cast["office"])
    for role, expected in (("office", 200), ("principal", 200), ("teacher", 403), ("stranger", 404)):
        assert page(browser, role, "summaryversion_pdf", version.pk).status_code == expected


def test_admin_composes_finalises_and_downloads(summaries: dict, browser: Any) -> None:
    client, pk = browser("office"), summaries["township"].pk
    address = reverse("admin:reports_annualsummary_changelist")
    for model in ("annualsummary", "summarysection", "summaryversion"):
        assert client.get(reverse(f"admin:reports_{model}_changelist")).status_code == 200
    pdf = client.post(address, {"action": "download", "_selected_action": [pk]})
    assert pdf.content.startswith(b"%PDF")
    assert client.post(address, {"action": "compose", "_selected_action": [pk]}).status_code == 302
    finalise = {"action": "finalise", "_selected_action": [pk]}
    asked = client.post(address, finalise)
    assert (asked.status_code, asked.template_name) == (200, "webui/admin_bulk.html")
    assert AnnualSummary.objects.get(pk=pk).status == "draft"
    assert client.post(address, finalise | {"sure": "1"}).status_code == 302
    assert AnnualSummary.objects.get(pk=pk).status == "finalised"
    change = reverse("admin:reports_annualsummary_change", args=[pk])
    assert client.post(change, {"title": "改"}).status_code == 403
    assert client.get(reverse("admin:reports_annualsummary_change", args=[summaries["far"].pk])).status_code == 302


def test_admin_refuses_a_wrong_token(summaries: dict, browser: Any) -> None:
    row = section(summaries["township"], "teachers.staff")
    address = reverse("admin:reports_summarysection_change", args=[row.pk])
    data = {"summary": row.summary_id, "order": 1, "level": 1, "heading": "x", "text": "{0.__class__}"}
    assert browser("office").post(address, data).status_code == 200
    row.refresh_from_db()
    assert "__class__" not in row.text

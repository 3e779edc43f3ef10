"""Three scopes, three periods: what each role composes, sees and sends, from the form to the paper."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from apps.core.periods import Period
from apps.reports.actions import compose_summary
from apps.reports.models import AnnualSummary, ParagraphComment
from tests.factories import TeacherFactory, UserFactory
from tests.observations.factories import ObservationFactory
from tests.reports.factories import composed, section


def pdf_text(data: bytes) -> str:
    """Return the text of a PDF without its line ends."""
    return "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).replace("\n", "")


CREATE = "/reports/annualsummary/new/"


def labels(client: Any, name: str) -> list[str]:
    """Return the choices that the composing form offers in a field."""
    choices = client.get(CREATE).context["form"].fields[name].choices
    return [str(inner) for _group, found in choices for inner in ([label for _c, label in found])]


def test_form_offers_every_period_with_records(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    years = ["2025—2026学年", "2025—2026学年第二学期", "2025—2026学年第一学期"]
    assert labels(client, "period") == years
    ObservationFactory(teacher=town.teacher, date=date(2026, 3, 2))
    ObservationFactory(teacher=town.stranger, date=date(2025, 10, 13))
    assert labels(client, "period") == [*years, "2026年度"]


PLACES = {"office": ["township", "school", "teacher"], "principal": ["school", "teacher"]}


@pytest.mark.parametrize(("role", "kinds"), PLACES.items())
def test_form_offers_the_places_of_the_role(role: str, kinds: list[str], town: SimpleNamespace, browser: Any) -> None:
    form = browser(role).get(CREATE).context["form"]
    assert [kind for kind, _label in form.fields["of"].choices] == kinds
    assert ("school" in form.fields) == (role == "office")


@pytest.mark.parametrize("code", ["2025", "2025-2", "c2025"])
def test_principal_composes_the_own_school_and_its_teachers(code: str, town: SimpleNamespace, browser: Any) -> None:
    ObservationFactory(teacher=town.teacher, date=date(2025, 10, 13))
    client = browser("principal")
    # Another's school in the request changes nothing.
    assert client.post(CREATE, {"of": "school", "period": code, "school": town.other.pk}).status_code == 302
    assert client.post(CREATE, {"of": "teacher", "period": code, "teacher": "王思远"}).status_code == 302
    found = AnnualSummary.objects.order_by("pk")
    assert [(row.school, row.teacher, row.period_code) for row in found] == [
        (town.school, None, code),
        (None, town.teacher, code),
    ]
    for wrong in ({"of": "township"}, {"of": "teacher", "teacher": "赵雪"}):
        assert client.post(CREATE, wrong | {"period": code}).status_code == 200
    assert found.count() == 2


def test_principal_writes_and_sends_for_review_and_the_office_finalises(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    UserFactory(role="office", username="far", name="东湖", township=town.far.township)
    client, summary = browser("principal"), composed(town.school, cast["principal"])
    page = client.get(summary.get_absolute_url()).content.decode()
    verbs = ("write", "compare", "compose", "submit", "finalise", "reopen")
    offered = [verb for verb in verbs if f"/{summary.pk}/{verb}/" in page]
    assert offered == ["write", "compare", "compose", "submit"]
    row = section(summary, "teachers.staff")
    address = reverse("reports:annualsummary_write", args=[summary.pk])
    assert client.get(address).status_code == 200
    sent = {"text": "全校{教师人数}名教师。", "base": row.text}
    assert client.post(reverse("reports:summarysection_save", args=[row.pk]), sent).status_code == 302
    submit = reverse("reports:annualsummary_submit", args=[summary.pk])
    (reviewer,) = client.get(submit).context["form"].fields["reviewer"].queryset
    assert reviewer == cast["office"]
    assert client.post(submit, {"reviewer": reviewer.pk}).status_code == 302
    finalise = reverse("reports:annualsummary_finalise", args=[summary.pk])
    assert client.post(finalise).status_code == 403
    office = browser("office")
    remark = {"paragraph": "全校", "text": "请写明骨干教师"}
    office.post(reverse("reports:summarysection_comment", args=[row.pk]), remark)
    done = reverse("reports:paragraphcomment_done", args=[ParagraphComment.objects.get().pk])
    assert "请写明骨干教师" in client.get(summary.get_absolute_url()).content.decode()
    assert client.post(done).status_code == 302
    assert office.post(finalise).status_code == 302
    summary.refresh_from_db()
    assert (summary.status, summary.latest_version.finalised_by) == ("finalised", cast["office"])
    frozen = client.get(reverse("reports:annualsummary_file", args=[summary.pk, "pdf"])).content
    assert "全校2名教师。" in pdf_text(frozen)
    assert client.get(reverse("reports:annualsummary_drift", args=[summary.pk])).status_code == 200


def test_principal_sees_the_files_of_the_own_teachers_only(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    year = Period.of_year(town.year)
    left = TeacherFactory(school=town.school, no="020", name="周平")
    left.appointments.update(ends_on=date(2026, 1, 31))
    people = (town.teacher, town.neighbour, left)
    files = [compose_summary(scope=p.scope_on(year.ends_on), period=year, by=cast["office"]) for p in people]
    township = composed(town.township, cast["office"])
    text = browser("principal").get(reverse("reports:annualsummary_list")).content.decode()
    assert [f'href="{row.get_absolute_url()}"' in text for row in (*files, township)] == [True, False, False, False]
    for row in (*files[1:], township):
        for name in ("detail", "write", "compare", "submit", "annexes", "drift", "versions"):
            address = reverse(f"reports:annualsummary_{name}", args=[row.pk])
            assert (name, browser("principal").get(address).status_code) == (name, 404)
        assert browser("principal").get(reverse("reports:annualsummary_file", args=[row.pk, "json"])).status_code == 404


def test_figures_over_the_years_and_comparison_are_the_schools_own(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    summary, client = composed(town.school, cast["principal"]), browser("principal")
    lines = client.get(reverse("reports:annualsummary_compare", args=[summary.pk])).context["chapters"]
    assert [line.figure.value for line, *_links in lines["教师"] if line.figure.key == "teachers.count"] == [2]
    context = client.get(reverse("reports:indicators"), {"chapter": "teachers"}).context
    row = next(cells for key, _label, _unit, cells in context["rows"] if key == "teachers.count")
    assert [cell.value for _head, cell in row] == [2]
    assert client.get(reverse("reports:indicators"), {"school": town.other.pk}).status_code == 404


def test_a_teacher_opens_the_own_file_before_anybody_has_composed_it(town: SimpleNamespace, browser: Any) -> None:
    ObservationFactory(teacher=town.colleague, observer_teacher=town.teacher, topic="春")
    ObservationFactory(teacher=town.neighbour, observer_teacher=town.colleague, topic="别人的课")
    client = browser("teacher")
    page, pdf = reverse("reports:own_file"), reverse("reports:own_file_pdf")
    start = client.get(reverse("start")).content.decode()
    assert f'href="{page}"' in start
    assert f'href="{pdf}"' in start
    text = client.get(page).content.decode()
    assert "王思远2025—2026学年教师专业发展档案" in text
    assert 'title="个人听课节数">1 节</a>' in text
    assert "别人的课" not in text
    assert AnnualSummary.objects.count() == 0
    printed = pdf_text(client.get(pdf).content)
    assert "深入课堂听课1节" in printed
    assert "镇初级中学" in printed


def test_a_teacher_opens_the_composed_file_where_there_is_one(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    year = Period.of_year(town.year)
    file = compose_summary(scope=town.teacher.scope_on(year.ends_on), period=year, by=cast["office"])
    assert browser("teacher").get(reverse("reports:own_file")).url == file.get_absolute_url()
    for role in ("office", "principal"):
        assert browser(role).get(reverse("reports:own_file")).status_code == 404
    assert browser("researcher").get(reverse("reports:own_file")).status_code == 403


def test_list_tells_township_schools_and_teachers_apart(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    year = Period.of_year(town.year)
    rows = {
        "township": composed(town.township, cast["office"]),
        "school": composed(town.school, cast["office"]),
        "teacher": compose_summary(scope=town.teacher.scope_on(year.ends_on), period=year, by=cast["office"]),
    }
    for kind in rows:
        text = browser("office").get(reverse("reports:annualsummary_list"), {"of": kind}).content.decode()
        assert [name for name, row in rows.items() if f'href="{row.get_absolute_url()}"' in text] == [kind]


def test_lists_cost_the_same_with_ten_times_the_rows(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    client, year = browser("principal"), Period.of_year(town.year)
    address = reverse("reports:annualsummary_list")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    composed(town.school, cast["office"])
    client.get(address)
    few = cost()
    for number in range(10):
        person = TeacherFactory(school=town.school, no=f"1{number:02}")
        compose_summary(scope=person.scope_on(year.ends_on), period=year, by=cast["office"])
    assert (cost(), few <= 12) == (few, True)

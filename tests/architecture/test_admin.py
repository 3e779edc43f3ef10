"""The back room: every model stands in it, for the office only, and within the office's township."""

import re
from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import User
from apps.core.models import Record
from apps.ethics.models import AssessmentCycle
from apps.schools.models import District
from apps.workbooks.models import WorkbookExport
from tests.architecture.rows import make, record_models

# Rows that are edited on another's page.
INLINE = {"observations.rubricitem", "observations.observationscore", "ethics.questionnaireitem"}
MODELS = sorted((m for m in admin.site._registry if issubclass(m, Record)), key=lambda model: model.label)


# What only another township's rows are called.
FOREIGN = ("东湖镇", "东湖镇教育组", "东湖中学", "何晓东")
# Words that stand in Latin letters anywhere, or beside a picture for who cannot see it.
LATIN = {"Excel", "JSON", "PDF", "SHA", "English", "True", "False", "Search"}
WORD = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2,}(?![0-9A-Za-z])")
TAG = re.compile(r"<[^>]*>")
FILE = r"[\w/-]+\.(?:pdf|json(?:\.gz)?|png|xlsx)\b"
SPOKEN_NOT = re.compile(rf"<(script|style|template|textarea)\b.*?</\1>|<!--.*?-->|{FILE}", re.S)
CALLED = re.compile(r"""\b(?:title|placeholder|aria-label|alt|aria-description)="([^"]*)\"""")
# Addresses of the back room that everybody reaches: one signs in, and out, there.
OPEN = {"login", "logout"}


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_kind_of_record_is_in_the_back_room() -> None:
    missing = {model.label for model in record_models()} - {model.label for model in MODELS}
    assert missing == INLINE


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.label)
def test_changelist_of_the_office_lists_its_township_only(
    model: Any, town: SimpleNamespace, browser: Any, cast: dict
) -> None:
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


def test_saving_in_the_back_room_takes_the_action_and_says_a_refusal(
    town: SimpleNamespace, browser: Any, cast: dict
) -> None:
    cycle = make(AssessmentCycle, town.school, status="open")
    client = browser("office")
    page = client.get(address(AssessmentCycle, "change", cycle.pk))
    data = {k: v for k, v in page.context["adminform"].form.initial.items() if v is not None}
    changed = client.post(address(AssessmentCycle, "change", cycle.pk), data | {"student_weight": 30}, follow=True)
    assert "三项权重之和" in changed.content.decode()
    cycle.refresh_from_db()
    assert cycle.student_weight == 20


# Every address of the back room


def addresses() -> Iterator[tuple[str, type[Record] | None, URLPattern]]:
    """Yield name, model (None for pages of no model) and pattern of every address below /admin/."""
    site = next(part for part in get_resolver().url_patterns if getattr(part, "app_name", "") == "admin")
    for part in site.url_patterns:
        if not isinstance(part, URLResolver):
            yield part.name or "catch_all", None, part
            continue
        for pattern in part.url_patterns:
            model = next(
                m for m in admin.site._registry if str(part.pattern) == f"{m._meta.app_label}/{m._meta.model_name}/"
            )
            if pattern.name:  # the others lead from former addresses to these
                yield pattern.name, model, pattern


def walked(rows: dict[Any, Any]) -> Iterator[tuple[str, type[Record] | None, str]]:
    """Yield name, model and address; a record's pages with the row that `rows` has for its model."""
    asked = {"app_label": "schools", "content_type_id": 0, "url": "nowhere/"}
    for name, model, pattern in addresses():
        keys = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        given = {key: asked.get(key, rows[model].pk if model in rows else 0) for key in keys}
        yield name, model, "/admin/nowhere/" if name == "catch_all" else reverse(f"admin:{name}", kwargs=given)


def test_walk_over_the_back_room_meets_every_page_of_every_model() -> None:
    met = {name for name, _model, _pattern in addresses()}
    assert met >= {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in MODELS
        for page in ("changelist", "add", "change", "delete", "history")
    } | {"index", "autocomplete", "app_list", "view_on_site", "jsi18n", "password_change"}


@pytest.mark.parametrize("role", [None, "principal", "teacher", "researcher"])
def test_back_room_asked_by_others_than_the_office_is_closed(
    role: str | None, town: SimpleNamespace, browser: Any
) -> None:
    client = browser(role)
    rows = {model: make(model, town.school) for model in MODELS}
    for name, _model, url in walked(rows):
        for method in (client.get, client.post) if name not in OPEN else ():
            response = method(url)
            assert (name, response.status_code) == (name, 302)
            assert response.url.startswith(("/admin/login/", "/login/")), name


def test_back_room_asked_by_the_office_for_a_foreign_row_has_none(
    town: SimpleNamespace, browser: Any, cast: dict
) -> None:
    client = browser("office")
    rows = {model: make(model, town.far, 1) for model in MODELS}
    hidden = {
        model: row
        for model, row in rows.items()
        if not model.objects.visible_to(cast["office"]).filter(pk=row.pk).exists()
    }
    assert {model.label for model in MODELS} - {model.label for model in hidden} == {
        # of the whole installation, and of the district
        "core.schoolyear", "core.term", "schools.district", "schools.researcher",
    }  # fmt: skip
    start = reverse("admin:index")
    for name, model, url in walked(rows):
        if model not in hidden or not name.endswith(("_change", "_delete", "_history")):
            continue
        for method in (client.get, client.post):
            response = method(url, {"post": "yes"})
            # Where nobody may write at all, the permission is asked before the row.
            assert (response.status_code, response.headers.get("Location")) in {(302, start), (403, None)}, name
    assert all(model.objects.filter(pk=row.pk).exists() for model, row in rows.items())


def test_back_room_opened_by_the_office_names_no_foreign_row(town: SimpleNamespace, browser: Any) -> None:
    """Lists with their filters, forms with their choices, and the pages that ask before deleting."""
    client = browser("office")
    for model in MODELS:
        make(model, town.far, 1)
    own = {model: make(model, town.school) for model in MODELS}
    pages = ((name, client.get(url).content.decode()) for name, model, url in walked(own) if model)
    told = [(name, foreign) for name, page in pages for foreign in FOREIGN if foreign in page]
    assert told == []


def test_back_room_opened_by_whom_sees_all_speaks_no_english(town: SimpleNamespace, browser: Any, cast: dict) -> None:
    """Every page of every model, and the pages before deleting: words, and what controls are called; no files."""
    client = browser("office")
    cast["office"].is_superuser = True
    cast["office"].save()
    own = {model: make(model, town.school) for model in MODELS}
    own[User] = cast["principal"]
    WorkbookExport.objects.update(user=cast["office"])  # seen by who asked for it
    known = LATIN | {"the", "writer", *cast}  # what the accounts are called
    found: dict[str, str] = {}
    for name, model, url in walked(own):
        if name in {"jsi18n", "autocomplete", "logout", "view_on_site"} or (model is None and name == "catch_all"):
            continue
        page = SPOKEN_NOT.sub(" ", client.get(url, follow=True).content.decode())
        for text in (TAG.sub(" ", page), *CALLED.findall(page)):
            found |= {word: name for word in WORD.findall(unescape(text)) if word not in known}
    assert found == {}


def test_back_room_searched_by_the_office_finds_no_foreign_row(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    for model in MODELS:
        make(model, town.far, 1)
    for model in MODELS:
        for word in FOREIGN if admin.site._registry[model].search_fields else ():
            page = client.get(address(model, "changelist"), {"q": word})
            found = [str(row) for row in page.context["cl"].result_list if word in str(row)]
            assert (model.label, found) == (model.label, [])


def test_typing_in_the_back_room_suggests_no_foreign_row(town: SimpleNamespace, browser: Any, cast: dict) -> None:
    client = browser("office")
    for model in MODELS:
        make(model, town.far, 1)
        make(model, town.school)
    for model in MODELS:
        for field in admin.site._registry[model].autocomplete_fields:
            target = model._meta.get_field(field).related_model
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
            answer = client.get(reverse("admin:autocomplete"), asked).json()["results"]
            seen = {str(pk) for pk in target.objects.visible_to(cast["office"]).values_list("pk", flat=True)}
            assert (model.label, field, {row["id"] for row in answer} - seen) == (model.label, field, set())


def test_district_with_other_townships_opened_by_the_office_is_only_shown(town: SimpleNamespace, browser: Any) -> None:
    district = town.township.district
    client = browser("office")
    data = {"name": "别名区", "code": district.code, "office_name": ""}
    assert client.get(address(District, "change", district.pk)).context["has_change_permission"] is False
    assert client.post(address(District, "change", district.pk), data).status_code == 403
    district.refresh_from_db()
    assert district.name == "陈仓区"

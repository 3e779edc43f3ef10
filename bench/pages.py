"""List and detail pages beside a plain Django admin over the same rows."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.urls import include, path

from bench import towns
from bench.timing import paired_seconds, queries

MODELS = ("observations.observation", "teachers.teacher", "handbook.handbookentry")
PLAIN = admin.AdminSite("plain")


class Plain(admin.ModelAdmin):
    """An admin as one writes it for a start: columns, one filter, a search box, 20 rows a page."""

    list_per_page = 20


# What each list shows in the plain admin.
SHOWN = {
    "observations.observation": (["date", "school", "teacher", "topic", "observer_teacher", "score"], ["status"]),
    "teachers.teacher": (["no", "name", "sex", "title", "position", "subject"], ["position"]),
    "handbook.handbookentry": (["date", "school", "teacher", "requirement", "title", "status"], ["status"]),
}
FETCHED = {
    "observations.observation": ["school", "teacher", "observer_teacher"],
    "teachers.teacher": False,
    "handbook.handbookentry": ["school", "teacher", "requirement__term__school_year"],
}
PICKED = ["teacher", "observer_teacher", "requirement", "activity", "rubric", "confirmed_by", "reviewed_by"]


def register(label: str) -> None:
    """Put a model into the plain admin."""
    model, (columns, filters) = apps.get_model(label), SHOWN[label]
    fields = {field.name for field in model._meta.fields}
    # What its columns read is fetched along, for fairness.
    declared = {
        "list_display": columns,
        "list_filter": filters,
        "list_select_related": FETCHED[label],
        # Without it the form would offer every teacher of the installation.
        "raw_id_fields": [name for name in PICKED if name in fields],
        "search_fields": ["pk"],
    }
    PLAIN.register(model, type("Declared", (Plain,), declared))


for label in MODELS:
    register(label)

urlpatterns = [path("plain/", PLAIN.urls), path("", include("townedu.urls"))]


@override_settings(ROOT_URLCONF="bench.pages")
def run() -> None:
    """Print queries and median milliseconds of lists and details, and the ratio to the plain admin's pages."""
    ours, plain = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    user = towns.office()
    ours.force_login(user, "apps.accounts.backends.ScopedBackend")
    root, _new = get_user_model().objects.get_or_create(
        username="bench-admin", defaults={"name": "bench", "is_superuser": True, "is_staff": True}
    )
    plain.force_login(root, "apps.accounts.backends.ScopedBackend")
    for label in MODELS:
        model = apps.get_model(label)
        row = model.objects.within(towns.town().scope).order_by("-pk")[0]
        base = f"/{model._meta.app_label}/{model._meta.model_name}/"
        beside(f"list {label}", ours, f"{base}?period={towns.YEAR}", plain, f"/plain{base}")
        beside(f"detail {label}", ours, row.get_absolute_url(), plain, f"/plain{base}{row.pk}/change/")


def beside(name: str, ours: Client, address: str, plain: Client, other: str) -> None:
    """Print how a page of ours compares with one of the plain admin."""

    def page() -> None:
        assert ours.get(address).status_code == 200, address

    def admin_page() -> None:
        assert plain.get(other).status_code == 200, other

    (taken, beside_it), counts = paired_seconds([page, admin_page], 15), (queries(page), queries(admin_page))
    print(
        f"{name}: {taken * 1000:.0f} ms, {counts[0]} queries; plain admin {beside_it * 1000:.0f} ms, "
        f"{counts[1]} queries; {beside_it / taken:.2f} × its requests a second"
    )

"""The views behind `Pages`, and the small pages of the whole site."""

from collections.abc import Iterable, Iterator
from typing import Any

from auditlog.models import LogEntry
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import CASCADE, Count, Model, Q, QuerySet, Value
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views import View

from apps.core.access import Request, local_address
from apps.core.addresses import number_in
from apps.core.jobs import Job
from apps.core.models import Record
from apps.core.past import Day, KeepsFacts, fact_at
from apps.figures.filters import RecordFilter
from apps.figures.measures import list_names

from .context import chosen_year
from .forms import RecordForm, refuse
from .pages import REGISTRY, ListColumn, Pages, Related, value_of
from .ways import again, beginning, list_address, owner_in, owner_of, remember

PAGE_SIZES = {"20": 20, "50": 50, "100": 100}


def filtered(pages: Pages[Any], request: Request) -> RecordFilter:
    """Return the bound filter of a list: what the address says, else the school year chosen in the top bar."""
    data = request.GET.copy()
    if year := chosen_year(request):
        data.setdefault("period", str(year.start_year))
    return pages.filterset(data=data, queryset=pages.rows(request.user), request=request)


class RecordView(View):
    """Base of a record's pages."""

    request: Request
    pages: Pages[Any] = None  # type: ignore[assignment]  # given with the address

    def record(self, pk: int, verb: str = "view") -> Record:
        """Return the row the user sees under `pk`, or raise 404; raise 403 if the user may not `verb` it."""
        row: Record = get_object_or_404(self.pages.rows(self.request.user), pk=pk)
        self.pages.demand(self.request.user, verb, row)
        return row


def with_columns(rows: QuerySet[Any], columns: Iterable[ListColumn], day: Day) -> QuerySet[Any]:
    """Return the rows with the facts that columns show as they were on `day`, for `column_value`."""
    paths = (column.path.replace(".", "__") for column in columns)
    found = {f"then_{path}": fact for path in paths if (fact := fact_at(rows.model, path, day))}
    annotated: QuerySet[Any] = rows.annotate(**found)
    return annotated


def ordered(rows: QuerySet[Any], order: list[str], day: Day) -> QuerySet[Any]:
    """Return the rows in this order; facts are sorted by what they were on `day`."""
    facts = [(path, fact_at(rows.model, path.lstrip("-"), day)) for path in order]
    return rows.order_by(
        *(path if fact is None else fact.desc() if path.startswith("-") else fact.asc() for path, fact in facts)
    )


class RecordList(RecordView):
    """The list: filtered, sorted, in pages, with what its records add up to."""

    def get(self, request: Request) -> HttpResponse:
        """Show the list; a bad filter shows nothing and says why."""
        remember(request, self.pages)
        bound = filtered(self.pages, request)
        rows = bound.qs if bound.is_valid() else bound.queryset.none()
        sort, order = self.ordering(request)
        numbers = self.measured(bound, rows)
        day = bound.day() if bound.is_valid() else timezone.localdate()
        rows = self.pages.rows_on(rows, day)
        page = self.page(ordered(rows, order, day), numbers.pop("_rows"), day)
        context = {
            "pages": self.pages,
            "filter": bound,
            "page": page,
            "sort": sort,
            "measures": [(m, numbers[m.key]) for m in self.pages.filterset.measures if numbers.get(m.key) is not None],
            "asked": request.GET.get("measure"),
            "may_add": self.pages.may(request.user, "add"),
            "bulk": [
                (verb.label, self.pages.url(f"ticked_{verb.name}")) for verb in self.pages.bulk_verbs(request.user)
            ],
            "filtered": any(
                v for k, v in request.GET.items() if k not in {"page", "sort", "size", "period", "measure"}
            ),
        }
        template = "webui/list_table.html" if request.htmx and not request.htmx.boosted else self.pages.list_template
        response = render(request, template, context)
        patch_vary_headers(response, ["HX-Request"])  # else the browser's back button may show the bare table
        return response

    def page(self, rows: QuerySet[Any], number: int, day: Day) -> Page[Any]:
        """Return the asked page of so many rows: sorted by id alone first, since whole rows are slow to sort.

        Each row has the facts of its columns as they were on `day`.
        """
        paginator = Paginator(rows.values_list("pk", flat=True), PAGE_SIZES.get(self.request.GET.get("size", ""), 20))
        paginator.count = number
        page = paginator.get_page(self.request.GET.get("page"))
        found = with_columns(rows.order_by(), self.pages.columns, day).in_bulk(ids := list(page.object_list))
        page.object_list = [found[pk] for pk in ids]
        return page

    def ordering(self, request: Request) -> tuple[str, list[str]]:
        """Return the asked sort key and the fields to order by, ending in the id so that pages are stable."""
        sort = request.GET.get("sort", "")
        known = {column.order for column in self.pages.columns if column.order}
        own = list(self.pages.model._meta.ordering)
        if sort.lstrip("-") not in known:
            return "", [*own, "pk"]
        return sort, [sort, *[field for field in own if field.lstrip("-") != sort.lstrip("-")], "pk"]

    def measured(self, bound: RecordFilter, rows: QuerySet[Any]) -> dict[str, Any]:
        """Return measure key → value over all filtered rows, and their number as `_rows`, in one query.

        A list of names costs a query of its own and is made only when asked for.
        """
        asked = self.request.GET.get("measure")
        numbers = {m.key: m.of(Q(), bound.day()) for m in bound.measures if m.expression}
        found = rows.order_by().aggregate(_rows=Count("pk"), **numbers)
        for measure in bound.measures:
            if measure.names and measure.key == asked:
                found[measure.key] = list_names(rows, measure, bound.day())
            elif measure.expression:
                found[measure.key] = measure.clean(found[measure.key])
        return found


class RecordDetail(RecordView):
    """One record, what belongs to it, and what can be done with it."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Show the record, or the part of its page that is asked for alone."""
        row = self.record(pk)
        if asked := request.GET.get("part"):
            return self.part(row, asked)
        names = self.pages.detail or tuple(column.path for column in self.pages.columns)
        context = {
            "pages": self.pages,
            "record": row,
            "fields": [(self.pages.labels[name], name, value_of(row, name)) for name in names],
            "related": [self.related(row, related) for related in self.pages.all_related if not related.later],
            "later": [
                (related.key, related.title or REGISTRY[related.label].meta.verbose_name_plural)
                for related in self.pages.all_related
                if related.later and REGISTRY[related.label].may(request.user, "view")
            ],
            "buttons": list(self.pages.buttons(request.user, row)),
            "may_change": self.pages.may(request.user, "change", row),
            "may_delete": self.pages.may(request.user, "delete", row),
            "locked": getattr(row, "_locked", ""),
            "owner": owner_of(row, self.pages, request),
        }
        return render(request, self.pages.detail_template, context)

    def part(self, row: Record, asked: str) -> HttpResponse:
        """Return a part that costs queries and is rarely read: history, timeline, or related rows that come later."""
        context = {"pages": self.pages, "record": row, "partial": bool(self.request.htmx)}
        if asked == "history":
            return render(self.request, "webui/trail.html", context | {"history": self.history(row)})
        if asked == "timeline" and isinstance(row, KeepsFacts):
            return render(self.request, "webui/timeline.html", context | {"moments": row.timeline()})
        found = next((related for related in self.pages.all_related if related.later and related.key == asked), None)
        if found is None:
            raise Http404
        return render(self.request, "webui/later.html", context | {"part": self.related(row, found)})

    def related(self, row: Record, related: Related) -> dict[str, Any]:
        """Return title, pages and the first twenty rows of a related list, as far as the user may see them."""
        pages = REGISTRY[related.label]
        may_see = pages.may(self.request.user, "view")
        rows = (
            pages.rows(self.request.user).filter(**{related.field: row.pk}) if may_see else pages.model.objects.none()
        )
        return {
            "title": related.title or pages.meta.verbose_name_plural,
            "pages": pages,
            "field": related.field,
            "columns": [column for column in pages.columns if column.path in related.columns],
            "rows": list(rows.order_by(*pages.model._meta.ordering, "pk")[:21]),
            "may_see": may_see,
        }

    def history(self, row: Record) -> list[LogEntry]:
        """Return the latest entries of the record's audit."""
        entries = LogEntry.objects.get_for_object(row)
        return list(entries.select_related("actor").order_by("-timestamp", "-pk")[:10])


class RecordEdit(RecordView):
    """Base of creating and editing: one form, one action."""

    def form(self, row: Record | None) -> RecordForm:
        """Return the form, bound when something was sent."""
        request = self.request
        sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        initial = {} if row else beginning(request, self.pages)
        return self.pages.form(*sent, instance=row, initial=initial, user=request.user)

    def show(self, form: RecordForm, row: Record | None) -> HttpResponse:
        """Show the form, with what was typed."""
        found = owner_in(self.request, self.pages)
        owner = found[1] if found else owner_of(row, self.pages, self.request) if row else None
        context = {"pages": self.pages, "form": form, "record": row, "owner": owner, "another": row is None}
        return render(self.request, self.pages.form_template, context)

    def write(self, form: RecordForm, row: Record | None) -> HttpResponse:
        """Take the action, or show what is wrong."""
        if form.is_valid():
            version = form.cleaned_data.get("read_version") if row else None
            try:
                saved = self.pages.save(form=form, by=self.request.user, version=version)
            except ValidationError as error:
                refuse(form, error)
            else:
                if said := self.pages.told(saved):
                    messages.success(self.request, said)
                if not row and form.data.get("then") == "another":
                    return redirect(again(self.request, self.pages, form))
                return redirect(owner_of(saved, self.pages, self.request) or saved)
        return self.show(form, row)


class RecordCreate(RecordEdit):
    """A new record."""

    def get(self, request: Request) -> HttpResponse:
        """Show the empty form."""
        return self.show(self.form(None), None)

    def post(self, request: Request) -> HttpResponse:
        """Write the new record."""
        return self.write(self.form(None), None)


class RecordUpdate(RecordEdit):
    """A record changed."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Show the form with the record."""
        row = self.record(pk, "change")
        return self.show(self.form(row), row)

    def post(self, request: Request, pk: int) -> HttpResponse:
        """Write the changed record."""
        row = self.record(pk, "change")
        return self.write(self.form(row), row)


class RecordDelete(RecordView):
    """A record deleted, after showing what else would go."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Ask, and list what would go along."""
        return self.ask(self.record(pk, "delete"))

    def post(self, request: Request, pk: int) -> HttpResponse:
        """Delete, or say what forbids it."""
        row = self.record(pk, "delete")
        try:
            self.pages.remove(record=row, by=request.user)
        except ValidationError as error:
            return self.ask(row, error.messages)
        messages.success(request, _("Deleted: %(record)s") % {"record": row})
        return redirect(owner_of(row, self.pages, request) or list_address(request, self.pages))

    def ask(self, row: Record, refusals: list[str] | None = None) -> HttpResponse:
        """Show the question, with how many rows of which kind go along."""
        context = {"pages": self.pages, "record": row, "going": going_along(row), "refusals": refusals or []}
        return render(self.request, "webui/delete.html", context)


def going_along(row: Record) -> list[tuple[str, int]]:
    """Return name and number of the other rows that would be deleted with `row`; one query, however many kinds."""
    hanging = list(dependants(type(row), ""))
    if not hanging:
        return []
    parts = [
        model._base_manager.filter(**{path: row.pk})
        .order_by()
        .values(_place=Value(place))
        .annotate(_number=Count("pk"))
        for place, (model, path) in enumerate(hanging)
    ]
    counts: dict[str, int] = {}
    for found in parts[0].union(*parts[1:], all=True):
        name = str(hanging[found["_place"]][0]._meta.verbose_name_plural)
        counts[name] = counts.get(name, 0) + found["_number"]
    return [(name, number) for name, number in counts.items() if number]


def dependants(model: type[Model], path: str) -> Iterator[tuple[type[Model], str]]:
    """Yield each model whose rows go with a row of `model`, and the path that leads from them to it."""
    for relation in model._meta.related_objects:
        if getattr(relation, "on_delete", None) is CASCADE:
            there = f"{relation.field.name}__{path}" if path else relation.field.name
            yield relation.related_model, there
            yield from dependants(relation.related_model, there)


def follow(request: Request, job: Job, template: str) -> HttpResponse:
    """Tell how far a job is; when its worker is no longer at it, the page is loaded anew."""
    response = render(request, template, {"record": job})
    if not job.running or job.silent:
        response["HX-Refresh"] = "true"
    return response


def choose_year(request: Request) -> HttpResponse:
    """Keep the school year chosen in the top bar for this session."""
    year = number_in(request.POST.get("year"))
    if year is not None and 1000 <= year <= 9999:
        request.session["year"] = year
    return redirect(local_address(request, request.POST.get("next", "")) or "start")

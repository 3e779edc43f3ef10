"""The office's back room: the admin, within the user's scope and by the same actions as the pages."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, router
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.core.access import actor_of
from apps.core.actions import delete_record, demand_version, offered, save_record
from apps.core.addresses import number_in
from apps.core.models import Record, SchoolYear, Term
from apps.core.rules import record_rule, rules_of
from apps.core.scope import ScopedQuerySet

from .pages import REGISTRY
from .verbs import Verb, report, take_all

admin.site.site_header = _("School-based teacher development")
admin.site.site_title = _("School-based teacher development")
admin.site.index_title = _("All records")
# What Django's back room says without having it in Chinese.
UNTRANSLATED = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Error:"),
    gettext_noop("Forgotten your login credentials?"),
)
# The tables of the parts that this stands on speak English, and nobody at an education office needs them: roles follow
# from roles.py, a record's history stands on its page, a job's state on its own, and a lock on an account opens itself.
for model in [model for model in admin.site._registry if not issubclass(model, Record)]:
    admin.site.unregister(model)


class VisibleRowsFilter(admin.RelatedFieldListFilter):
    """A list's filter by what a field refers to, which offers only rows within the user's scope."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[Any]:
        """Return id and name of the rows to choose from."""
        rows = field.related_model._default_manager.all()
        if not isinstance(rows, ScopedQuerySet):
            return super().field_choices(field, request, model_admin)
        ordering = self.field_admin_ordering(field, request, model_admin)
        seen = {"pk__in": rows.visible_to(actor_of(request)).values("pk")}
        choices: list[Any] = field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=seen)
        return choices


admin.FieldListFilter.register(lambda field: bool(field.remote_field), VisibleRowsFilter, take_priority=True)


class RecordAdmin(admin.ModelAdmin[Any]):
    """Base of all admins of records; `action` writes one and `removal` deletes one, both taking `record` and `by`."""

    action: ClassVar[Callable[..., Any]] = staticmethod(save_record)
    removal: ClassVar[Callable[..., Any]] = staticmethod(delete_record)

    list_per_page = 50
    change_form_template = "webui/admin_change.html"
    show_full_result_count = False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the actions, with the verbs that can be done with several records."""
        pages = REGISTRY.get(self.model.label)
        verbs = pages.bulk_verbs(actor_of(request)) if pages else []
        return super().get_actions(request) | {
            verb.name: (admin_action(verb), verb.name, str(verb.label)) for verb in verbs
        }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return the rows within the user's scope."""
        rows: ScopedQuerySet[Any] = self.model.objects.visible_to(actor_of(request))
        return rows.order_by(*self.get_ordering(request) or self.model._meta.ordering)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may change records, or this one: what the action demands."""
        return super().has_change_permission(request, obj) and self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may delete records, or this one: what the action demands."""
        return super().has_delete_permission(request, obj) and self._may(request, "delete", obj)

    def _may(self, request: HttpRequest, verb: str, obj: Record | None) -> bool:
        return obj is None or record_rule(self.model, verb)(actor_of(request), obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Record | None = None) -> list[Any]:
        """Return the fields that are only shown, with those that the user may not write in this record."""
        fixed = rules_of(self.model).fixed(actor_of(request), obj or self.model())
        shown = [*super().get_readonly_fields(request, obj)]
        return [*shown, *(name for name in fixed if name not in (*shown, *(self.exclude or ())))]

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer only the rows that the user may write there."""
        kwargs["queryset"] = offered(self.model, db_field.name, actor_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer only the rows that the user may write there."""
        kwargs["queryset"] = offered(self.model, db_field.name, actor_of(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Return what would go along by kind and number, without names: such rows may lie beyond the user's scope."""
        _listed, _numbers, needed, _protected = super().get_deleted_objects(objs, request)
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        kinds: dict[Any, set[Any]] = collector.model_objs  # the stubs take the models for their names
        going = [(kind._meta, len(rows)) for kind, rows in kinds.items() if not kind._meta.auto_created]
        numbers = {str(meta.verbose_name_plural): number for meta, number in going}
        held = sorted({str(row._meta.verbose_name) for row in collector.protected})
        return [str(record) for record in objs], numbers, needed, held

    def save_model(self, request: HttpRequest, obj: Record, form: ModelForm[Any], change: bool) -> None:
        """Write by the action that pages take, unless somebody else has changed the record since it was shown."""
        if change:
            demand_version(obj, number_in(request.POST.get("read_version")))
        type(self).action(record=obj, by=actor_of(request))

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        """Write the rows edited along, each by the action that pages take."""
        rows = formset.save(commit=False)
        for record in formset.deleted_objects:
            delete_record(record=record, by=actor_of(request))
        for record in rows:
            save_record(record=record, by=actor_of(request))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show and write the form; what an action refuses is said, and nothing is written."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            self.message_user(request, "；".join(error.messages), level=messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask and delete; what forbids it is said."""
        try:
            return super().delete_view(request, *args, **kwargs)
        except ValidationError as error:
            self.message_user(request, "；".join(error.messages), level=messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        """Delete by the action that pages take."""
        type(self).removal(record=obj, by=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete each row by the action that pages take; what is refused is said."""
        for record in queryset:
            try:
                type(self).removal(record=record, by=actor_of(request))
            except ValidationError as error:
                self.message_user(request, "；".join(error.messages), level="error")
            except PermissionDenied:
                self.message_user(request, f"{record}：{_('You may not do this')}", level="error")


class FactsAdmin(RecordAdmin):
    """Base of admins of records that keep facts; the form asks, and the action takes `since` besides."""

    def get_fields(self, request: HttpRequest, obj: Record | None = None) -> Any:
        """Return the fields, each question before the day that it is about; none for a new record."""
        given = [str(name) for name in super().get_fields(request, obj)]
        fields: list[str] = []
        for name in (name for name in given if not name.endswith("_since_is")):
            fields += [f"{name}_is"] if obj and f"{name}_is" in given else []
            fields.append(name)
        return fields

    def save_model(self, request: HttpRequest, obj: Record, form: Any, change: bool) -> None:
        """Write by the action that pages take, with the days since when changed facts are new."""
        if change:
            demand_version(obj, number_in(request.POST.get("read_version")))
        type(self).action(record=obj, since=form.since, by=actor_of(request))


def admin_action(verb: Verb) -> Callable[..., HttpResponse | None]:
    """Return the admin's action that asks, does `verb` with each ticked record, and says what came of it."""

    def act(modeladmin: RecordAdmin, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        if verb.question and "sure" not in request.POST:
            context = {**admin.site.each_context(request), "title": verb.label, "verb": verb, "rows": list(queryset)}
            return TemplateResponse(request, "webui/admin_bulk.html", context)
        done, refused = take_all(verb, list(queryset), by=actor_of(request))
        for said, level in report(verb, done, refused):
            modeladmin.message_user(request, said, level)
        return None

    return act


class TermInline(admin.TabularInline[Any, Any]):
    model = Term
    extra = 0


@admin.register(SchoolYear)
class SchoolYearAdmin(RecordAdmin):
    list_display = ["__str__", "starts_on", "ends_on"]
    search_fields = ["start_year"]
    inlines = [TermInline]


@admin.register(Term)
class TermAdmin(RecordAdmin):
    list_display = ["__str__", "starts_on", "ends_on"]
    list_filter = ["school_year"]
    list_select_related = ["school_year"]
    search_fields = ["school_year__start_year"]

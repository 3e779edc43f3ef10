"""The office's back room: the admin, within the user's scope and by the same actions as the pages."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .actions import delete_record, save_record
from .models import Record, SchoolYear, Term
from .scope import ScopedQuerySet

admin.site.site_header = _("School-based teacher development")
admin.site.site_title = _("School-based teacher development")
admin.site.index_title = _("All records")


class RecordAdmin(admin.ModelAdmin):
    """Base of all admins of records."""

    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Return the rows within the user's scope."""
        return self.model.objects.visible_to(request.user).order_by(*self.get_ordering(request) or self.model._meta.ordering)

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only rows within the user's scope."""
        rows = db_field.remote_field.model._default_manager.all()
        if isinstance(rows, ScopedQuerySet):
            kwargs["queryset"] = rows.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Record, form: ModelForm, change: bool) -> None:
        """Write by the action that pages take."""
        save_record(record=obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        """Delete by the action that pages take."""
        delete_record(record=obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Delete each row by the action that pages take; what is refused is said."""
        for record in queryset:
            try:
                delete_record(record=record, by=request.user)
            except ValidationError as error:
                self.message_user(request, "；".join(error.messages), level="error")


class TermInline(admin.TabularInline):
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

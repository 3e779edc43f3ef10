from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.webui.admin import RecordAdmin

from .models import HeaderMapping, ImportBatch, ImportChange, WorkbookExport, kind_name


class KindFilter(admin.SimpleListFilter):
    """A list's filter by the kind of record, under the names that people know."""

    title = _("kind of record")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return label and name of each kind that stands in the list."""
        rows = model_admin.get_queryset(request).order_by(self.parameter_name)
        return [(label, kind_name(label)) for label in rows.values_list(self.parameter_name, flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the chosen kind."""
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class SheetFilter(KindFilter):
    parameter_name = "sheet"


@admin.register(ImportBatch)
class ImportBatchAdmin(RecordAdmin):
    """Imports to look at; they are made on the site's own pages."""

    list_display = ["name", "status", "school_year", "school", "user", "created_at"]
    list_filter = ["status", "school_year"]
    list_select_related = ["school_year", "school", "user"]
    search_fields = ["name", "user__name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: a workbook is brought on the site's own page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return False: what was brought stays as it is."""
        return False


@admin.register(ImportChange)
class ImportChangeAdmin(ImportBatchAdmin):
    """What imports wrote, by kind of record."""

    list_display = ["name", "batch", "created", "changed", "deleted"]
    list_filter = [KindFilter]
    fields = ["batch", "name", "created", "changed", "deleted"]
    readonly_fields = ["name"]
    list_select_related = ["batch"]
    search_fields = ["kind", "batch__name"]

    def has_delete_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return False: without it the import could not be taken back."""
        return False


@admin.register(HeaderMapping)
class HeaderMappingAdmin(RecordAdmin):
    """Layouts that were mapped by hand; one that is wrong is deleted here, and mapped anew at the next import."""

    list_display = ["__str__", "kind", "township", "school", "updated_at"]
    list_filter = [SheetFilter]
    fields = ["township", "school", "kind", "headers"]
    readonly_fields = ["kind"]
    list_select_related = ["township", "school"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: layouts are mapped on the page of an import."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return False: what is wrong is mapped anew."""
        return False


@admin.register(WorkbookExport)
class WorkbookExportAdmin(ImportBatchAdmin):
    """Workbooks that were made in the background for who looks at them."""

    list_display = ["name", "status", "total", "created_at"]
    fields = ["name", "user", "township", "school", "school_year", "status", "total", "written"]
    list_filter = ["status"]
    list_select_related = ["school_year"]
    search_fields = ["name"]

from django.contrib import admin
from django.http import HttpRequest

from apps.core.models import Record
from apps.webui.admin import RecordAdmin

from .models import HeaderMapping, ImportBatch, ImportChange, WorkbookExport


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
    list_filter = ["kind"]
    list_select_related = ["batch"]
    search_fields = ["kind", "batch__name"]

    def has_delete_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return False: without it the import could not be taken back."""
        return False


@admin.register(HeaderMapping)
class HeaderMappingAdmin(RecordAdmin):
    """Layouts that were mapped by hand; one that is wrong is deleted here, and mapped anew at the next import."""

    list_display = ["__str__", "sheet", "township", "school", "updated_at"]
    list_filter = ["sheet"]
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
    list_filter = ["status"]
    list_select_related = ["school_year"]
    search_fields = ["name"]

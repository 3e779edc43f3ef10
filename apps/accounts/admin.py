from django.contrib import admin

from apps.webui.admin import RecordAdmin

from .actions import delete_account
from .models import User


@admin.register(User)
class UserAdmin(RecordAdmin):
    """Accounts to look through and to shut; roles, places and passwords are given on the site's own pages."""

    removal = staticmethod(delete_account)
    list_display = ["username", "name", "township", "school", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    list_select_related = ["township", "school"]
    search_fields = ["username", "name"]
    fields = ["username", "name", "is_active"]

    def has_add_permission(self, request: object) -> bool:
        """Accounts are added on the site's own page, which asks for role and place."""
        return False

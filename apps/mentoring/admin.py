from django.contrib import admin

from apps.webui.admin import RecordAdmin

from .actions import save_pair
from .models import MentoringPair


@admin.register(MentoringPair)
class MentoringPairAdmin(RecordAdmin):
    action = save_pair
    list_display = ["mentor", "apprentice", "school", "subject", "starts_on", "ends_on", "result"]
    list_filter = ["subject", "result"]
    list_select_related = ["mentor", "apprentice", "school"]
    search_fields = ["mentor__name", "mentor__no", "apprentice__name", "apprentice__no", "school__name"]
    autocomplete_fields = ["mentor", "apprentice", "school"]
    date_hierarchy = "starts_on"

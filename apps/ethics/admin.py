from django.contrib import admin

from apps.webui.admin import RecordAdmin

from . import actions, models


@admin.register(models.AssessmentCycle)
class AssessmentCycleAdmin(RecordAdmin):
    action = actions.save_cycle
    list_display = ["__str__", "township", "opens_on", "closes_on", "status"]
    list_filter = ["status", "school_year"]
    list_select_related = ["school_year", "township"]
    search_fields = ["school_year__start_year", "township__name"]
    autocomplete_fields = ["township", "school_year"]
    readonly_fields = ["status"]


class QuestionnaireItemInline(admin.TabularInline[models.QuestionnaireItem, models.Questionnaire]):
    model = models.QuestionnaireItem
    extra = 0


@admin.register(models.Questionnaire)
class QuestionnaireAdmin(RecordAdmin):
    list_display = ["title", "audience", "cycle", "opens_on", "closes_on", "issued"]
    list_filter = ["audience"]
    list_select_related = ["cycle__school_year"]
    search_fields = ["title"]
    autocomplete_fields = ["cycle"]
    inlines = [QuestionnaireItemInline]


@admin.register(models.SurveyResponse)
class SurveyResponseAdmin(RecordAdmin):
    list_display = ["questionnaire", "school", "teacher", "serial", "score"]
    list_filter = ["questionnaire__audience"]
    list_select_related = ["questionnaire", "school", "teacher"]
    search_fields = ["teacher__name", "teacher__no"]
    autocomplete_fields = ["questionnaire", "school", "teacher"]


@admin.register(models.EthicsAssessment)
class EthicsAssessmentAdmin(RecordAdmin):
    """Scores only: submitting and deciding have their own steps on the site's pages."""

    action = actions.save_assessment
    list_display = ["teacher", "school", "cycle", "total", "grade", "status"]
    list_filter = ["grade", "status"]
    list_select_related = ["teacher", "school", "cycle__school_year"]
    search_fields = ["teacher__name", "teacher__no", "school__name"]
    autocomplete_fields = ["cycle", "teacher", "school"]
    readonly_fields = ["total", "grade", "status", "decided_at", "decided_by"]


@admin.register(models.MisconductCase)
class MisconductCaseAdmin(RecordAdmin):
    action = actions.save_case
    list_display = ["no", "received_on", "school", "teacher", "kind", "finding", "handling"]
    list_filter = ["kind", "finding", "handling"]
    list_select_related = ["school", "teacher"]
    search_fields = ["no", "teacher__name", "teacher__no"]
    autocomplete_fields = ["school", "teacher"]
    readonly_fields = ["barred_until"]


@admin.register(models.Honour)
class HonourAdmin(RecordAdmin):
    action = actions.award_honour
    list_display = ["teacher", "school", "title", "kind", "level", "awarded_on"]
    list_filter = ["kind", "level", "occasion"]
    list_select_related = ["teacher", "school"]
    search_fields = ["title", "teacher__name", "teacher__no", "school__name"]
    autocomplete_fields = ["teacher", "school"]


@admin.register(models.Contest)
class ContestAdmin(RecordAdmin):
    list_display = ["title", "kind", "date", "township"]
    list_filter = ["kind"]
    list_select_related = ["township"]
    search_fields = ["title"]
    autocomplete_fields = ["township"]


@admin.register(models.ContestEntry)
class ContestEntryAdmin(RecordAdmin):
    list_display = ["teacher", "school", "title", "contest", "prize"]
    list_filter = ["prize", "contest__kind"]
    list_select_related = ["teacher", "school", "contest"]
    search_fields = ["title", "teacher__name", "teacher__no", "contest__title"]
    autocomplete_fields = ["contest", "teacher", "school"]


@admin.register(models.Campaign)
class CampaignAdmin(RecordAdmin):
    list_display = ["theme", "starts_on", "ends_on", "township"]
    list_select_related = ["township"]
    search_fields = ["theme"]
    autocomplete_fields = ["township"]


@admin.register(models.CampaignParticipant)
class CampaignParticipantAdmin(RecordAdmin):
    list_display = ["teacher", "school", "campaign"]
    list_select_related = ["teacher", "school", "campaign"]
    search_fields = ["teacher__name", "teacher__no", "campaign__theme"]
    autocomplete_fields = ["campaign", "teacher", "school"]

"""The pages of misconduct, honours, contests and campaigns, declared."""

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.ethics import actions, filters, forms, models, rules
from apps.webui.pages import COMMON, ListColumn, Pages, Related
from apps.webui.verbs import Verb

from .assessments import SCHOOL, TEACHER


class MisconductCasePages(Pages[models.MisconductCase]):
    model, form, filterset = models.MisconductCase, forms.MisconductCaseForm, filters.MisconductCaseFilter
    menu = "ethics"
    fetch = ("school", "teacher")
    columns = (
        ListColumn("no"),
        ListColumn("received_on", kind="date"),
        SCHOOL,
        TEACHER,
        ListColumn("kind"),
        ListColumn("finding", kind="state"),
        ListColumn("handling"),
    )
    detail = (
        "no", "school", "teacher", "received_on", "source", "kind", "facts", "finding", "handling", "decided_on",
        "ends_on", "barred_until", "document",
    )  # fmt: skip
    hint = _("Record a report as soon as it comes in; finding and handling follow.")

    def save(self, *, form: forms.MisconductCaseForm, by: Actor, version: int | None) -> models.MisconductCase:
        """Write the case, and what it means for grades already decided."""
        return actions.save_case(record=form.instance, by=by, version=version)


class HonourPages(Pages[models.Honour]):
    model, form, filterset = models.Honour, forms.HonourForm, filters.HonourFilter
    kept = (*COMMON, "kind", "level", "occasion", "awarded_on")
    shown_on = {
        "teachers.teacher": (Related(models.Honour.label, "teacher", ("awarded_on", "title", "level"), later=True),)
    }
    menu = "honours"
    fetch = ("school", "teacher")
    columns = (
        TEACHER,
        SCHOOL,
        ListColumn("title"),
        ListColumn("kind"),
        ListColumn("level"),
        ListColumn("occasion"),
        ListColumn("awarded_on", kind="date"),
    )
    detail = ("teacher", "school", "kind", "title", "level", "occasion", "awarded_on", "document")
    hint = _("Record who was honoured on Teachers' Day or at the work conference.")

    def save(self, *, form: forms.HonourForm, by: Actor, version: int | None) -> models.Honour:
        """Award the honour, unless the teacher is barred."""
        return actions.award_honour(record=form.instance, by=by, version=version)


class ContestPages(Pages[models.Contest]):
    model, form, filterset = models.Contest, forms.ContestForm, filters.ContestFilter
    menu = "honours"
    fetch = ("township",)
    columns = (ListColumn("title"), ListColumn("kind"), ListColumn("date", kind="date"))
    related = (Related("ethics.contestentry", "contest", ("teacher.name", "school.name", "title", "prize")),)
    hint = _("Add a speech contest or an essay contest in teacher ethics.")


class ContestEntryPages(Pages[models.ContestEntry]):
    model, form, filterset = models.ContestEntry, forms.ContestEntryForm, filters.ContestEntryFilter
    part_of = "contest"
    menu = "honours"
    fetch = ("contest", "school", "teacher")
    columns = (TEACHER, SCHOOL, ListColumn("title"), ListColumn("contest", sort="contest__title"), ListColumn("prize"))
    detail = ("teacher", "school", "contest", "title", "prize")
    hint = _("Add the teachers' entries and their prizes.")


class CampaignPages(Pages[models.Campaign]):
    model, form, filterset = models.Campaign, forms.CampaignForm, filters.CampaignFilter
    menu = "ethics"
    fetch = ("township",)
    columns = (
        ListColumn("theme"),
        ListColumn("starts_on", kind="date"),
        ListColumn("ends_on", kind="date"),
        ListColumn("document"),
    )
    detail = ("theme", "starts_on", "ends_on", "document", "meaning")
    related = (Related("ethics.campaignparticipant", "campaign", ("teacher.name", "school.name")),)
    hint = _("Add the year's themed campaign among all teachers.")

    verbs = (
        Verb(
            "join",
            _("All serving teachers take part"),
            rules.may_join,
            actions.join_campaign,
            takes="campaign",
            said=_("%(result)d participants added."),
        ),
    )


class CampaignParticipantPages(Pages[models.CampaignParticipant]):
    model, form, filterset = (
        models.CampaignParticipant,
        forms.CampaignParticipantForm,
        filters.CampaignParticipantFilter,
    )
    part_of = "campaign"
    menu = "ethics"
    fetch = ("campaign", "school", "teacher")
    columns = (TEACHER, SCHOOL, ListColumn("campaign", sort="campaign__theme"))
    hint = _("Add who took part, or let all teachers of a school join on the campaign's page.")

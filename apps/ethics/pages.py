"""The pages of ethics records, declared."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import SchoolYear
from apps.webui.pages import Button, Column, Pages, Related, Todo

from . import actions, filters, forms, models
from .models import AssessmentCycle, EthicsAssessment, eligible

OPEN, PUBLISHED = AssessmentCycle.Status.OPEN, AssessmentCycle.Status.PUBLISHED
DRAFT, SUBMITTED, DECIDED = EthicsAssessment.Status
TEACHER = Column("teacher.name", _("teacher"), sort="teacher__no")
SCHOOL = Column("school.name", _("school"), sort="school__code")


class EthicsAssessmentPages(Pages):
    model, form, filterset = EthicsAssessment, forms.EthicsAssessmentForm, filters.EthicsAssessmentFilter
    menu = "ethics"
    fetch = ("cycle__school_year", "teacher", "school")
    list_template = "ethics/assessments.html"
    columns = (
        TEACHER,
        SCHOOL,
        Column("student_score", kind="num"),
        Column("parent_score", kind="num"),
        Column("school_score", kind="num"),
        Column("total", kind="num"),
        Column("grade"),
        Column("status", kind="state"),
        Column("cycle", sort="cycle__school_year__start_year"),
    )
    detail = (
        "teacher", "school", "cycle", "student_score", "parent_score", "school_score", "arithmetic", "suggestion",
        "grade", "decided_at", "note",
    )  # fmt: skip
    hint = _("Open this school year's assessment cycle and start it: every serving teacher gets a draft.")

    def may_change(self, user: Any, record: EthicsAssessment) -> bool:
        """Return whether the scores may be changed now: schools write drafts, the office what is not decided."""
        return actions.may_write(record, user)

    def save(self, *, form: forms.EthicsAssessmentForm, by: Any, version: int | None) -> EthicsAssessment:
        """Write the scores."""
        return actions.save_assessment(record=form.instance, by=by, version=version)

    def actions(self, user: Any, record: EthicsAssessment) -> Iterable[Button]:
        """Offer to submit a draft, to decide what was submitted, to return it."""
        published = record.cycle.status == PUBLISHED
        if record.status == DRAFT and record.cycle.status == OPEN and user.has_perm("ethics.change_ethicsassessment"):
            yield Button(
                _("Submit to the office"), reverse("ethics:ethicsassessment_submit", args=[record.pk]), main=True
            )
        if user.has_perm("ethics.decide_ethicsassessment") and not published:
            if record.status == SUBMITTED:
                address = reverse("ethics:ethicsassessment_decide", args=[record.pk])
                yield Button(_("Decide the grade"), address, main=True, method="get")
            if record.status != DRAFT:
                yield Button(_("Return to the school"), reverse("ethics:ethicsassessment_return", args=[record.pk]))

    def todo(self, user: Any, year: SchoolYear) -> Iterable[Todo]:
        """Return what waits for the office's decision, or for the school's own evaluation."""
        if user.has_perm("ethics.decide_ethicsassessment"):
            text, where = _("Ethics assessments wait for your decision"), {"status": SUBMITTED.value}
        elif user.has_perm("ethics.change_ethicsassessment"):
            text, where = (
                _("Ethics assessments without the school's evaluation"),
                {"status": DRAFT.value, "scored": "false"},
            )
        else:
            return
        rows = EthicsAssessment.objects.visible_to(user).in_period(year).exclude(cycle__status=PUBLISHED)
        late = Q(cycle__closes_on__lt=timezone.localdate())
        found = rows.filter(self.filterset.where(where)).aggregate(all=Count("pk"), late=Count("pk", filter=late))
        query = urlencode({"period": year.start_year, **where})
        yield Todo(text, f"{self.url('list')}?{query}", found["all"], late=bool(found["late"]))


class EligibilityPages(EthicsAssessmentPages):
    """The same assessments, with what they mean for annual appraisal, promotion and honours."""

    title = _("Annual appraisal, promotion and honours")
    list_template = "ethics/eligibility.html"
    columns = (
        TEACHER,
        SCHOOL,
        Column("grade"),
        Column("appraisal_open", _("annual appraisal may be qualified")),
        Column("promotion_open", _("promotion open")),
        Column("honours_open", _("honours open")),
        Column("cycle", sort="cycle__school_year__start_year"),
    )

    def __init__(self) -> None:
        """Register nothing: the records have their pages already."""

    def rows(self, user: Any) -> QuerySet:
        """Return the rows with three answers each: yes, no, or not known before the decision."""
        unqualified = Q(grade=EthicsAssessment.Grade.UNQUALIFIED)
        open_or_not = _answer(eligible(True), eligible(False))
        return (
            super()
            .rows(user)
            .annotate(
                appraisal_open=_answer(Q(status=DECIDED) & ~unqualified, unqualified),
                promotion_open=open_or_not,
                honours_open=open_or_not,
            )
        )

    def url(self, page: str, *args: Any) -> str:
        """Return the address of this list, or of the assessments' other pages."""
        return reverse("ethics:eligibility") if page == "list" else super().url(page, *args)


def _answer(yes: Q, no: Q) -> Case:
    return Case(
        When(no, then=Value(False)), When(yes, then=Value(True)), default=None, output_field=BooleanField(null=True)
    )


class AssessmentCyclePages(Pages):
    model, form, filterset = AssessmentCycle, forms.AssessmentCycleForm, filters.AssessmentCycleFilter
    menu = "ethics"
    fetch = ("school_year", "township")
    columns = (
        Column("school_year", sort="school_year__start_year"),
        Column("opens_on", kind="date"),
        Column("closes_on", kind="date"),
        Column("student_weight", kind="num"),
        Column("parent_weight", kind="num"),
        Column("school_weight", kind="num"),
        Column("status", kind="state"),
    )
    detail = (
        "school_year", "opens_on", "closes_on", "student_weight", "parent_weight", "school_weight", "excellent_from",
        "qualified_from", "basic_from", "excellent_share", "smallest_group", "bar_months", "document",
    )  # fmt: skip
    related = (
        Related("ethics.questionnaire", "cycle", ("title", "audience", "opens_on", "closes_on", "issued")),
        Related("ethics.ethicsassessment", "cycle", ("teacher.name", "school.name", "total", "grade", "status")),
    )
    hint = _("Open the school year's assessment: weights of the three sources, cut-offs, share of excellent teachers.")

    def may_change(self, user: Any, record: AssessmentCycle) -> bool:
        """Return whether the results are not published yet."""
        return record.status != PUBLISHED

    def save(self, *, form: forms.AssessmentCycleForm, by: Any, version: int | None) -> AssessmentCycle:
        """Write the cycle and apply its rules."""
        return actions.save_cycle(record=form.instance, by=by, version=version)

    def actions(self, user: Any, record: AssessmentCycle) -> Iterable[Button]:
        """Offer the steps of a cycle, in their order."""
        verbs: list[tuple[str, str, str, bool]] = []
        if record.status == OPEN:
            verbs += [
                ("start", _("Prepare a draft for every teacher"), "ethics.change_assessmentcycle", False),
                ("submit", _("Submit all with the school's evaluation"), "ethics.change_ethicsassessment", False),
                ("close", _("Close for the schools"), "ethics.change_assessmentcycle", False),
            ]
        if record.status != PUBLISHED:
            verbs += [
                ("tally", _("Tally the answers"), "ethics.change_assessmentcycle", False),
                ("decide", _("Decide all submitted as suggested"), "ethics.decide_ethicsassessment", False),
                ("publish", _("Publish the results"), "ethics.change_assessmentcycle", True),
            ]
        if record.status != OPEN:
            verbs += [("reopen", _("Reopen"), "ethics.change_assessmentcycle", False)]
        verbs += [("next", _("Open the next year's cycle"), "ethics.add_assessmentcycle", False)]
        for verb, label, permission, main in verbs:
            if user.has_perm(permission):
                yield Button(label, reverse(f"ethics:assessmentcycle_{verb}", args=[record.pk]), main=main)


class QuestionnairePages(Pages):
    model, form, filterset = models.Questionnaire, forms.QuestionnaireForm, filters.QuestionnaireFilter
    menu = "ethics"
    fetch = ("cycle__school_year",)
    columns = (
        Column("title"),
        Column("audience"),
        Column("cycle", sort="cycle__school_year__start_year"),
        Column("opens_on", kind="date"),
        Column("closes_on", kind="date"),
        Column("issued", kind="num"),
        Column("returned", _("forms returned"), kind="num"),
    )
    detail = ("title", "audience", "cycle", "opens_on", "closes_on", "issued", "returned", "questions")
    hint = _("Add a questionnaire for students and one for parents to the cycle.")

    def rows(self, user: Any) -> QuerySet:
        """Return the questionnaires, each with how many forms came back."""
        return super().rows(user).annotate(returned=Count("responses"))

    def save(self, *, form: forms.QuestionnaireForm, by: Any, version: int | None) -> models.Questionnaire:
        """Write the questionnaire and its questions."""
        items = form.cleaned_data["questions"]
        return actions.save_questionnaire(record=form.instance, items=items, by=by, version=version)


class SurveyResponsePages(Pages):
    model, form, filterset = models.SurveyResponse, forms.SurveyResponseForm, filters.SurveyResponseFilter
    menu = "ethics"
    fetch = ("questionnaire", "school", "teacher")
    columns = (
        Column("questionnaire", sort="questionnaire__title"),
        SCHOOL,
        TEACHER,
        Column("serial", kind="num"),
        Column("score", kind="num"),
    )
    detail = ("questionnaire", "school", "teacher", "serial", "score")
    hint = _("Enter the anonymous forms, or import the workbook's sheet. Nobody but the office sees single answers.")


class MisconductCasePages(Pages):
    model, form, filterset = models.MisconductCase, forms.MisconductCaseForm, filters.MisconductCaseFilter
    menu = "ethics"
    fetch = ("school", "teacher")
    columns = (
        Column("no"),
        Column("received_on", kind="date"),
        SCHOOL,
        TEACHER,
        Column("kind"),
        Column("finding", kind="state"),
        Column("handling"),
    )
    detail = (
        "no", "school", "teacher", "received_on", "source", "kind", "facts", "finding", "handling", "decided_on",
        "ends_on", "barred_until", "document",
    )  # fmt: skip
    hint = _("Record a report as soon as it comes in; finding and handling follow.")

    def save(self, *, form: forms.MisconductCaseForm, by: Any, version: int | None) -> models.MisconductCase:
        """Write the case, and what it means for grades already decided."""
        return actions.save_case(record=form.instance, by=by, version=version)


class HonourPages(Pages):
    model, form, filterset = models.Honour, forms.HonourForm, filters.HonourFilter
    menu = "honours"
    fetch = ("school", "teacher")
    columns = (
        TEACHER,
        SCHOOL,
        Column("title"),
        Column("kind"),
        Column("level"),
        Column("occasion"),
        Column("awarded_on", kind="date"),
    )
    detail = ("teacher", "school", "kind", "title", "level", "occasion", "awarded_on", "document")
    hint = _("Record who was honoured on Teachers' Day or at the work conference.")

    def save(self, *, form: forms.HonourForm, by: Any, version: int | None) -> models.Honour:
        """Award the honour, unless the teacher is barred."""
        return actions.award_honour(record=form.instance, by=by, version=version)


class ContestPages(Pages):
    model, form, filterset = models.Contest, forms.ContestForm, filters.ContestFilter
    menu = "honours"
    fetch = ("township",)
    columns = (Column("title"), Column("kind"), Column("date", kind="date"))
    related = (Related("ethics.contestentry", "contest", ("teacher.name", "school.name", "title", "prize")),)
    hint = _("Add a speech contest or an essay contest in teacher ethics.")


class ContestEntryPages(Pages):
    model, form, filterset = models.ContestEntry, forms.ContestEntryForm, filters.ContestEntryFilter
    menu = "honours"
    fetch = ("contest", "school", "teacher")
    columns = (TEACHER, SCHOOL, Column("title"), Column("contest", sort="contest__title"), Column("prize"))
    detail = ("teacher", "school", "contest", "title", "prize")
    hint = _("Add the teachers' entries and their prizes.")


class CampaignPages(Pages):
    model, form, filterset = models.Campaign, forms.CampaignForm, filters.CampaignFilter
    menu = "ethics"
    fetch = ("township",)
    columns = (Column("theme"), Column("starts_on", kind="date"), Column("ends_on", kind="date"), Column("document"))
    detail = ("theme", "starts_on", "ends_on", "document", "meaning")
    related = (Related("ethics.campaignparticipant", "campaign", ("teacher.name", "school.name")),)
    hint = _("Add the year's themed campaign among all teachers.")

    def actions(self, user: Any, record: models.Campaign) -> Iterable[Button]:
        """Offer to let all serving teachers of the user's place take part."""
        if user.has_perm("ethics.add_campaignparticipant"):
            yield Button(_("All serving teachers take part"), reverse("ethics:campaign_join", args=[record.pk]))


class CampaignParticipantPages(Pages):
    model, form, filterset = (
        models.CampaignParticipant,
        forms.CampaignParticipantForm,
        filters.CampaignParticipantFilter,
    )
    menu = "ethics"
    fetch = ("campaign", "school", "teacher")
    columns = (TEACHER, SCHOOL, Column("campaign", sort="campaign__theme"))
    hint = _("Add who took part, or let all teachers of a school join on the campaign's page.")

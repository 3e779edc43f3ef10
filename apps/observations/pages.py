from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.periods import Period
from apps.webui.pages import Button, ListColumn, Pages, Todo

from . import actions, filters, forms, models


class ObservationPages(Pages):
    model, form, filterset = models.Observation, forms.ObservationForm, filters.ObservationFilter
    menu = "observations"
    fetch = ("teacher", "observer_teacher", "observer_researcher", "school", "rubric", "activity", "confirmed_by")
    columns = (
        ListColumn("date", kind="date"),
        ListColumn("teacher.name", _("teacher of the lesson"), sort="teacher__no"),
        ListColumn("lesson", sort="subject"),
        ListColumn("topic"),
        ListColumn("occasion"),
        ListColumn("observer", sort="-"),
        ListColumn("score", kind="num"),
        ListColumn("status", kind="state"),
    )
    detail = (
        "teacher", "school", "date", "lesson_no", "lesson", "class_name", "topic", "lesson_type", "occasion",
        "activity", "observer", "rubric", "score", "verdict", "process", "strengths", "suggestions", "discussion",
        "confirmed_by", "confirmed_at",
    )  # fmt: skip
    hint = _("Record the lessons that were observed, or import the workbook's sheet “Observations”.")
    detail_template = "observations/observation_detail.html"
    form_template = "observations/observation_form.html"

    def may_change(self, user: Any, record: models.Observation) -> bool:
        """Return whether `user` may change the observation in its state."""
        return actions.may_edit(user, record)

    def save(self, *, form: forms.ObservationForm, by: Any, version: int | None) -> models.Observation:
        """Write the observation with its scores; the button says whether it goes to the lesson's teacher."""
        submit = form.data.get("then") == "submit"
        return actions.record_observation(
            observation=form.instance, scores=form.scores(), by=by, version=version, submit=submit
        )

    def buttons(self, user: Any, record: models.Observation) -> Iterable[Button]:
        """Offer to submit a draft, to confirm a submitted one, to give back either."""
        if record.status == models.Observation.Status.DRAFT and self.may(user, "change", record):
            yield Button(
                _("Submit to the teacher"), reverse("observations:observation_submit", args=[record.pk]), main=True
            )
        if actions.may_confirm(user, record):
            yield Button(_("Confirm"), reverse("observations:observation_confirm", args=[record.pk]), main=True)
        if actions.may_reopen(user, record):
            yield Button(_("Make it a draft again"), reverse("observations:observation_reopen", args=[record.pk]))

    def todo(self, user: Any, year: Any) -> Iterable[Todo]:
        """Return the lessons waiting for a teacher's confirmation, and the drafts of a principal or an observer."""
        status, period = models.Observation.Status, Period.of_year(year)
        waiting, draft = {"status": status.SUBMITTED.value}, {"status": status.DRAFT.value}
        address = f"{self.url('list')}?period={period.code}"
        if user.teacher_id:
            waiting |= {"teacher": user.teacher_id}
            draft |= {"observer_teacher": user.teacher_id}
        elif user.researcher_id:
            draft |= {"observer_researcher": user.researcher_id}
        elif not user.school_id:
            return
        rows = self.model.objects.visible_to(user).in_period(period)
        found = rows.aggregate(waiting=Count("pk", filter=Q(**waiting)), drafts=Count("pk", filter=Q(**draft)))
        if user.teacher_id:
            link = f"{address}&status={waiting['status']}&given_by={user.teacher_id}"
            yield Todo(str(_("Observations of your lessons to confirm")), link, found["waiting"])
        query = "&".join(f"{key}={value}" for key, value in draft.items())
        yield Todo(str(_("Observations not submitted yet")), f"{address}&{query}", found["drafts"])


class ObservationQuotaPages(Pages):
    model, form, filterset = models.ObservationQuota, forms.ObservationQuotaForm, filters.ObservationQuotaFilter
    menu = "observations"
    fetch = ("term__school_year", "township")
    columns = (
        ListColumn("term", sort="term__starts_on"),
        ListColumn("position"),
        ListColumn("lessons", kind="num"),
        ListColumn("document"),
    )
    detail = ("term", "position", "lessons", "document", "township.name")
    hint = _("Say how many lessons principals, section heads and teachers must observe in each term.")
    list_template = "observations/observationquota_list.html"

    def buttons(self, user: Any, record: models.ObservationQuota) -> Iterable[Button]:
        """Offer to take the term's quotas over into the next one."""
        if self.may(user, "add"):
            address = reverse("observations:observationquota_copy", args=[record.pk])
            yield Button(_("Copy this term's quotas to the next term"), address)


class RubricPages(Pages):
    model, form, filterset = models.Rubric, forms.RubricForm, filters.RubricFilter
    menu = "observations"
    fetch = ("township",)
    columns = (
        ListColumn("name"),
        ListColumn("edition"),
        ListColumn("document"),
        ListColumn("excellent_from", kind="num"),
        ListColumn("in_use"),
    )
    detail = (
        "name", "edition", "document", "excellent_from", "good_from", "fair_from", "in_use", "items_text",
        "township.name",
    )  # fmt: skip
    hint = _("Add the rubric by which lessons are scored, with its items and their maxima.")

    def save(self, *, form: forms.RubricForm, by: Any, version: int | None) -> models.Rubric:
        """Write the rubric with its items."""
        return actions.save_rubric(rubric=form.instance, items=form.cleaned_data["items"], by=by, version=version)


PAGES = (
    ObservationPages(),
    ObservationQuotaPages(),
    RubricPages(),
)

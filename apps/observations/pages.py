from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.models import Record
from apps.research.models import Activity
from apps.webui.pages import COMMON, ListColumn, Pages, Related, Waiting
from apps.webui.verbs import Verb, always

from . import actions, filters, forms, models, rules

Status = models.Observation.Status
OBSERVATION_VERBS = (
    Verb(
        "submit",
        _("Submit to the teacher"),
        rules.may_submit,
        actions.submit_observation,
        takes="observation",
        said=_("Submitted. It now waits for the lesson's teacher."),
        shown=lambda observation: observation.status == Status.DRAFT,
        next_when=always,
        bulk=True,
    ),
    Verb(
        "confirm",
        _("Confirm"),
        rules.may_confirm,
        actions.confirm_observation,
        takes="observation",
        said=_("Observation confirmed."),
        question=_("Then only the education office can change it."),
        shown=lambda observation: observation.status == Status.SUBMITTED,
        next_when=always,
        bulk=True,
    ),
    Verb(
        "reopen",
        _("Make it a draft again"),
        rules.may_reopen,
        actions.reopen_observation,
        takes="observation",
        said=_("It is a draft again; its observer can correct it."),
        shown=lambda observation: observation.status != Status.DRAFT,
    ),
)


def quotas_copied(added: list[Record]) -> str:
    """Return what is said of quotas copied to the next term."""
    return _("%(number)d quotas copied to the next term.") % {"number": len(added)}


class ObservationPages(Pages[models.Observation]):
    model, form, filterset = models.Observation, forms.ObservationForm, filters.ObservationFilter
    kept = (*COMMON, "activity", "occasion", "rubric", "observer_teacher", "observer_researcher")
    shown_on = {
        "teachers.teacher": (
            Related(models.Observation.label, "teacher", ("date", "subject", "topic", "score"), _("Lessons given")),
        ),
        "research.activity": (
            Related(models.Observation.label, "activity", ("date", "teacher.name", "subject", "topic")),
        ),
    }
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
    own_rows = _("Lessons that I gave or observed")

    verbs = OBSERVATION_VERBS

    def save(self, *, form: forms.ObservationForm, by: Actor, version: int | None) -> models.Observation:
        """Write the observation with its scores; the button says whether it goes to the lesson's teacher."""
        submit = form.data.get("then") == "submit"
        return actions.record_observation(
            observation=form.instance, scores=form.scores(), by=by, version=version, submit=submit
        )

    def taken(self, field: str, owner: Record) -> dict[str, Any]:
        """Return what an observation takes: of a visit day, school, and the researcher, if one alone came.

        On a teacher's page the school stays open: it is that of the lesson's day.
        """
        found = super().taken(field, owner)
        if not isinstance(owner, Activity):
            found.pop("school", None)
            return found
        came = list(owner.guests.filter(researcher__isnull=False).values_list("researcher", flat=True)[:2])
        return found | ({"observer_researcher": came[0]} if len(came) == 1 else {})

    def waiting(self, user: Actor) -> Iterable[Waiting]:
        """Return the lessons waiting for a teacher's confirmation, and the drafts of a principal or an observer."""
        draft = {"status": Status.DRAFT.value}
        if user.teacher_id:
            submitted = {"status": Status.SUBMITTED.value, "given_by": str(user.teacher_id)}
            yield Waiting(_("Observations of your lessons to confirm"), submitted)
        if user.teacher_id and not user.school_id:
            draft |= {"observer_teacher": str(user.teacher_id)}
        elif user.researcher_id:
            draft |= {"observer_researcher": str(user.researcher_id)}
        elif not user.school_id:
            return  # the office, which has no drafts of its own
        yield Waiting(_("Observations not submitted yet"), draft)


class ObservationQuotaPages(Pages[models.ObservationQuota]):
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

    verbs = (
        Verb(
            "copy",
            _("Copy this term's quotas to the next term"),
            rules.may_copy,
            actions.copy_quotas,
            takes="quota",
            said=quotas_copied,
        ),
    )


class RubricPages(Pages[models.Rubric]):
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

    def save(self, *, form: forms.RubricForm, by: Actor, version: int | None) -> models.Rubric:
        """Write the rubric with its items."""
        return actions.save_rubric(rubric=form.instance, items=form.cleaned_data["items"], by=by, version=version)


PAGES = (
    ObservationPages(),
    ObservationQuotaPages(),
    RubricPages(),
)

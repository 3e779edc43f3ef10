"""The pages of assessments, their cycles and questionnaires, declared."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actors import Actor
from apps.core.scope import ScopedQuerySet
from apps.ethics import actions, filters, forms, models, rules
from apps.ethics.models import AssessmentCycle, EthicsAssessment, eligible
from apps.webui.pages import ListColumn, Pages, Related, Waiting
from apps.webui.verbs import Verb, always

OPEN, CLOSED, PUBLISHED = AssessmentCycle.Status.OPEN, AssessmentCycle.Status.CLOSED, AssessmentCycle.Status.PUBLISHED
Status = EthicsAssessment.Status
TEACHER = ListColumn("teacher.name", _("teacher"), sort="teacher__no")
SCHOOL = ListColumn("school.name", _("school"), sort="school__code")


class EthicsAssessmentPages(Pages[EthicsAssessment]):
    model, form, filterset = EthicsAssessment, forms.EthicsAssessmentForm, filters.EthicsAssessmentFilter
    shown_on = {"teachers.teacher": (Related(EthicsAssessment.label, "teacher", ("cycle", "total", "grade")),)}
    menu = "ethics"
    fetch = ("cycle__school_year", "teacher", "school")
    list_template = "ethics/assessments.html"
    columns: ClassVar[tuple[ListColumn, ...]] = (
        TEACHER,
        SCHOOL,
        ListColumn("student_score", kind="num"),
        ListColumn("parent_score", kind="num"),
        ListColumn("school_score", kind="num"),
        ListColumn("total", kind="num"),
        ListColumn("grade"),
        ListColumn("status", kind="state"),
        ListColumn("cycle", sort="cycle__school_year__start_year"),
    )
    detail = (
        "teacher", "school", "cycle", "student_score", "parent_score", "school_score", "arithmetic", "suggestion",
        "grade", "decided_at", "note",
    )  # fmt: skip
    hint = _("Open this school year's assessment cycle and start it: every serving teacher gets a draft.")
    verbs = (
        Verb(
            "submit",
            _("Submit to the office"),
            rules.may_submit,
            actions.submit_assessment,
            takes="assessment",
            said=_("Submitted: %(record)s"),
            question=_("The school can then change its evaluation only after the office has returned it."),
            shown=lambda row: row.status == Status.DRAFT and row.cycle.status == OPEN,
            next_when=lambda row: row.school_score is not None,
            bulk=True,
        ),
        Verb(
            "return",
            _("Return to the school"),
            rules.may_decide,
            actions.return_assessment,
            takes="assessment",
            said=_("Returned: %(record)s"),
            question=_("The school can then change its evaluation again. A grade already decided is lost."),
            shown=lambda row: row.status != Status.DRAFT and row.cycle.status != PUBLISHED,
            bulk=True,
        ),
        Verb(
            "decide",
            _("Decide the grade"),
            rules.may_decide,
            actions.decide_assessment,
            takes="assessment",
            said=_("Decided: %(record)s"),
            form=forms.DecisionForm,
            initial=lambda row: {"grade": row.suggested_grade},
            template="ethics/decide.html",
            shown=lambda row: row.status == Status.SUBMITTED and row.cycle.status != PUBLISHED,
            next_when=always,
        ),
    )

    def save(self, *, form: forms.EthicsAssessmentForm, by: Actor, version: int | None) -> EthicsAssessment:
        """Write the scores."""
        return actions.save_assessment(record=form.instance, by=by, version=version)

    def waiting(self, user: Actor) -> Iterable[Waiting]:
        """Return what waits for the office's decision, and for an evaluation: a principal's own for the office's."""
        if not user.has_perm(rules.may_submit.permission):
            return
        closed = Q(cycle__closes_on__lt=timezone.localdate())
        to_evaluate = {"to_evaluate": "true"}
        if rules.decides(user):
            yield Waiting(_("Ethics assessments wait for your decision"), {"to_decide": "true"}, late=closed)
            yield Waiting(_("Principals' ethics assessments wait for your evaluation"), to_evaluate, late=closed)
        else:
            yield Waiting(_("Ethics assessments without the school's evaluation"), to_evaluate, late=closed)


class EligibilityPages(EthicsAssessmentPages):
    """The same assessments, with what they mean for annual appraisal, promotion and honours."""

    title = _("Annual appraisal, promotion and honours")
    list_template = "ethics/eligibility.html"
    columns = (
        TEACHER,
        SCHOOL,
        ListColumn("grade"),
        ListColumn("appraisal_open", _("annual appraisal may be qualified")),
        ListColumn("promotion_open", _("promotion open")),
        ListColumn("honours_open", _("honours open")),
        ListColumn("cycle", sort="cycle__school_year__start_year"),
    )

    def __init__(self) -> None:
        """Register nothing: the records have their pages already."""

    def rows(self, user: Actor) -> ScopedQuerySet[EthicsAssessment]:
        """Return the rows with three answers each: yes, no, or not known before the decision."""
        unqualified = Q(grade=EthicsAssessment.Grade.UNQUALIFIED)
        open_or_not = _answer(eligible(True), eligible(False))
        answers = {
            "appraisal_open": _answer(Q(status=Status.DECIDED) & ~unqualified, unqualified),
            "promotion_open": open_or_not,
            "honours_open": open_or_not,
        }
        return super().rows(user).annotate(**answers)

    def url(self, page: str, *args: Any) -> str:
        """Return the address of this list, or of the assessments' other pages."""
        return reverse("ethics:eligibility") if page == "list" else super().url(page, *args)


def _answer(yes: Q, no: Q) -> Case:
    return Case(
        When(no, then=Value(False)), When(yes, then=Value(True)), default=None, output_field=BooleanField(null=True)
    )


CYCLE_VERBS = (
    Verb(
        "start",
        _("Prepare a draft for every teacher"),
        rules.may_run,
        actions.start_assessments,
        takes="cycle",
        said=_("%(result)d drafts prepared."),
        shown=lambda cycle: cycle.status == OPEN,
        next_when=lambda cycle: not cycle.assessments.exists(),
    ),
    Verb(
        "submit",
        _("Submit all with the school's evaluation"),
        rules.may_submit_all,
        actions.submit_assessments,
        takes="cycle",
        said=_("%(result)d assessments submitted."),
        question=_(
            "All drafts that have the school's evaluation go to the office. Schools can then change them only after"
            " the office has returned them."
        ),
        shown=lambda cycle: cycle.status == OPEN,
    ),
    Verb(
        "tally",
        _("Tally the answers"),
        rules.may_run,
        actions.tally_responses,
        takes="cycle",
        said=_("Answers tallied, %(result)d assessments changed."),
        question=_(
            "The means of the answers replace the students' and parents' scores of all assessments that are not"
            " decided yet."
        ),
        shown=lambda cycle: cycle.status != PUBLISHED,
    ),
    Verb(
        "close",
        _("Close for the schools"),
        rules.may_run,
        actions.close_cycle,
        takes="cycle",
        said=_("Closed: %(record)s"),
        question=_("Schools can then no longer enter or change their evaluations."),
        shown=lambda cycle: cycle.status == OPEN,
        next_when=lambda cycle: cycle.closes_on < timezone.localdate(),
    ),
    Verb(
        "decide",
        _("Decide all submitted as suggested"),
        rules.may_decide_all,
        actions.decide_as_suggested,
        takes="cycle",
        said=lambda numbers: (
            _("%(decided)d grades decided, %(left)d still wait.") % dict(zip(("decided", "left"), numbers, strict=True))
        ),
        question=_("All submitted assessments get the grade that their total and any misconduct suggest."),
        shown=lambda cycle: cycle.status != PUBLISHED,
        next_when=lambda cycle: cycle.status == CLOSED and cycle.undecided,
    ),
    Verb(
        "publish",
        _("Publish the results"),
        rules.may_run,
        actions.publish_cycle,
        takes="cycle",
        said=_("Published: %(record)s"),
        question=_("Every teacher then sees their own result. The cycle can be changed only after it is reopened."),
        shown=lambda cycle: cycle.status != PUBLISHED,
        next_when=lambda cycle: cycle.status == CLOSED and not cycle.undecided,
    ),
    Verb(
        "reopen",
        pgettext_lazy("assessment cycle", "Reopen"),
        rules.may_run,
        actions.reopen_cycle,
        takes="cycle",
        said=_("Reopened: %(record)s"),
        question=_("Schools can change their drafts again, and teachers no longer see their results."),
        shown=lambda cycle: cycle.status != OPEN,
    ),
    Verb(
        "next",
        _("Open the next year's cycle"),
        rules.may_open_next,
        actions.open_next_cycle,
        takes="cycle",
        said=_("Opened: %(result)s"),
        next_when=lambda cycle: cycle.status == PUBLISHED,
    ),
)


class AssessmentCyclePages(Pages[AssessmentCycle]):
    model, form, filterset = AssessmentCycle, forms.AssessmentCycleForm, filters.AssessmentCycleFilter
    menu = "ethics"
    fetch = ("school_year", "township")
    columns = (
        ListColumn("school_year", sort="school_year__start_year"),
        ListColumn("opens_on", kind="date"),
        ListColumn("closes_on", kind="date"),
        ListColumn("student_weight", kind="num"),
        ListColumn("parent_weight", kind="num"),
        ListColumn("school_weight", kind="num"),
        ListColumn("status", kind="state"),
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

    verbs = CYCLE_VERBS

    def save(self, *, form: forms.AssessmentCycleForm, by: Actor, version: int | None) -> AssessmentCycle:
        """Write the cycle and apply its rules."""
        return actions.save_cycle(record=form.instance, by=by, version=version)


class QuestionnairePages(Pages[models.Questionnaire]):
    model, form, filterset = models.Questionnaire, forms.QuestionnaireForm, filters.QuestionnaireFilter
    menu = "ethics"
    fetch = ("cycle__school_year",)
    columns = (
        ListColumn("title"),
        ListColumn("audience"),
        ListColumn("cycle", sort="cycle__school_year__start_year"),
        ListColumn("opens_on", kind="date"),
        ListColumn("closes_on", kind="date"),
        ListColumn("issued", kind="num"),
        ListColumn("returned", _("forms returned"), kind="num"),
    )
    detail = ("title", "audience", "cycle", "opens_on", "closes_on", "issued", "returned", "questions")
    hint = _("Add a questionnaire for students and one for parents to the cycle.")

    def rows(self, user: Actor) -> ScopedQuerySet[models.Questionnaire]:
        """Return the questionnaires, each with how many forms came back."""
        counts = {"returned": Count("responses")}
        return super().rows(user).annotate(**counts)

    def save(self, *, form: forms.QuestionnaireForm, by: Actor, version: int | None) -> models.Questionnaire:
        """Write the questionnaire and its questions."""
        items = form.cleaned_data["questions"]
        return actions.save_questionnaire(record=form.instance, items=items, by=by, version=version)


class SurveyResponsePages(Pages[models.SurveyResponse]):
    model, form, filterset = models.SurveyResponse, forms.SurveyResponseForm, filters.SurveyResponseFilter
    menu = "ethics"
    fetch = ("questionnaire", "school", "teacher")
    columns = (
        ListColumn("questionnaire", sort="questionnaire__title"),
        SCHOOL,
        TEACHER,
        ListColumn("serial", kind="num"),
        ListColumn("score", kind="num"),
    )
    detail = ("questionnaire", "school", "teacher", "serial", "score")
    hint = _("Enter the anonymous forms, or import the workbook's sheet. Nobody but the office sees single answers.")

"""The pages of activities, bases, surveys and small projects, declared."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record, SchoolYear
from apps.schools.models import Level
from apps.webui.pages import Button, ListColumn, Pages, Related, Todo

from . import actions, filters, forms, models
from .actions import OPEN, may_decide, remove_with_pictures, save_attendance, save_member

OF_ACTIVITY = (ListColumn("activity.date", kind="date"), ListColumn("activity.title", _("activity")))
Stage = models.SmallProject.Stage


@dataclass(frozen=True)
class Verb:
    """A step of a small project: its button, the stages it starts from, its form, its action, whether it decides."""

    label: str
    stages: tuple[str, ...]
    form: type[forms.VerbForm]
    action: Callable[..., models.SmallProject]
    decides: bool = False
    main: bool = False


VERBS = {
    "drop": Verb(_("Give up"), OPEN, forms.VerbForm, actions.drop_project),
    "reject": Verb(_("Turn down"), (Stage.APPLIED,), forms.VerbForm, actions.reject_project, decides=True),
    "approve": Verb(_("Establish"), (Stage.APPLIED,), forms.DayForm, actions.approve_project, decides=True, main=True),
    "open": Verb(_("Open with report"), (Stage.APPROVED,), forms.DayForm, actions.open_project, main=True),
    "midterm": Verb(
        _("Pass mid-term review"), (Stage.RUNNING,), forms.DayForm, actions.pass_midterm, decides=True, main=True
    ),
    "closing": Verb(
        _("Apply for conclusion"), (Stage.MIDTERM,), forms.OutcomeForm, actions.apply_for_closing, main=True
    ),
    "close": Verb(_("Conclude"), (Stage.CLOSING,), forms.ConcludeForm, actions.close_project, decides=True, main=True),
}


class ActivityPages(Pages):
    model, form, filterset = models.Activity, forms.ActivityForm, filters.ActivityFilter
    menu = "activities"
    fetch = ("school", "base__school")
    columns = (
        ListColumn("title"),
        ListColumn("date", kind="date"),
        ListColumn("kind"),
        ListColumn("level"),
        ListColumn("school.name", _("host school"), sort="school__code"),
        ListColumn("hours", kind="num"),
    )
    detail = (
        "school", "kind", "level", "title", "date", "place", "chair", "subject", "document", "base", "hours", "summary",
    )  # fmt: skip
    related = (
        Related("research.activityguest", "activity", ("guest", "organisation", "commented", "spoke")),
        Related("observations.observation", "activity", ("date", "teacher.name", "subject", "topic")),
        Related("research.attendance", "activity", ("teacher.name", "school.name", "role", "hours", "reflection")),
        Related("research.photo", "activity", ("thumbnail", "caption")),
    )
    hint = _("Record a salon, a training or another activity, then who took part, who came, and the pictures.")

    def remove(self, *, record: Record, by: Any) -> None:
        """Delete the activity with its pictures."""
        remove_with_pictures(record=record, by=by)

    def buttons(self, user: Any, record: models.Activity) -> Iterable[Button]:
        """Offer the list of those who took part, and several pictures at once."""
        if user.has_perm("research.add_photo"):
            yield Button(_("Add pictures"), reverse("research:activity_photos", args=[record.pk]), method="get")
        if user.has_perm("research.add_attendance"):
            url = reverse("research:activity_attendance", args=[record.pk])
            yield Button(_("Record who took part"), url, main=True, method="get")


class AttendancePages(Pages):
    model, form, filterset = models.Attendance, forms.AttendanceForm, filters.AttendanceFilter
    menu = "activities"
    fetch = ("activity", "teacher", "school")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        *OF_ACTIVITY,
        ListColumn("role"),
        ListColumn("hours", kind="num"),
        ListColumn("reflection"),
    )
    detail = ("activity", "teacher", "school", "role", "hours", "reflection")
    hint = _("Open an activity and record who took part, a whole school at once.")

    def save(self, *, form: forms.AttendanceForm, by: Any, version: int | None) -> models.Attendance:
        """Write the row, the teacher's school of that day with it."""
        return save_attendance(record=form.instance, by=by, version=version)


class ActivityGuestPages(Pages):
    model, form, filterset = models.ActivityGuest, forms.ActivityGuestForm, filters.ActivityGuestFilter
    menu = "activities"
    fetch = ("activity__school", "researcher")
    columns = (
        ListColumn("guest", _("guest"), sort="-"),
        ListColumn("organisation"),
        *OF_ACTIVITY,
        ListColumn("commented"),
        ListColumn("spoke"),
    )
    detail = ("activity", "guest", "organisation", "commented", "spoke")
    hint = _("Note which researchers and other guests came to an activity, who commented and who spoke.")


class PhotoPages(Pages):
    model, form, filterset = models.Photo, forms.PhotoForm, filters.PhotoFilter
    menu = "activities"
    fetch = ("activity__school",)
    columns = (
        ListColumn("thumbnail", _("picture"), sort="-"),
        ListColumn("caption"),
        *OF_ACTIVITY,
        ListColumn("activity.school.name", _("school"), sort="activity__school__code"),
    )
    detail = ("caption", "activity", "activity.date")
    detail_template = "research/photo.html"
    hint = _("Open an activity and add its pictures, several at once.")

    def remove(self, *, record: Record, by: Any) -> None:
        """Delete the photo with its file."""
        remove_with_pictures(record=record, by=by)


class ResearcherSurveyPages(Pages):
    model, form, filterset = models.ResearcherSurvey, forms.ResearcherSurveyForm, filters.ResearcherSurveyFilter
    menu = "activities"
    fetch = ("school", "researcher")
    columns = (
        ListColumn("topic"),
        ListColumn("date", kind="date"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("researcher.name", _("researcher"), sort="researcher__name"),
        ListColumn("audience"),
        ListColumn("issued", kind="num"),
        ListColumn("returned", kind="num"),
    )
    detail = ("topic", "school", "researcher", "date", "audience", "issued", "returned")
    hint = _("Record the questionnaire surveys that the district's researchers made at the schools.")


class BaseMemberPages(Pages):
    model, form, filterset = models.BaseMember, forms.BaseMemberForm, filters.BaseMemberFilter
    menu = "activities"
    fetch = ("designation__school", "teacher")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("designation", sort="designation__school__code"),
        ListColumn("role"),
    )
    detail = ("designation", "teacher", "role")
    hint = _("Say who leads and who works in a subject base.")


class SmallProjectPages(Pages):
    model, form, filterset = models.SmallProject, forms.SmallProjectForm, filters.SmallProjectFilter
    menu = "projects"
    fetch = ("school",)
    columns = (
        ListColumn("title"),
        ListColumn("no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("level"),
        ListColumn("stage", kind="state"),
        ListColumn("applied_on", kind="date"),
        ListColumn("result"),
    )
    detail = (
        "no", "title", "school", "level", "subject", "team_limit", "stage", "applied_on", "approved_on", "opened_on",
        "midterm_on", "closed_on", "result", "outcome",
    )  # fmt: skip
    related = (Related("research.projectmember", "project", ("teacher.name", "role", "task")),)
    hint = _("Add the small projects that teachers' teams apply for, then their members.")

    def may_change(self, user: Any, record: models.SmallProject) -> bool:
        """Return whether the project is still open, or `user` decides on it."""
        return record.stage in OPEN or may_decide(user, record)

    def may_delete(self, user: Any, record: models.SmallProject) -> bool:
        """Return whether the project is only applied for, or `user` decides on it."""
        return record.stage == Stage.APPLIED or may_decide(user, record)

    def buttons(self, user: Any, record: models.SmallProject) -> Iterable[Button]:
        """Offer the steps that the project can take from where it stands."""
        if not user.has_perm("research.change_smallproject"):
            return
        for key, verb in VERBS.items():
            if record.stage in verb.stages and (not verb.decides or may_decide(user, record)):
                url = reverse(f"research:smallproject_{key}", args=[record.pk])
                yield Button(verb.label, url, main=verb.main, method="get")

    def todo(self, user: Any, year: SchoolYear) -> Iterable[Todo]:
        """Return the applications and the conclusions on which `user` decides, whatever their year."""
        if not user.has_perm("research.change_smallproject") or user.scope.kind == "teacher":
            return
        above = user.scope.kind != "school"
        levels = Q(level__gt=Level.SCHOOL) if above else Q(level=Level.SCHOOL)
        waiting = {Stage.APPLIED: _("Small projects applied for"), Stage.CLOSING: _("Small projects to be concluded")}
        counts = {stage.value: Count("pk", filter=levels & Q(stage=stage)) for stage in waiting}
        found = self.model.objects.visible_to(user).order_by().aggregate(**counts)
        for stage, text in waiting.items():
            query = urlencode({"state": stage.value, "above_school": str(above).lower(), "period": ""})
            yield Todo(text, f"{self.url('list')}?{query}", found[stage.value])


class ProjectMemberPages(Pages):
    model, form, filterset = models.ProjectMember, forms.ProjectMemberForm, filters.ProjectMemberFilter
    menu = "projects"
    fetch = ("project__school", "teacher")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("project.title", _("small project")),
        ListColumn("project.school.name", _("school"), sort="project__school__code"),
        ListColumn("role"),
        ListColumn("task"),
    )
    detail = ("project", "teacher", "role", "task")
    hint = _("Open a small project and add the teachers of its team.")

    def save(self, *, form: forms.ProjectMemberForm, by: Any, version: int | None) -> models.ProjectMember:
        """Write the member, unless the team is full."""
        return save_member(record=form.instance, by=by, version=version)


PAGES = (
    ActivityPages(),
    AttendancePages(),
    ActivityGuestPages(),
    PhotoPages(),
    ResearcherSurveyPages(),
    BaseMemberPages(),
    SmallProjectPages(),
    ProjectMemberPages(),
)

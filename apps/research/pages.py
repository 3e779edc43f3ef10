"""The pages of activities, bases, surveys and small projects, declared."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.webui.pages import Button, ListColumn, Pages, Related, Waiting
from apps.webui.verbs import Verb, always

from . import actions, filters, forms, models, rules
from .actions import remove_with_pictures, save_attendance, save_member

OF_ACTIVITY = (ListColumn("activity.date", kind="date"), ListColumn("activity.title", _("activity")))
Stage = models.SmallProject.Stage


def photos_added(pictures: actions.Pictures) -> str:
    """Return what is said of pictures just added, and of those that were not."""
    number = len(pictures.added)
    said = [ngettext("%(number)d picture added.", "%(number)d pictures added.", number) % {"number": number}]
    if pictures.twice:
        names = {"names": "、".join(pictures.twice)}
        said.append(gettext("There already, and counted once: %(names)s.") % names)
    return "".join([*said, *pictures.refused])


def photos_left(pictures: actions.Pictures) -> bool:
    """Return whether pictures were refused, or there already."""
    return bool(pictures.refused or pictures.twice)


def now_at(project: models.SmallProject) -> str:
    """Return what is said of a project that has taken a step."""
    stage = {"project": project, "stage": project.get_stage_display()}
    return _("“%(project)s” now stands at “%(stage)s”.") % stage


PROJECT_VERBS = (
    Verb(
        "approve",
        _("Establish"),
        rules.may_decide,
        actions.approve_project,
        takes="project",
        said=now_at,
        form=forms.DayForm,
        shown=lambda project: project.stage == Stage.APPLIED,
        next_when=always,
    ),
    Verb(
        "reject",
        _("Turn down"),
        rules.may_decide,
        actions.reject_project,
        takes="project",
        said=now_at,
        question=_("An application that was turned down cannot be taken up again."),
        shown=lambda project: project.stage == Stage.APPLIED,
    ),
    Verb(
        "open",
        _("Open with report"),
        rules.may_advance,
        actions.open_project,
        takes="project",
        said=now_at,
        form=forms.DayForm,
        shown=lambda project: project.stage == Stage.APPROVED,
        next_when=always,
    ),
    Verb(
        "midterm",
        _("Pass mid-term review"),
        rules.may_decide,
        actions.pass_midterm,
        takes="project",
        said=now_at,
        form=forms.DayForm,
        shown=lambda project: project.stage == Stage.RUNNING,
        next_when=always,
    ),
    Verb(
        "closing",
        _("Apply for conclusion"),
        rules.may_advance,
        actions.apply_for_closing,
        takes="project",
        said=now_at,
        form=forms.OutcomeForm,
        shown=lambda project: project.stage == Stage.MIDTERM,
        next_when=always,
    ),
    Verb(
        "close",
        _("Conclude"),
        rules.may_decide,
        actions.close_project,
        takes="project",
        said=now_at,
        form=forms.ConcludeForm,
        shown=lambda project: project.stage == Stage.CLOSING,
        next_when=always,
    ),
    Verb(
        "drop",
        _("Give up"),
        rules.may_advance,
        actions.drop_project,
        takes="project",
        said=now_at,
        question=_("A project that was given up cannot be taken up again."),
        shown=lambda project: project.stage in rules.UNDER_WAY,
    ),
)


class ActivityPages(Pages[models.Activity]):
    model, form, filterset = models.Activity, forms.ActivityForm, filters.ActivityFilter
    shown_on = {"schools.designation": (Related(models.Activity.label, "base", ("date", "title", "kind")),)}
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
        Related("research.attendance", "activity", ("teacher.name", "school.name", "role", "hours", "reflection")),
        Related("research.photo", "activity", ("thumbnail", "caption")),
    )
    hint = _("Record a salon, a training or another activity, then who took part, who came, and the pictures.")
    verbs = (
        Verb(
            "photos",
            _("Add pictures"),
            rules.may_add_photos,
            actions.add_photos,
            takes="activity",
            said=photos_added,
            warns=photos_left,
            form=forms.PhotosForm,
            next_when=lambda activity: activity.attendances.exists() and not activity.photos.exists(),
        ),
    )

    def remove(self, *, record: models.Activity, by: Actor) -> None:
        """Delete the activity with its pictures."""
        remove_with_pictures(record=record, by=by)

    def buttons(self, user: Actor, record: models.Activity) -> Iterable[Button]:
        """Offer the verbs, and the list of those who took part, which is a page of its own and comes first."""
        yield from super().buttons(user, record)
        if rules.may_record_attendance(user, record):
            address = reverse("research:activity_attendance", args=[record.pk])
            yield Button(_("Record who took part"), address, not record.attendances.exists(), method="get")


class ActivityQuotaPages(Pages[models.ActivityQuota]):
    model, form, filterset = models.ActivityQuota, forms.ActivityQuotaForm, filters.ActivityQuotaFilter
    menu = "activities"
    fetch = ("term__school_year", "township")
    columns = (
        ListColumn("term", sort="term__starts_on"),
        ListColumn("stage"),
        ListColumn("times", kind="num"),
        ListColumn("document"),
    )
    detail = ("term", "stage", "times", "document", "township.name")
    hint = _("Say how many activities the schools of each stage must hold in each term.")
    verbs = (
        Verb(
            "copy",
            _("Copy this term's activity plans to the next term"),
            rules.may_copy,
            actions.copy_activity_quotas,
            takes="quota",
            said=_("%(result)d activity plans copied to the next term."),
        ),
    )


class AttendancePages(Pages[models.Attendance]):
    model, form, filterset = models.Attendance, forms.AttendanceForm, filters.AttendanceFilter
    part_of = "activity"
    kept = ("role",)
    shown_on = {
        "teachers.teacher": (
            Related(models.Attendance.label, "teacher", ("activity.date", "activity.title", "role", "hours")),
        )
    }
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

    def save(self, *, form: forms.AttendanceForm, by: Actor, version: int | None) -> models.Attendance:
        """Write the row, the teacher's school of that day with it."""
        return save_attendance(record=form.instance, by=by, version=version)


class ActivityGuestPages(Pages[models.ActivityGuest]):
    model, form, filterset = models.ActivityGuest, forms.ActivityGuestForm, filters.ActivityGuestFilter
    part_of = "activity"
    kept = ()
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


class PhotoPages(Pages[models.Photo]):
    model, form, filterset = models.Photo, forms.PhotoForm, filters.PhotoFilter
    part_of = "activity"
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

    def remove(self, *, record: models.Photo, by: Actor) -> None:
        """Delete the photo with its file."""
        remove_with_pictures(record=record, by=by)


class ResearcherSurveyPages(Pages[models.ResearcherSurvey]):
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


class BaseMemberPages(Pages[models.BaseMember]):
    model, form, filterset = models.BaseMember, forms.BaseMemberForm, filters.BaseMemberFilter
    part_of = "designation"
    shown_on = {"schools.designation": (Related(models.BaseMember.label, "designation", ("teacher.name", "role")),)}
    menu = "activities"
    fetch = ("designation__school", "teacher")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("designation", sort="designation__school__code"),
        ListColumn("role"),
    )
    detail = ("designation", "teacher", "role")
    hint = _("Say who leads and who works in a subject base.")


class SmallProjectPages(Pages[models.SmallProject]):
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

    verbs = PROJECT_VERBS

    def waiting(self, user: Actor) -> Iterable[Waiting]:
        """Return the applications and the conclusions on which `user` decides, whatever their year."""
        if user.has_perm(rules.CHANGE_PROJECT) and user.scope.kind != "teacher":
            texts = {Stage.APPLIED: _("Small projects applied for"), Stage.CLOSING: _("Small projects to be concluded")}
            for stage, text in texts.items():
                yield Waiting(text, {"state": stage.value, "waiting": "true"}, every_year=True)


class ProjectMemberPages(Pages[models.ProjectMember]):
    model, form, filterset = models.ProjectMember, forms.ProjectMemberForm, filters.ProjectMemberFilter
    part_of = "project"
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

    def save(self, *, form: forms.ProjectMemberForm, by: Actor, version: int | None) -> models.ProjectMember:
        """Write the member, unless the team is full."""
        return save_member(record=form.instance, by=by, version=version)


PAGES = (
    ActivityPages(),
    AttendancePages(),
    ActivityGuestPages(),
    PhotoPages(),
    ActivityQuotaPages(),
    ResearcherSurveyPages(),
    BaseMemberPages(),
    SmallProjectPages(),
    ProjectMemberPages(),
)

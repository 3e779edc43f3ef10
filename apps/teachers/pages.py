from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.webui.pages import Button, ListColumn, Pages, Related

from . import actions, filters, forms, models
from .rules import may_reveal


class TeacherPages(Pages[models.Teacher]):
    model, form, filterset = models.Teacher, forms.TeacherForm, filters.TeacherFilter
    menu = "teachers"
    columns = (
        ListColumn("name", _("Name")),
        ListColumn("no"),
        ListColumn("school_name", _("school")),
        ListColumn("sex"),
        ListColumn("subject"),
        ListColumn("title"),
        ListColumn("position"),
        ListColumn("backbone_level"),
    )
    detail = (
        "name", "no", "school_name", "sex", "birth_date", "masked_id_number", "masked_phone", "started_work_on",
        "education", "title", "title_since", "position", "staffing", "subject", "backbone_level",
        "backbone_kind", "backbone_since",
    )  # fmt: skip
    related = (
        Related("teachers.appointment", "teacher", ("school.name", "kind", "since", "ends_on")),
        Related("teachers.teachingassignment", "teacher", ("school_year", "class_name", "subject", "weekly_hours")),
        Related("observations.observation", "teacher", ("date", "subject", "topic", "score"), _("Lessons given")),
        Related("handbook.handbookentry", "teacher", ("date", "title", "status")),
        Related("research.attendance", "teacher", ("activity.date", "activity.title", "role", "hours")),
        Related("ethics.ethicsassessment", "teacher", ("cycle", "total", "grade")),
        Related("ethics.honour", "teacher", ("awarded_on", "title", "level"), later=True),
    )
    hint = _("Add the teachers, or import the workbook's sheet “Teachers”.")

    def rows(self, user: Actor) -> models.TeacherQuerySet:
        """Return the teachers that `user` may see, with the school of today."""
        return models.Teacher.objects.visible_to(user).with_school()

    def save(self, *, form: forms.TeacherForm, by: Actor, version: int | None) -> models.Teacher:
        """Write the teacher, with a number issued where none was given."""
        return actions.save_teacher(record=form.instance, by=by, version=version)

    def buttons(self, user: Actor, record: models.Teacher) -> Iterable[Button]:
        """Offer to show the personal data in full: a page of its own, which nothing keeps."""
        if may_reveal(user, record) and (record.id_number or record.phone):
            yield Button(_("Show ID number and phone"), reverse("teachers:teacher_reveal", args=[record.pk]))


class AppointmentPages(Pages[models.Appointment]):
    model, form, filterset = models.Appointment, forms.AppointmentForm, filters.AppointmentFilter
    menu = "teachers"
    fetch = ("teacher", "school")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("kind"),
        ListColumn("since", sort="starts_on"),
        ListColumn("ends_on", kind="date"),
    )
    detail = ("teacher", "school", "kind", "since", "ends_on")
    hint = _("An appointment says which school a teacher belongs to, from when to when.")


class TeachingAssignmentPages(Pages[models.TeachingAssignment]):
    model, form, filterset = models.TeachingAssignment, forms.TeachingAssignmentForm, filters.TeachingAssignmentFilter
    menu = "teachers"
    fetch = ("teacher", "school", "school_year")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("school_year", sort="school_year__start_year"),
        ListColumn("class_name"),
        ListColumn("subject"),
        ListColumn("weekly_hours", kind="num"),
    )
    detail = ("teacher", "school", "school_year", "grade", "class_name", "subject", "weekly_hours")
    hint = _("Say who teaches which class in which subject.")


PAGES = (
    TeacherPages(),
    AppointmentPages(),
    TeachingAssignmentPages(),
)

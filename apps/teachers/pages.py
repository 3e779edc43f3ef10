from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.webui.pages import Button, ListColumn, Pages, Related

from . import filters, forms, models


class TeacherPages(Pages):
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
        Related("teachers.appointment", "teacher", ("school.name", "kind", "starts_on", "ends_on")),
        Related("teachers.teachingassignment", "teacher", ("school_year", "class_name", "subject", "weekly_hours")),
        Related("observations.observation", "teacher", ("date", "subject", "topic", "score"), _("Lessons given")),
        Related("handbook.handbookentry", "teacher", ("date", "title", "status")),
        Related("research.attendance", "teacher", ("activity.date", "activity.title", "role", "hours")),
        Related("ethics.ethicsassessment", "teacher", ("cycle", "total", "grade")),
        Related("ethics.honour", "teacher", ("awarded_on", "title", "level"), later=True),
    )
    hint = _("Add the teachers, or import the workbook's sheet “Teachers”.")

    def rows(self, user: Any) -> Any:
        """Return the teachers that `user` may see, with the school of today."""
        return super().rows(user).with_school()

    def may_change(self, user: Any, record: models.Teacher) -> bool:
        """Return whether `user` keeps this teacher: who heads a school, those who belong to it today."""
        own = user.scope.school
        return user.scope.kind != "school" or getattr(record, "school_pk", own) == own

    def buttons(self, user: Any, record: models.Teacher) -> Iterable[Button]:
        """Offer to show the personal data in full."""
        if user.has_perm("teachers.view_personal_data") and (record.id_number or record.phone):
            yield Button(_("Show ID number and phone"), reverse("teachers:teacher_reveal", args=[record.pk]))


class AppointmentPages(Pages):
    model, form, filterset = models.Appointment, forms.AppointmentForm, filters.AppointmentFilter
    menu = "teachers"
    fetch = ("teacher", "school")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("kind"),
        ListColumn("starts_on", kind="date"),
        ListColumn("ends_on", kind="date"),
    )
    detail = ("teacher", "school", "kind", "starts_on", "ends_on")
    hint = _("An appointment says which school a teacher belongs to, from when to when.")


class TeachingAssignmentPages(Pages):
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

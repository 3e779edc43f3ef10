from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.models import Record
from apps.core.past import Day
from apps.webui.pages import Button, ListColumn, Pages, Related, left_open
from apps.webui.verbs import Verb

from . import actions, filters, forms, models, rules


def _serves(teacher: models.Teacher) -> bool:
    """Return whether a teacher, read with the school of today, belongs to one."""
    return vars(teacher).get("school_pk") is not None


def _is_on_leave(teacher: models.Teacher) -> bool:
    """Return whether a teacher, read with the leave of today, is on leave."""
    return bool(vars(teacher).get("leave_kind"))


def _township(teacher: models.Teacher) -> Mapping[str, Any]:
    return {"township": teacher.township_id}


def _today(teacher: models.Teacher) -> Mapping[str, Any]:
    return {"on": timezone.localdate()}


def _open_rows(teacher: models.Teacher) -> Mapping[str, Any]:
    """Return what stays open when a teacher leaves, for the page before the step."""
    rows = (row for _teacher, row in left_open([teacher.pk], timezone.localdate()))
    return {"left_open": [(row._meta.verbose_name, row) for row in rows]}


VERBS = (
    Verb(
        "transfer",
        _("Transfer to another school"),
        rules.may_transfer,
        actions.transfer_teacher,
        takes="teacher",
        said=lambda row: (
            _("%(teacher)s belongs to %(school)s from %(day)s.")
            % {"teacher": row.teacher, "school": row.school, "day": row.starts_on}
        ),
        form=forms.PlaceForm,
        given=_township,
        initial=_today,
        shown=_serves,
        rare=True,
    ),
    Verb(
        "leave",
        _("Go on leave"),
        rules.may_take_leave,
        actions.take_leave,
        takes="teacher",
        said=_("Entered: %(record)s is on leave, and still on the staff."),
        form=forms.TakeLeaveForm,
        initial=lambda teacher: {"starts_on": timezone.localdate()},
        shown=lambda teacher: _serves(teacher) and not _is_on_leave(teacher),
        rare=True,
    ),
    Verb(
        "back",
        _("Back from leave"),
        rules.may_end_leave,
        actions.end_leave,
        takes="teacher",
        said=_("Entered: %(record)s is back from leave."),
        form=forms.BackForm,
        initial=_today,
        shown=_is_on_leave,
        next_when=_is_on_leave,
    ),
    Verb(
        "depart",
        _("Retire or leave"),
        rules.may_end_service,
        actions.end_service,
        takes="teacher",
        said=_("Entered: the service of %(record)s ends. The records of past years stay as they are."),
        form=forms.DepartureForm,
        initial=_today,
        shown=_serves,
        template="teachers/depart.html",
        facts=_open_rows,
        rare=True,
    ),
    Verb(
        "rejoin",
        _("Return to service"),
        rules.may_rejoin,
        actions.rejoin,
        takes="teacher",
        said=_("Entered: %(record)s serves again."),
        form=forms.PlaceForm,
        given=_township,
        initial=_today,
        shown=lambda teacher: not _serves(teacher),
    ),
)


class TeacherPages(Pages[models.Teacher]):
    model, form, filterset = models.Teacher, forms.TeacherForm, filters.TeacherFilter
    kept = ("township", "school")
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
        "name", "no", "school_name", "leave_today", "sex", "birth_date", "masked_id_number", "masked_phone",
        "started_work_on", "education", "title", "title_since", "position", "staffing", "subject", "backbone_level",
        "backbone_kind", "backbone_since",
    )  # fmt: skip
    related = (
        Related("teachers.appointment", "teacher", ("school.name", "kind", "since", "ends_on", "end_reason")),
        Related("teachers.teachingassignment", "teacher", ("school_year", "class_name", "subject", "weekly_hours")),
    )
    detail_template = "webui/dated_detail.html"
    hint = _("Add the teachers, or import the workbook's sheet “Teachers”.")
    verbs = VERBS

    def rows(self, user: Actor) -> models.TeacherQuerySet:
        """Return the teachers that `user` may see, with the school and the leave of today."""
        return models.Teacher.objects.visible_to(user).with_school().with_leave()

    def rows_on(self, rows: QuerySet[Any], day: Day) -> QuerySet[Any]:
        """Return the rows of a list with the school and the leave of that day, as their other facts."""
        assert isinstance(rows, models.TeacherQuerySet)
        assert isinstance(day, date)  # a period's last day or today
        return rows.with_school(day).with_leave(day)

    def save(self, *, form: forms.TeacherForm, by: Actor, version: int | None) -> models.Teacher:
        """Write the teacher: a new one with the first appointment; new facts leave the earlier ones in the past."""
        if form.instance.pk:
            return actions.save_teacher(record=form.instance, since=form.since, by=by, version=version)
        data = form.cleaned_data
        return actions.admit_teacher(teacher=form.instance, school=data["school"], on=data["arrived_on"], by=by)

    def buttons(self, user: Actor, record: models.Teacher) -> Iterable[Button]:
        """Offer to show the personal data in full: a page of its own, which nothing keeps."""
        if rules.may_reveal(user, record) and (record.id_number or record.phone):
            yield Button(_("Show ID number and phone"), reverse("teachers:teacher_reveal", args=[record.pk]))
        yield from super().buttons(user, record)


class AppointmentPages(Pages[models.Appointment]):
    model, form, filterset = models.Appointment, forms.AppointmentForm, filters.AppointmentFilter
    kept = ("school", "kind", "starts_on")
    menu = "teachers"
    fetch = ("teacher", "school")
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("kind"),
        ListColumn("since", sort="starts_on"),
        ListColumn("ends_on", kind="date"),
        ListColumn("end_reason"),
    )
    detail = ("teacher", "school", "kind", "since", "ends_on", "end_reason")
    shown_on = {
        "schools.school": (Related(models.Appointment.label, "school", ("teacher.name", "kind", "since", "ends_on")),)
    }
    hint = _("An appointment says which school a teacher belongs to, from when to when.")

    def taken(self, field: str, owner: Record) -> dict[str, Any]:
        """Return nothing: a teacher's next appointment is at another school."""
        return {}


class LeavePages(Pages[models.Leave]):
    model, form, filterset = models.Leave, forms.LeaveForm, filters.LeaveFilter
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
    shown_on = {
        "teachers.teacher": (Related(models.Leave.label, "teacher", ("kind", "starts_on", "ends_on"), later=True),)
    }
    hint = _("A leave says that a teacher is away for a time, and still on the staff.")

    def save(self, *, form: forms.LeaveForm, by: Actor, version: int | None) -> models.Leave:
        """Write the leave, at the school where the teacher serves then."""
        return actions.save_leave(record=form.instance, by=by, version=version)


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
    LeavePages(),
    TeachingAssignmentPages(),
)

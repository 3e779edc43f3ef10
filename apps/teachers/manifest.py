"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, FirstStep, Manifest, Place, YearPart, allow

from .chapter import CHAPTER
from .models import Teacher
from .sheets import SHEETS

MANIFEST = Manifest(
    address="teachers/",
    menu=(Entry("teachers", _("Teachers"), "base", 20),),
    chapter=CHAPTER,
    sheets=SHEETS,
    outline=(Place("teachers.staff", {"training": 10, "teacher_facts": 10}),),
    permissions={
        "office": allow(
            "view add change delete", "teachers", "teacher teacherpastfact appointment leave teachingassignment"
        )
        | frozenset({"teachers.view_personal_data"}),
        "principal": allow("view change", "teachers", "teacher")
        | allow("view", "teachers", "appointment")
        | allow("view add change delete", "teachers", "leave teachingassignment"),
        "teacher": allow("view", "teachers", "teacher appointment leave teachingassignment"),
    },
    searched={"teachers.teacher": 10},
    first_steps=(
        FirstStep(
            "teachers",
            _("Teachers"),
            _("The roster, from the Excel file that the office keeps."),
            40,
            "teachers.add_teacher",
            lambda user, year: Teacher.objects.visible_to(user),
            _("%(number)d teachers"),
            "teachers:teacher_list",
            ways=((_("Import"), "workbooks:home"), (_("Add one"), "teachers:teacher_create")),
            doubtful=lambda user, year: Teacher.objects.visible_to(user).filter(appointments__isnull=True),
            doubt=_("%(number)d of them at no school"),
        ),
    ),
    next_year=(
        YearPart(
            _("Teaching assignments"),
            100,
            reason=_("They come with the next roster: nobody teaches the same classes by himself."),
        ),
    ),
)

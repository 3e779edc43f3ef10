from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.webui.pages import ListColumn, Pages, Related

from . import actions, filters, forms, models


class SchoolPages(Pages[models.School]):
    model, form, filterset = models.School, forms.SchoolForm, filters.SchoolFilter
    menu = "schools"
    fetch = ("township",)
    columns = (ListColumn("name"), ListColumn("code"), ListColumn("stage"), ListColumn("posts", kind="num"))
    detail = ("name", "aliases", "code", "stage", "posts", "opened_on", "closed_on", "township.name")
    related = (
        Related("schools.designation", "school", ("kind", "level", "project", "awarded_on")),
        Related("teachers.appointment", "school", ("teacher.name", "kind", "since", "ends_on")),
        Related("schools.schoolgrade", "school", ("grade", "school_year", "classes", "students", "experimental")),
    )
    hint = _("Add the township's schools, or import the workbook's sheet “Schools”.")


class DesignationPages(Pages[models.Designation]):
    model, form, filterset = models.Designation, forms.DesignationForm, filters.DesignationFilter
    menu = "schools"
    fetch = ("school",)
    columns = (
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("kind"),
        ListColumn("level", kind="text"),
        ListColumn("project"),
        ListColumn("subject"),
        ListColumn("awarded_on", kind="date"),
    )
    detail = ("school", "kind", "level", "project", "subject", "awarded_on", "ends_on", "document", "goals")
    related = (
        Related("research.basemember", "designation", ("teacher.name", "role")),
        Related("research.activity", "base", ("date", "title", "kind")),
    )
    hint = _("Record which schools are experimental schools or subject bases, and since when.")


class SchoolGradePages(Pages[models.SchoolGrade]):
    model, form, filterset = models.SchoolGrade, forms.SchoolGradeForm, filters.SchoolGradeFilter
    menu = "schools"
    fetch = ("school", "school_year")
    columns = (
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("grade"),
        ListColumn("school_year", sort="school_year__start_year"),
        ListColumn("classes", kind="num"),
        ListColumn("students", kind="num"),
        ListColumn("experimental"),
    )
    hint = _("Add the school's grades for this school year, and mark the experimental ones.")


class CultureNotePages(Pages[models.CultureNote]):
    model, form, filterset = models.CultureNote, forms.CultureNoteForm, filters.CultureNoteFilter
    menu = "schools"
    fetch = ("school",)
    columns = (
        ListColumn("title"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("place"),
        ListColumn("since", kind="date"),
    )
    detail = ("school", "title", "text", "place", "since", "until")
    hint = _("Note what hangs in the classrooms, such as a reading formula beside the blackboard.")


class StudyGroupPages(Pages[models.StudyGroup]):
    model, form, filterset = models.StudyGroup, forms.StudyGroupForm, filters.StudyGroupFilter
    menu = "schools"
    fetch = ("school", "school_year")
    columns = (
        ListColumn("name"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("class_name"),
        ListColumn("slogan"),
        ListColumn("size", kind="num"),
    )
    detail = ("school", "school_year", "class_name", "name", "slogan", "size")
    hint = _("Add the study groups of a class with their names and slogans.")


class ResearcherPages(Pages[models.Researcher]):
    model, form, filterset = models.Researcher, forms.ResearcherForm, filters.ResearcherFilter
    menu = "schools"
    fetch = ("district",)
    columns = (ListColumn("name", _("Name")), ListColumn("duty"), ListColumn("stage"), ListColumn("subject"))
    detail = ("name", "duty", "stage", "subject", "district.name")
    hint = _("Add the district's researchers who visit the schools.")

    def save(self, *, form: forms.ResearcherForm, by: Actor, version: int | None) -> models.Researcher:
        """Write the researcher with the townships served."""
        townships = form.cleaned_data.get("townships", ())
        return actions.save_researcher(record=form.instance, townships=townships, by=by, version=version)


class TownshipPages(Pages[models.Township]):
    model, form, filterset = models.Township, forms.TownshipForm, filters.TownshipFilter
    menu = "schools"
    fetch = ("district",)
    columns = (ListColumn("name"), ListColumn("code"), ListColumn("office_name"), ListColumn("backbone_from"))
    detail = ("name", "code", "office_name", "backbone_from", "number_pattern", "district.name")


class DistrictPages(Pages[models.District]):
    model, form, filterset = models.District, forms.DistrictForm, filters.DistrictFilter
    columns = (ListColumn("name"), ListColumn("code"), ListColumn("office_name"))


PAGES = (
    SchoolPages(),
    DesignationPages(),
    SchoolGradePages(),
    CultureNotePages(),
    StudyGroupPages(),
    ResearcherPages(),
    TownshipPages(),
    DistrictPages(),
)

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.webui.pages import ListColumn, Pages, Related
from apps.webui.verbs import Verb

from . import actions, filters, forms, models, rules


class SchoolPages(Pages[models.School]):
    model, form, filterset = models.School, forms.SchoolForm, filters.SchoolFilter
    menu = "schools"
    fetch = ("township", "merged_into")
    columns = (ListColumn("name"), ListColumn("code"), ListColumn("stage"), ListColumn("posts", kind="num"))
    detail = ("name", "aliases", "code", "stage", "posts", "opened_on", "closed_on", "merged_into", "township.name")
    related = (
        Related("schools.designation", "school", ("kind", "level", "project", "awarded_on")),
        Related("schools.schoolgrade", "school", ("grade", "school_year", "classes", "students", "experimental")),
    )
    detail_template = "webui/dated_detail.html"
    hint = _("Add the township's schools, or import the workbook's sheet “Schools”.")
    verbs = (
        Verb(
            "merge",
            _("Merge into another school"),
            rules.may_merge,
            actions.merge_school,
            takes="school",
            said=lambda school: _("Merged into %(school)s.") % {"school": school.merged_into},
            question=_(
                "The school closes on the day before. Its teachers' appointments end then, and begin at the other"
                " school on the day given. Past periods stay as they were."
            ),
            form=forms.MergeForm,
            given=lambda school: {"school": school},
            shown=lambda school: school.closed_on is None,
            rare=True,
        ),
    )

    def save(self, *, form: forms.SchoolForm, by: Actor, version: int | None) -> models.School:
        """Write the school; a new name or stage leaves the earlier one in the past."""
        return actions.save_school(record=form.instance, since=form.since, by=by, version=version)


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


class PlacePages(Pages[Any]):
    """What districts and townships have in common: only those above them add them, and codes are issued."""

    menu, added_by_few = "schools", True

    def save(self, *, form: Any, by: Actor, version: int | None) -> Any:
        """Write the place, under a code that is issued where none was typed."""
        return actions.save_place(record=form.instance, by=by, version=version)


class TownshipPages(PlacePages):
    model, form, filterset = models.Township, forms.TownshipForm, filters.TownshipFilter
    fetch = ("district",)
    columns = (ListColumn("name"), ListColumn("code"), ListColumn("office_name"), ListColumn("backbone_from"))
    detail = ("name", "code", "office_name", "backbone_from", "number_pattern", "district.name")


class DistrictPages(PlacePages):
    model, form, filterset = models.District, forms.DistrictForm, filters.DistrictFilter
    columns = (ListColumn("name"), ListColumn("code"), ListColumn("office_name"))
    related = (Related("schools.township", "district", ("name", "code", "office_name")),)


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

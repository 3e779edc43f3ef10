"""Makes a plausible row of any kind of record at a school, so that rules can be tried on all of them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from apps.accounts.models import User
from apps.core.models import Record, SchoolYear, Term
from apps.schools.models import Designation, District, Researcher, School, Township
from apps.teachers.models import Appointment, Teacher
from apps.webui.pages import REGISTRY
from tests.factories import ResearcherFactory, SchoolYearFactory, TeacherFactory, TermFactory

DAY = date(2025, 10, 13)
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)

# What a model's constraints ask for beyond any value of the right type.
SPECIAL: dict[str, dict[str, Any]] = {
    "observations.observation": {"observer_name": "李文静", "score": None, "status": "submitted"},
    "teachers.appointment": {"end_reason": ""},
    "research.activityguest": {"name": ""},
    "research.smallproject": {
        "stage": "applied",
        "team_limit": 20,
        "result": "",
        "approved_on": None,
        "closed_on": None,
    },
    "research.basemember": {"role": "member"},
    "research.projectmember": {"role": "member"},
    "mentoring.mentoringpair": {"result": ""},
    "ethics.assessmentcycle": {"status": "published"},
    "ethics.misconductcase": {"finding": "pending", "handling": "", "decided_on": None, "ends_on": None},
    "ethics.ethicsassessment": {"status": "draft", "grade": "", "total": None},
    "handbook.handbookentry": {"status": "draft", "quality": ""},
    "teachers.teacherpastfact": {"fact": "title", "value": "second", "since": DAY},
    "schools.schoolpastfact": {"fact": "name", "value": "中心小学", "since": DAY},
    "handbook.handbookscore": {"asked": 4, "done": 3},
    "accounts.user": {"district": None, "township": None, "school": None, "researcher": None},
    "reports.annualsummary": {"teacher": None, "status": "draft"},
    "reports.summarybatch": {"what": "teachers", "status": "cancelled", "file": ""},
    "workbooks.importbatch": {"status": "previewed"},
    "workbooks.workbookexport": {"status": "cancelled", "file": ""},
}
# Fields with which two rows of the same parents differ.
DIFFERING = (models.CharField, models.TextField, models.IntegerField, models.DateField)


def make(model: type[models.Model], school: School, number: int = 0, **given: Any) -> Any:
    """Return a saved row of `model` at `school`; `number` makes it differ from others there."""
    shared = _shared(model, school, number)
    if shared is not None:
        return shared
    values = {
        field.name: _value(field, school, number) for field in model._meta.concrete_fields if _wanted(field, model)
    }
    values |= SPECIAL.get(model._meta.label_lower, {}) | given
    row = model(**{name: value for name, value in values.items() if value is not None or name in given})
    if "requirement" in values:
        # An entry's day lies in the term of its requirement.
        row.date = row.requirement.term.starts_on
    row.clean()
    known = _same(row)
    if known is None:
        row.save()
    return known or row


def _shared(model: type[models.Model], school: School, number: int) -> Any:
    """Return the row that all others at the school hang on, where there can be only one."""
    if model is School:
        return school
    if model is Township:
        return school.township
    if model is District:
        return school.township.district
    if model is SchoolYear:
        return SchoolYearFactory(start_year=2025 - number)
    if model is Term:
        return TermFactory(school_year=SchoolYearFactory(start_year=2025 - number // 2), number=number % 2 + 1)
    if model is Researcher:
        row = ResearcherFactory(district=school.township.district, name=f"教研员{number}")
        row.townships.add(school.township)
        return row
    if model is Teacher:
        no = f"{school.township.code}-{school.code}-{number}"
        return Teacher.objects.filter(no=no).first() or TeacherFactory(school=school, no=no, name=f"教师{number}")
    return None


def _same(row: Any) -> Any:
    """Return the row that is there under the same key, made as another's parent before."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and not constraint.condition:
            key = {name: getattr(row, name) for name in constraint.fields}
            if None not in key.values() and (there := type(row).objects.filter(**key).first()):
                return there
    return None


def _wanted(field: models.Field, model: type[models.Model]) -> bool:
    if field.primary_key or field.name in {"version", "created_at", "updated_at"}:
        return False
    if field.name in SPECIAL.get(model._meta.label_lower, {}):
        return False
    return not field.null or field.name in {"school", "teacher", "researcher", "score", "starts_on"}


def _value(field: models.Field, school: School, number: int) -> Any:
    if isinstance(field, models.ForeignKey):
        return _parent(field, school, number)
    if field.choices and not isinstance(field, models.BooleanField):
        choices = [value for value, _label in field.flatchoices if value not in ("", 0)]
        return choices[number % len(choices)]
    if isinstance(field, models.FileField):
        return ContentFile(PIXEL + bytes([number]), name=f"{field.name}{number}.png")
    if isinstance(field, models.DateTimeField):
        return None
    if isinstance(field, models.DateField):
        later = 200 if field.name.startswith(("ends", "closes", "closed", "until")) else 0
        return DAY + timedelta(days=number + later)
    if field.has_default():
        return field.get_default()
    if isinstance(field, models.DecimalField):
        return Decimal(80)
    if isinstance(field, models.IntegerField):
        return number + 1
    if isinstance(field, models.CharField) and field.unique:
        return f"样例{school.pk}-{number}"
    if isinstance(field, models.CharField | models.TextField) and not field.blank:
        return f"样例{number}"[: field.max_length or 20]
    return "" if isinstance(field, models.CharField | models.TextField) else None


def _parent(field: models.ForeignKey, school: School, number: int) -> Any:
    model = field.related_model
    if model is User:
        return (
            None
            if field.null
            else User.objects.get_or_create(username=f"writer-{school.pk}", township=school.township)[0]
        )
    if model is School and field.name == "to_school":
        return School.objects.get_or_create(township=school.township, code="99", name="受援小学", stage="primary")[0]
    if model in (School, Township, District):
        return _shared(model, school, number)
    if model is SchoolYear:
        return SchoolYearFactory(start_year=2025 - number)
    if model is Term:
        return TermFactory(school_year=SchoolYearFactory(start_year=2025 - number // 2), number=number % 2 + 1)
    if model is Designation:
        given = {"kind": "subject_base", "number": 0}
        return Designation.objects.filter(school=school, kind="subject_base").first() or make(model, school, **given)
    if field.model is Appointment:
        # Nobody belongs to two schools at a time: a teacher without any.
        return TeacherFactory(township=school.township, no=f"A-{school.code}-{number}")
    if field.name == "apprentice":
        # Nobody is the own mentor.
        return _shared(model, school, number + 50)
    if model in (Teacher, Researcher):
        return _shared(model, school, number)
    there = list(model.objects.within(school.scope).order_by("pk")[: number // 2 + 1])
    return there[-1] if len(there) > number // 2 else make(model, school, number // 2)


def all_pages() -> list[Any]:
    """Return the pages of all kinds of records."""
    import townedu.urls  # noqa: F401  (loading the addresses registers the pages)

    return list(REGISTRY.values())


def record_models() -> list[type[Record]]:
    """Return all models of records."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, Record)]

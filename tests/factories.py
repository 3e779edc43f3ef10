"""One factory a model of the lower floors, with fixed readable values; other apps' stand beside their tests."""

from datetime import date

import factory
from django.contrib.auth.models import Group

from apps.accounts.actions import sync_roles
from apps.accounts.models import User
from apps.core.models import SchoolYear, Term
from apps.schools.models import Designation, District, Researcher, School, SchoolGrade, Township
from apps.teachers.models import Appointment, Teacher, TeachingAssignment


class SchoolYearFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SchoolYear
        django_get_or_create = ["start_year"]

    start_year = 2025
    starts_on = factory.LazyAttribute(lambda o: date(o.start_year, 9, 1))
    ends_on = factory.LazyAttribute(lambda o: date(o.start_year + 1, 8, 31))


class TermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Term
        django_get_or_create = ["school_year", "number"]

    school_year = factory.SubFactory(SchoolYearFactory)
    number = 1
    starts_on = factory.LazyAttribute(
        lambda o: o.school_year.starts_on if o.number == 1 else date(o.school_year.start_year + 1, 2, 16)
    )
    ends_on = factory.LazyAttribute(
        lambda o: date(o.school_year.start_year + 1, 2, 15) if o.number == 1 else o.school_year.ends_on
    )


class DistrictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = District
        django_get_or_create = ["code"]

    name, code, office_name = "陈仓区", "610304", "区教研室"


class TownshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Township
        django_get_or_create = ["code"]

    district = factory.SubFactory(DistrictFactory)
    name, code, office_name = "慕仪镇", "610304105", "慕仪镇教育组"


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = School
        django_get_or_create = ["township", "code"]

    township = factory.SubFactory(TownshipFactory)
    name, code, stage = "镇初级中学", "01", School.Stage.JUNIOR


class TeacherFactory(factory.django.DjangoModelFactory):
    """A teacher who belongs to `school` since 2015, or to none."""

    class Meta:
        model = Teacher

    school = None
    township = factory.LazyAttribute(lambda o: o.school.township if o.school else TownshipFactory())
    no = factory.Sequence(lambda n: f"T{n:04}")
    name = "王思远"
    pinyin = " wsy wangsiyuan"
    sex = Teacher.Sex.MALE
    birth_date, started_work_on = date(1980, 5, 1), date(2003, 9, 1)

    @classmethod
    def _create(cls, model_class: type, *args: object, **kwargs: object) -> Teacher:
        school = kwargs.pop("school", None)
        teacher = super()._create(model_class, *args, **kwargs)
        if school:
            Appointment.objects.create(teacher=teacher, school=school, starts_on=date(2015, 9, 1))
        return teacher


class AppointmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Appointment

    starts_on = date(2015, 9, 1)


class TeachingAssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeachingAssignment

    school_year = factory.SubFactory(SchoolYearFactory)
    grade, class_name, subject, weekly_hours = 7, "七年级1班", "chinese", 12


class DesignationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Designation

    kind, level, project = Designation.Kind.EXPERIMENTAL, 3, "高效课堂"
    awarded_on = date(2020, 9, 1)


class SchoolGradeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SchoolGrade

    school_year = factory.SubFactory(SchoolYearFactory)
    grade, classes, students = 7, 4, 180


class ResearcherFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Researcher
        django_get_or_create = ["district", "name"]

    district = factory.SubFactory(DistrictFactory)
    name, duty, stage = "苟主任", "主任", School.Stage.JUNIOR


class UserFactory(factory.django.DjangoModelFactory):
    """An account in a role (`role="office"`), with its place given as a field."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = "李文静"

    @classmethod
    def _create(cls, model_class: type, *args: object, **kwargs: object) -> User:
        role = kwargs.pop("role", None)
        if role and not Group.objects.filter(name=role).exists():
            sync_roles()
        user = model_class.objects.create_user(password="townedu-test", is_staff=role == "office", **kwargs)
        if role:
            user.groups.add(Group.objects.get(name=role))
        return User.objects.with_places().get(pk=user.pk)

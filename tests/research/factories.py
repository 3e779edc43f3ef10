"""Records of research, with fixed readable values."""

from datetime import date
from io import BytesIO
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.research.models import (
    Activity,
    ActivityGuest,
    ActivityQuota,
    Attendance,
    BaseMember,
    Photo,
    ProjectMember,
    ResearcherSurvey,
    SmallProject,
)
from tests.factories import ResearcherFactory, SchoolFactory, TermFactory, TownshipFactory


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Activity

    school = factory.SubFactory(SchoolFactory)
    kind, title, date, hours = Activity.Kind.SALON, "小组合作学习沙龙", date(2025, 10, 13), 2


class ActivityQuotaFactory(factory.django.DjangoModelFactory):
    """Two activities that each junior middle school holds in the first term."""

    class Meta:
        model = ActivityQuota

    township = factory.SubFactory(TownshipFactory)
    term = factory.SubFactory(TermFactory)
    stage, times = "junior", 2


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    activity = factory.SubFactory(ActivityFactory)
    school = factory.SelfAttribute("activity.school")
    hours = 2


class ActivityGuestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActivityGuest

    activity = factory.SubFactory(ActivityFactory)
    researcher = factory.SubFactory(ResearcherFactory)


class PhotoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Photo

    activity = factory.SubFactory(ActivityFactory)
    image = factory.django.ImageField(width=40, height=30, format="JPEG", filename="salon.jpg")
    caption = "教师在交流"


class BaseMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BaseMember


class ResearcherSurveyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ResearcherSurvey

    school = factory.SubFactory(SchoolFactory)
    researcher = factory.SubFactory(ResearcherFactory)
    date, audience, topic, issued, returned = date(2025, 11, 3), "both", "学习负担", 60, 58


class SmallProjectFactory(factory.django.DjangoModelFactory):
    """A town-level project; `stage` further on than the application brings its dates along."""

    class Meta:
        model = SmallProject

    school = factory.SubFactory(SchoolFactory)
    no, title, level = factory.Sequence(lambda n: f"XKT-{n:03}"), "小组合作学习的有效性研究", 2
    applied_on = date(2025, 9, 20)


class ProjectMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectMember


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (2000, 1000), name: str = "a.jpg", **options: Any
) -> SimpleUploadedFile:
    """A green picture as a browser sends it."""
    content = BytesIO()
    Image.new("RGB", size, "green").save(content, kind, **options)
    return SimpleUploadedFile(name, content.getvalue())

"""The five numbers of the source are counted: one record more or less, and they are one more or less."""

from datetime import date
from io import BytesIO

import pytest
from django.db.models import QuerySet
from pypdf import PdfReader

from apps.core.actions import delete_record, save_record
from apps.core.actors import SYSTEM
from apps.core.periods import Period
from apps.observations.actions import record_observation
from apps.observations.models import Observation
from apps.reports.actions import blank_summary
from apps.reports.composing.document import figures_of, live_document
from apps.research.actions import remove_with_pictures
from apps.research.models import Activity, ActivityGuest, Photo, ResearcherSurvey
from apps.schools.models import Researcher, School, Subject, Township
from apps.teachers.models import Teacher
from fixtures.demo.muyi import CENTRAL, JUNIOR

VISITS, OBSERVED, SURVEYS = "research.researched_junior", "observations.researchers_junior", "research.surveys"
PHOTOS, SHOWN = "research.photos", "observations.shown_backbone"
AS_STATED = {VISITS: 6, OBSERVED: 28, SURVEYS: 3, PHOTOS: 96, SHOWN: 10}
DAY = date(2025, 11, 12)


class Town:
    """The demo town of 2025, and what can happen in it."""

    def __init__(self, township: Township, period: Period) -> None:
        self.township, self.period = township, period

    def numbers(self) -> dict[str, int]:
        """Return the five numbers as they are now."""
        figures = figures_of(self.township.scope, self.period)
        return {key: figures[key].value for key in AS_STATED}

    def prose(self) -> str:
        """Return the text of the summary as it is now."""
        summary = blank_summary(scope=self.township.scope, period=self.period)
        return "".join(part.plain for part in live_document(summary, annexes=False).printed)

    def researcher_visits(self) -> None:
        """Let a researcher come to an activity of the junior school to which none had come."""
        rows = Activity.objects.in_period(self.period).filter(school__name=JUNIOR)
        activity = rows.exclude(guests__researcher__isnull=False).first()
        save_record(record=ActivityGuest(activity=activity, researcher=Researcher.objects.first()), by=SYSTEM.imports)

    def lesson(self, school: str, teacher: Teacher, occasion: str) -> None:
        """Let a researcher observe a lesson at a school."""
        observation = Observation(
            school=School.objects.get(name=school),
            teacher=teacher,
            date=DAY,
            lesson_no=7,
            subject=Subject.CHINESE,
            grade=5,
            topic="落花生",
            occasion=occasion,
            observer_researcher=Researcher.objects.first(),
        )
        record_observation(observation=observation, scores=None, by=SYSTEM.imports, submit=True)

    def researcher_observes(self) -> None:
        """Let a researcher observe one lesson more at the junior school."""
        self.lesson(JUNIOR, self.teachers(JUNIOR).first(), Observation.Occasion.RESEARCH)

    def survey_is_removed(self) -> None:
        """Take back one of the researchers' surveys."""
        survey = ResearcherSurvey.objects.in_period(self.period).filter(school__name=JUNIOR).first()
        delete_record(record=survey, by=SYSTEM.imports)

    def photo_is_removed(self) -> None:
        """Take a photo out of the album of trainings."""
        rows = Photo.objects.in_period(self.period).filter(activity__kind="training", activity__school__name=JUNIOR)
        remove_with_pictures(record=rows.first(), by=SYSTEM.imports)

    def backbone_teacher_shows(self) -> None:
        """Let a backbone teacher of a primary school who showed none give an observation lesson."""
        shown = Observation.objects.in_period(self.period).filter(occasion__in=["showing", "report", "demonstration"])
        able = self.teachers(CENTRAL).filter(backbone_level__gte=self.township.backbone_from)
        self.lesson(CENTRAL, able.exclude(lessons__in=shown).first(), Observation.Occasion.SHOWING)

    def teachers(self, school: str) -> QuerySet[Teacher]:
        """Return those who belong to a school, in the order of their numbers."""
        return Teacher.objects.within(School.objects.get(name=school).scope).order_by("no").distinct()


CHANGES = {
    VISITS: (Town.researcher_visits, 1),
    OBSERVED: (Town.researcher_observes, 1),
    SURVEYS: (Town.survey_is_removed, -1),
    PHOTOS: (Town.photo_is_removed, -1),
    SHOWN: (Town.backbone_teacher_shows, 1),
}


@pytest.fixture
def town(demo: Township, year_2025: Period) -> Town:
    """The demo town of 2025."""
    return Town(demo, year_2025)


@pytest.mark.parametrize("key", AS_STATED)
def test_one_record_changes_the_number_by_one_and_no_other(town: Town, key: str) -> None:
    change, by = CHANGES[key]
    assert town.numbers() == AS_STATED
    change(town)
    assert town.numbers() == AS_STATED | {key: AS_STATED[key] + by}


def test_the_text_follows_the_records(town: Town) -> None:
    for change, _by in CHANGES.values():
        change(town)
    text = town.prose()
    assert "教学教研活动7次，深入课堂听课29节，面向师生组织问卷调查2次" in text
    assert "收入图片95张" in text
    assert "11名骨干教师登台执教观摩汇报课" in text


def test_a_draft_is_no_observation_yet(town: Town) -> None:
    town.researcher_observes()
    Observation.objects.filter(topic="落花生", date=DAY).update(status=Observation.Status.DRAFT)
    assert town.numbers() == AS_STATED


def test_the_paper_states_the_five_numbers(demo_paper: bytes) -> None:
    text = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(demo_paper)).pages).split())
    assert "教学教研活动6次，深入课堂听课28节，面向师生组织问卷调查3次" in text
    assert "收入图片96张" in text
    assert "10名骨干教师登台执教观摩汇报课" in text

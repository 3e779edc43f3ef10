"""Districts, townships and schools, and the levels and subjects they are spoken of by."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited
from apps.core.models import Record
from apps.core.past import FactsQuerySet, KeepsFacts, Moment, PastFact
from apps.core.pinyin import pinyin_of, reads_as
from apps.core.scope import Reach, Scope, Span

BY_SCHOOL: dict[str, Reach] = {
    "district": "school__township__district",
    "township": "school__township",
    "school": "school",
}
BY_TOWNSHIP: dict[str, Reach] = {
    "district": "township__district",
    "township": "township",
    "school": ("township", "township"),
    "teacher": ("township", "township"),
}


class Level(models.IntegerChoices):
    """Levels of recognition, from the school up."""

    NONE = 0, pgettext_lazy("level", "none")
    SCHOOL = 1, _("school level")
    TOWN = 2, _("town level")
    DISTRICT = 3, _("district level")
    CITY = 4, _("city level")
    PROVINCE = 5, _("province level")
    NATION = 6, _("national level")


class Subject(models.TextChoices):
    """Subjects of compulsory education, as rosters name them."""

    CHINESE = "chinese", _("Chinese language")
    MATHEMATICS = "mathematics", _("mathematics")
    ENGLISH = "english", _("English language")
    MORALITY = "morality", _("morality and law")
    HISTORY = "history", _("history")
    GEOGRAPHY = "geography", _("geography")
    PHYSICS = "physics", _("physics")
    CHEMISTRY = "chemistry", _("chemistry")
    BIOLOGY = "biology", _("biology")
    SCIENCE = "science", _("science")
    PE = "pe", _("physical education")
    MUSIC = "music", _("music")
    ART = "art", _("art")
    COMPUTING = "computing", _("information technology")
    PRACTICE = "practice", _("integrated practice")
    CALLIGRAPHY = "calligraphy", _("calligraphy")
    LABOUR = "labour", _("labour")
    MENTAL_HEALTH = "mental_health", _("mental health")
    PRESCHOOL = "preschool", _("preschool education")


@audited()
class District(Record):
    """The county-level authority above the townships (区县)."""

    reached_from = {"district": "pk", "township": lambda s: Q(pk=s.district), "school": lambda s: Q(pk=s.district)}

    name = models.CharField(_("name"), max_length=40, unique=True)
    code = models.CharField(_("code"), max_length=12, unique=True)
    office_name = models.CharField(_("research office"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """Return the scope of the whole district."""
        return Scope("district", district=self.pk)


@audited()
class Township(Record):
    """A township with its education office (镇教育组): the tenant."""

    reached_from = {
        "district": "district",
        "township": "pk",
        "school": lambda s: Q(pk=s.township),
        "teacher": lambda s: Q(pk=s.township),
    }

    district = models.ForeignKey(District, models.PROTECT, related_name="townships", verbose_name=_("district"))
    name = models.CharField(_("name"), max_length=40)
    code = models.CharField(_("code"), max_length=12, unique=True)
    office_name = models.CharField(_("education office"), max_length=40)
    backbone_from = models.PositiveSmallIntegerField(
        _("backbone teachers from level"),
        choices=Level,
        default=Level.DISTRICT,
        validators=[MinValueValidator(1)],
        help_text=_("Teachers recognised at this level or above count as backbone teachers."),
    )
    number_pattern = models.CharField(
        _("form of teacher numbers"),
        max_length=12,
        default="0001",
        validators=[
            RegexValidator(
                r"^\S*\d\Z", _("Write the first number as it is to be issued, such as 0001 or T001: digits at the end.")
            )
        ],
        help_text=_("The first number. Who has none gets the next free one of this form."),
    )

    class Meta:
        verbose_name = _("township")
        verbose_name_plural = _("townships")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"],
                name="township_name_once_in_district",
                violation_error_message=_("The district already has a township of this name."),
            ),
            models.CheckConstraint(
                name="township_backbone_level_known",
                condition=Q(backbone_from__range=(1, 6)),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """Return the scope of the whole township."""
        return Scope("township", district=self.district_id, township=self.pk)


def begun(day: date) -> Q:
    """Return the condition that a school was there by `day`: opened, or as old as its first record.

    Where no day of opening is known, the first dated record of the school tells, or that it was entered at all.
    """
    known = Q(created_at__date__lte=day)
    for relation in School._meta.get_fields(include_hidden=True):
        model = relation.related_model if relation.one_to_many else None
        if not (isinstance(model, type) and issubclass(model, Record) and model.dated_by):
            continue
        first = model.dated_by if isinstance(model.dated_by, str) else model.dated_by[0]
        rows = model._base_manager.filter(**{relation.field.name: OuterRef("pk"), f"{first}__lte": day})  # type: ignore[union-attr]
        known |= Q(Exists(rows))
    return Q(opened_on__lte=day) | (Q(opened_on__isnull=True) & known)


def standing_on(day: date) -> Q:
    """Return the condition that a school was there on `day`."""
    return begun(day) & (Q(closed_on__isnull=True) | Q(closed_on__gte=day))


def standing_in(period: Span) -> Q:
    """Return the condition that a school was there on any day of the period."""
    return begun(period.ends_on) & (Q(closed_on__isnull=True) | Q(closed_on__gte=period.starts_on))


class SchoolQuerySet(FactsQuerySet["School"]):
    """Schools."""

    def standing_in(self, period: Span) -> Self:
        """Return the schools that were there on any day of the period."""
        return self.filter(standing_in(period))

    def to_choose(self, kept: Any = None) -> Self:
        """Return the schools that a form offers: those closed for more than a year are left out, but for `kept`."""
        lately = timezone.localdate() - timedelta(days=366)
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=lately) | Q(pk=kept))

    def search(self, text: str) -> Self:
        """Return the schools whose name or other names contain `text`, or are read like it."""
        return self.filter(Q(name__icontains=text) | Q(aliases__icontains=text) | reads_as(text))


@audited(without=["pinyin"])
class School(KeepsFacts):
    """A school of a township."""

    class Stage(models.TextChoices):
        KINDERGARTEN = "kindergarten", _("kindergarten")
        PRIMARY = "primary", _("primary school")
        JUNIOR = "junior", _("junior middle school")
        NINE_YEAR = "nine_year", _("nine-year school")

    reached_from = {
        "district": "township__district",
        "township": "township",
        "school": "pk",
        "teacher": ("pk", "school"),
    }
    since_of = {"name": "name_since", "stage": "stage_since"}

    township = models.ForeignKey(Township, models.PROTECT, related_name="schools", verbose_name=_("township"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    name_since = models.DateField(_("name since"), null=True, blank=True)
    aliases = models.CharField(
        _("other names"), max_length=200, blank=True, help_text=_("Names that files use, separated by 、")
    )
    pinyin = models.TextField(_("pinyin"), editable=False)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    stage_since = models.DateField(_("stage since"), null=True, blank=True)
    posts = models.PositiveSmallIntegerField(
        _("established posts"), null=True, blank=True, help_text=_("Posts approved for the school (编制).")
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(
        _("closed on"), null=True, blank=True, help_text=_("The last day on which the school was there.")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    objects: ClassVar = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "code"],
                name="school_code_once_in_township",
                violation_error_message=_("The township already has a school with this code."),
            ),
            models.UniqueConstraint(
                fields=["township", "name"],
                name="school_name_once_in_township",
                violation_error_message=_("The township already has a school of this name."),
            ),
            models.CheckConstraint(
                name="school_closes_after_opening",
                condition=Q(closed_on__gt=F("opened_on")),
                violation_error_message=_("A school closes after it opens."),
            ),
            models.CheckConstraint(
                name="school_merged_when_closed",
                condition=Q(merged_into__isnull=True) | Q(closed_on__isnull=False),
                violation_error_message=_("A school that was merged into another is closed: give the day."),
            ),
            models.CheckConstraint(
                name="school_not_merged_into_itself",
                condition=~Q(merged_into=F("pk")),
                violation_error_message=_("A school is merged into another one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def names(self) -> tuple[str, ...]:
        return (self.name, *[alias for alias in self.aliases.split("、") if alias])

    def clean(self) -> None:
        """Derive how the names are read."""
        self.pinyin = pinyin_of(*School.names(self))

    def moments(self) -> list[Moment]:
        """Return when the school was opened, and closed or merged into another."""
        found = [Moment(self.opened_on, self.opened_on, str(_("opened on")), "")] if self.opened_on else []
        if self.closed_on:
            into = self.merged_into.name if self.merged_into else ""
            what = _("merged into") if into else _("closed on")
            found.append(Moment(self.closed_on, self.closed_on, str(what), into))
        return found

    def named_on(self, day: date) -> str:
        """Return what the school was called on `day`; one query where it has been renamed since."""
        return self.name if self.name_since is None or self.name_since <= day else school_named(self.pk, day)

    @property
    def scope(self) -> Scope:
        """Return the scope of this school; its township must be fetched."""
        return Scope("school", district=self.township.district_id, township=self.township_id, school=self.pk)


def schools_of(scope: Scope, period: Span) -> list[School]:
    """Return the schools of a scope that were there in the period, with name and stage of its last day."""
    rows = School.objects.within(scope).standing_in(period).select_related("township")
    return rows.as_of(period.ends_on)


def school_named(school: int, day: date) -> str:
    """Return what the school of this id was called on `day`."""
    rows: Any = School.objects.filter(pk=school).with_facts(day, ["name"])
    return str(rows.values_list("then_name", flat=True).get())


@audited()
class SchoolPastFact(PastFact):
    """What a school's name or stage was until a day."""

    reached_from = BY_SCHOOL
    of = "school"

    school = models.ForeignKey(School, models.CASCADE, related_name="past", verbose_name=_("school"))

    class Meta:
        verbose_name = _("earlier fact of a school")
        verbose_name_plural = _("earlier facts of schools")
        ordering = ["school__code", "-until", "fact"]
        constraints = PastFact.constraints("school", "school")


@audited()
class Researcher(Record):
    """A subject researcher of the district (区教研员), with or without an account."""

    reached_from = {
        "district": "district",
        "township": lambda s: Q(district=s.district),
        "school": lambda s: Q(district=s.district),
    }

    district = models.ForeignKey(District, models.PROTECT, related_name="researchers", verbose_name=_("district"))
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    duty = models.CharField(_("duty"), max_length=40, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=School.Stage, blank=True)
    subject = models.CharField(_("subject"), max_length=20, choices=Subject, blank=True)
    townships = models.ManyToManyField(
        Township, blank=True, related_name="researchers", verbose_name=_("townships served")
    )

    class Meta:
        verbose_name = _("researcher")
        verbose_name_plural = _("researchers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"],
                name="researcher_once_in_district",
                violation_error_message=_("The district already has a researcher of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """Return the scope of the researcher's district; the townships served narrow it further."""
        return self.district.scope

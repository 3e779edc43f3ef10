"""Questionnaires of an assessment cycle, and the anonymous answers."""

import re

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited, not_audited
from apps.core.models import Record
from apps.schools.models import BY_SCHOOL, School
from apps.teachers.models import Teacher

from .assessment import AssessmentCycle, points, same_township

# A question as people write it: the text, a bar, its best score.
QUESTION = re.compile(r"(?P<text>.+?)\s*[|｜]\s*(?P<maximum>\d{1,3})")


@audited()
class Questionnaire(Record):
    """A questionnaire of a cycle, for students (学生测评) or for parents (家长调查问卷)."""

    class Audience(models.TextChoices):
        STUDENT = "student", pgettext_lazy("audience", "students")
        PARENT = "parent", _("parents")

    reached_from = {
        "district": "cycle__township__district",
        "township": "cycle__township",
        "school": ("cycle__township", "township"),
    }
    dated_by = "cycle__closes_on"

    cycle = models.ForeignKey(
        AssessmentCycle, models.PROTECT, related_name="questionnaires", verbose_name=_("assessment cycle")
    )
    audience = models.CharField(_("asked"), max_length=10, choices=Audience)
    title = models.CharField(_("title"), max_length=100)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    issued = models.PositiveIntegerField(_("forms issued"), default=0)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["-closes_on", "audience"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "audience"],
                name="questionnaire_once",
                violation_error_message=_("The cycle already has a questionnaire for them."),
            ),
            models.CheckConstraint(
                name="questionnaire_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("A questionnaire closes after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def names(self) -> tuple[str, ...]:
        return (f"{self.cycle.school_year.start_year} {self.get_audience_display()}",)

    @admin.display(description=_("questions"))
    def questions(self) -> str:
        """Return the questions, one a line, each with its best score after a bar; the items should be fetched."""
        return "\n".join(f"{item.text}｜{item.maximum}" for item in self.items.all())

    def read_questions(self, text: str) -> list["QuestionnaireItem"]:
        """Return the unsaved questions that `text` lists, one a line; raise ValidationError naming the line."""
        items = []
        for number, line in enumerate((line.strip() for line in text.splitlines() if line.strip()), 1):
            found = QUESTION.fullmatch(line)
            item = QuestionnaireItem(
                questionnaire=self,
                order=number,
                text=found["text"] if found else line,
                **({"maximum": int(found["maximum"])} if found else {}),
            )
            try:
                item.clean_fields(exclude=["questionnaire"])
            except ValidationError as error:
                reason = "".join(error.messages)
                raise ValidationError(
                    _("Question %(number)d: %(reason)s") % {"number": number, "reason": reason}
                ) from error
            items.append(item)
        return items


@audited()
class QuestionnaireItem(Record):
    """A question, and its best score."""

    reached_from = {
        "district": "questionnaire__cycle__township__district",
        "township": "questionnaire__cycle__township",
        "school": ("questionnaire__cycle__township", "township"),
    }

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="items", verbose_name=_("questionnaire")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("question"), max_length=200)
    maximum = models.PositiveSmallIntegerField(
        _("best score"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["questionnaire", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "order"],
                name="question_order_once",
                violation_error_message=_("Two questions cannot stand at the same place."),
            )
        ]

    def __str__(self) -> str:
        return self.text


@not_audited(because="It is anonymous: when and by whom it was entered could tell whose it is.")
class SurveyResponse(Record):
    """One anonymous answer about one teacher: a score, a day, nothing about who answered."""

    reached_from = BY_SCHOOL
    dated_by = "questionnaire__cycle__closes_on"

    # When a form was entered could tell whose it is: None takes the fields of Record away.
    created_at = None  # type: ignore[assignment]  # the stubs know no field that is taken away
    updated_at = None  # type: ignore[assignment]  # the same

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="responses", verbose_name=_("questionnaire")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    teacher = models.ForeignKey(Teacher, models.CASCADE, related_name="+", verbose_name=_("teacher"))
    serial = models.PositiveIntegerField(_("form number"), help_text=_("Counts the forms about this teacher."))
    score = points(_("score"))

    class Meta:
        verbose_name = _("survey response")
        verbose_name_plural = _("survey responses")
        ordering = ["questionnaire", "teacher__no", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "teacher", "serial"],
                name="response_once",
                violation_error_message=_("This form is already recorded."),
            ),
            models.CheckConstraint(
                name="response_score_in_range",
                condition=Q(score__range=(0, 100)),
                violation_error_message=_("A score lies between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.serial}"

    def clean(self) -> None:
        """Refuse a school or a teacher of another township than the questionnaire's."""
        if self.questionnaire_id:
            same_township(self, self.questionnaire.cycle.township_id)

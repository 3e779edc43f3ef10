"""Excel sheets of rubrics, quotas and observations."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.core.sheets import Column, Lines, Sheet
from apps.schools.sheets import GRADE_WORDS, SCHOOL, SUBJECT_WORDS
from apps.teachers.sheets import TEACHER

from .actions import (
    check_rubric_unchanged,
    check_score,
    import_items,
    import_observations,
    import_rubrics,
    import_scores,
)
from .models import Observation, ObservationQuota, ObservationScore, Rubric, RubricItem


def write_items(rubric: Record) -> str:
    """Return the rubric's items and maxima: 教学目标 10；教学内容 10."""
    assert isinstance(rubric, Rubric)
    return rubric.items_text


def read_items(text: str, rubric: Record, find: object = None) -> list[Record]:
    """Return the items in `text`; raise ValidationError if they are wrong, or if lessons were scored by others."""
    assert isinstance(rubric, Rubric)
    items = rubric.read_items(text)
    check_rubric_unchanged(rubric, items)
    rubric.items_read = items
    return list(items)


def write_scores(observation: Record) -> str:
    """Return the scores in the order of the rubric's items: 10；8.5；18."""
    assert isinstance(observation, Observation)
    scores = sorted(observation.scores.all(), key=lambda row: row.item.order)
    return "；".join(f"{row.score.normalize():f}" for row in scores)


def read_scores(text: str, observation: Record, find: object = None) -> list[Record]:
    """Return the items' scores in `text`, and set the observation's total to their sum.

    Raises ValidationError unless there is one score an item, within its maximum, and the total, if given, is their sum.
    """
    assert isinstance(observation, Observation)
    parts = [part.strip() for part in text.replace(";", "；").replace("\n", "；").split("；") if part.strip()]
    if not parts:
        return []
    if not observation.rubric:
        raise ValidationError(_("Name the rubric by which the lesson was scored."))
    items = _items(observation.rubric)
    if len(parts) != len(items):
        numbers = {"scores": len(parts), "items": len(items)}
        raise ValidationError(_("There are %(scores)d scores for %(items)d items.") % numbers)
    rows = [_score(part, observation, item) for part, item in zip(parts, items, strict=True)]
    total = sum(row.score for row in rows)
    if observation.score is not None and observation.score != total:
        raise ValidationError(_("The items add up to %(total)s, not to the score given.") % {"total": total})
    observation.score, observation.items_read = total, True
    return list(rows)


def _items(rubric: Rubric) -> list[RubricItem]:
    """Return the items as the same workbook gives them, else the stored ones, read once."""
    if rubric.items_read is None:
        prefetch_related_objects([rubric], "items")
    return rubric.items_read or list(rubric.items.all())


def _score(text: str, observation: Observation, item: RubricItem) -> ObservationScore:
    try:
        score = Decimal(text.removesuffix("分"))
    except InvalidOperation as error:
        raise ValidationError(_("“%(text)s” is no score.") % {"text": text}) from error
    check_score(score, item)
    return ObservationScore(observation=observation, item=item, maximum=item.maximum, score=score)


SHEETS = (
    Sheet(
        Rubric,
        _("Rubrics"),
        key=("name", "edition"),
        yearly=False,
        township_field="township",
        save=import_rubrics,
        columns=(
            Column(_("Rubric name"), "name", required=True),
            Column(_("Edition"), "edition", required=True),
            Column(_("Document"), "document"),
            Column(_("Excellent from"), "excellent_from", "decimal"),
            Column(_("Good from"), "good_from", "decimal"),
            Column(_("Fair from"), "fair_from", "decimal"),
            Column(_("In use"), "in_use", "flag"),
        ),
        lines=Lines(
            _("Items and maxima"),
            write_items,
            read_items,
            ("items",),
            help=_("Each item with its maximum, separated by ；. The maxima add up to 100."),
            example="教学目标 10；教学内容 20；教学过程 40；教学效果 30",
            required=True,
            save=import_items,
        ),
    ),
    Sheet(
        ObservationQuota,
        _("Observation quotas"),
        key=("term", "position"),
        township_field="township",
        columns=(
            Column(_("Term"), "term", "row", required=True, help=_("The school year and the term, such as 2025-1.")),
            Column(_("Position"), "position", "choice", required=True),
            Column(_("Lessons to observe"), "lessons", "integer", required=True),
            Column(_("Document"), "document"),
        ),
    ),
    Sheet(
        Observation,
        _("Observations"),
        key=("teacher", "date", "lesson_no", "observer_teacher", "observer_researcher", "observer_name"),
        save=import_observations,
        columns=(
            SCHOOL,
            replace(TEACHER, aliases=("授课教师", "执教教师", "执教人", "做课教师", "讲课教师", *TEACHER.aliases)),
            Column(_("Date"), "date", "date", required=True, aliases=("听课日期", "听课时间", "授课日期", "时间")),
            Column(_("Lesson of the day"), "lesson_no", "integer", aliases=("第几节", "课时")),
            Column(_("Subject"), "subject", "choice", required=True, aliases=("科目",), words=SUBJECT_WORDS),
            Column(_("Grade"), "grade", "choice", required=True, words=GRADE_WORDS),
            Column(_("Class"), "class_name", aliases=("年级班级", "班级名称"), listed=True),
            Column(
                _("Topic of the lesson"),
                "topic",
                required=True,
                aliases=("课题名称", "授课内容", "教学内容", "授课课题"),
            ),
            Column(_("Lesson type"), "lesson_type", "choice"),
            Column(_("Occasion"), "occasion", "choice", aliases=("场合", "听课类型", "性质")),
            Column(_("Activity"), "activity", "row", help=_("Day, school and title of the activity.")),
            Column(_("Observing teacher"), "observer_teacher", "row", aliases=("听课人", "听课人姓名")),
            Column(_("Observing researcher"), "observer_researcher", "row", aliases=("教研员",)),
            Column(_("Other observer"), "observer_name"),
            Column(_("Rubric"), "rubric", "row", help=_("Name and edition.")),
            Column(
                _("Score"),
                "score",
                "decimal",
                aliases=("总分", "评分", "成绩"),
                help=_("May stay empty where the items' scores are given."),
            ),
            Column(_("Course of the lesson"), "process"),
            Column(_("Strengths"), "strengths", aliases=("优点与特色", "主要优点")),
            Column(_("Suggestions"), "suggestions", aliases=("意见建议", "不足与建议", "改进建议")),
            Column(_("Discussion of the lesson"), "discussion", aliases=("议课", "评课记录", "议课记录")),
            Column(_("State"), "status", "choice"),
        ),
        lines=Lines(
            _("Score of each item"),
            write_scores,
            read_scores,
            ("scores__item",),
            help=_("In the order of the rubric's items, separated by ；."),
            example="9；9；17；18；9；17；8.5",
            save=import_scores,
        ),
    ),
)

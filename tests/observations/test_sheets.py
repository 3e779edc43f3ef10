"""What cells of child lines hold: rubric items, and the score of each item."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from apps.core.actors import SYSTEM
from apps.observations.actions import import_items, import_observations, import_rubrics, import_scores
from apps.observations.models import Observation, Rubric
from apps.observations.sheets import SHEETS, read_items, read_scores, write_items, write_scores
from tests.observations.factories import ObservationFactory, ObservationScoreFactory, RubricFactory


@pytest.fixture
def rubric(town: SimpleNamespace) -> Rubric:
    return RubricFactory(township=town.township)


def test_items_come_back_as_they_were_written(rubric: Rubric) -> None:
    text = write_items(rubric)
    assert text == "教学目标 10；教学内容 20；教学过程 40；教学效果 30"
    assert [item.name for item in read_items(text, rubric)] == [item.name for item in rubric.items.all()]


def test_items_of_a_scored_rubric_stay(rubric: Rubric, town: SimpleNamespace) -> None:
    ObservationFactory(teacher=town.teacher, rubric=rubric, score=90)
    assert read_items(write_items(rubric), rubric)
    with pytest.raises(ValidationError):
        read_items("教学 100", rubric)


def test_scores_come_back_as_they_were_written(rubric: Rubric, town: SimpleNamespace) -> None:
    row = ObservationFactory(teacher=town.teacher, rubric=rubric, score="90.5")
    for item, score in zip(rubric.items.all(), ("9", "18", "36.5", "27"), strict=True):
        ObservationScoreFactory(observation=row, item=item, score=Decimal(score))
    row = Observation.objects.prefetch_related("scores__item").get()
    assert write_scores(row) == "9；18；36.5；27"
    assert [score.score for score in read_scores("9；18；36.5；27", row)] == [9, 18, Decimal("36.5"), 27]


def test_scores_read_set_the_total(rubric: Rubric) -> None:
    row = Observation(rubric=rubric)
    assert len(read_scores("9; 18；36.5分\n27", row)) == 4
    assert row.score == Decimal("90.5")
    assert read_scores("", row) == []


@pytest.mark.parametrize(
    "text", ["9；18；36", "9；18；36；27；1", "11；18；36；27", "-1；18；36；27", "9；18；36；好", "8.55；18；36；27"]
)
def test_wrong_scores_are_refused(text: str, rubric: Rubric) -> None:
    with pytest.raises(ValidationError):
        read_scores(text, Observation(rubric=rubric))


def test_total_that_differs_is_refused(rubric: Rubric) -> None:
    with pytest.raises(ValidationError):
        read_scores("9；18；36；27", Observation(rubric=rubric, score=91))


def test_scores_without_a_rubric_are_refused(db: None) -> None:
    with pytest.raises(ValidationError):
        read_scores("9；18", Observation())


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.model.label)
def test_columns_are_fields_of_the_model(sheet: object) -> None:
    names = {field.name for field in sheet.model._meta.get_fields()}
    assert {column.field for column in sheet.columns} | set(sheet.key) <= names


def test_import_writes_scores_and_total(rubric: Rubric, town: SimpleNamespace) -> None:
    row = ObservationFactory(teacher=town.teacher, rubric=rubric)
    children = read_scores("9；18；36；27", row)
    import_observations(records=[row], by=SYSTEM.imports, fields=["score"])
    import_scores(records=[row], children=[children], by=SYSTEM.imports)
    row = Observation.objects.get()
    assert (row.score, [score.score for score in row.scored_items]) == (90, [9, 18, 36, 27])


def test_import_keeps_the_total_of_its_items(rubric: Rubric, town: SimpleNamespace) -> None:
    row = ObservationFactory(teacher=town.teacher, rubric=rubric)
    for item in rubric.items.all():
        ObservationScoreFactory(observation=row, item=item, score=9)
    row.score = None
    import_observations(records=[row], by=SYSTEM.imports, fields=["score"])
    assert Observation.objects.get().score == 36
    typed = Observation.objects.get()
    typed.score = 95
    with pytest.raises(ValidationError):
        import_observations(records=[typed], by=SYSTEM.imports, fields=["score"])
    import_scores(records=[row], children=[[]], by=SYSTEM.imports)
    assert (Observation.objects.get().score, row.scores.count()) == (None, 0)


def test_import_of_a_rubric_and_lessons_scored_by_it(town: SimpleNamespace) -> None:
    new = Rubric(pk=-1, township=town.township, name="新量表", edition="2025")
    items = read_items("教学目标 30；教学过程 70", new)
    row = ObservationFactory.build(teacher=town.teacher, school=town.school, rubric=new)
    children = read_scores("25；60", row)
    new.pk = None
    import_rubrics(records=[new], by=SYSTEM.imports)
    import_items(records=[new], children=[items], by=SYSTEM.imports)
    row.rubric = new
    import_observations(records=[row], by=SYSTEM.imports)
    import_scores(records=[row], children=[children], by=SYSTEM.imports)
    assert Rubric.objects.get(name="新量表").items_text == "教学目标 30；教学过程 70"
    assert [(score.item.name, score.score) for score in Observation.objects.get().scored_items] == [
        ("教学目标", 25),
        ("教学过程", 60),
    ]


def test_import_does_not_move_the_cut_offs_of_an_applied_rubric(rubric: Rubric, town: SimpleNamespace) -> None:
    ObservationFactory(teacher=town.teacher, rubric=rubric, score=90)
    rubric.document = "宝陈教体发〔2025〕12号"
    import_rubrics(records=[rubric], by=SYSTEM.imports, fields=["document"])
    rubric.fair_from = 55
    with pytest.raises(ValidationError):
        import_rubrics(records=[rubric], by=SYSTEM.imports, fields=["fair_from"])

"""Parts of sentences fall away where their condition does not hold, and nothing of them is left."""

import pytest

from apps.figures.figures import Figure
from apps.reports.prose.conditions import labels_of, said


def figures(**values: object) -> dict[str, Figure]:
    return {label: Figure(label, label, value, "", "") for label, value in values.items()}


GRADES = "[实验=年级: {实验}个年级均为实验年级|年级>实验: {年级}个年级中{实验}个为实验年级|{实验}个年级为实验年级]。"
KINDS = "查处{查处}件，其中[*家教{家教}件|兼课{兼课}件|其他{其他}件]，[批评=查处: 均批评教育|批评教育{批评}件]。"
SPEAKERS = "讲话{次}次[#人>1: ，{人}先后讲话|，{人}讲话]，提出要求。"
NESTED = "考核[由[*学生: 学生|家长: 家长]评定，]参评{参评}人[，评定[*优秀{优秀}人|合格{合格}人]]。"


@pytest.mark.parametrize(
    ("sentence", "values", "expected"),
    [
        (GRADES, {"实验": 3, "年级": 3}, "{实验}个年级均为实验年级。"),
        (GRADES, {"实验": 2, "年级": 3}, "{年级}个年级中{实验}个为实验年级。"),
        (GRADES, {"实验": 2, "年级": 0}, "{实验}个年级为实验年级。"),
        (GRADES, {"实验": 0, "年级": 3}, None),
        (KINDS, {"查处": 3, "家教": 2, "兼课": 0, "其他": 1, "批评": 3},
         "查处{查处}件，其中家教{家教}件、其他{其他}件，均批评教育。"),
        (KINDS, {"查处": 1, "家教": 0, "兼课": 1, "其他": 0, "批评": 0}, "查处{查处}件，其中兼课{兼课}件。"),
        (KINDS, {"查处": 0, "家教": 0, "兼课": 0, "其他": 0, "批评": 0}, None),
        (SPEAKERS, {"次": 2, "人": "甲、乙"}, "讲话{次}次，{人}先后讲话，提出要求。"),
        (SPEAKERS, {"次": 2, "人": "甲"}, "讲话{次}次，{人}讲话，提出要求。"),
        (SPEAKERS, {"次": 2, "人": ""}, "讲话{次}次，提出要求。"),
        (SPEAKERS, {"次": None, "人": "甲"}, None),
        (NESTED, {"学生": 0, "家长": 9, "参评": 5, "优秀": 0, "合格": 0}, "考核由家长评定，参评{参评}人。"),
        (NESTED, {"学生": 0, "家长": 0, "参评": 5, "优秀": 1, "合格": 4},
         "考核参评{参评}人，评定优秀{优秀}人、合格{合格}人。"),
        ("各校重视[，{空}次]。", {"空": 0}, None),
        ("各校重视。", {}, "各校重视。"),
        ("[!空: 暂无|{空}次]{次}。", {"空": 0, "次": 1}, "暂无{次}。"),
        ("[一>=1&二>=1: 甲]{一}。", {"一": 1, "二": 0}, "{一}。"),
    ],
)  # fmt: skip
def test_sentence_of_parts_says_what_its_figures_hold(sentence: str, values: dict, expected: str | None) -> None:
    assert said(sentence, figures(**values)) == expected


@pytest.mark.parametrize("sentence", ["一[二", "一]二", "一|二", "[一[二]"])
def test_brackets_that_do_not_match_are_refused(sentence: str) -> None:
    with pytest.raises(ValueError, match="bracket"):
        said(sentence, {})


def test_labels_of_a_sentence_are_those_of_its_conditions_too() -> None:
    assert labels_of(SPEAKERS) == {"次", "人"}
    assert labels_of("[甲>=3&!乙: {丙}]。") == {"甲", "乙", "丙"}

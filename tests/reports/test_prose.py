"""Prose with live figures: what a token is, what is left out, and that nothing in it is executed."""

from decimal import Decimal

import pytest

from apps.figures.figures import Figure
from apps.reports.prose.tokens import default_prose, plain, render, sentences, tidy, unknown_tokens


def figure(label: str, value: object, unit: str = "节") -> Figure:
    return Figure(label, label, value, unit, f"/list/?{label}")


FIGURES = {
    f.label: f
    for f in (
        figure("听课节数", 28),
        figure("均分", Decimal("92.50")),
        figure("学时", Decimal("40.0"), "学时"),
        figure("评课次数", 0),
        figure("空缺", None),
        figure("实验校", "中心小学", ""),
        figure("无名", "", ""),
    )
}


def test_tokens_become_figures_and_gaps() -> None:
    text = "听课{听课节数}节，均分｛ 均分 ｝，{学时}学时，另{空缺}次，{无名}参加，评课{评课次数}次。"
    segments = render(text, FIGURES)
    labels = ["听课节数", "均分", "学时", "空缺", "无名", "评课次数"]
    assert [s.label for s in segments if isinstance(s, Figure)] == labels
    assert plain(segments) == "听课28节，均分92.50，40学时，另＿＿次，＿＿参加，评课0次。"


def test_what_is_no_text_is_taken_out() -> None:
    assert tidy("甲\x00乙\x07\x08丙\x1b丁\ufffe戊\ud800\r\n\x07\n己\x0b庚\t{听课\x7f节数}\U00020000") == (
        "甲乙丙丁戊\n己\n庚\t{听课节数}\U00020000"
    )


def test_sentence_with_nothing_to_state_is_left_out() -> None:
    text = "听课{听课节数}节。评课{评课次数}次，{空缺}人参加。各校重视。\n只有{空缺}。这一段都不留。\n没有数据的一段。"
    assert default_prose(text, FIGURES) == "听课{听课节数}节。各校重视。\n没有数据的一段。"


def test_sentence_with_names_only_is_left_out_when_its_numbers_are_empty() -> None:
    assert default_prose("{实验校}评课{评课次数}次。", FIGURES) == ""
    assert default_prose("{实验校}是实验校。", FIGURES) == "{实验校}是实验校。"
    assert default_prose("{实验校}听课{听课节数}节，评课{评课次数}次。", FIGURES) == ""
    assert default_prose("{实验校}听课{听课节数}节[，评课{评课次数}次]。", FIGURES) == "{实验校}听课{听课节数}节。"
    assert default_prose("{无名}是实验校。", FIGURES) == ""


def test_sentences_keep_their_closing_marks() -> None:
    assert sentences("他说：“好。”我们做了！（见表。）还有") == ["他说：“好。”", "我们做了！", "（见表。）", "还有"]


def test_unknown_token_is_told_with_place_and_nearest_label() -> None:
    found = unknown_tokens("第一行。\n共听课{听课节}节，{甲乙丙}人，{没有完", FIGURES)
    assert [(u.token, u.line, u.column, u.nearest) for u in found] == [
        ("{听课节}", 2, 4, "听课节数"),
        ("{甲乙丙}", 2, 11, ""),
        ("{没有完", 2, 18, ""),
    ]


@pytest.mark.parametrize(
    "text", ["{0.__class__}", "{听课节数.__class__}", "{听课节数!r}", "{{听课节数}}", "%(听课节数)s", "{}"]
)
def test_nothing_is_executed(text: str) -> None:
    assert plain(render(text, FIGURES)) == text.replace("{听课节数}", "28")
    assert len(unknown_tokens(text, FIGURES)) == (0 if "%" in text else 2 if "{{" in text else 1)


def test_text_is_tidied() -> None:
    assert tidy(" 一｛ 均分 ｝\r\n\r\n  二 \n") == "一{均分}\n二"

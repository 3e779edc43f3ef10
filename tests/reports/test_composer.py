"""The composer: writing together, the outline, earlier texts, numbers typed by hand, sentences offered."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.figures.figures import Figure
from apps.reports.actions import finalise_summary
from apps.reports.composing.document import labels
from apps.reports.models import AnnualSummary, SectionRevision, SummarySection
from apps.reports.prose.merge import merge
from apps.reports.prose.suggestions import NEXT_STEPS, PROBLEMS, SUGGESTIONS, offers
from apps.reports.prose.tokens import unknown_tokens
from apps.reports.prose.typed_numbers import typed_numbers
from tests.reports.factories import composed, section


@pytest.fixture
def draft(town: SimpleNamespace, cast: dict) -> AnnualSummary:
    return composed(town.township, cast["office"])


@pytest.fixture
def problems(draft: AnnualSummary) -> SummarySection:
    return section(draft, PROBLEMS)


def address(name: str, row: Any) -> str:
    return reverse(f"reports:{name}", args=[row.pk])


def save(client: Client, row: SummarySection, text: str, base: str, **more: str) -> Any:
    data = {"text": text, "base": base} | more
    return client.post(address("summarysection_save", row), data, headers={"Accept": "application/json"})


def written(client: Client, row: SummarySection, *lines: str) -> str:
    """Write a section from what stands now, and return the text that stands then."""
    row.refresh_from_db()
    answer = save(client, row, "\n".join(lines), row.text)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["text"]


def test_the_page_shows_outline_text_figures_and_paper(draft: AnnualSummary, problems: Any, browser: Any) -> None:
    problems.edited, problems.text = True, "全镇有教师{教师人数}人。"
    problems.save()
    client = browser("office")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"{address('annualsummary_write', draft)}?section={problems.pk}")
    text = page.content.decode()
    assert len(queries) <= 12
    assert len(page.content) < 100_000
    assert "全镇有教师{教师人数}人。</textarea>" in text
    assert "全镇有教师<b>3</b>人。" in text
    rows = {row["label"]: row for row in page.context["figures"]}
    assert (rows["教师人数"]["text"], rows["教师人数"]["unit"], rows["教师人数"]["pinyin"]) == (
        "3",
        "人",
        "jsrs jiaoshirenshu",
    )
    assert "/teachers/teacher/?period=2025" in rows["教师人数"]["source"]


def test_a_saved_text_is_in_the_paper_and_in_the_summary(draft: AnnualSummary, problems: Any, browser: Any) -> None:
    client = browser("office")
    base = client.get(f"{address('annualsummary_write', draft)}?section={problems.pk}").context["text"]
    answer = save(client, problems, "教师 {教师人数} 人，仍有不足。", base, heading="问题与不足").json()
    assert answer["outline"][str(problems.pk)].endswith("、问题与不足")
    assert "教师 <b>3</b> 人，仍有不足。" in answer["preview"]
    assert "仍有不足。" in client.get(draft.get_absolute_url()).content.decode()
    problems.refresh_from_db()
    assert (problems.text, problems.edited, problems.heading) == ("教师 {教师人数} 人，仍有不足。", True, "问题与不足")


def test_an_unknown_token_is_refused_and_what_was_typed_kept(problems: SummarySection, browser: Any) -> None:
    client = browser("office")
    answer = save(client, problems, "有{教师人数量}人。", problems.text)
    assert answer.json()["errors"] == ["第1行第2个字：没有{教师人数量}这项数据。是不是{教师人数}？"]
    page = client.post(address("summarysection_save", problems), {"text": "有{教师人数量}人。", "base": problems.text})
    assert page.status_code == 422
    assert "有{教师人数量}人。</textarea>" in page.content.decode()
    problems.refresh_from_db()
    assert not problems.edited


def test_what_is_typed_is_text_and_nothing_else(draft: AnnualSummary, problems: Any, browser: Any) -> None:
    client, evil = browser("office"), "<img src=x onerror=alert(1)>{% now 'Y' %}{{ 7 }}"
    answer = save(client, problems, "<img src=x onerror=alert(1)>% now %", problems.text).json()
    assert "&lt;img src=x onerror=alert(1)&gt;% now %" in answer["preview"]
    page = client.get(f"{address('annualsummary_write', draft)}?section={problems.pk}").content.decode()
    assert "<img" not in page
    assert save(client, problems, evil, answer["text"]).json()["errors"]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("甲\n乙\n丙", "甲1\n乙\n丙", "甲\n乙\n丙2", "甲1\n乙\n丙2"),
        ("甲\n乙\n丙", "甲1\n乙\n丙", "甲\n乙2\n丙", "甲1\n乙2\n丙"),
        ("甲\n乙", "甲\n乙\n新", "甲2\n乙", "甲2\n乙\n新"),
        ("甲\n乙\n丙", "甲\n丙", "甲\n乙\n丙2", "甲\n丙2"),
        ("甲\n乙", "甲1\n乙", "甲1\n乙", "甲1\n乙"),
        ("甲\n乙", "甲1\n乙", "甲2\n乙", None),
        ("甲", "甲\n新", "甲\n别", None),
        ("甲\n乙", "甲", "甲\n乙2", None),
        ("", "新", "", "新"),
    ],
)
def test_texts_are_joined_by_paragraph(base: str, mine: str, theirs: str, merged: str | None) -> None:
    assert merge(base, mine, theirs) == merged
    assert merge(base, theirs, mine) == merged


def test_two_writers_of_one_section_are_joined_or_told(
    town: SimpleNamespace, cast: dict, problems: SummarySection, browser: Any
) -> None:
    client, other = browser("office"), browser("second")
    base = written(client, problems, "甲段。", "乙段。")
    assert save(other, problems, "甲段。\n乙段，补充。", base).status_code == 200
    joined = save(client, problems, "甲段改。\n乙段。", base).json()
    assert joined["text"] == "甲段改。\n乙段，补充。"
    assert joined["merged"] == f"已与{cast['second']}刚写的内容合并。"
    clash = save(other, problems, "甲段另改。\n乙段，补充。", base + "补充。")
    assert clash.json()["theirs"] == "甲段改。\n乙段，补充。"
    assert clash.json()["who"] == str(cast["office"])
    problems.refresh_from_db()
    assert problems.text == "甲段改。\n乙段，补充。"
    page = other.post(address("summarysection_save", problems), {"text": "甲段另改。", "base": "别的。"})
    assert "甲段另改。</textarea>" in page.content.decode()
    assert "现在的文字是：甲段改。" in page.content.decode()


def test_only_a_heading_that_the_writer_changed_is_written(
    town: SimpleNamespace, cast: dict, problems: SummarySection, browser: Any
) -> None:
    client, other = browser("office"), browser("second")
    base, old = written(client, problems, "甲段。"), problems.heading
    seen = {"heading": old, "heading_base": old}
    assert save(client, problems, base, base, heading="问题与不足", heading_base=old).json()["heading"] == "问题与不足"
    # Whose page still shows the old heading writes a sentence, not the heading.
    answer = save(other, problems, "甲段。\n乙段。", base, **seen).json()
    assert (answer["heading"], answer["text"]) == ("问题与不足", "甲段。\n乙段。")
    clash = save(other, problems, "丙段。", answer["text"], heading="主要问题", heading_base=old).json()
    assert clash["errors"] == [f"{cast['office']}已修改了标题。"]
    assert (clash["field"], clash["theirs"], clash["who"]) == ("heading", "问题与不足", str(cast["office"]))
    page = other.post(
        address("summarysection_save", problems),
        {"text": "丙段。", "base": answer["text"], "heading": "主要问题", "heading_base": old},
    ).content.decode()
    assert 'name="heading" class="heading" value="主要问题"' in page
    assert 'name="heading_base" value="问题与不足"' in page
    assert "现在的文字是：问题与不足" in page
    problems.refresh_from_db()
    assert (problems.heading, problems.text) == ("问题与不足", "甲段。\n乙段。")
    # Who has seen the other one decides.
    save(other, problems, problems.text, problems.text, heading="主要问题", heading_base="问题与不足")
    problems.refresh_from_db()
    assert problems.heading == "主要问题"


@pytest.fixture
def cast(cast: dict, town: SimpleNamespace) -> dict:
    """The cast, and a second clerk of the office."""
    from tests.factories import UserFactory

    cast["second"] = UserFactory(role="office", township=town.township, name="第二位")
    return cast


def test_earlier_texts_say_who_and_come_back(problems: SummarySection, cast: dict, browser: Any) -> None:
    client, other, default = browser("office"), browser("second"), problems.text
    written(client, problems, "第一稿。")
    written(client, problems, "第一稿，改。")
    written(other, problems, "第二位的稿。")
    said = list(problems.revisions.values_list("saved_by__name", "text"))
    # One sitting of one person is one revision; what stood before anybody wrote is kept too.
    assert said == [("第二位", "第二位的稿。"), (cast["office"].name, "第一稿，改。"), (None, default)]
    page = client.get(problems.history_url).content.decode()
    assert "<del>" in page
    assert "<ins>" in page
    assert "第二位" in page
    first = problems.revisions.last()
    client.post(address("summarysection_restore", problems), {"revision": first.pk})
    problems.refresh_from_db()
    assert (problems.text, problems.edited) == (default, False)
    assert problems.revisions.first().text == default
    assert problems.revisions.count() == 4
    # Restoring is a revision of its own, also for who has just written.
    written(client, problems, "刚写的稿。")
    client.post(address("summarysection_restore", problems), {"revision": first.pk})
    assert "刚写的稿。" in problems.revisions.values_list("text", flat=True)
    written(client, problems, "又写的稿。")
    client.post(address("summarysection_reset", problems))
    assert "又写的稿。" in problems.revisions.values_list("text", flat=True)
    stray = SectionRevision.objects.create(section=problems.summary.sections.first(), text="别处的稿。")
    assert client.post(address("summarysection_restore", problems), {"revision": stray.pk}).status_code == 404


LONG = [
    f"第{number}段写了很多，写的是{words}。" for number, words in enumerate(("校本研修", "听课评课", "教师交流"), 1)
]


@pytest.mark.parametrize(
    "steps", [[[]], [["另写一句。"]], [LONG[:2], LONG[:1], []]], ids=["at once", "instead", "by and by"]
)
def test_what_is_taken_out_in_one_sitting_can_be_had_back(
    steps: list[list[str]], problems: SummarySection, browser: Any
) -> None:
    client, default = browser("office"), problems.text
    for number in (1, 2, 3):
        written(client, problems, *LONG[:number])
    written(client, problems, LONG[0].replace("很多", "不少"), *LONG[1:])
    written(client, problems, *LONG)
    # Growing, it is one revision, and so it is when a word is mended.
    assert [*problems.revisions.values_list("text", flat=True)] == ["\n".join(LONG), default]
    for lines in steps:
        written(client, problems, *lines)
    assert [*problems.revisions.values_list("text", flat=True)] == ["\n".join(steps[-1]), "\n".join(LONG), default]
    client.post(address("summarysection_restore", problems), {"revision": problems.revisions.all()[1].pk})
    problems.refresh_from_db()
    assert problems.text == "\n".join(LONG)


def test_a_section_that_nobody_has_changed_says_so(draft: AnnualSummary, browser: Any) -> None:
    client = browser("office")
    for row in draft.sections.all():
        page = client.get(row.history_url)
        assert page.status_code == 200
        assert "本节还没有人修改过。" in page.content.decode()


def numbers(client: Client, draft: AnnualSummary) -> list[str]:
    page = client.get(address("annualsummary_write", draft))
    return [f"{part.number}{part.heading}" for part, _row in page.context["outline"]]


def test_the_outline_is_arranged_and_numbered_anew(draft: AnnualSummary, problems: Any, browser: Any) -> None:
    client = browser("office")
    before = numbers(client, draft)
    # What the records say nothing about is not printed, and so not numbered.
    assert before[-2:] == ["一、存在问题", "二、下一步打算"] or before[-2].endswith("、存在问题")
    client.post(address("summarysection_move", problems), {"to": "down"})
    after = numbers(client, draft)
    assert [name.split("、")[-1] for name in after[-2:]] == ["下一步打算", "存在问题"]
    assert after[-1].split("、")[0] == before[-1].split("、")[0]
    client.post(address("summarysection_move", problems), {"to": "in"})
    assert numbers(client, draft)[-1] == "（一）存在问题"
    first = draft.outline.first()
    client.post(address("summarysection_move", problems), {"to": "before", "before": first.pk})
    assert numbers(client, draft)[0] == "（一）存在问题"
    said = client.post(address("summarysection_move", problems), {"to": "sideways"}, follow=True).content.decode()
    assert "段落可以上移、下移、升级或降级。" in said


def test_a_section_is_added_left_out_and_taken_back(draft: AnnualSummary, problems: Any, browser: Any) -> None:
    client = browser("office")
    client.post(address("annualsummary_add", draft), {"after": problems.pk, "heading": "特色做法"})
    new = draft.sections.get(heading="特色做法")
    names = [row.heading for row in draft.outline]
    assert names[names.index(problems.heading) + 1] == "特色做法"
    written(client, new, "我镇特色是联片教研。")
    assert "我镇特色是联片教研。" in client.get(draft.get_absolute_url()).content.decode()
    client.post(address("summarysection_drop", new))
    assert "我镇特色是联片教研。" not in client.get(draft.get_absolute_url()).content.decode()
    assert "特色做法" in client.get(address("annualsummary_write", draft)).content.decode()
    client.post(address("summarysection_back", new))
    assert "我镇特色是联片教研。" in client.get(draft.get_absolute_url()).content.decode()


def test_a_section_left_out_by_somebody_else_is_not_moved(draft: AnnualSummary, problems: Any, browser: Any) -> None:
    client = browser("office")
    client.post(address("summarysection_drop", problems))
    before = [row.pk for row in draft.sections.order_by("order")]
    for to in ("up", "in"):
        said = client.post(address("summarysection_move", problems), {"to": to}, follow=True).content.decode()
        assert "本节已设为“不列入”，请先恢复列入。" in said
    assert [row.pk for row in draft.sections.order_by("order")] == before


def test_a_section_left_out_while_somebody_writes_is_told(
    draft: AnnualSummary, problems: Any, cast: dict, browser: Any
) -> None:
    client, other = browser("office"), browser("second")
    base = written(client, problems, "甲段。")
    client.post(address("summarysection_drop", problems))
    refused = save(other, problems, "甲段，补充。", base).json()
    assert refused["errors"] == [f"{cast['office']}已将本节设为“不列入”，您写的内容尚未保存。请先恢复列入。"]
    assert refused["back"] == address("summarysection_back", problems)
    page = other.post(address("summarysection_save", problems), {"text": "甲段，补充。", "base": base})
    # What was typed stands in its own section, not in another one, and is taken back beside it.
    assert page.context["section"] == problems
    assert "甲段，补充。</textarea>" in page.content.decode()
    assert f'action="{refused["back"]}" target="_blank"' in page.content.decode()
    other.post(refused["back"])
    assert save(other, problems, "甲段，补充。", base).json()["text"] == "甲段，补充。"


def test_a_finalised_summary_is_not_written(draft: AnnualSummary, problems: Any, cast: dict, browser: Any) -> None:
    finalise_summary(summary=draft, by=cast["office"])
    client = browser("office")
    assert client.get(address("annualsummary_write", draft)).url == draft.get_absolute_url()
    assert "总结已定稿" in save(client, problems, "改。", problems.text).json()["errors"][0]
    for name in ("move", "drop", "back"):
        said = client.post(address(f"summarysection_{name}", problems), {"to": "up"}, follow=True)
        assert "总结已定稿" in said.content.decode()


FIGURES = {
    figure.key: figure
    for figure in (
        Figure("a", "教研员听课节数", 28, "节", "/a"),
        Figure("b", "教师人数", 28, "人", "/b"),
        Figure("c", "交流比例", 13, "%", "/c"),
        Figure("d", "学校", "第28小学", "", "/d"),
    )
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("听课28节", [("28", "{教研员听课节数}")]),
        ("教师 28 人", [("28", "{教师人数}")]),
        ("占13%，又28个", [("13%", "{交流比例}"), ("28", "")]),
        ("约12.5万元", [("12.5", "")]),
        ("听课{教研员听课节数}节", []),
        ("2025—2026学年，2026年5月18日，第3次会议，〔2013〕45号", []),
        ("七至九年级三维一体", []),
        ("先后听课二十八节，占28", [("二十八", "{教研员听课节数}"), ("28", "")]),
        ("第二十八节，一百二十八节，二十八次", []),
        ("3年级28个班，学生28名", [("28", ""), ("28", "{教师人数}")]),
        ("《2025年28条》和“28”字", []),
        ("1.加强管理", []),
        ("2025-09-01起，B28型", []),
    ],
)
def test_numbers_typed_by_hand_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    found = typed_numbers(f"开头。\n{text}", FIGURES)
    assert [(typed.text, typed.token) for typed in found] == expected
    for typed in found:
        assert (typed.paragraph, text[typed.start : typed.end]) == (1, typed.text)


def test_numbers_typed_by_hand_are_counted_in_the_head(draft: AnnualSummary, problems: Any, browser: Any) -> None:
    client = browser("office")
    answer = save(client, problems, "全镇教师3人。", problems.text).json()
    assert answer["typed_total"] == "1处手填数字"
    assert [(t["text"], t["token"]) for t in answer["typed"]] == [("3", "{教师人数}")]
    page = client.get(f"{address('annualsummary_write', draft)}?section={problems.pk}").content.decode()
    assert "1处手填数字" in page


def test_offered_sentences_name_figures_that_there_are() -> None:
    assert [unknown_tokens(suggestion.sentence, labels()) for suggestion in SUGGESTIONS if "{" in suggestion.sentence]
    wrong = [s.sentence for s in SUGGESTIONS if unknown_tokens(s.sentence, labels())]
    assert wrong == []
    assert {s.where for s in SUGGESTIONS} == {PROBLEMS, NEXT_STEPS}


def test_sentences_are_offered_where_the_figures_suggest_them() -> None:
    figures = {
        "exchange.share": Figure("exchange.share", "交流比例", 9, "%", ""),
        "ethics.misconduct": Figure("ethics.misconduct", "失德行为查处件数", 0, "件", ""),
    }
    assert [offer.text for offer in offers([PROBLEMS], figures)] == ["教师交流力度不够，交流比例为9%，低于规定的比例。"]
    figures["exchange.share"] = Figure("exchange.share", "交流比例", 10, "%", "")
    assert offers([PROBLEMS], figures) == []
    figures["ethics.misconduct"] = Figure("ethics.misconduct", "失德行为查处件数", 2, "件", "")
    assert len(offers([PROBLEMS], figures)) == 1
    assert offers(["ethics.education"], figures) == []


def test_figures_of_the_page_are_data_and_no_script(draft: AnnualSummary, browser: Any) -> None:
    page = browser("office").get(address("annualsummary_write", draft)).content.decode()
    data = page.split('<script id="figures" type="application/json">')[1].split("</script>")[0]
    assert {row["label"] for row in json.loads(data)} == set(labels())

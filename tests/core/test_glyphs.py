"""Characters: the rare ones of names are found in a font, the others are told and marked, and looking is quick."""

import pytest

from apps.core.glyphs import MARK, UNUSUAL, held, installed, missing, printable

# Ext-A, B, C, E and the last of the basic plane, all from names; and from the blocks that only the Han fonts hold.
RARE = "𠅤䶮㛃𬭎𪩘𬌗㵪叚喆玥𣲘𫖯𬞟"
ONLY_HAN = "𫠝𰻝𮧵"


@pytest.mark.parametrize("character", RARE + ONLY_HAN)
def test_rare_characters_of_names_have_a_font(character: str) -> None:
    assert held(character)
    assert missing(f"李{character}") == []
    assert printable(f"李{character}") == f"李{character}"


@pytest.mark.parametrize("character", ["\ue123", "\U000f0001", "\U0003fff0"])
def test_what_no_font_has_is_told_once_and_marked(character: str) -> None:
    assert missing(f"李{character}、王{character}") == [character]
    assert printable(f"李{character}好") == f"李{MARK}好"


def test_joiners_and_selectors_are_no_characters_to_miss() -> None:
    text = "葛\U000e0100 a\u200bb\ufe0f\u2060"
    assert missing(text) == []
    assert printable(text) == text


def test_common_text_is_not_looked_up() -> None:
    text = "《慕仪镇》2025—2026学年：“校本研修”〔2013〕45号，占13.5%……①" * 2000
    assert UNUSUAL.findall(text.replace("①", "")) == []
    assert missing(text) == []


def test_fonts_of_the_paper_are_installed() -> None:
    for family in ("Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UKai CN", "BabelStone Han", "HanaMinB"):
        assert installed(family), family
    assert not installed("no such family")

"""The paper of the demo town, measured: GB/T 9704-2012 to half a millimetre."""

from typing import Any

import pytest

from tests.reports.measuring import BOTTOM, DIGITS, LEFT, MM, RIGHT, TOP, Line, body, measured

HALF = 0.5
PITCH, SIZE = 28.95 / MM, 15.75 / MM


# Measuring takes longer than printing: one worker does it, once.
pytestmark = pytest.mark.xdist_group("measured demo paper")


@pytest.fixture(scope="module")
def paper(demo_paper: bytes) -> list[tuple[Any, list[Line]]]:
    return measured(demo_paper)


def test_the_paper_keeps_the_layout_of_the_standard(paper: list[tuple[Any, list[Line]]]) -> None:
    text = [lines for page, lines in paper if not any(line.text[:2] == "附件" for line in lines)][:9]
    assert len(text) == 9
    full = set()
    for place, lines in enumerate(text):
        rows = body(lines)
        # Margins: nothing outside the type area; each line begins at its left edge or two characters on.
        assert all(TOP < row.base < BOTTOM for row in rows)
        assert all(row.right < RIGHT + HALF for row in rows), place
        for above, below in zip(rows, rows[1:], strict=False):
            if abs(below.left - LEFT) < HALF:  # the paragraph goes on, so the line above is full
                assert abs(above.right - RIGHT) < HALF, above.text
                if above.text.isascii() is False and not any(c.isascii() for c in above.text):
                    full.add(len(above.text))
        # No lonely heading, and no page begins with the last line of a paragraph.
        if rows:
            assert not (rows[-1].heading and rows[-1] is lines[-2]), rows[-1].text
            if abs(rows[0].left - LEFT) < HALF and len(rows) > 1:
                assert abs(rows[1].left - LEFT) < HALF, rows[0].text
    assert max(full) == 28
    assert min(full) >= 25  # one or two characters give way to marks that may not begin a line


def test_lines_stand_on_a_grid_of_22(paper: list[tuple[Any, list[Line]]]) -> None:
    rows = body(paper[1][1])
    steps = [below.base - above.base for above, below in zip(rows, rows[1:], strict=False)]
    assert steps
    assert all(abs(step / PITCH - round(step / PITCH)) * PITCH < 0.1 for step in steps)
    # The middle of the first line's characters is the middle of the grid's first line.
    assert abs(rows[0].base - 0.38 * SIZE - (TOP + PITCH / 2)) < HALF
    assert abs(22 * PITCH - (BOTTOM - TOP)) < HALF


def test_page_numbers_stand_where_the_standard_says(paper: list[tuple[Any, list[Line]]]) -> None:
    for number, (page, lines) in enumerate(paper, start=1):
        assert (round(float(page.width)), round(float(page.height))) == (595, 842)
        line = lines[-1]
        assert line.text == f"—{number}—"
        assert abs(line.size - DIGITS) < 0.1
        # The dash's upper edge is 0.293 of its size above the line.
        assert abs(line.base - 0.293 * DIGITS / MM - (BOTTOM + 7)) < HALF
        if number % 2:
            assert abs(line.right - (RIGHT - DIGITS / MM)) < HALF
        else:
            assert abs(line.left - (LEFT + DIGITS / MM)) < HALF

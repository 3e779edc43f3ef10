"""Charts: names, values and links of each bar, for any number of bars, as SVG and as PNG."""

import re
from io import BytesIO

import pytest
from PIL import Image

from apps.core.glyphs import MARK
from apps.figures.charts import HIGHEST, LATIN, WIDTH, bar_chart, bar_picture
from apps.figures.figures import Chart

CHART = Chart(
    "t.c", "各校听课节数", "节", (("镇初级中学", 318, "/a?x=1&y=2"), ("袁科小学", None, ""), ("五星小学", 0, "/b"))
)
LONG = "宝鸡市陈仓区慕仪镇第十一初级中学附属九年一贯制学校北校区"


def test_chart_keeps_to_a_strict_policy_and_links_its_bars() -> None:
    drawing = bar_chart(CHART)
    assert drawing == bar_chart(CHART)
    for forbidden in ("style", "<script", ' id="'):
        assert forbidden not in drawing
    assert 'aria-label="各校听课节数（节）"' in drawing
    assert re.findall(r'<a href="([^"]*)">', drawing) == ["/a?x=1&amp;y=2", "/b"]
    assert re.findall(r"<text[^>]*>([^<]*)<", drawing) == ["镇初级中学", "袁科小学", "五星小学", "318", "0"]
    # A counted zero states its value; what is not known states nothing.


@pytest.mark.parametrize("number", [1, 2, 30, 60])
def test_any_number_of_bars_goes_on_a_page_with_letters_apart(number: int) -> None:
    bars = tuple((f"第{n}小学", n * 7, "") for n in range(1, number + 1))
    drawing = bar_chart(Chart("t.c", "各校", "节", bars))
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing).groups())
    assert (width, height <= HIGHEST) == (WIDTH, True)
    size = float(re.search(r'font-size="([\d.]+)', drawing)[1])
    texts = re.findall(r'<text[^>]*? x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<', drawing)
    names = [float(y) for _x, y, text in texts if text.startswith("第")]
    assert len(names) == number
    assert all(below - above > size for above, below in zip(names, names[1:], strict=False))
    # The value of the longest bar stands behind it, inside the drawing.
    values = [float(x) + size * LATIN * len(text) for x, _y, text in texts if text.isdecimal()]
    assert len(values) == number
    assert max(values) < WIDTH


def test_long_names_take_two_lines_and_are_cut_beyond() -> None:
    drawing = bar_chart(Chart("t.c", "各校", "", ((LONG[:20], 3, ""), (LONG, 2, ""))))
    texts = re.findall(r"<text[^>]*>([^<]*)<", drawing)
    first, second, value, *cut = texts[:2] + texts[4:5] + texts[2:4]
    assert (first + second, len(first), value) == (LONG[:20], 10, "3")
    assert cut[1].endswith("…")
    assert LONG.startswith("".join(cut).rstrip("…"))
    assert 'class="chart close"' in drawing
    assert 'class="chart"' in bar_chart(CHART)


def test_negative_values_and_no_bars_do_no_harm() -> None:
    for bars in ((("甲", -3, ""),), ()):
        assert bar_chart(Chart("t.c", "各校", "", bars)).startswith("<svg")


def test_a_character_without_a_font_is_a_mark() -> None:
    assert f"李{MARK}小学" in bar_chart(Chart("t.c", "各校", "", (("李\ue123小学", 3, ""),)))


def test_picture_is_the_same_drawing_and_dark_on_white() -> None:
    made = bar_picture(CHART)
    assert made == bar_picture(CHART)
    image = Image.open(BytesIO(made)).convert("L")
    assert abs(image.width - WIDTH * 200 / 72) <= 1
    shades = image.histogram()
    # In black and white: a bar is far darker than the paper.
    assert shades[255] > image.width * image.height / 2
    assert sum(shades[:100]) > image.width * image.height / 10


def test_picture_draws_rare_names() -> None:
    def ink(name: str) -> int:
        picture = Image.open(BytesIO(bar_picture(Chart("t.c", "各校", "", ((name, 0, ""),)))))
        return sum(picture.convert("L").histogram()[:128])

    assert ink("李𬭎") > ink("李")

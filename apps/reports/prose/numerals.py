"""Numbers in Chinese characters, and the numbers that stand before headings."""

CHINESE_DIGITS = "〇一二三四五六七八九"


def chinese_number(number: int) -> str:
    """Return a number from 1 to 99,999,999 in Chinese: 十二, 二百六十五, 一千零二十, 一万零五百."""
    high, low = divmod(number, 10_000)
    said = (_thousands(high) + "万" if high else "") + ("零" if high and 0 < low < 1000 else "") + _thousands(low)
    return said.removeprefix("一") if said.startswith("一十") else said


def _thousands(number: int) -> str:
    """Return a number below 10,000 as it is said within a greater one: 一十二, empty for 0."""
    said, gap = "", ""
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        if digit := number // size % 10:
            said += f"{gap}{CHINESE_DIGITS[digit]}{unit}"
            gap = ""
        elif said:
            gap = "零"
    return said


def heading_number(level: int, number: int) -> str:
    """Return what stands before the `number`th heading of a level: 一、 or （一） or 1. (GB/T 9704-2012, 7.3.3)."""
    return {1: f"{chinese_number(number)}、", 2: f"（{chinese_number(number)}）"}.get(level, f"{number}.")

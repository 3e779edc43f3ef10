"""Rows of a list that are no records: sums, notes, signatures, group headings, the header once more, numbers alone."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from .cells import is_empty, key

# Rows that are no records, by the first text in them: sums, notes, signatures, the template's example.
NO_RECORD = re.compile(
    r"(.{0,20}(合计|小计|总计)|共计|共\d+[人名条行]|备注|说明|填表说明|注意事项|注|填表人|填报人|制表人?|审核人?|负责人"
    r"|单位负责人|单位|填报单位|填表单位|校长|校长签字|盖章|(单位)?[(（]盖章[)）]|填报日期|填表日期|制表日期|日期)([:：].*)?"
)
# And by the only text in them: remarks in brackets, headings of groups, who drew the list up, and when.
LONELY = re.compile(
    r"[（(].+[）)]|[一二三四五六七八九十]+、.+|.*\d{4}年\d{1,2}月(\d{1,2}日)?制?|.*(联系人|电话)[:：].*|.+(教育组|教育办)"
)
SIGNED = re.compile(r"(填表单位|填报单位|单位|校长|校长签字|日期|盖章)")
EXAMPLE = "示例"
EXAMPLE_ROW = re.compile(rf"{EXAMPLE}([:：].*)?", re.DOTALL)


def repeats(heading: Sequence[str], values: Sequence[Any]) -> bool:
    """Return whether a row is the heading once more, as on a new page."""
    texts = [value for value in values if isinstance(value, str)]
    return len(texts) == len(heading) and all(key(text) == head for text, head in zip(texts, heading, strict=True))


def is_no_record(values: Sequence[Any]) -> bool:
    """Return whether a row holds a sum, a note, a signature, a heading of a group, or the template's example."""
    first = next((value for value in values if isinstance(value, str) and value.strip()), None)
    if first is None or first.isascii():  # a number or a code: all these words are Chinese
        return False
    text = "".join(first.split())
    if LONELY.fullmatch(text) and sum(not is_empty(value) for value in values) == 1:
        return True
    if not (NO_RECORD.fullmatch(text) or EXAMPLE_ROW.fullmatch(text)):
        return False
    # Beside what is merely called so there stands little: a record is not left aside for its first word.
    return not SIGNED.fullmatch(text) or sum(not is_empty(value) for value in values) <= 3


def is_bare(places: Iterable[int], values: Sequence[Any]) -> bool:
    """Return whether nothing stands in the columns that are read, as in rows that are only numbered yet."""
    return not any(place < len(values) and values[place] not in (None, "") for place in places)

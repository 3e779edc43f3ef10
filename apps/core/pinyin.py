"""Pinyin of names: what people type to find them, initials or syllables in full, in every reading that is alive."""

import os
from functools import lru_cache
from itertools import islice, product

from django.db.models import Q

# Surnames that are read otherwise than the same character elsewhere; the other reading finds them too.
SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "澹台": "tan tai", "单于": "chan yu", "长孙": "zhang sun", "宰父": "zai fu",
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "覃": "qin", "朴": "piao",
    "盖": "ge", "缪": "miao", "卜": "bu", "种": "chong", "召": "shao", "折": "she", "员": "yun", "黑": "he",
    "秘": "bi", "洗": "xian", "乐": "yue", "翟": "zhai", "祭": "zhai", "繁": "po", "句": "gou", "佴": "nai",
    "郗": "chi", "么": "yao", "阚": "kan", "郇": "xun",
}  # fmt: skip
# Characters of names and places with several readings that are alive.
READINGS = {
    "乐": "le yue", "长": "chang zhang", "行": "xing hang", "重": "chong zhong", "朝": "chao zhao",
    "茜": "qian xi", "晟": "sheng cheng", "省": "sheng xing", "厦": "xia sha", "莘": "xin shen",
    "参": "can shen", "调": "diao tiao", "还": "hai huan", "六": "liu lu", "番": "fan pan", "泊": "bo po",
    "巷": "xiang hang", "圩": "wei xu", "埔": "pu bu", "堡": "bao pu bu", "涌": "yong chong", "浒": "hu xu",
    "柏": "bai bo", "栎": "li yue", "蔚": "wei yu", "尉": "wei yu", "弹": "dan tan", "曾": "zeng ceng",
    "阿": "a e", "率": "lv shuai", "校": "xiao jiao", "藏": "zang cang", "降": "jiang xiang", "都": "du dou",
    "佛": "fo", "坻": "di chi", "峒": "dong tong", "铅": "qian yan", "蚌": "beng bang", "荥": "xing ying",
    "吁": "yu xu", "颉": "jie xie", "偲": "si cai",
}  # fmt: skip
# So many combinations of readings are kept of one name.
MOST = 16


@lru_cache(maxsize=8000)
def _usual(sign: str) -> str:
    # Its dictionary of phrases takes 45 MB, and names are no phrases.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin  # 13 MB, for those who write names

    return "".join(part for part in lazy_pinyin(sign)[0].lower() if part.isalnum())


def _syllables(name: str) -> list[list[str]]:
    """Return the readings of each character of a name, the likeliest first."""
    surname = next((name[:length] for length in (2, 1) if name[:length] in SURNAMES), "")
    found = []
    for place, sign in enumerate(name):
        own = [SURNAMES[surname].split()[place]] if place < len(surname) else []
        others = READINGS[sign].split() if sign in READINGS else [_usual(sign)]
        found.append(list(dict.fromkeys([*own, *others])))
    return [readings for readings in found if any(readings)]


def pinyin_of(*names: str) -> str:
    """Return what finds names: for each way to read them a blank, the initials, a blank and the syllables in full."""
    keys: dict[str, None] = {}
    for name in names:
        for reading in islice(product(*_syllables("".join(name.split()))), MOST):
            keys |= dict.fromkeys(("".join(part[0] for part in reading if part), "".join(reading)))
    return "".join(f" {key}" for key in keys if key)


def reads_as(text: str, path: str = "pinyin") -> Q:
    """Return the condition that what stands at `path`, made by `pinyin_of`, begins like `text`; never, if not Latin."""
    typed = "".join(part for part in text.lower() if part.isalnum())
    return Q(**{f"{path}__contains": f" {typed}"}) if typed.isascii() and typed else Q(pk__in=())

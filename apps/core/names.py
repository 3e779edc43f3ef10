"""Characters of names that look alike and are not: radicals in place of characters, dots of all kinds, private use."""

import re
from unicodedata import normalize

# Radicals come from copied PDFs: those of Kangxi and compatibility ideographs have an ordinary form in Unicode ...
RADICALS = re.compile("[\u2e81-\u2ef3\u2f00-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
# ... those of the supplement that are ordinary characters too have none there.
SUPPLEMENT = str.maketrans(
    "⺁⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺖⺘⺙⺛⺜⺝⺟⺠⺡⺢⺣⺤⺥⺦⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺷⺸⺹⺺⺻⺼⺾⺿⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂刀刂卜㔾小小尢尣尢巳幺彑忄扌攵旡日月母民氵氺灬爫爫丬王疋罒示礻竹糸纟罒罒羊羊耂肀聿月艹艹虎衤覀西见角覀讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠飠饣首马骨鬼鱼鸟卤麦黄黾齐齐歯齿竜龙龜龟龟",
)
# Characters that a font of one's own draws: elsewhere they are blanks.
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
# Joiners, which join pictures and do nothing behind a Chinese character.
JOINER = re.compile("(?<=[\u3400-\u9fff])[\u200c\u200d]")
# What is not seen at all, and comes along when one copies a name.
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# The dot between the parts of a name, as keyboards and other programs write it.
DOT = "·"
DOTS = re.compile(
    r"(?<=[^\W\d_a-zA-Z])\s*[•・‧．∙⋅●･⸱᛫◦]\s*(?=[^\W\d_a-zA-Z])|(?<=[^\W\d_a-zA-Z])\s+·\s*|\s*·\s+(?=[^\W\d_a-zA-Z])"
)


def ordinary(text: str) -> str:
    """Return a text with ordinary characters in place of radicals and compatibility ideographs; all else stays."""
    if text.isascii():
        return text
    text = RADICALS.sub(lambda found: normalize("NFKC", found[0].translate(SUPPLEMENT)), text)
    return JOINER.sub("", text)


def tidy_name(text: str) -> str:
    """Return a name without blanks and what is not seen, with ordinary characters and one kind of dot."""
    return one_dot(ordinary(UNSEEN.sub("", "".join(text.split()))))


def one_dot(text: str) -> str:
    """Return a name with the one dot that is stored between its parts."""
    return DOTS.sub(DOT, text)


def private(text: str) -> list[str]:
    """Return the characters of private use in a text, each once, as their code points: U+E863."""
    return [f"U+{ord(character):04X}" for character in dict.fromkeys(PRIVATE.findall(text))]

"""An example as hurried, unsure or old hands would type it; for training only.

Written from how Thai is mistyped: keys beside each other, a shift missed or held, letters of one
sound, letters of one shape, vowels too short or long, marks left out, clusters spoken away. The
noise that the engine is measured under (tests/bench/nlp/noise.py) is made by other code from other
tables.
"""

from collections.abc import Callable
from itertools import chain
from random import Random

_ROWS = ("ๅ/-ภถุึคตจขช", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ")
_SHIFTED = ("+๑๒๓๔ู฿๕๖๗๘๙", '๐"ฎฑธํ๊ณฯญฐ,', "ฤฆฏโฌ็๋ษศซ.", "()ฉฮฺ์?ฒฬฦ")
_SOUNDS = (
    "สศษซ",
    "ทธฑฒถฐ",
    "นณ",
    "รลฬ",
    "คขฆ",
    "พภผ",
    "ตฏ",
    "ดฎ",
    "ยญ",
    "ชฌฉ",
    "ฟฝ",
    "หฮ",
    "ไใ",
    "ิี",
    "ึื",
    "ุู",
    "ะา",
    "เแ",
)
_SHAPES = (
    "กถภฤ",
    "ดคตศ",
    "พผฟฝฬ",
    "บปษ",
    "ขชซ",
    "ฎฏ",
    "นมฉ",
    "อฮ",
    "ทหฑ",
    "รธ",
    "ลส",
    "โไใ",
    "าๅ",
    "ิีึื",
    "ุู",
    "ั้็",
)
_TONES = "่้๊๋"
_SMALL_MARKS = "่้๊๋์็"
_CLUSTER_HEADS, _CLUSTER_TAILS = frozenset("กขคตปผพทส"), frozenset("รล")
_ALPHABET = "กขคงจชดตถทนบปผพฟมยรลวสหอะาิีึืุูเแโไใ่้ัำ็์"
_STRENGTHS = (0.03, 0.05, 0.08, 0.12, 0.16, 0.22)
"""The chance that a character is hit, drawn anew for every text and kind."""

Kind = Callable[[str, Random, float], str]


def _beside() -> dict[str, str]:
    """Each key's neighbours, left, right and on the rows above and below (which are staggered)."""
    found: dict[str, str] = {}
    for number, row in enumerate(_ROWS):
        for place, key in enumerate(row):
            near = row[max(0, place - 1) : place] + row[place + 1 : place + 2]
            if number:
                near += _ROWS[number - 1][place : place + 2]
            if number + 1 < len(_ROWS):
                near += _ROWS[number + 1][max(0, place - 1) : place + 1]
            found[key] = near
    return found


def _others(groups: tuple[str, ...]) -> dict[str, str]:
    return {c: group.replace(c, "") for group in groups for c in group}


_BESIDE = _beside()
_OTHER_CASE = {
    key: other
    for plain, shifted in zip(_ROWS, _SHIFTED, strict=True)
    for key, other in chain(zip(plain, shifted, strict=False), zip(shifted, plain, strict=False))
}
_SAME_SOUND, _SAME_SHAPE = _others(_SOUNDS), _others(_SHAPES)


Copy = Callable[[str, Random], str]
"""A text and a source of chance → the text mistyped."""


def slips(text: str, random: Random, rate: float) -> str:
    """Keys missed, doubled, swapped, hit beside, hit with the wrong shift, or hit for no reason."""
    out: list[str] = []
    hits = max(1, sum(random.random() < rate for _ in text))
    at = set(random.sample(range(len(text)), min(hits, len(text))))
    for place, letter in enumerate(text):
        out.append(_slip(letter, out, random) if place in at else letter)
    return "".join(out)


def _slip(letter: str, before: list[str], random: Random) -> str:
    match random.randrange(7):
        case 0 | 1:
            return ""
        case 2:
            return letter * 2
        case 3 if before:
            last = before.pop()
            return letter + last
        case 4:
            return letter + random.choice(_ALPHABET)
        case 5:
            return _OTHER_CASE.get(letter) or random.choice(_ALPHABET)
        case _:
            return random.choice(_BESIDE.get(letter) or _ALPHABET)


def by_sound(text: str, random: Random, rate: float) -> str:
    """Spelt by ear: another letter of the sound, an r or l not spoken, ำ written ัม."""
    out: list[str] = []
    for place, letter in enumerate(text):
        if random.random() >= rate:
            out.append(letter)
        elif letter in _CLUSTER_TAILS and place and text[place - 1] in _CLUSTER_HEADS:
            continue
        elif letter == "ำ":
            out.append("ัม")
        else:
            out.append(random.choice(_SAME_SOUND.get(letter, letter)))
    return "".join(out)


def by_shape(text: str, random: Random, rate: float) -> str:
    """Letters taken for others that look nearly the same on a small screen."""
    return "".join(
        random.choice(_SAME_SHAPE[c]) if c in _SAME_SHAPE and random.random() < rate else c
        for c in text
    )


def marks(text: str, random: Random, rate: float) -> str:
    """Tone and other small marks left out, all or some, or the wrong tone written."""
    if random.random() < 0.4:
        gone = random.choice((_TONES, _SMALL_MARKS))
        return "".join(c for c in text if c not in gone)
    share = min(0.9, 4 * rate)
    return "".join(
        random.choice(("", "", *_TONES)) if c in _SMALL_MARKS and random.random() < share else c
        for c in text
    )


def drawn_out(text: str, random: Random, rate: float) -> str:
    """Letters held down too long, as in มากกก, or pressed twice."""
    return "".join(
        c * random.choice((2, 2, 3, 5)) if c.isalpha() and random.random() < rate else c
        for c in text
    )


def spacing(text: str, random: Random, rate: float) -> str:
    """No spaces at all, or spaces where the thumb slipped or the voice paused."""
    if random.random() < 0.6:
        return text.replace(" ", "")
    return "".join(c + " " if random.random() < rate else c for c in text)


KINDS: tuple[Kind, ...] = (slips, by_sound, by_shape, marks, drawn_out, spacing)
_OFTEN = (5, 3, 3, 3, 1, 1)
_HOW_MANY = (1, 1, 1, 2, 2, 3, 4)


def mistyped(text: str, random: Random) -> str:
    """One to four kinds of mistakes, each of its own strength."""
    for kind in random.choices(KINDS, _OFTEN, k=random.choice(_HOW_MANY)):
        text = kind(text, random, random.choice(_STRENGTHS)) if text else text
    return text

"""Typing noise to measure under: seven kinds of bad typing, never used in training (which has
its own makers and tables in nlp/typos.py).
"""

from random import Random

_TONES = "่้๊๋"
_MARKS = "่้๊๋์็"
_LOOK_ALIKE = (
    "สศษซ",
    "นณ",
    "ดฎ",
    "ตฏ",
    "ทธฑฒ",
    "พภ",
    "คข",
    "ยญ",
    "ลรฬ",
    "ชฉ",
    "ใไ",
    "ิี",
    "ึื",
    "ุู",
    "ะา",
    "ฟฝ",
    "กถภ",
)
_ROWS = ("ๅ/-ภถุึคตจขช", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ")
_ALIKE = {c: group.replace(c, "") for group in _LOOK_ALIKE for c in group}
_NEIGHBOURS = {
    row[i]: row[max(0, i - 1) : i] + row[i + 1 : i + 2] for row in _ROWS for i in range(len(row))
}


def no_tones(text: str, random: Random) -> str:
    """All tone marks dropped."""
    return "".join(c for c in text if c not in _TONES)


def some_marks(text: str, random: Random) -> str:
    """Half of the small marks dropped."""
    return "".join(c for c in text if c not in _MARKS or random.random() < 0.5)


def look_alikes(text: str, random: Random) -> str:
    """About one letter in seven replaced by one that looks or sounds alike."""
    return "".join(
        random.choice(_ALIKE[c]) if c in _ALIKE and random.random() < 0.15 else c for c in text
    )


def repeats(text: str, random: Random) -> str:
    """A letter or two drawn out."""
    out = list(text)
    for _ in range(2):
        i = random.randrange(len(out)) if out else 0
        if out and out[i].isalpha():
            out[i] *= random.randint(2, 4)
    return "".join(out)


def no_spaces(text: str, random: Random) -> str:
    """Written in one go."""
    return text.replace(" ", "")


def one_edit(text: str, random: Random) -> str:
    """One key missed, doubled, swapped or hit beside."""
    if len(text) < 3:
        return text
    i = random.randrange(len(text) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return text[:i] + text[i + 1 :]
    if kind == 1:
        return text[:i] + text[i] + text[i:]
    if kind == 2:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[:i] + random.choice(_NEIGHBOURS.get(text[i]) or text[i]) + text[i + 1 :]


def tenth_edited(text: str, random: Random) -> str:
    """An edit every ten characters."""
    for _ in range(max(1, len(text) // 10)):
        text = one_edit(text, random)
    return text


def mixed(text: str, random: Random) -> str:
    """A bit of everything."""
    text = some_marks(text, random)
    text = one_edit(look_alikes(text, random), random)
    return no_spaces(text, random) if random.random() < 0.5 else text


NOISES = {
    "no_tones": no_tones,
    "one_edit": one_edit,
    "tenth_edited": tenth_edited,
    "repeats": repeats,
    "look_alikes": look_alikes,
    "no_spaces": no_spaces,
    "mixed": mixed,
}

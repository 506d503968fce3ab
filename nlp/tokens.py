"""Words and skeletons: the two ways a message is cut up before it is classified."""

import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

os.environ.setdefault(
    "PYTHAINLP_OFFLINE", "1"
)  # a missing corpus must not be looked for on the network

from pythainlp.corpus import thai_words
from pythainlp.tokenize import newmm
from pythainlp.util import Trie

LEXICON = Path(__file__).parent / "lexicon"
SAFE_ABOVE = 120
"""newmm takes time quadratic in an ambiguous text; its safe mode cuts the text into windows
first.
"""


@cache
def talk(kind: str) -> frozenset[str]:
    """Words of talk.toml: what is passed over, or looked for, in which place."""
    tables = tomllib.loads((LEXICON / "talk.toml").read_text(encoding="utf-8"))
    return frozenset(tables[kind])


_PARTICLES = talk("particles")
_AFTER_QUESTION = _PARTICLES | talk("after_bo") | {" "}
_WORD = re.compile(r"\w")


@cache
def dialect() -> Mapping[str, str]:
    """Words of the regions, of chat and of misspelling → the word of central Thai."""
    tables = tomllib.loads((LEXICON / "dialect.toml").read_text(encoding="utf-8"))
    return {word: central for table in tables.values() for word, central in table.items()}


@cache
def _dictionary() -> Trie:
    domain = (LEXICON / "domain_words.txt").read_text(encoding="utf-8").split("\n")
    return Trie({*thai_words(), *dialect(), *dialect().values(), *filter(None, domain)})


def cut(text: str) -> list[str]:
    """The words of a normalised text, spaces among them."""
    return newmm.segment(text, _dictionary(), safe_mode=len(text) > SAFE_ABOVE)


def words(text: str) -> list[str]:
    """Content words in central Thai, without spaces, polite particles and punctuation."""
    return [word for word in _central(text) if word not in _PARTICLES and _WORD.search(word)]


def _central(text: str) -> list[str]:
    mapping = dialect()
    found = cut(text)
    last = next((i for i in range(len(found) - 1, 0, -1) if found[i] not in _AFTER_QUESTION), 0)
    out = [mapping.get(word, word) for word in found]
    if last and found[last] == "บ่":  # Isan: «no» before a verb, but asks at the end of a message
        out[last] = "ไหม"
    return out


def central_thai(text: str) -> str:
    """The text with its dialect, chat and misspelt words replaced; what the sentence encoders
    read.
    """
    return "".join(_central(text))


_SILENCED = re.compile(r".[ิุ]?์")
_TONES = re.compile(r"[่้๊๋็ฺํ๎]")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("ศษซ", "ส"),
        **dict.fromkeys("ณฯ", "น"),
        **dict.fromkeys("ฎฑ", "ด"),
        **dict.fromkeys("ฏ", "ต"),
        **dict.fromkeys("ฐฒธ", "ท"),
        **dict.fromkeys("ภพ", "พ"),
        **dict.fromkeys("ฃฅฆข", "ค"),
        **dict.fromkeys("ฉฌ", "ช"),
        **dict.fromkeys("ญ", "ย"),
        **dict.fromkeys("ฬร", "ล"),
        **dict.fromkeys("ฝ", "ฟ"),
        **dict.fromkeys("ฮ", "ห"),
        **dict.fromkeys("ี", "ิ"),
        **dict.fromkeys("ื", "ึ"),
        **dict.fromkeys("ู", "ุ"),
        **dict.fromkeys("ใ", "ไ"),
        **dict.fromkeys("ๅะ", "า"),
        "ั": None,
        "ๆ": None,
    }
)
_DOUBLE = re.compile(r"(.)\1+")
_NOT_WORD = re.compile(r"[^\w\u0e00-\u0e7f\ue000-\uf8ff]+")


def skeleton(text: str) -> str:
    """What is left of the text's sound: no tones, no silenced letters, look-alikes merged, no
    doubles, no spaces.

    Two spellings of one word have the same or nearly the same skeleton.
    """
    bare = _TONES.sub("", _SILENCED.sub("", text)).translate(_ALIKE)
    return _DOUBLE.sub(r"\1", _NOT_WORD.sub("", bare))

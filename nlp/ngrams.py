"""The three n-gram views of a message: words, characters, skeleton."""

from collections.abc import Callable, Iterator

from nlp.tokens import skeleton, words

_MAX_WORD, _MIN_CHAR, _MAX_CHAR = 3, 1, 5


def word_ngrams(text: str) -> Iterator[str]:
    """One to three words in a row, with the message's ends marked."""
    found = ["<", *words(text), ">"]
    yield from found[1:-1]
    for size in range(2, _MAX_WORD + 1):
        for i in range(len(found) - size + 1):
            yield " ".join(found[i : i + size])


def _runs(text: str) -> Iterator[str]:
    last = len(text)
    for size in range(_MIN_CHAR + 1, _MAX_CHAR + 1):
        for i in range(last - size + 1):
            yield text[i : i + size]


def char_ngrams(text: str) -> Iterator[str]:
    """Two to five characters in a row, across word borders (people space as they like)."""
    return _runs(f" {text.replace(' ', '')} ")


def skeleton_ngrams(text: str) -> Iterator[str]:
    """Two to five letters of the skeleton in a row."""
    return _runs(f" {skeleton(text)} ")


VIEWS: dict[str, Callable[[str], Iterator[str]]] = {
    "word": word_ngrams,
    "char": char_ngrams,
    "skeleton": skeleton_ngrams,
}

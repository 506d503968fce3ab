"""Cuts a text into the encoder's word pieces: the unigram tokeniser of XLM-R, on the part of
its vocabulary kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

START, END, UNKNOWN = 0, 1, 2
"""Rows of the embedding table; pieces follow from 3."""
SPACE = "\u2581"
MAX_PIECES = 96


@dataclass(frozen=True, slots=True)
class Pieces:
    """rows: piece → (row, log-probability). spelling: characters that XLM-R writes otherwise,
    as ำ.
    """

    rows: Mapping[str, tuple[int, float]]
    spelling: Mapping[int, str]
    longest: int
    unknown_score: float

    @classmethod
    def of(
        cls, pieces: Sequence[str], scores: Sequence[float], spelling: Mapping[str, str]
    ) -> "Pieces":
        rows = {
            piece: (row, score)
            for row, (piece, score) in enumerate(zip(pieces, scores, strict=True), 3)
        }
        return cls(
            rows,
            {ord(c): other for c, other in spelling.items()},
            max(map(len, pieces)),
            min(scores) - 10,
        )

    def cut(self, text: str) -> list[int]:
        """Rows of the most likely pieces, between START and END."""
        text = SPACE + " ".join(text.translate(self.spelling).split()).replace(" ", SPACE)
        size = len(text)
        best = [0.0] + [-1e30] * size
        came_from: list[tuple[int, int]] = [(0, UNKNOWN)] * (size + 1)
        look_up = self.rows.get
        for start in range(size):
            base = best[start]
            if base + self.unknown_score > best[start + 1]:
                best[start + 1] = base + self.unknown_score
                came_from[start + 1] = (start, UNKNOWN)
            for end in range(start + 1, min(start + self.longest, size) + 1):
                found = look_up(text[start:end])
                if found is not None and base + found[1] > best[end]:
                    best[end] = base + found[1]
                    came_from[end] = (start, found[0])
        rows: list[int] = []
        while size:
            size, row = came_from[size]
            rows.append(row)
        return [START, *rows[::-1][: MAX_PIECES - 2], END]

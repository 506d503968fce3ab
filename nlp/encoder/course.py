"""How the encoder is taught: mistyped copies, batches, rates; for training only."""

# mypy: disable-error-code="import-not-found,untyped-decorator"
# PyTorch is not installed where types are checked.

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as nnf

from nlp.encoder.network import Network
from nlp.encoder.pieces import Pieces
from nlp.encoder.runtime import PREFIX
from nlp.normalise import normalise
from nlp.progress import say
from nlp.tokens import central_thai
from nlp.typos import mistyped

SEED = 20261125
FORGOTTEN = 0.1
LOOK_EVERY = 3
"""Epochs between two looks at lines that are not learnt, which take ten seconds each."""


@dataclass(frozen=True, slots=True)
class Pace:
    """epochs: times every text is seen. noise: share of texts seen mistyped. seed: of their order
    and mistakes.
    """

    epochs: int = 12
    batch: int = 32
    rate: float = 3e-4
    noise: float = 0.6
    seed: int = SEED


class Forgetful(dict[str, tuple[int, float]]):
    """A vocabulary that at times forgets a piece of two letters or more, so that the network
    learns to read words in other cuts too: a mistyped word is always cut in another way.
    """

    def __init__(self, rows: Mapping[str, tuple[int, float]], random: Random) -> None:
        super().__init__(rows)
        self.random = random

    def get(self, piece: str, default: Any = None) -> Any:
        """What is known of the piece, nine times in ten."""
        found = super().get(piece, default)
        if found is not None and len(piece) > 1 and self.random.random() < FORGOTTEN:
            return default
        return found


def view(text: str, random: Random, noise: float) -> str:
    """The text as the encoder reads it: sometimes as typed, often with typos, mostly in
    central Thai.
    """
    if random.random() < noise:
        text = mistyped(text, random)
    text = normalise(text)
    return text if random.random() < 0.2 else central_thai(text)


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
def scores(network: Network, pieces: Pieces, texts: Sequence[str]) -> np.ndarray:
    """Scores of many texts, in their order."""
    network.eval()
    rows = [pieces.cut(PREFIX + central_thai(normalise(text))) for text in texts]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    out = np.zeros((len(rows), network.head.out_features), dtype=np.float32)
    for start in range(0, len(order), 64):
        chosen = order[start : start + 64]
        ids, present = padded([rows[i] for i in chosen])
        out[chosen] = network(network.embedding(ids), present).float().numpy()
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
    """Texts, and the network that learns them."""

    def __init__(
        self, network: Network, pieces: Pieces, texts: Sequence[str], wanted: Tensor, pace: Pace
    ) -> None:
        self.network, self.pieces, self.pace = network, pieces, pace
        self.texts, self.wanted = texts, wanted
        torch.manual_seed(pace.seed)
        self.random = Random(pace.seed)  # noqa: S311  typos, not secrets
        self.forgetful = replace(pieces, rows=Forgetful(pieces.rows, self.random))
        label = wanted.argmax(1)
        counts = label.bincount(minlength=wanted.shape[1]).float().clamp(min=1)
        self.weight = (counts.mean() / counts).sqrt()[label]
        self.steps: int = pace.epochs * (len(texts) // pace.batch + 1)
        self.warm = max(1, self.steps // 10)
        self.optimise = optimiser(network, pace.rate)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimise, self._share)

    def _share(self, step: int) -> float:
        """Up for a tenth of the steps, then down to nothing."""
        share: float = min((step + 1) / self.warm, (self.steps - step) / (self.steps - self.warm))
        return max(0.0, share)

    def run(self, look: Callable[[], None] = lambda: None) -> None:
        """All epochs; `look` is called now and then."""
        for epoch in range(self.pace.epochs):
            began, loss = time.time(), self._epoch()
            say(f"epoch {epoch + 1}: loss {loss:.3f}, {time.time() - began:.0f} s")
            if (epoch + 1) % LOOK_EVERY == 0:
                look()

    def _epoch(self) -> float:
        total = 0.0
        self.network.train()
        texts = [view(text, self.random, self.pace.noise) for text in self.texts]
        rows = [self._cut(PREFIX + text) for text in texts]
        for batch in batches(rows, self.pace.batch, self.random):
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

    def _cut(self, text: str) -> list[int]:
        return (self.forgetful if self.random.random() < 0.5 else self.pieces).cut(text)

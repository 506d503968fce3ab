"""The encoder as a PyTorch network; for training and export only."""

# mypy: disable-error-code="import-not-found,misc"
# PyTorch and onnx are not installed where types are checked.

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf

from nlp.encoder.e5 import E5


class Layer(nn.Module):
    """One BERT layer, normalised after each half."""

    def __init__(self, hidden: int, inner: int, heads: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, eps), nn.LayerNorm(hidden, eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        shape = (batch, length, self.heads, hidden // self.heads)
        q, k, v = (part(x).view(shape).transpose(1, 2) for part in (self.q, self.k, self.v))
        scores = q @ k.transpose(-1, -2) / math.sqrt(hidden // self.heads) + mask
        mixed = (
            (self.dropout(scores.softmax(-1)) @ v).transpose(1, 2).reshape(batch, length, hidden)
        )
        x = self.aln(x + self.dropout(self.ao(mixed)))
        out: Tensor = self.oln(x + self.dropout(self.fo(nnf.gelu(self.fi(x)))))
        return out


class Network(nn.Module):
    """Embedded pieces in, one score an intent out."""

    def __init__(
        self, e5: E5, rows: list[int], classes: int, layers: int, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(rows), e5.hidden)
        self.places = nn.Embedding(128, e5.hidden)
        self.eln = nn.LayerNorm(e5.hidden, e5.eps)
        self.layers = nn.ModuleList(
            Layer(e5.hidden, e5.inner, e5.heads, e5.eps, dropout) for _ in range(layers)
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(e5.hidden, classes)
        self._load(e5, rows)

    def _load(self, e5: E5, rows: list[int]) -> None:
        def put(target: Any, name: str) -> None:
            target.data.copy_(torch.from_numpy(e5.tensors[name]).view(target.shape))

        words = torch.from_numpy(e5.tensors["emb.word"]).view(-1, e5.hidden)
        self.embedding.weight.data.copy_(words[rows])
        places = torch.from_numpy(e5.tensors["emb.pos"]).view(-1, e5.hidden)[:128]
        kind = torch.from_numpy(e5.tensors["emb.type"]).view(-1, e5.hidden)[0]
        self.places.weight.data.copy_(places + kind)
        put(self.eln.weight, "emb.ln.w")
        put(self.eln.bias, "emb.ln.b")
        for number, layer in enumerate(self.layers):
            for name in ("q", "k", "v", "ao", "fi", "fo", "aln", "oln"):
                put(getattr(layer, name).weight, f"l{number}.{name}.w")
                put(getattr(layer, name).bias, f"l{number}.{name}.b")

    def pooled(self, embedded: Tensor, present: Tensor) -> Tensor:
        """The mean of the last layer over the pieces that are present."""
        positions = torch.arange(embedded.shape[1], device=embedded.device)
        x = self.dropout(self.eln(embedded + self.places(positions)))
        mask = (1 - present[:, None, None, :]) * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        return (x * present[:, :, None]).sum(1) / present.sum(1, keepdim=True)

    def forward(self, embedded: Tensor, present: Tensor) -> Tensor:
        scores: Tensor = self.head(self.dropout(self.pooled(embedded, present)))
        return scores

"""Writes the trained network as 8-bit ONNX and its pieces as one npz; for training only."""

# mypy: disable-error-code="import-not-found"
# PyTorch and onnx are not installed where types are checked.

import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from nlp.encoder.e5 import E5
from nlp.encoder.network import Network


def export(network: Network, e5: E5, kept: list[int], folder: Path) -> None:
    """encoder.onnx: embedded pieces → scores. encoder.npz: the pieces and their embedding in 8
    bits.
    """
    network = network.eval().float()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            network,
            (torch.zeros(1, 8, e5.hidden), torch.ones(1, 8)),
            str(whole),
            input_names=["embedded", "present"],
            output_names=["scores"],
            dynamic_axes={
                "embedded": {0: "batch", 1: "length"},
                "present": {0: "batch", 1: "length"},
                "scores": {0: "batch"},
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True
        )
    table = network.embedding.weight.detach().numpy()
    scale = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    used = {c for i in kept for c in e5.pieces[i]}
    spelling = {c: to for c, to in e5.spelling.items() if set(to) <= used and c != to}
    np.savez_compressed(
        folder / "encoder.npz",
        pieces=np.frombuffer("\n".join(e5.pieces[i] for i in kept).encode(), dtype=np.uint8),
        log_probabilities=np.array([e5.scores[i] for i in kept], dtype=np.float32),
        spelling=np.frombuffer(
            "\n".join(c + to for c, to in spelling.items() if "\n" not in c + to).encode(),
            dtype=np.uint8,
        ),
        table=np.rint(table / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
    )

"""Runs the fine-tuned encoder: ONNX in 8 bits, one thread, a few milliseconds a message."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from nlp.encoder.pieces import Pieces
from nlp.linear import Floats

PREFIX = "query: "


class Encoder:
    """Scores of the intents from the whole sentence."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        with np.load(folder / "encoder.npz", allow_pickle=False) as kept:
            pieces = kept["pieces"].tobytes().decode().split("\n")
            spelling = kept["spelling"].tobytes().decode().split("\n")
            self._pieces = Pieces.of(
                pieces,
                kept["log_probabilities"].tolist(),
                {pair[0]: pair[1:] for pair in spelling if pair},
            )
            self._table: NDArray[np.int8] = kept["table"]
            self._scale: Floats = kept["scale"][:, None]

    def scores(self, text: str) -> Floats:
        """One score an intent, for a text in central Thai."""
        rows = self._pieces.cut(PREFIX + text)
        embedded = self._table[rows].astype(np.float32) * self._scale[rows]
        present = np.ones((1, len(rows)), dtype=np.float32)
        scores: Floats = self._session.run(None, {"embedded": embedded[None], "present": present})[
            0
        ][0]
        return scores

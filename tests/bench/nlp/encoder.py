"""The encoder taught other people's intents; None where PyTorch or e5's weights are not at hand."""

# mypy: disable-error-code="import-not-found"
# PyTorch is not installed where types are checked.

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp.encoder.runtime import Encoder
from nlp.linear import Floats
from nlp.normalise import normalise
from nlp.progress import say
from nlp.tokens import central_thai

try:
    import torch

    from nlp.encoder.course import SEED, Course, Pace
    from nlp.encoder.e5 import read as read_e5
    from nlp.encoder.export import export
    from nlp.encoder.train import beginner, kept_pieces
except ImportError:
    torch = None

STEPS = 600
"""So few examples are gone through more often than the product's own, to make this many steps."""


def encoder_scores(
    texts: Sequence[str], labels: Sequence[int], classes: int, test: Sequence[str], e5: Path | None
) -> Floats | None:
    """Scores of the test texts by the network as exported, in 8 bits."""
    if torch is None or e5 is None:
        say("  without the encoder: it needs PyTorch and --e5, see docs/understanding.md")
        return None
    torch.manual_seed(SEED)
    source = read_e5(e5)
    kept = kept_pieces(source)
    network, pieces = beginner(source, kept, classes, source.layers)
    wanted = torch.nn.functional.one_hot(torch.tensor(labels), classes).float()
    pace = Pace(epochs=max(12, STEPS // (len(texts) // Pace().batch + 1)))
    Course(network, pieces, texts, wanted, pace).run()
    with tempfile.TemporaryDirectory() as folder:
        export(network, source, kept, Path(folder))
        encoder = Encoder(Path(folder))
        return np.stack([encoder.scores(central_thai(normalise(text))) for text in test])

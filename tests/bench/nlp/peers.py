"""What others make of the same examples: NLP.js, fastText, plain TF-IDF with LogisticRegression.

Each has an environment of its own below var/bench-nlp; one that can't be installed is left out.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.corpus import Example

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PLACE = ROOT / "var" / "bench-nlp"


def write(examples: Sequence[Example], path: Path) -> None:
    """Examples as JSON lines, which every peer reads."""
    rows = [{"text": e.text, "intent": e.intent, "accept": list(e.accept)} for e in examples]
    path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )


def _run(*command: str, folder: Path = PLACE) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603  fixed commands


def _nlpjs() -> tuple[str, ...]:
    folder = PLACE / "nlpjs"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "node-nlp").exists():
        _run(
            "npm",
            "install",
            "--no-fund",
            "--no-audit",
            "--silent",
            "node-nlp@5.0.0-alpha.5",
            folder=folder,
        )
    script = folder / "peer.js"
    script.write_text((HERE / "peer_nlpjs.js").read_text(encoding="utf-8"), encoding="utf-8")
    return ("node", str(script))


def _fasttext() -> tuple[str, ...]:
    python = PLACE / "fasttext" / "bin" / "python"
    if not python.exists():
        _run(sys.executable, "-m", "venv", str(PLACE / "fasttext"))
        _run(str(python), "-m", "pip", "install", "-q", "fasttext-wheel==0.9.2", "numpy<2")
    return (str(python), str(HERE / "peer_fasttext.py"))


def _tfidf() -> tuple[str, ...]:
    return (sys.executable, str(HERE / "peer_tfidf.py"))


PEERS = {"NLP.js": _nlpjs, "fastText": _fasttext, "TF-IDF + LogisticRegression": _tfidf}


@dataclass(frozen=True, slots=True)
class Said:
    """What a peer made of the test. seconds: learning included. ms: CPU time of each message."""

    answers: list[str]
    seconds: float
    ms: list[float]
    peak_mib: float


def ask(name: str, train: Sequence[Example], test: Sequence[Example]) -> Said:
    """Let a peer learn one set and answer the other."""
    PLACE.mkdir(parents=True, exist_ok=True)
    command = PEERS[name]()
    files = [PLACE / "train.jsonl", PLACE / "test.jsonl", PLACE / "out.json"]
    write(train, files[0])
    write(test, files[1])
    began = time.monotonic()
    _run(*command, *(str(file) for file in files))
    seconds = time.monotonic() - began
    return Said(seconds=seconds, **json.loads(files[2].read_text(encoding="utf-8")))

"""fastText with word and character n-grams, as its manual advises for short texts."""

import json
import sys
import time
from pathlib import Path

import fasttext  # type: ignore[import-not-found]  # only in its own environment

from tests.bench.nlp.memory import peak_mib


def main(train: str, test: str, out: str) -> None:
    """Learn one file, answer the other."""
    rows = [json.loads(line) for line in Path(train).read_text(encoding="utf-8").splitlines()]
    lines = [f"__label__{row['intent']} {row['text']}" for row in rows]
    Path(out).with_suffix(".txt").write_text("\n".join(lines), encoding="utf-8")
    model = fasttext.train_supervised(
        str(Path(out).with_suffix(".txt")),
        epoch=60,
        lr=0.5,
        wordNgrams=2,
        minn=2,
        maxn=5,
        dim=100,
        verbose=0,
    )
    texts = [
        json.loads(line)["text"] for line in Path(test).read_text(encoding="utf-8").splitlines()
    ]
    answers, ms = [], []
    for text in texts:
        began = time.process_time()
        answers.append(model.predict(text)[0][0].removeprefix("__label__"))
        ms.append((time.process_time() - began) * 1000)
    found = {"answers": answers, "ms": ms, "peak_mib": peak_mib()}
    Path(out).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

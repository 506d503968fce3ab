"""The plain recipe: scikit-learn's character TF-IDF and LogisticRegression, nothing else."""

import json
import sys
import time
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from tests.bench.nlp.memory import peak_mib


def main(train: str, test: str, out: str) -> None:
    """Learn one file, answer the other."""
    rows = [json.loads(line) for line in Path(train).read_text(encoding="utf-8").splitlines()]
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)), LogisticRegression(max_iter=300)
    )
    model.fit([row["text"] for row in rows], [row["intent"] for row in rows])
    texts = [
        json.loads(line)["text"] for line in Path(test).read_text(encoding="utf-8").splitlines()
    ]
    answers, ms = [], []
    for text in texts:
        began = time.process_time()
        answers.append(str(model.predict([text])[0]))
        ms.append((time.process_time() - began) * 1000)
    found = {"answers": answers, "ms": ms, "peak_mib": peak_mib()}
    Path(out).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

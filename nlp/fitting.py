"""Fitting the parts of the classifier with scikit-learn; used by training only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlp.linear import Floats, LinearView
from nlp.ngrams import VIEWS

MIN_MESSAGES = {"word": 2, "char": 3, "skeleton": 3}
"""An n-gram seen in fewer messages is left out."""
STRENGTH = 20.0
"""Inverse of the L2 penalty, chosen on the development split."""
TOLERANCE = 1e-4
"""At 1e-3 the search at times gives up after a handful of steps: 72 % right instead of 90 %."""
SEED = 20261125


def fit_view(name: str, texts: Sequence[str], labels: Sequence[int], weights: Floats) -> LinearView:
    """Multinomial logistic regression over tf-idf of one view's n-grams."""
    ngrams = VIEWS[name]
    vectoriser = TfidfVectorizer(
        analyzer=lambda text: list(ngrams(text)),
        min_df=MIN_MESSAGES[name],
        sublinear_tf=True,
        dtype=np.float32,
    )
    matrix: csr_matrix = vectoriser.fit_transform(texts)
    model = LogisticRegression(C=STRENGTH, max_iter=300, tol=TOLERANCE)
    model.fit(matrix, labels, sample_weight=weights)
    vocabulary = {word: int(row) for word, row in vectoriser.vocabulary_.items()}
    return LinearView.packed(vocabulary, vectoriser.idf_, model.coef_.T, model.intercept_)


def class_weights(labels: Sequence[int], copies: NDArray[np.float32]) -> Floats:
    """Each class the same say, whatever its number of lines (out_of_scope has many times the
    others).
    """
    counts = np.bincount(labels, weights=copies)
    per_class = np.sqrt(counts.mean() / np.maximum(counts, 1))
    out: Floats = (per_class[np.asarray(labels)] * copies).astype(np.float32)
    return out

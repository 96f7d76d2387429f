"""Learn what the features of support weigh; ``--write`` into assistant/support/weights.json.

Fits on the starter's digests and on papers of mlpapers; the development set is left out. Prints
how well the folds are told apart that a fit has not seen. `python -m tests.bench.support_fit`
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import support as module
from assistant.support.reading import read
from assistant.support.verbatim import is_verbatim
from assistant.support.weighing import features
from tests.bench.support_pairs import Pair, area_under_curve, training_pairs, weights_of

_N_FOLDS = 5
_N_OF_A_KIND = 800
_RIDGE = 1e-3
_WEIGHTS = Path(module.__file__).with_name("weights.json")

Array = NDArray[np.float64]


def main() -> None:
    """Fit and print, and write if asked to."""
    pairs = [pair for pair in _some(training_pairs()) if not is_verbatim(pair.sentence, pair.cited)]
    compared = [features(read(pair.sentence), read(pair.cited)) for pair in pairs]
    names = ["bias", *compared[0]]
    columns = np.array([[1.0, *values.values()] for values in compared])
    true = np.array([pair.true for pair in pairs], float)
    weights = np.array(weights_of(pairs))
    folds = np.array([sum(map(ord, pair.paper)) % _N_FOLDS for pair in pairs])
    chances = np.zeros(len(pairs))
    for fold in range(_N_FOLDS):
        seen = folds != fold
        learned = _fit(columns[seen], true[seen], weights[seen])
        chances[~seen] = _chances(columns[~seen], learned)
    digests = np.array([pair.base == "digest" for pair in pairs])
    for base, chosen in (("digests", digests), ("mlpapers", ~digests)):
        yes, no = chances[chosen & (true == 1)], chances[chosen & (true == 0)]
        print(f"{base}: {len(yes)} true, {len(no)} false, {area_under_curve(yes, no):.3f}")
    learned = _fit(columns, true, weights)
    told = {name: round(float(weight), 2) for name, weight in zip(names, learned, strict=True)}
    print(told)
    if "--write" in sys.argv:
        _WEIGHTS.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _some(pairs: Sequence[Pair]) -> list[Pair]:
    """At most so many pairs of a kind and a base."""
    seen: Counter[tuple[str, str]] = Counter()
    chosen = []
    for pair in pairs:
        seen[pair.kind, pair.base] += 1
        if seen[pair.kind, pair.base] <= _N_OF_A_KIND:
            chosen.append(pair)
    return chosen


def _fit(columns: Array, true: Array, weights: Array) -> Array:
    """Logistic regression by Newton's method, with a slight pull towards 0."""
    learned = np.zeros(columns.shape[1])
    pull = _RIDGE * np.eye(len(learned))
    for _ in range(50):
        chances = _chances(columns, learned)
        slope = columns.T @ (weights * (chances - true)) + pull @ learned
        curve = (columns.T * (weights * chances * (1 - chances))) @ columns + pull
        step = np.linalg.solve(curve, slope)
        learned -= step
        if abs(step).max() < 1e-9:
            break
    return learned


def _chances(columns: Array, learned: Array) -> Array:
    chances: Array = 1 / (1 + np.exp(-columns @ learned))
    return chances


if __name__ == "__main__":
    main()

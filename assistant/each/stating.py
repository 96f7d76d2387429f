"""The probability that an abstract answers a question, and from where on it is believed."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from assistant.each.measures import MEASURES
from assistant.evidence.features import Values

__all__ = ["Weights", "answerable", "weights"]


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model of ``MEASURES``.

    Attributes:
        threshold: An abstract that answers less probably than this is taken not to, 0 to 1.
        bias: Log-odds where every measure is 0.
        measures: Log-odds by which each counts, in the order of ``MEASURES``.
    """

    threshold: float
    bias: float
    measures: Values


def answerable(measures: Values, known: Weights) -> Values:
    """Estimate the probability that each abstract answers.

    Args:
        measures: (n_papers, n_measures).
        known: What was learned.

    Returns:
        (n_papers,), 0 to 1.
    """
    return np.asarray(1.0 / (1.0 + np.exp(-(measures @ known.measures + known.bias))))


@cache
def weights() -> Weights:
    """What was learned.

    Source: `python -m tests.bench.each --write`, which also says what it gives.
    """
    text = files("assistant.each").joinpath("weights.json").read_text(encoding="utf-8")
    kept = json.loads(text)
    by_name = kept["measures"]
    return Weights(kept["threshold"], kept["bias"], np.array([by_name[name] for name in MEASURES]))

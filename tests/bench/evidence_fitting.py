"""Logistic choice among some, by gradient descent: which of a question's rows is the right one?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.evidence.features import Values

__all__ = ["Choices", "fit_linear", "fit_pairs"]

_N_STEPS, _N_STEPS_PAIRS = 1_500, 400
_RATE = 0.1
_KEEP, _KEEP_SQUARE = 0.9, 0.99


@dataclass(frozen=True, slots=True)
class Choices:
    """Rows, each question's together.

    Attributes:
        features: (n_rows, n_features).
        right: Whether each is right, (n_rows,); one of a question's at least.
        firsts: Where each question's rows begin, ascending, (n_questions,).
        asked: Of each question, (n_questions, n_asked).
        offered: Of each row, (n_rows, n_offered).
    """

    features: Values
    right: Values
    firsts: Values
    asked: Values
    offered: Values

    def slope(self, values: Values) -> Values:
        """How the sum over questions of -log P(a right one) changes with each row's value."""
        of = np.repeat(np.arange(len(self.firsts)), np.diff([*self.firsts, len(values)]))
        raised = np.exp(values - np.maximum.reduceat(values, self.firsts)[of])
        shares = raised / np.add.reduceat(raised, self.firsts)[of]
        good = np.add.reduceat(shares * self.right, self.firsts)[of]
        return np.asarray(shares - shares * self.right / np.maximum(good, 1e-9))


def fit_linear(choices: Choices, shrink: float) -> Values:
    """Learn weights of features, (n_features,)."""

    def slope(weights: Values) -> Values:
        back = choices.features.T @ choices.slope(choices.features @ weights)
        return np.asarray(back + 2 * shrink * weights)

    return _descended(slope, np.zeros(choices.features.shape[1]), _N_STEPS)


def fit_pairs(choices: Choices, shrink: float, shrink_pairs: float) -> tuple[Values, Values]:
    """Learn weights of features, and of pairs of something asked and something offered.

    Returns:
        Weights of features, (n_features,), and of pairs, (n_asked, n_offered).
    """
    n, n_asked, n_offered = (
        each.shape[1] for each in (choices.features, choices.asked, choices.offered)
    )
    of = np.repeat(np.arange(len(choices.firsts)), np.diff([*choices.firsts, len(choices.right)]))

    def slope(flat: Values) -> Values:
        single, pairs = flat[:n], flat[n:].reshape(n_asked, n_offered)
        wanted = choices.asked @ pairs
        by_pairs = np.einsum("ij,ij->i", choices.offered, wanted[of])
        back = choices.slope(choices.features @ single + by_pairs)
        offered = np.add.reduceat(back[:, None] * choices.offered, choices.firsts)
        return np.concatenate(
            (
                choices.features.T @ back + 2 * shrink * single,
                (choices.asked.T @ offered + 2 * shrink_pairs * pairs).ravel(),
            )
        )

    flat = _descended(slope, np.zeros(n + n_asked * n_offered), _N_STEPS_PAIRS)
    return flat[:n], flat[n:].reshape(n_asked, n_offered)


def _descended(slope: Callable[[Values], Values], at: Values, n_steps: int) -> Values:
    """Where a convex function is lowest, nearly.

    Source:
        Adam, Kingma and Ba 2015, arXiv:1412.6980, with steps that shrink to nothing.
    """
    mean, square = np.zeros_like(at), np.zeros_like(at)
    for step in range(1, n_steps + 1):
        down = slope(at)
        mean += (1 - _KEEP) * (down - mean)
        square += (1 - _KEEP_SQUARE) * (down * down - square)
        size = np.sqrt(square / (1 - _KEEP_SQUARE**step)) + 1e-9
        rate = _RATE * (1 - (step - 1) / n_steps)
        at = at - rate * mean / (1 - _KEEP**step) / size
    return at

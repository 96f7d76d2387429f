"""Cosines of any encoder, on the scale of the one that weights were learned with.

Encoders differ in what a cosine of 0.5 says: of some it is that of any two texts, of others that of
a question and its answer. Each is asked once for a few questions and sentences, of which is known
which belong together.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from store.encoders import Encoder

__all__ = ["LEARNED", "PAIRS", "Scale", "measured", "scale_of"]

PAIRS = (
    (
        "How much memory does tuning only some layers save?",
        "Updating a quarter of the layers lowers the peak memory of training by 38 percent.",
    ),
    (
        "which languages were the speech models tested on",
        "We evaluate the recognizer on recordings in Finnish, Swahili and Quechua.",
    ),
    (
        "Why do deep networks forget earlier tasks?",
        "Gradients of a new task overwrite the weights that former tasks relied on.",
    ),
    (
        "speed of graph transformers on molecules",
        "Attention over atoms runs four times faster than message passing on molecular graphs.",
    ),
    (
        "Does adding noise to images make classifiers robust?",
        "Classifiers trained with Gaussian noise resist adversarial perturbations better.",
    ),
    (
        "What are the ratings of recommended films predicted from?",
        "The recommender predicts a user's rating of a film from clicks and watching time.",
    ),
    (
        "how is the plan of a robot arm found",
        "A manipulator plans its motion by sampling trajectories in a learned latent space.",
    ),
    (
        "Can rare diseases be found in hospital notes?",
        "Clinical notes are tagged for rare diagnoses by a small language model.",
    ),
    (
        "best way to choose documents for a search engine to read first",
        "Candidates from an inverted index are reranked by a cross-encoder before reading.",
    ),
    (
        "How many stars were in the survey of galaxies?",
        "The catalogue holds two million stars observed in nearby galaxies.",
    ),
    (
        "what limits the accuracy of weather forecasts at sea",
        "Sparse buoys over the ocean bound the precision of forecasts of wind and waves.",
    ),
    (
        "Is theft of a model's weights possible through its interface?",
        "We show that an attacker recovers parameters by queries to a public interface.",
    ),
)
"""Questions with sentences that answer them, made up; those of others do not."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What an encoder's cosines are.

    Attributes:
        related: Mean cosine of a question with a sentence that answers it.
        unrelated: Mean cosine of a question with one that has nothing to do with it.
    """

    related: float
    unrelated: float

    def learned(self, cosines: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the cosines of this scale would be on the one that weights were learned with."""
        step = (LEARNED.related - LEARNED.unrelated) / max(self.related - self.unrelated, _LEAST)
        return np.clip(LEARNED.unrelated + (cosines - self.unrelated) * step, -1.0, 1.0)


_LEAST = 0.02
"""An encoder that hardly tells what belongs together is not believed beyond this."""

LEARNED = Scale(related=0.512, unrelated=0.001)
"""That of mini3, with which weights were learned."""

_SHIPPED = {"mini3": LEARNED, "static-256": Scale(related=0.412, unrelated=0.009)}
"""Of the encoders that ship, so that they need not be asked; a test does."""


def scale_of(encoder: Encoder) -> Scale:
    """Tell the scale of an encoder; one that does not ship is asked, the first time."""
    # An encoder is told from another by which object it is.
    return _SHIPPED.get(encoder.name) or measured(encoder)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def measured(encoder: Encoder) -> Scale:
    """Ask an encoder for the questions and sentences of ``PAIRS``."""
    vectors = encoder.encode([text for pair in PAIRS for text in pair])
    cosines = vectors[::2] @ vectors[1::2].T
    n = len(PAIRS)
    related = float(np.trace(cosines)) / n
    return Scale(related, (float(cosines.sum()) - n * related) / (n * (n - 1)))

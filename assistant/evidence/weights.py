"""What was learned from questions and the sentences that answer them.

A sentence is weighed by its features, and these weights are shifted by what the question asks for:
each word of the question has a few numbers, each word and feature of a sentence as many, and their
product counts. Learned by `python -m tests.bench.evidence_weights`, which also says what it gives.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evidence.features import PAPER_FEATURES, SENTENCE_FEATURES, Values
from assistant.evidence.words import asked_words, offered_words

__all__ = ["FILE", "Weights", "from_json", "weights"]

FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of features and words.

    Attributes:
        paper: Of ``PAPER_FEATURES``.
        sentence: Of ``SENTENCE_FEATURES``.
        sentence_asked: What is asked for by way of each, (n_features, n_kinds).
        asked: By word of a question, (n_kinds,).
        offered: By word of a sentence, (n_kinds,).
    """

    paper: Values
    sentence: Values
    sentence_asked: Values
    asked: Mapping[str, Values]
    offered: Mapping[str, Values]

    def of_sentences(self, question: str, texts: Iterable[str], features: Values) -> Values:
        """How well each sentence of one paper answers: log-odds, but for a common number.

        Args:
            question: What the user typed.
            texts: The sentences.
            features: Theirs, (n_sentences, n_features).
        """
        kinds = self._sum(self.asked, asked_words(question))
        offers = [self._sum(self.offered, offered_words(text)) for text in texts]
        by_words = np.array([offer @ kinds for offer in offers])
        return np.asarray(features @ (self.sentence + self.sentence_asked @ kinds) + by_words)

    def _sum(self, known: Mapping[str, Values], words: Iterable[str]) -> Values:
        none = np.zeros(self.sentence_asked.shape[1])
        return sum((known[word] for word in sorted(known.keys() & set(words))), none)


@cache
def weights() -> Weights:
    """The weights that ship."""
    return from_json(json.loads(FILE.read_text(encoding="utf-8")))


def from_json(kept: Mapping[str, Mapping[str, Any]]) -> Weights:
    """Read weights: numbers by name, and lists of numbers."""
    return Weights(
        paper=np.array([kept["paper"][name] for name in PAPER_FEATURES]),
        sentence=np.array([kept["sentence"][name] for name in SENTENCE_FEATURES]),
        sentence_asked=np.array([kept["sentence_asked"][name] for name in SENTENCE_FEATURES]),
        asked={word: np.array(row) for word, row in kept["asked"].items()},
        offered={word: np.array(row) for word, row in kept["offered"].items()},
    )

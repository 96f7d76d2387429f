"""What was learned from questions and the sentences that answer them.

A sentence is weighed by its features. What the question asks for shifts that: each word of the
question has a weight for each word of the sentence and for each of its features. Learned by
`python -m tests.bench.evidence_weights`, which also says what it gives.
"""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evidence.features import PAPER_FEATURES, SENTENCE_FEATURES, Values
from assistant.evidence.words import asked_words, offered_words
from store.encoders import DEFAULT_ENCODER

__all__ = ["FILE", "OTHERS", "Weights", "from_json", "present", "weights"]

FILE = Path(__file__).with_name("weights.json")
OTHERS = "paper, other encoders"
"""Name of the weights that were learned with static-256, the weaker of two encoders."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of features, and of pairs.

    Attributes:
        paper: Of ``PAPER_FEATURES``, with the encoder that all was learned with.
        paper_of_others: Likewise, with any other: what retrieval says counts for more.
        sentence: Of ``SENTENCE_FEATURES``.
        asked: Words of questions.
        offered: Words of sentences.
        pairs: Of a question's words with a sentence's words, then with its features,
            (n_asked, n_offered + n_features).
    """

    paper: Values
    paper_of_others: Values
    sentence: Values
    asked: Sequence[str]
    offered: Sequence[str]
    pairs: Values

    def of_papers(self, features: Values, encoder: str) -> Values:
        """How well each paper answers: log-odds, but for a common number.

        Args:
            features: Theirs, (n_papers, n_features).
            encoder: The name of the one that the cosines come from.
        """
        weights = self.paper if encoder == DEFAULT_ENCODER else self.paper_of_others
        return np.asarray(features @ weights)

    def of_sentences(self, question: str, texts: Sequence[str], features: Values) -> Values:
        """How well each sentence of one paper answers: log-odds, but for a common number.

        Args:
            question: What the user typed.
            texts: The sentences.
            features: Theirs, (n_sentences, n_features).
        """
        wanted = present(self.asked, [asked_words(question)])[0] @ self.pairs
        by_words, by_features = np.split(wanted, [len(self.offered)])
        offers = present(self.offered, [offered_words(text) for text in texts])
        return np.asarray(features @ (self.sentence + by_features) + offers @ by_words)


def present(words: Sequence[str], texts: Sequence[Set[str]]) -> Values:
    """Which words are in which texts, 1 or 0, (n_texts, n_words)."""
    rows = [[word in text for word in words] for text in texts]
    return np.array(rows, np.float64).reshape(len(texts), len(words))


@cache
def weights() -> Weights:
    """The weights that ship."""
    return from_json(json.loads(FILE.read_text(encoding="utf-8")))


def from_json(kept: Mapping[str, Any]) -> Weights:
    """Read weights: by name, and lists of numbers."""
    others = kept.get(OTHERS, kept["paper"])
    return Weights(
        paper=np.array([kept["paper"][name] for name in PAPER_FEATURES]),
        paper_of_others=np.array([others[name] for name in PAPER_FEATURES]),
        sentence=np.array([kept["sentence"][name] for name in SENTENCE_FEATURES]),
        asked=list(kept["asked"]),
        offered=kept["offered"],
        pairs=np.array(list(kept["asked"].values()), np.float64),
    )

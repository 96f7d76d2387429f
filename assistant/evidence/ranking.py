"""From found papers to their sentences, each with the probability that it is the answer."""

from collections.abc import Sequence

import numpy as np

from assistant.evidence.features import (
    Values,
    closenesses,
    paper_features,
    read,
    sentence_features,
)
from assistant.evidence.types import Evidence, Reader
from assistant.evidence.weights import weights
from assistant.types import Hit

__all__ = ["asked_terms", "rank_evidence"]

_FOLLOW_UP = 3.0
"""How much more the words of a follow-up weigh than those it is joined to, in its sentences."""


def rank_evidence(question: str, query: str, hits: Sequence[Hit], reader: Reader) -> list[Evidence]:
    """Rank all sentences of the found abstracts by how well they answer.

    A sentence's probability is that of its paper, times that of the sentence within the paper.

    Args:
        question: What the user typed. Sentences are judged by it more than by the query, so that
            a follow-up does not get the sentences of the question before it again.
        query: What was searched for.
        hits: The papers found.
        reader: Reduces, weighs and encodes texts.

    Returns:
        Strongest first, ties by paper id and offset.
    """
    if not hits:
        return []
    asked = asked_terms(question, query, reader)
    papers = [read(hit.paper, reader) for hit in hits]
    near = closenesses(question, query, papers, reader)
    known = weights()
    features = paper_features(asked, hits, papers, near)
    shares = _softmax(known.of_papers(features, reader.encoder.name))
    ranked = []
    for share, one, closeness in zip(shares, papers, near, strict=True):
        of_each = sentence_features(asked, one, closeness)
        within = _softmax(known.of_sentences(question, one.texts, of_each))
        ranked += [
            Evidence(one.paper, *span, float(share * part), float(cosine))
            for span, part, cosine in zip(one.spans, within, closeness, strict=True)
        ]
    return sorted(ranked, key=lambda each: (-each.strength, each.paper.paper_id, each.start))


def asked_terms(question: str, query: str, reader: Reader) -> dict[str, float]:
    """The terms of a question and its query with their weights."""
    searched = {term: reader.rarity(term) for term in set(reader.terms(query))}
    typed = {term: reader.rarity(term) for term in set(reader.terms(question))}
    return searched | {term: _FOLLOW_UP * weight for term, weight in typed.items()}


def _softmax(values: Values) -> Values:
    raised = np.exp(values - values.max(initial=-np.inf))
    return np.asarray(raised / raised.sum())

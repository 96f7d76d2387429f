"""Which sentences of an abstract say what the paper does, and what it finds."""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence, Reader
from assistant.topics.reading import ReadPaper

__all__ = ["Told", "findings", "sentence_signs", "told"]

Numbers = NDArray[np.float64]

_OWN = re.compile(r"\b(?:we|our|us|this (?:paper|work|article|study|survey|review))\b", re.I)
_DIGIT = re.compile(r"\d")
_MIN_CHARS = 25
_MANY_CHARS = 250
_FAR = 10.0
"""What a sentence loses that says nothing: one too short, or a question."""

_DOES = np.array([0.21, 0.20, 0.01, 0.06, -0.015])
"""What a sentence that says what a paper does has: terms of the title, terms that other sentences
have too, "we" or "our", the first such word, and a hundred characters too many. Source:
`python -m tests.bench.telling`, on how far sentences of 810 abstracts say the same as one-sentence
summaries of them: 45 % of those chosen are the best there is, of first sentences 21 %."""

_FOUND = np.array([0.13, 0.17, 0.11, 0.17, 0.15, -0.10])
"""What one that says what it finds has: terms of the title, shared terms, a figure, length,
closeness to the topic, and not being background, which is what comes before the first "we" or
"our". Source: the same, on the key points of the development topics."""

_CLOSENESS = 4
"""Where among those the closeness is."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a paper says of itself; the strength of a sentence is what it was chosen by.

    Attributes:
        does: The sentence that says what it does.
        finds: Another that says what it finds; None where the abstract has one sentence.
    """

    does: Evidence
    finds: Evidence | None


def told(topic: str, each: ReadPaper, reader: Reader) -> Told:
    """Choose the sentences that stand for a paper.

    Args:
        topic: Of the summary.
        each: The paper; it has a sentence.
        reader: Reduces, weighs and encodes texts.

    Returns:
        Both as evidence.
    """
    of_doing, of_finding = sentence_signs(topic, each, reader)
    empty = _empty(each)
    does = of_doing @ _DOES - _FAR * empty
    first = int(np.argmax(does))
    finds = of_finding @ _FOUND - _FAR * empty
    finds[first] = -np.inf
    second = int(np.argmax(finds))
    closeness = of_finding[:, _CLOSENESS]

    def evidence(at: int, strength: float) -> Evidence:
        return Evidence(each.paper, *each.spans[at], strength, float(closeness[at]))

    return Told(
        evidence(first, float(does[first])),
        evidence(second, float(finds[second])) if second != first and not empty[second] else None,
    )


def findings(topic: str, each: ReadPaper, reader: Reader) -> Numbers:
    """Weigh the sentences of a paper by how far they say what it finds, (n_sentences,)."""
    if not each.spans:
        return np.empty(0)
    return np.asarray(sentence_signs(topic, each, reader)[1] @ _FOUND - _FAR * _empty(each))


def _empty(each: ReadPaper) -> NDArray[np.bool_]:
    """Which sentences say nothing."""
    abstract = each.paper.abstract
    return np.array(
        [end - start < _MIN_CHARS or abstract[end - 1] == "?" for start, end in each.spans]
    )


def sentence_signs(topic: str, each: ReadPaper, reader: Reader) -> tuple[Numbers, Numbers]:
    """Measure what tells of each sentence whether it says what the paper does, and what it finds.

    Returns:
        Shapes (n_sentences, 5) and (n_sentences, 6), in the order of ``_DOES`` and ``_FOUND``.
    """
    quotes = [each.paper.abstract[start:end] for start, end in each.spans]
    terms = [set(reader.terms(quote)) for quote in quotes]
    titled, shared = _titled(each.title, terms, reader), _shared(terms, reader)
    closeness = each.vectors @ reader.encode([topic])[0]
    lengths = np.array([len(quote) for quote in quotes])
    too_long = np.maximum(0, lengths - _MANY_CHARS) / 100
    length = np.log(np.minimum(lengths, _MANY_CHARS))
    own = np.array([bool(_OWN.search(quote)) for quote in quotes])
    before = np.cumsum(own) - own == 0
    figures = [bool(_DIGIT.search(quote)) for quote in quotes]
    return (
        np.column_stack([titled, shared, own, own & before, too_long]),
        np.column_stack([titled, shared, figures, length, closeness, before & ~own]),
    )


def _titled(title: Set[str], sentences: Sequence[Set[str]], reader: Reader) -> Numbers:
    """Share of the title's weight that each sentence has."""
    weights = {term: reader.rarity(term) for term in title}
    total = sum(weights.values()) or 1.0
    return np.array([sum(weights[term] for term in title & own) / total for own in sentences])


def _shared(sentences: Sequence[Set[str]], reader: Reader) -> Numbers:
    """Share of each sentence's weight on terms that another sentence has too."""
    held = Counter(term for own in sentences for term in own)
    weights = {term: reader.rarity(term) for term in held}
    shares = []
    for own in sentences:
        total = sum(weights[term] for term in own) or 1.0
        shares.append(sum(weights[term] for term in own if held[term] > 1) / total)
    return np.array(shares)

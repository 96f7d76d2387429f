"""Whether a question leans on a conversation, and which of the papers in focus it is about.

Two small models (logistic regressions) decide. What they look at is the same whatever the field:
how specific the words of the question are, how near a sentence of each paper comes to it, and
whether it has words that point back or away.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from assistant.conversation.focus import Mention
from assistant.conversation.pointing import asks_for_more, asks_for_others, begins_on, points_back
from assistant.types import Hit, Paper
from store.fusion import deviation

if TYPE_CHECKING:
    from store.encoders import Vectors

__all__ = ["ABOUT", "LEANS", "Kind", "Looked", "Signs", "about", "kind_of", "leans", "look"]

LEANS = {
    "specific": -3.01,
    "covered": -0.23,
    "names": -0.9,
    "lead": -6.88,
    "foreign": 1.09,
    "points back": 2.1,
    "begins on": 1.75,
    "asks for more": 2.43,
    "asks for others": 2.71,
    "covers more at best": 1.57,
    "nearer at best": 0.24,
    "words": -2.98,
    "": 9.07,
}
ABOUT = {
    "nearer": 2.68,
    "covers more": 3.33,
    "names": -0.43,
    "names it": -1.41,
    "earlier": -3.72,
    "later in the answer": -2.58,
    "specific": -2.4,
    "points back": 0.96,
    "begins on": 0.58,
    "asks for more": -4.31,
    "asks for others": -3.18,
    "words": -2.32,
    "": 13.98,
}
"""Weights of features in log-odds, "" for what is always added.

Source: `python -m tests.bench.follow_ups_fit`, which also says what they give.
"""

_TINY = 1e-6
_MAX_ODDS = 50.0
_MAX_CHARS = 500
"""Of an abstract whose sentences have no vectors."""


_MIN_LEANING = 0.5
_MIN_LEANING_ON = 0.85
"""How probable it must be that a question leans: where it is about a paper in focus, and where
more than a name would come in from the conversation."""
_MIN_ABOUT = 0.3
_MIN_ABOUT_IF_ELSEWHERE = 0.5
"""And that it is about the paper; more, where it has words that ask for another one. Below one
half, because a paper that is named wrongly still leads to its neighbours.

Source: `python -m tests.bench.follow_ups_fit`, its own table for other values.
"""


class Kind(Enum):
    """What a question takes from a conversation."""

    ALONE = "nothing"
    ABOUT = "the paper in focus that it is about"
    ELSEWHERE = "the field, in which it asks for another paper than the last"
    ON = "the questions before it"


class Looked(Protocol):
    """What is asked of a collection."""

    def terms(self, text: str) -> list[str]:
        """Reduce a text to stemmed words."""
        ...

    def rarity(self, term: str) -> float:
        """Weigh a term by how few passages have it."""
        ...

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Encode texts, rows of unit length."""
        ...

    def sentence_vectors(self, paper_ids: Sequence[str]) -> Mapping[str, "Vectors"]:
        """Vectors of the sentences of papers, where the encoder can tell them in their context."""
        ...


@dataclass(frozen=True, slots=True)
class Signs:
    """What a question shows by itself, and beside each paper in focus.

    Attributes:
        alone: The features of ``LEANS`` by name; "specific" is the question's weight and "foreign"
            what of it no paper in focus has, both in log(1 + rarities), "words" is log(1 + words).
        beside: For each paper in focus, the features that ``ABOUT`` has more.
    """

    alone: Mapping[str, float]
    beside: Sequence[Mapping[str, float]]


def look(question: str, mentions: Sequence[Mention], hits: Sequence[Hit], looked: Looked) -> Signs:
    """Look at a question.

    Args:
        question: What the user typed.
        mentions: The papers in focus.
        hits: What a search for the question alone finds, most relevant first.
        looked: Tells about words and sentences.
    """
    papers = {hit.paper.paper_id: hit.paper for hit in hits}
    papers |= {each.paper.paper_id: each.paper for each in mentions}
    rarities = {term: looked.rarity(term) for term in looked.terms(question)}
    views = _views(question, rarities, papers, looked)
    found = [hit.paper.paper_id for hit in hits]
    beside = [_beside(each, found, views) for each in mentions]
    total = sum(rarities.values())
    foreign = [total * (1 - views[each.paper.paper_id].covered) for each in mentions]
    second = hits[1].relevance if len(hits) > 1 else 0.0
    alone = {
        "specific": math.log1p(total / looked.rarity("")),
        "words": math.log1p(len(rarities)),
        "covered": max((views[paper_id].covered for paper_id in found), default=0.0),
        "names": max((views[paper_id].named for paper_id in found), default=0.0),
        "lead": hits[0].relevance - second if hits else 0.0,
        "foreign": math.log1p(min(foreign, default=total) / looked.rarity("")),
        "covers more at best": max((each["covers more"] for each in beside), default=0.0),
        "nearer at best": max((each["nearer"] for each in beside), default=0.0),
        "points back": float(points_back(question)),
        "begins on": float(begins_on(question)),
        "asks for more": float(asks_for_more(question)),
        "asks for others": float(asks_for_others(question)),
    }
    return Signs(alone, beside)


@dataclass(frozen=True, slots=True)
class _View:
    """A paper as a question sees it.

    Attributes:
        near: Closeness of its nearest sentence, in deviations of all papers looked at.
        covered: Share of the question's weight on terms that it has.
        named: Mean rarity of the question's terms, where those that its title lacks count as none.
    """

    near: float
    covered: float
    named: float


def _views(
    question: str, rarities: Mapping[str, float], papers: Mapping[str, Paper], looked: Looked
) -> dict[str, _View]:
    closenesses = _closenesses(question, papers, looked)
    spread = deviation(closenesses.values())
    unit = spread if spread > _TINY else 1.0  # encoders differ in their cosines
    total = sum(rarities.values()) or 1.0
    views = {}
    for paper_id, paper in papers.items():
        title = rarities.keys() & looked.terms(paper.title)
        whole = title | (rarities.keys() & looked.terms(paper.abstract))
        views[paper_id] = _View(
            near=closenesses[paper_id] / unit,
            covered=sum(rarities[term] for term in whole) / total,
            named=sum(rarities[term] ** 2 for term in title) / total,
        )
    return views


def _beside(mention: Mention, found: Sequence[str], views: Mapping[str, _View]) -> dict[str, float]:
    """What speaks for a paper in focus, against those that the question alone finds."""
    own = views[mention.paper.paper_id]
    others = [views[paper_id] for paper_id in found if paper_id != mention.paper.paper_id]
    return {
        "nearer": own.near - max((each.near for each in others), default=0.0),
        "covers more": own.covered - max((each.covered for each in others), default=0.0),
        "names": max((each.named for each in others), default=0.0),
        "names it": own.named,
        "earlier": float(mention.ago > 0),
        "later in the answer": float(mention.place > 0),
    }


def leans(signs: Signs, weights: Mapping[str, float] = LEANS) -> float:
    """Probability that a question cannot be understood by itself, 0 to 1."""
    return _probability(weights, signs.alone)


def about(signs: Signs, weights: Mapping[str, float] = ABOUT) -> list[float]:
    """For each paper in focus the probability that a leaning question is about it, 0 to 1.

    A paper of an earlier answer than the last is come back to by a word of its title.
    """
    return [
        _probability(weights, {**signs.alone, **each})
        if each["names it"] or not each["earlier"]
        else 0.0
        for each in signs.beside
    ]


def kind_of(signs: Signs, leaning: float, shares: Sequence[float]) -> Kind:
    """Decide what a question takes from a conversation.

    Args:
        signs: What it shows.
        leaning: As ``leans`` gives it.
        shares: As ``about`` gives them.
    """
    elsewhere = bool(signs.alone["asks for others"] or signs.alone["asks for more"])
    enough = _MIN_ABOUT_IF_ELSEWHERE if elsewhere else _MIN_ABOUT
    if leaning >= _MIN_LEANING and max(shares, default=0.0) >= enough:
        return Kind.ABOUT
    if leaning < _MIN_LEANING_ON:
        return Kind.ALONE
    return Kind.ELSEWHERE if elsewhere and shares else Kind.ON


def _probability(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    odds = weights[""] + sum(weight * features[name] for name, weight in weights.items() if name)
    return 1.0 / (1.0 + math.exp(-max(-_MAX_ODDS, min(odds, _MAX_ODDS))))


def _closenesses(question: str, papers: Mapping[str, Paper], looked: Looked) -> dict[str, float]:
    """Cosine of a question with the nearest sentence of each paper, or with its beginning."""
    known = looked.sentence_vectors(list(papers))
    unread = [paper_id for paper_id in papers if paper_id not in known]
    texts = [f"{papers[each].title}. {papers[each].abstract[:_MAX_CHARS]}" for each in unread]
    asked, *beginnings = looked.encode([question, *texts])
    near = {paper_id: float((rows @ asked).max()) for paper_id, rows in known.items()}
    return near | {
        paper_id: float(row @ asked) for paper_id, row in zip(unread, beginnings, strict=True)
    }

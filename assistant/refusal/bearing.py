"""How a question stands to what was found: what the refusal is decided by."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import log1p
from statistics import fmean
from typing import Protocol

from assistant.evidence import Evidence
from assistant.types import Hit
from store.encoders import Encoder

__all__ = ["Bearing", "bearing", "uses"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NAME = re.compile(r"\d|(?<=.)[A-Z]")
_POLITE = frozenset(
    {"bye", "cheers", "goodbye", "hello", "hey", "hi", "please", "thank", "thanks", "thx"}
)
"""Words around a question that no paper is asked to have."""
_USUAL_USE = 0.75
"""Of a word that is not in the table: the chance that the abstract which answers has it, too."""
_TELLING = 0.2
"""Weight of a word that is worth naming where it is missing."""
_MIN_WORD_CHARS = 3
"""Of a word that is looked up when it is all there is."""
_TINY = 1e-9
_NO_TERM = "\0"
_N_OTHERS = 3


class Lexicon(Protocol):
    """What is asked about a collection and its words."""

    @property
    def encoder(self) -> Encoder:
        """What encodes its texts."""
        ...

    def terms(self, text: str) -> list[str]:
        """Reduce a text to stemmed words."""
        ...

    def rarity(self, term: str) -> float:
        """Weigh a term by how few passages have it."""
        ...


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a question stands to the papers found for it.

    Words weigh by how rare they are in the collection, 1 for one that nobody has, times how often
    the abstract that answers a question has that word of it. "The paper" is the one with the
    strongest evidence; "near" are all that were found.

    Attributes:
        encoder: Name of the encoder that the cosines come from; all are on one scale, but some are
            to be relied on less.
        nearest: Cosine of the question with the nearest sentence of all; 0 without any.
        closeness: Cosine with the nearest sentence of the paper, likewise.
        others: Mean of the cosines with the nearest sentence of each of the next three papers.
        matched: Weight of the words that the paper has, as log(1 + weight).
        both: Closeness times matched; one makes up for a lack of the other.
        share: Share of the weight of all words that lies on those of the paper, 0 to 1.
        length: How many words there are, as log(1 + number): much of few may be little.
        lacking: Weight of the weightiest word that the paper does not have, 0 to 1.
        lacking_name: Weight of the weightiest name or number that the paper does not have.
        any_matched: Whether a near paper has any word of the question.
        looked_up: Whether the question is nothing but names, or one word, and the paper has all.
        follow_up: Whether more was searched for than what was typed.
        missing: Words of some weight that no near paper has, as typed, weightiest first.
        missing_in_first: Such that the first paper found does not have.
    """

    encoder: str = ""
    nearest: float = 0.0
    closeness: float = 0.0
    others: float = 0.0
    matched: float = 0.0
    both: float = 0.0
    share: float = 0.0
    length: float = 0.0
    lacking: float = 0.0
    lacking_name: float = 0.0
    any_matched: bool = False
    looked_up: bool = False
    follow_up: bool = False
    missing: tuple[str, ...] = ()
    missing_in_first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a question.

    Attributes:
        typed: As it stands there.
        terms: What it is searched by.
        weight: See ``Bearing``; of its weightiest term.
        is_name: Whether it looks like a name or has a number.
    """

    typed: str
    terms: frozenset[str]
    weight: float
    is_name: bool


def bearing(
    question: str,
    query: str,
    hits: Sequence[Hit],
    ranked: Sequence[Evidence],
    lexicon: Lexicon,
    *,
    together: bool = False,
) -> Bearing:
    """Measure how a question stands to the papers found for it.

    Args:
        question: What the user typed; a follow-up is not held to the words it is joined to.
        query: What was searched for, and found ``hits``.
        hits: The papers, most relevant first.
        ranked: Their sentences, strongest first.
        lexicon: Reduces and weighs texts.
        together: Whether the papers are set side by side: then what one of them has is there.
    """
    asked, words = _words(question, lexicon), _words(query, lexicon)
    if not (hits and ranked and words):
        return Bearing(missing=_missing(asked, frozenset()))
    held = {hit.paper.paper_id: _held(hit, lexicon) for hit in hits}
    near = frozenset[str]().union(*held.values())
    paper = near if together else held[ranked[0].paper.paper_id]
    return replace(
        _measured(asked, words, paper, ranked),
        encoder=lexicon.encoder.name,
        any_matched=any(word.terms <= near for word in words),
        looked_up=_looked_up(words, paper),
        follow_up=question != query,
        missing=_missing(asked, near),
        missing_in_first=_missing(asked, held[hits[0].paper.paper_id]),
    )


def _measured(
    asked: Sequence[_Word],
    words: Sequence[_Word],
    paper: frozenset[str],
    ranked: Sequence[Evidence],
) -> Bearing:
    """What is a number of it: of the words of the question and the query, and of the cosines."""
    by_paper = _closeness_by_paper(ranked)
    closeness = by_paper[ranked[0].paper.paper_id]
    nearest, *others = sorted(by_paper.values(), reverse=True)
    had = sum(word.weight for word in words if word.terms <= paper)
    return Bearing(
        nearest=nearest,
        closeness=closeness,
        others=fmean(others[:_N_OTHERS] or [nearest]),
        matched=log1p(had),
        both=closeness * log1p(had),
        share=had / max(sum(word.weight for word in words), _TINY),
        length=log1p(len(words)),
        lacking=_weightiest(asked, paper),
        lacking_name=_weightiest([word for word in asked if word.is_name], paper),
    )


def _words(query: str, lexicon: Lexicon) -> list[_Word]:
    """The words of a question that are searched by, each once."""
    most = lexicon.rarity(_NO_TERM)
    loud = query.isupper()
    words: dict[frozenset[str], _Word] = {}
    for found in _WORD.finditer(query):
        typed, terms = found[0], frozenset(lexicon.terms(found[0]))
        weight = max((lexicon.rarity(term) * _use(term) / most for term in terms), default=0.0)
        named = bool(_NAME.search(typed)) or (found.start() > 0 and typed[0].isupper())
        if terms and typed.lower() not in _POLITE:
            words.setdefault(terms, _Word(typed, terms, weight, named and not loud))
    return list(words.values())


def _looked_up(words: Sequence[_Word], held: frozenset[str]) -> bool:
    """Whether there is nothing but names, or one word, and all are held."""
    alone = len(words) == 1 and len(words[0].typed) >= _MIN_WORD_CHARS
    return all(word.terms <= held and (word.is_name or alone) for word in words)


def _held(hit: Hit, lexicon: Lexicon) -> frozenset[str]:
    """The terms that a paper has."""
    return frozenset(lexicon.terms(f"{hit.paper.title}\n{hit.paper.abstract}"))


def _closeness_by_paper(ranked: Sequence[Evidence]) -> dict[str, float]:
    nearest: dict[str, float] = {}
    for each in ranked:
        name = each.paper.paper_id
        nearest[name] = max(each.closeness, nearest.get(name, -1.0))
    return nearest


def _weightiest(words: Sequence[_Word], held: frozenset[str]) -> float:
    """Weight of the weightiest word that is not held; 0 where all are."""
    return max((word.weight for word in words if not word.terms <= held), default=0.0)


def _missing(words: Sequence[_Word], near: frozenset[str]) -> tuple[str, ...]:
    lacking = [word for word in words if word.weight >= _TELLING and not word.terms <= near]
    return tuple(word.typed for word in sorted(lacking, key=lambda word: -word.weight))


def _use(term: str) -> float:
    """The chance that the abstract which answers a question has a term of it, 0 to 1."""
    return uses().get(term, _USUAL_USE)


@cache
def uses() -> Mapping[str, float]:
    """The chance of terms that are used to ask rather than to tell, such as "help" and "beat".

    Source: `python -m tests.bench.refusal --fit`, which counts them in the training questions.
    """
    text = files("assistant.refusal").joinpath("asking_words.json").read_text(encoding="utf-8")
    told: dict[str, float] = json.loads(text)
    return told

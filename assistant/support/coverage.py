"""Which words of a sentence a text has, and whether it has them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.support.meanings import same_as, weight_of
from assistant.support.names import acronyms_of, stands_for
from assistant.support.reading import Reading

__all__ = ["Covered", "covered"]

_SAME_MEANING = 0.7
"""What a word of the same meaning counts for. Source: tests/bench/support_fit.py."""

_NEAR = 12
"""Words apart at most for two words to stand together."""


@dataclass(frozen=True, slots=True)
class Covered:
    """How the telling words of a sentence are covered by a text.

    Attributes:
        places: The numbers of the telling words.
        weights: What each weighs, 0 to 1.
        shares: How far each is covered: 1, less for another word of its meaning, 0 for not.
        share: Weighted mean of the shares.
        in_one: The same by the best single sentence of the text.
        together: Share of neighbours that the text has near to each other.
        missing: Weights of what is not covered, summed.
    """

    places: tuple[int, ...]
    weights: tuple[float, ...]
    shares: tuple[float, ...]
    share: float
    in_one: float
    together: float
    missing: float


def covered(said: Reading, known: Reading) -> Covered:
    """Lay a sentence beside a text."""
    places = tuple(place for place, word in enumerate(said.words) if word.says_something)
    found = [_found(said, place, known) for place in places]
    by_acronym = acronyms_of(said, known)
    shares = tuple(
        max(share, _SAME_MEANING if said.words[place].stem in by_acronym else 0.0)
        for place, (share, _) in zip(places, found, strict=True)
    )
    weights = tuple(weight_of(said.words[place].stem) for place in places)
    at = [where for _, where in found]
    total = sum(weights) or 1.0
    missing = sum(weight * (1 - share) for weight, share in zip(weights, shares, strict=True))
    return Covered(
        places=places,
        weights=weights,
        shares=shares,
        share=1 - missing / total if places else 0.0,
        in_one=_in_one(known, at, weights, shares) / total,
        together=_together(at),
        missing=missing,
    )


def _found(said: Reading, place: int, known: Reading) -> tuple[float, Sequence[int]]:
    """How far a text has a word, and where."""
    word = said.words[place]
    if at := known.places.get(word.stem):
        return 1.0, at
    if any(other in known.forms for other in _joined(said, place)) or stands_for(known, word):
        return 1.0, ()
    at = [where for other in same_as(word.stem) for where in known.places.get(other, ())]
    return (_SAME_MEANING if at else 0.0), at


def _joined(said: Reading, place: int) -> list[str]:
    """A word joined with the one that it hangs on and with the one that hangs on it."""
    words = said.words
    joined = [words[place - 1].lower + words[place].lower] if words[place].glued and place else []
    if place + 1 < len(words) and words[place + 1].glued:
        joined.append(words[place].lower + words[place + 1].lower)
    return joined


def _in_one(
    known: Reading, at: Sequence[Sequence[int]], weights: Sequence[float], shares: Sequence[float]
) -> float:
    """The most weight that a single sentence covers."""
    sums: dict[int, float] = {}
    for places, weight, share in zip(at, weights, shares, strict=True):
        for sentence in {known.words[place].sentence for place in places}:
            sums[sentence] = sums.get(sentence, 0.0) + weight * share
    return max(sums.values(), default=0.0)


def _together(at: Sequence[Sequence[int]]) -> float:
    """Of the neighbours in a sentence that are both covered, how many stand near in the text."""
    pairs = [(one, other) for one, other in pairwise(at) if one and other]
    if not pairs:
        return 0.0
    near = sum(any(0 < abs(a - b) <= _NEAR for a in one for b in other) for one, other in pairs)
    return near / (len(at) - 1)

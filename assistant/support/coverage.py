"""Which telling words of a sentence a text has, in whatever form."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.support.meanings import same_as, weight_of
from assistant.support.names import long_forms_of, stands_for
from assistant.support.reading import Reading

__all__ = ["Covered", "covered"]

_SAME_MEANING = 0.7
"""What another word of the same meaning counts for."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A telling word of a sentence, and whether a text has it.

    Attributes:
        place: The number of the word.
        weight: How much it tells, 0 to 1.
        share: 1 where the text has it, less for another word of its meaning, else 0.
        at: Where the text has it; empty where that cannot be said.
    """

    place: int
    weight: float
    share: float
    at: Sequence[int]


def covered(said: Reading, known: Reading) -> list[Covered]:
    """Look for each telling word of a sentence in a text."""
    by_acronym = long_forms_of(said, known)
    found = []
    for place, word in enumerate(said.words):
        if word.tells:
            share, at = _found(said, place, known)
            if word.stem in by_acronym:
                share = max(share, _SAME_MEANING)
            found.append(Covered(place, weight_of(word.stem), share, at))
    return found


def _found(said: Reading, place: int, known: Reading) -> tuple[float, Sequence[int]]:
    """How far a text has a word, and where."""
    word = said.words[place]
    if at := known.places.get(word.stem):
        return 1.0, at
    if any(other in known.forms for other in _joined(said, place)) or stands_for(known, word):
        return 1.0, ()
    at = [where for other in same_as(word.stem) for where in known.places.get(other, ())]
    return (_SAME_MEANING, sorted(at)) if at else (0.0, ())


def _joined(said: Reading, place: int) -> list[str]:
    """A word joined with the one that it hangs on and with the one that hangs on it."""
    words = said.words
    joined = [words[place - 1].lower + words[place].lower] if words[place].glued else []
    if place + 1 < len(words) and words[place + 1].glued:
        joined.append(words[place].lower + words[place + 1].lower)
    return joined

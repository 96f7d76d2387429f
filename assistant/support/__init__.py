"""How far a cited text carries a sentence, and why where it does not.

Pure functions over the two texts alone: no model, no collection, no state.
"""

from assistant.support.reading import read
from assistant.support.reasons import reason
from assistant.support.verbatim import is_verbatim
from assistant.support.weighing import features, weigh

__all__ = ["WEAK", "support", "why"]

WEAK = 0.5
"""A sentence with less support than this is marked as weak: more likely than not, the text does
not say it."""

_NOT_THERE = 0.4
"""The most that a sentence gets with a number or a name that the text does not have."""


def support(sentence: str, cited: str) -> float:
    """Estimate how far a text says what a sentence says.

    Args:
        sentence: A sentence of an answer, without citation marks.
        cited: The text it cites: a quote, or an abstract with its title.

    Returns:
        The chance that the text carries the sentence, 0 to 1. It is 1 for one that stands there
        word for word, also with parts left out and marked by "…", and below ``WEAK`` for one with
        a number or a name that the text does not have.

    Source:
        python -m tests.bench.support says how well it tells true from false, and how well the
        chances are met.
    """
    if is_verbatim(sentence, cited):
        return 1.0
    compared = features(read(sentence), read(cited))
    chance = weigh(compared)
    if compared["number_missing"] or compared["name_missing"]:
        return min(chance, _NOT_THERE)
    return chance


def why(sentence: str, cited: str) -> str:
    """Say why a text does not carry a sentence.

    Args:
        sentence: As for ``support``.
        cited: As for ``support``.

    Returns:
        A few words, such as "the number 94.2% is not in the cited text"; "" where the support is
        not weak.
    """
    return "" if support(sentence, cited) >= WEAK else reason(read(sentence), read(cited))

"""Whether numbers and names of a sentence stand in a text beside what the sentence says of them.

That a text has a number and a name is little where it says the number of another name.
"""

from collections.abc import Mapping, Sequence

from assistant.support.reading import Reading

__all__ = ["bindings"]

_BESIDE = 2
"""Words on either side that a word belongs to."""
_NEAR = 8
"""Words apart at most for two to stand together in the text."""
_IN_SENTENCE = 0.7
"""What it counts that two are further apart in one sentence."""


def bindings(found: Mapping[int, Sequence[int]], known: Reading) -> dict[int, float]:
    """Measure how much of what is beside each word is beside it in the text, too.

    What a text has in its title is beside everything: the whole of it is about that.

    Args:
        found: For each word of the sentence by its number where the text has it.
        known: The text.

    Returns:
        The share for each word that the text has, 0 to 1. Words that it lacks are left out.
    """
    told = [(place, at) for place, at in sorted(found.items()) if at]
    shares = {}
    for number, (place, at) in enumerate(told):
        before = told[max(0, number - _BESIDE) : number]
        beside = [places for _, places in before + told[number + 1 : number + 1 + _BESIDE]]
        near = [sum(_nearness(where, each, known) for each in beside) for where in at]
        shares[place] = max(near) / len(beside) if beside else 1.0
    return shares


def _nearness(where: int, others: Sequence[int], known: Reading) -> float:
    """How near to a place of a text the nearest of some others is, 0 to 1."""
    if where < known.n_title_words or others[0] < known.n_title_words:
        return 1.0
    if any(-_NEAR <= other - where <= _NEAR for other in others):
        return 1.0
    sentence = known.words[where].sentence
    together = any(known.words[other].sentence == sentence for other in others)
    return _IN_SENTENCE if together else 0.0

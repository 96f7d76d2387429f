"""How far a cited text carries a sentence."""

import re

__all__ = ["support"]

_WORD = re.compile(r"[^\W\d_][\w-]*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MIN_WORD_CHARS = 4
_NUMBER_NOT_THERE = 0.2


def support(sentence: str, cited: str) -> float:
    """Estimate how far a text says what a sentence says.

    The share of the sentence's longer words that the text has, by their first letters; low
    wherever the sentence has a number that the text does not.

    Args:
        sentence: A sentence of an answer, without citation marks.
        cited: The text it cites.

    Returns:
        0 to 1; 1 for a sentence that stands in the text verbatim.
    """
    if sentence in cited:
        return 1.0
    words, known = _words(sentence), _words(cited)
    share = len(words & known) / len(words) if words else 0.0
    if set(_NUMBER.findall(sentence)) - set(_NUMBER.findall(cited)):
        return min(share, _NUMBER_NOT_THERE)
    return share


def _words(text: str) -> set[str]:
    """The beginnings of a text's longer words, so that an ending does not matter."""
    return {word[:6] for word in _WORD.findall(text.casefold()) if len(word) >= _MIN_WORD_CHARS}

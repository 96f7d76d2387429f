"""Words without their endings and in one spelling, so that "labelling" and "labeled" are the same.

Rougher than a stemmer for search, which must tell "general" from "generate" among a million texts:
here one sentence is laid beside one abstract, and to miss that two words are one costs more.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["stem", "stems"]

_MIN_CHARS = 3
_MIN_STEM_CHARS = 4

_SPELLINGS = (
    (re.compile(r"(?<=[^aeiou])is(?=(?:e|es|ed|er|ers|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3}l)ys(?=[ei])"), "yz"),
    (re.compile(r"(?<=[a-z]{2})our(?=s?$|al|abl)"), "or"),
    (re.compile(r"(?<=[a-z]{3}t)re(?=s?$)"), "er"),
)
"""How the British write, and what Americans write there."""

_INFLECTIONS = ("ings", "ing", "ies", "ied", "ed", "es", "s")
_DERIVATIONS = """
e y is it iz at if ly er ers or ors al ally ic ics ical ity ities ive ives ion ions ional ation
ations ational ative ate ator ators ize izer izers ization izations ify ifier ifiers ification acy
acies ency encies ancy able ably ible ibly ability ibility ment ments ance ances ence ences ant
ants ent ents ness ful fully less ous iest est ist ists ism
"""
_ENDINGS = sorted(_DERIVATIONS.split(), key=len, reverse=True)


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """Reduce a word to what its other forms begin with, too.

    Args:
        word: In lower case. One that is no English word stays as it is.
    """
    if len(word) <= _MIN_CHARS or not word.isascii() or not word.isalpha():
        return word
    for pattern, instead in _SPELLINGS:
        word = pattern.sub(instead, word)
    if not word.endswith(("ss", "us", "is", "as", "eed")):  # "loss", "bias" and "speed" are whole
        word = _without(word, _INFLECTIONS, _MIN_CHARS)
    while (shorter := _without(word, _ENDINGS, _MIN_STEM_CHARS)) != word:
        word = shorter
    return _closed(word)


def stems(words: str) -> frozenset[str]:
    """The stems of words that spaces part."""
    return frozenset(map(stem, words.split()))


def _without(word: str, endings: Sequence[str], least: int) -> str:
    """A word without the first of these endings that leaves so many characters."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)]
    return word


def _closed(stem: str) -> str:
    """A stem without what changes before an ending: "modell", "beauti", "reduct" beside "reduc"."""
    if len(stem) <= _MIN_CHARS:
        return stem
    doubled = stem[-1] == stem[-2] and stem[-1] not in "aeious"
    return stem[:-1] if doubled or stem[-1] in "eiy" or stem.endswith("ct") else stem

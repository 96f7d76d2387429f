"""The words that tell what a question asks for, and those that tell what a sentence offers.

"How many" asks for a number, "why" for a reason, "tested on" for a dataset; "%", "because" and
"benchmark" offer one. Which go with which was learned (``weights``); here are only the words.
"""

import re
from itertools import pairwise

__all__ = ["asked_words", "offered_words"]

_WORD = re.compile(r"[a-z]+")
_JOINS = ("how", "what", "which", "is", "are", "any", "by", "can", "does", "do")
"""Words that mean more together with the next one: "how many", "is there", "by what"."""

_FEW, _MANY = 8, 14

_SHAPES = {
    "<digit>": re.compile(r"\d"),
    "<percent>": re.compile(r"\d\s*\\?%|percent"),
    "<decimal>": re.compile(r"\d\.\d"),
    "<large number>": re.compile(r"\d[,.]?\d{3}|\d+[KMB]\b|million|billion|thousand"),
    "<factor>": re.compile(r"\d\s*(?:x|\u00d7)|\\times|\btimes\b|-?\bfold\b"),
    "<acronym introduced>": re.compile(r"\([A-Z][A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*s?\)"),
    "<acronym>": re.compile(r"[A-Za-z]*[a-z][A-Z]\w*|\b[A-Z]{2,}[A-Za-z0-9-]*"),
    "<proper name>": re.compile(r"(?<=[a-z,] )[A-Z][a-z]+"),
}


def asked_words(question: str) -> set[str]:
    """Words and pairs of words of a question, whether it has a question mark, and its length."""
    words = _WORD.findall(question.lower())
    pairs = {f"{one} {two}" for one, two in pairwise(words) if one in _JOINS}
    length = {"<long>"} if len(words) > _MANY else {"<short>"} if len(words) < _FEW else set()
    return {*words, *pairs, *length, "?" if "?" in question else "<no question mark>", "<any>"}


def offered_words(sentence: str) -> set[str]:
    """Words of a sentence, the one it begins with, and the shapes that are in it."""
    shapes = {name for name, shape in _SHAPES.items() if shape.search(sentence)}
    words = _WORD.findall(sentence.lower())
    return {*words, *(f"<begins> {word}" for word in words[:1]), *shapes}

"""The words by which a question may set things side by side, and the parts that these set apart."""

import re

from assistant.comparing.types import Reader
from assistant.refusal.bearing import uses

__all__ = ["SIGNS", "could_compare", "sides", "signs", "weights_of"]

SIGNS = {
    "several": re.compile(
        r"\b(?:approaches|authors|conclusions|evidence|findings|literature|papers|people|research"
        r"|results|studies|surveys|works)\b",
        re.IGNORECASE,
    ),
    "comparing": re.compile(
        r"\b(?:against|alike|between|both|common|compar(?:e[ds]?|ing|isons?)|contrast\w*|differ\w*"
        r"|distinguish\w*|each|respectively|separates?|similar\w*|trade-?offs?|unlike|versus|vs)\b",
        re.IGNORECASE,
    ),
    "than": re.compile(
        r"\b(?:as\s\w+\sas|beats?|best|better|instead|outperform\w*|rather|same|surpass\w*|than"
        r"|wins?|worse)\b",
        re.IGNORECASE,
    ),
    "or": re.compile(r"\bor\b", re.IGNORECASE),
    "and": re.compile(r"\band\b", re.IGNORECASE),
    "colon": re.compile(r":|\s-\s"),
}
"""Kinds of words and signs. None decides: a question about one paper has "or" and "than", too."""

_BETWEEN_SIDES = re.compile(
    r"[,;:?!]|\s[-–—]+\s|\b(?:vs\.?|versus|or|and|than|from|beat|with|to|against)(?!\w)",
    re.IGNORECASE,
)
_SETS_APART = re.compile(r"[,;?!]|\b(?:vs\.?|versus|or|and|than)(?!\w)", re.IGNORECASE)
_MAX_SIDES = 6
_MIN_WEIGHT = 0.05
_NO_TERM = "\0"
_USUAL_USE = 0.75


def signs(question: str) -> dict[str, bool]:
    """Which kinds of ``SIGNS`` a question has."""
    return {kind: bool(found.search(question)) for kind, found in SIGNS.items()}


def could_compare(question: str) -> bool:
    """Whether a question could be about several papers, as far as its words tell."""
    has = signs(question)
    apart = len(_parts(question)) > 1 and any(has.values())
    return apart or has["several"] or has["comparing"]


def sides(question: str, reader: Reader) -> list[str]:
    """The parts of a question between the words and signs that set them apart.

    Args:
        question: What is searched for.
        reader: Weighs words.

    Returns:
        In order, without those that only ask, and at most the six weightiest.
    """
    weight = {part: sum(weights_of(part, reader).values()) for part in _parts(question)}
    weighty = sorted(weight, key=lambda part: -weight[part])[:_MAX_SIDES]
    return [part for part in weight if part in weighty and weight[part] > _MIN_WEIGHT]


def weights_of(text: str, reader: Reader) -> dict[str, float]:
    """The terms of a text, each with how rare it is, times how rarely it is used just to ask."""
    most = reader.rarity(_NO_TERM)
    return {
        term: uses().get(term, _USUAL_USE) * reader.rarity(term) / most
        for term in reader.terms(text)
    }


def _parts(question: str) -> list[str]:
    """Its parts; in "TOPIC: this or that?" those behind the colon each with the topic."""
    topic, colon, rest = question.partition(":")
    if not colon or _SETS_APART.search(topic):
        return _cut(question)
    return [topic.strip(), *(f"{topic.strip()}: {part}" for part in _cut(rest))]


def _cut(text: str) -> list[str]:
    parts = (part.strip() for part in _BETWEEN_SIDES.split(text))
    return [part for part in dict.fromkeys(parts) if len(part) > 1]

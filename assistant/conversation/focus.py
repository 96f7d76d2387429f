"""The papers that a conversation has come to, found again by the sentences of its answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.conversation.history import Exchange
from assistant.escaping import unescaped
from assistant.types import Paper

__all__ = ["Mention", "Quoted", "mentions"]

_MARKS = re.compile(r"(?<![\\\w])((?:\[\d{1,3}\]\s?)+)")
_NUMBER = re.compile(r"\d+")
_MAX_QUOTE_CHARS = 400
_MAX_LOOK_UPS = 12
_MAX_LOOK_UPS_BEFORE = 1
"""Papers that are looked up of the last answer with any, and of each one before it."""

_MIN_SHARE = 0.6
"""A sentence is of the paper that has this share of the weight of its words: a verbatim one has
nearly all, one that a chat model wrote after it most."""


class Quoted(Protocol):
    """What is asked of a collection to find papers again."""

    def nearest_in_words(self, text: str) -> tuple[Paper, float] | None:
        """The paper that has most of a text's words, and the share of their weight, 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Mention:
    """A paper that an answer has cited.

    Attributes:
        paper: The paper.
        ago: 0 where the last answer that cited any paper did, 1 for the one before …
        place: Its place among the papers of that answer, from 0.
        numbers: The citations of that answer that are of this paper.
    """

    paper: Paper
    ago: int
    place: int
    numbers: tuple[int, ...]


def mentions(exchanges: Sequence[Exchange], quoted: Quoted) -> list[Mention]:
    """Find the papers that the answers have cited.

    An answer without a citation, such as a refusal or small talk, mentions none.

    Args:
        exchanges: Newest first.
        quoted: Finds papers again.

    Returns:
        Newest answer first, then in the order of the answer; a paper stands where it was last. Of
        earlier answers than the newest the first paper only.
    """
    found: list[Mention] = []
    ago = 0
    for exchange in exchanges:
        look_up = _LookUp(quoted, _MAX_LOOK_UPS_BEFORE if found else _MAX_LOOK_UPS)
        cited: dict[str, tuple[Paper, list[int]]] = {}
        for quote, numbers in _quotes(exchange.answer):
            if paper := look_up(quote):
                cited.setdefault(paper.paper_id, (paper, []))[1].extend(numbers)
        known = {each.paper.paper_id for each in found}
        found += [
            Mention(paper, ago, place, tuple(numbers))
            for place, (paper, numbers) in enumerate(cited.values())
            if paper.paper_id not in known
        ]
        ago += bool(cited)
    return found


def _quotes(answer: str) -> Iterator[tuple[str, list[int]]]:
    """What stands before citation marks, as plain text, with their numbers."""
    pieces = _MARKS.split(answer)
    for before, marks in zip(pieces[::2], pieces[1::2], strict=False):
        quote = before.rsplit("\n", 1)[-1].strip()[-_MAX_QUOTE_CHARS:]
        if any(map(str.isalnum, quote)):
            yield unescaped(quote), [int(number) for number in _NUMBER.findall(marks)]


class _LookUp:
    """Finds the papers of quotes, those it has already found without looking."""

    def __init__(self, quoted: Quoted, n_look_ups: int) -> None:
        self._quoted = quoted
        self._n_left = n_look_ups
        self._found: list[Paper] = []

    def __call__(self, quote: str) -> Paper | None:
        line = " ".join(quote.split())
        for paper in self._found:
            if line in " ".join(paper.abstract.split()):
                return paper
        if not self._n_left:
            return None
        self._n_left -= 1
        nearest = self._quoted.nearest_in_words(quote)
        if not nearest or nearest[1] < _MIN_SHARE:
            return None
        self._found.append(nearest[0])
        return nearest[0]

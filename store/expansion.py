"""A query as groups of terms, each with the other ways in which a collection writes the same.

Only those ways that are in use: of a hundred thousand papers some tell that "gain" is short for
something, and one has "re-cent" where a line ended. Each other way keeps the lexical index from
skipping what cannot be among the best, so one that few have is not worth its time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Group", "Lexicon", "groups"]

_WEIGHT = 0.9
"""Of another way to write something, against the one that was typed. Source:
tests/bench/wording.py."""

_MIN_IN_USE = 0.05
"""Passages with another form, or that tell of it, for each one with the rarest of the terms.

Source: among 117,804 papers, for 1,030 queries of mlpapers' dev split, this leaves 0.8 other ways a
query where there were 14, and none at all for half of the queries; nDCG@10 0.760 against 0.761.
"""

_MAX_TERMS_OF_A_GROUP = 6
_MAX_JOINED = 2
_MAX_TERMS = 200
"""Terms of a query whose other forms are looked up."""

Others = tuple[tuple[tuple[str, ...], float], ...]
"""Terms that stand, all of them together, for something else; each with its weight, 0 to 1."""

Told = Sequence[tuple[str, int]]
"""Other forms of some terms, with how many passages tell of each."""


class Lexicon(Protocol):
    """What is asked about the words of a collection."""

    def terms(self, text: str) -> list[str]:
        """Reduce a text to the terms it is searched by."""
        ...

    def words(self, text: str) -> list[str]:
        """The words that ``terms`` are the stems of, one for one."""
        ...

    def n_holding(self, term: str) -> int:
        """How many passages have a term."""
        ...

    def aliases(self, form: str) -> list[tuple[str, int]]:
        """Other forms of some terms joined by spaces, with how many passages tell of each."""
        ...

    def has_forms(self, beginning: str) -> bool:
        """Whether passages tell of other forms of any terms that begin with some."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring terms of a query, and what a passage may have in their place.

    Attributes:
        terms: As typed; a passage may have some of them only.
        others: What else says the same; of one of these a passage must have all terms.
    """

    terms: tuple[str, ...]
    others: Others = ()


def groups(text: str, lexicon: Lexicon) -> Iterator[Group]:
    """Cut a query into groups, the longest that says the same as something else first.

    A term that comes again is left out.
    """
    terms, words = lexicon.terms(text), lexicon.words(text)
    seen: set[str] = set()
    at = 0
    while at < len(terms):
        others: Others = ()
        n = min(_MAX_TERMS_OF_A_GROUP, len(terms) - at) if at < _MAX_TERMS else 1
        told = _told(terms[at : at + n], lexicon)
        while True:
            others = _others(terms[at : at + n], words[at : at + n], told.get(n, []), lexicon)
            if others or n == 1:
                break
            n -= 1
        own = tuple(term for term in dict.fromkeys(terms[at : at + n]) if term not in seen)
        if own:
            yield Group(own, others)
        seen.update(own)
        at += n


def _told(terms: Sequence[str], lexicon: Lexicon) -> dict[int, Told]:
    """Other forms that passages tell of: of the first term, of the first two, and so on."""
    together = len(terms) > 1 and lexicon.has_forms(" ".join(terms[:2]))
    numbers = range(1, 1 + (len(terms) if together else 1))
    return {n: lexicon.aliases(" ".join(terms[:n])) for n in numbers}


def _others(terms: Sequence[str], words: Sequence[str], told: Told, lexicon: Lexicon) -> Others:
    """Other ways to write some terms: those that passages tell of, and the words joined.

    Of several, each weighs by how often it is told of. A form of more words than were typed
    weighs by a single word of them, because these are common words.
    """
    n_told = sum(n for _, n in told)
    ways = [(lexicon.terms(form), n, n / n_told) for form, n in told]
    if 1 < len(terms) <= _MAX_JOINED:
        joined = lexicon.terms("".join(words))
        if len(joined) == 1 and (n := lexicon.n_holding(joined[0])):
            ways.append((joined, n, 1.0))
    n_needed = _MIN_IN_USE * min(map(lexicon.n_holding, terms)) if ways else 0
    found: dict[tuple[str, ...], float] = {}
    for other, n, share in ways:
        if other and n >= n_needed:
            weight = _WEIGHT * share / max(1, len(other) - len(terms) + 1)
            found[tuple(other)] = max(weight, found.get(tuple(other), 0.0))
    found.pop(tuple(terms), None)
    return tuple(found.items())

"""A query as groups of terms, each with the other ways in which a collection writes the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Group", "Lexicon", "groups"]

_WEIGHT = 0.9
"""Of another way to write something, against the one that was typed. Source:
tests/bench/wording.py."""

_MAX_TERMS_OF_A_GROUP = 6
_MAX_JOINED = 3
_MAX_TERMS = 200
"""Terms of a query whose other forms are looked up."""

Others = tuple[tuple[tuple[str, ...], float], ...]
"""Terms that stand, all of them together, for something else; each with its weight, 0 to 1."""


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
        while not (others := _others(terms[at : at + n], words[at : at + n], lexicon)) and n > 1:
            n -= 1
        own = tuple(term for term in dict.fromkeys(terms[at : at + n]) if term not in seen)
        if own:
            yield Group(own, others)
        seen.update(own)
        at += n


def _others(terms: Sequence[str], words: Sequence[str], lexicon: Lexicon) -> Others:
    """Other ways to write some terms: those that passages tell of, and the words joined.

    Of several, each weighs by how often it is told of. A form of more words than were typed
    weighs by a single word of them, because these are common words.
    """
    told = lexicon.aliases(" ".join(terms))
    n_told = sum(n for _, n in told)
    shares = [(lexicon.terms(form), n / n_told) for form, n in told]
    if 1 < len(terms) <= _MAX_JOINED:
        joined = lexicon.terms("".join(words))
        if len(joined) == 1 and lexicon.n_holding(joined[0]):
            shares.append((joined, 1.0))
    found: dict[tuple[str, ...], float] = {}
    for other, share in shares:
        weight = _WEIGHT * share / max(1, len(other) - len(terms) + 1)
        found[tuple(other)] = max(weight, found.get(tuple(other), 0.0))
    found.pop(tuple(terms), None)
    return tuple(found.items())

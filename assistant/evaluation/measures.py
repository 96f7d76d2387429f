"""How one answer is judged: pure functions, each 0 to 1.

A question that was refused is given as one that found, cited and quoted nothing.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from store.sentences import sentence_spans

__all__ = ["Terms", "cites", "content_words", "conveyed", "evidence_hit", "share"]

Terms = Callable[[str], Sequence[str]]
"""Reduces a text to its content words, stemmed."""

_ENOUGH_WORDS = 0.6
_SPACE = re.compile(r"\s+")


def share(of: Collection[str], among: Collection[str]) -> float:
    """Share of some things that are among others; 0.0 where there is none to be."""
    return len(set(of) & set(among)) / len(set(of)) if of else 0.0


def cites(cited: Collection[str], wanted: Collection[str]) -> float:
    """1.0 where everything wanted is cited, else 0.0."""
    return float(set(wanted) <= set(cited))


def evidence_hit(quotes: Iterable[str], evidence: Iterable[str]) -> float:
    """1.0 where any quote is (part of) a sentence of the evidence or holds one, else 0.0.

    White space and case do not count.
    """
    sentences = {
        _folded(text[start:end]) for text in evidence for start, end in sentence_spans(text)
    }
    folded = {_folded(quote) for quote in quotes if quote.strip()}
    return float(any(one in other or other in one for one in folded for other in sentences))


def conveyed(answer: Sequence[str], quotes: Iterable[str], terms: Terms) -> float | None:
    """Share of the answer's strings of which 60 % of the content words stand in the quotes.

    Args:
        answer: What an answer has to say, a few words each.
        quotes: What it cites.
        terms: Reduces a text to its content words, stemmed.

    Returns:
        The share; None where no string has a content word, so that there is nothing to look for.
    """
    quoted = {term for quote in quotes for term in terms(quote)}
    wanted = [words for words in (set(terms(text)) for text in answer) if words]
    if not wanted:
        return None
    said = [len(words & quoted) >= _ENOUGH_WORDS * len(words) for words in wanted]
    return sum(said) / len(said)


def content_words() -> Terms:
    """The same words and stems that the lexical index has."""
    from store.lexical_fields import analyzers
    from store.wording import plain

    analyzer = analyzers()["text"]
    return lambda text: list(analyzer.analyze(plain(text)))


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text).strip().casefold()

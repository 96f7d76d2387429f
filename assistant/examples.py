"""Questions and topics to begin with, made from the titles of a collection."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise, zip_longest

from assistant.types import Paper

__all__ = ["example_questions", "example_topics"]

_NAMED = re.compile(r"(?P<name>[\w-]*[a-z0-9][A-Z][\w-]*|[A-Z]{3,}[\w-]*): .+ for (?P<aim>[\w -]+)")
_PLAIN = re.compile(r"[^:?!]+? for (?P<aim>[\w -]+)")
_WORD = re.compile(r"[^\W\d_][\w-]{3,}")
_TITLED = re.compile(r"[A-Z][a-z]+(?:-[A-Za-z][a-z]*)*")
_CONCRETE = range(3, 6)
"""Words in the aim of a good question: fewer say too little, more are hard to read."""

_MAX_CHARS = 90
_COMMON_WORDS = """
a an and are as at based beyond by can do for from how in into is it its need of on or over the to
toward towards using via what when where with without
approach deep language large learning model models network networks neural new survey
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that name no topic of this field, alone or in a pair."""


def example_questions(papers: Sequence[Paper], n: int) -> list[str]:
    """Make up to ``n`` questions, about named methods and about aims in turn.

    Args:
        papers: Some of the collection; the same papers give the same questions.
        n: How many at most.

    Returns:
        Different ones, each short enough for a button; fewer where titles give no more.
    """
    ordered = sorted(papers, key=lambda paper: paper.paper_id)
    named = (_asked(paper, _NAMED, "How does {name} help with {aim}?") for paper in ordered)
    aims = (_asked(paper, _PLAIN, "What helps with {aim}?") for paper in ordered)
    in_turn = chain.from_iterable(zip_longest(filter(None, named), filter(None, aims)))
    return list(islice(dict.fromkeys(filter(None, in_turn)), n))


def _asked(paper: Paper, pattern: re.Pattern[str], form: str) -> str:
    found = pattern.fullmatch(paper.title)
    if not found or len(words := found["aim"].split()) not in _CONCRETE or _COMMON & set(words):
        return ""
    aim = " ".join(_lowered(word, paper.abstract) for word in words)
    question = form.format(**found.groupdict() | {"aim": aim})
    return question if len(question) <= _MAX_CHARS else ""


def _lowered(word: str, abstract: str) -> str:
    """A title's word as running text has it; a name keeps its capital."""
    if not _TITLED.fullmatch(word):
        return word
    is_name = re.search(rf"[a-z,] {re.escape(word)}\b", abstract)
    return word if is_name and word.lower() not in abstract else word.lower()


def example_topics(papers: Sequence[Paper], n: int) -> list[str]:
    """The pairs of words that most titles share, most frequent first, as headings.

    Args:
        papers: Some of the collection, in any order.
        n: How many at most; none shares a word with another.
    """
    counts: Counter[str] = Counter()
    for paper in papers:
        counts.update(dict.fromkeys(_pairs(paper.title.casefold()), 1))
    ordered = iter(sorted(counts, key=lambda pair: (-counts[pair], pair)))
    chosen: list[str] = []
    while len(chosen) < n and (pair := next(ordered, "")):
        if not any(set(pair.split()) & set(other.split()) for other in chosen):
            chosen.append(pair)
    return [pair[0].upper() + pair[1:] for pair in chosen]


def _pairs(title: str) -> Iterator[str]:
    words = _WORD.findall(title)
    for first, second in pairwise(words):
        if not {first, second} & _COMMON and f"{first} {second}" in title:
            yield f"{first} {second}"

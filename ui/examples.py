"""Questions to begin with, made from the titles of the collection."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.types import Paper
from ui.exchange import Mode

__all__ = ["Example", "make_examples"]

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


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the mode it is asked in."""

    mode: Mode
    question: str


def make_examples(papers: Sequence[Paper]) -> list[Example]:
    """Make up to four examples: two questions, a topic to summarize, one to find papers on.

    Args:
        papers: Some of the collection; the same papers give the same examples.
    """
    ordered = sorted(papers, key=lambda paper: paper.paper_id)
    topics = _topics(ordered)
    found = [Example("Answer", question) for question in _questions(ordered)[:2]]
    found += [Example("Summarize", topic) for topic in topics[:1]]
    return found + [Example("Find", topic) for topic in topics[1:2]]


def _questions(papers: Sequence[Paper]) -> list[str]:
    """One question about a named method, one about an aim, each short enough for a button."""
    named = (_asked(paper, _NAMED, "How does {name} help with {aim}?") for paper in papers)
    aims = (_asked(paper, _PLAIN, "What helps with {aim}?") for paper in papers)
    return [question for each in (named, aims) if (question := next(filter(None, each), ""))]


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


def _topics(papers: Sequence[Paper]) -> list[str]:
    """Pairs of words that most titles share, most frequent first, as headings."""
    counts: Counter[str] = Counter()
    for paper in papers:
        counts.update(dict.fromkeys(_pairs(paper.title.casefold()), 1))
    ordered = sorted(counts, key=lambda pair: (-counts[pair], pair))
    chosen: list[str] = []
    for pair in ordered:
        if not any(set(pair.split()) & set(other.split()) for other in chosen):
            chosen.append(pair)
    return [pair[0].upper() + pair[1:] for pair in chosen[:2]]


def _pairs(title: str) -> Iterator[str]:
    words = _WORD.findall(title)
    for first, second in pairwise(words):
        if not {first, second} & _COMMON and f"{first} {second}" in title:
            yield f"{first} {second}"

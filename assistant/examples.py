"""Questions and topics to begin with, made from the titles of a collection."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise, zip_longest

from assistant.types import Paper
from store.wording import FUNCTION_WORDS, names

__all__ = ["example_questions", "example_topics", "name_of"]

_NAMED = re.compile(r"(?P<name>[\w-]*[a-z0-9][A-Z][\w-]*|[A-Z]{3,}[\w-]*): .+ for (?P<aim>[\w -]+)")
_PLAIN = re.compile(r"[^:?!]+? for (?P<aim>[\w -]+)")
_PRESENTED = re.compile(
    r"\b(?:[Pp]ropose|[Ii]ntroduce|[Pp]resent|[Dd]evelop|[Cc]all|[Nn]ame|[Dd]ub|[Tt]erm)(?:s|e?d)?"
    r" (?:it |the |an? )?([A-Z][\w-]*\w)(?=[ ,.:;)])"
)
"""What the authors say that they present."""

_WORD = re.compile(r"[^\W\d_][\w-]{3,}")
_GOES_ON = re.compile(r" ([^\W\d_][\w-]*)")
_JOINS = frozenset(FUNCTION_WORDS)
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
    in_turn = chain.from_iterable(
        zip_longest(filter(None, map(_of_name, ordered)), filter(None, map(_of_aim, ordered)))
    )
    return list(islice(dict.fromkeys(filter(None, in_turn)), n))


def name_of(paper: Paper) -> str:
    """The name that authors give to what they present, such as "PaCA"; "" where they give none.

    It stands before the colon of the title, and it is a word that looks like a name or stands in
    the abstract, too; or the abstract says that it is presented, and it looks like a name.
    """
    head, colon, _ = paper.title.partition(":")
    called = re.compile(rf"(?<![\w-]){re.escape(head)}(?![\w-])")
    is_word = bool(colon) and " " not in head and not head.islower()
    if is_word and (names(head) or called.search(paper.abstract)):
        return head
    presented = _PRESENTED.findall(paper.abstract)
    return next((name for name in presented if any(map(names, name.split("-")))), "")


def _of_name(paper: Paper) -> str:
    return _asked(paper, _NAMED, "How does {name} help with {aim}?")


def _of_aim(paper: Paper) -> str:
    return _asked(paper, _PLAIN, "What helps with {aim}?")


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


def example_topics(papers: Sequence[Paper], n: int, min_titles: int = 1) -> list[str]:
    """The pairs of words that most titles share, most frequent first, as headings.

    A pair ends where words end that belong together, in one of the titles at least: "uncovering
    hidden", of which something follows in all, is none.

    Args:
        papers: Some of the collection, in any order.
        n: How many at most; none shares a word with another.
        min_titles: How many titles must share one.
    """
    counts: Counter[str] = Counter()
    whole: set[str] = set()
    for paper in papers:
        pairs = dict(_pairs(paper.title.casefold()))
        counts.update(pairs.keys())
        whole.update(pair for pair, ends in pairs.items() if ends)
    shared = (pair for pair in whole if counts[pair] >= min_titles)
    ordered = iter(sorted(shared, key=lambda pair: (-counts[pair], pair)))
    chosen: list[str] = []
    while len(chosen) < n and (pair := next(ordered, "")):
        if not any(set(pair.split()) & set(other.split()) for other in chosen):
            chosen.append(pair)
    return [pair[0].upper() + pair[1:] for pair in chosen]


def _pairs(title: str) -> Iterator[tuple[str, bool]]:
    """Neighbouring words, and whether what they are part of ends with them."""
    for first, second in pairwise(_WORD.findall(title)):
        pair = f"{first} {second}"
        if not {first, second} & _COMMON and pair in title:
            rest = title[title.index(pair) + len(pair) :]
            goes_on = _GOES_ON.match(rest)
            yield pair, not goes_on or goes_on[1] in _JOINS

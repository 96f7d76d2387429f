"""What an encoder learns from: questions with the sentence that answers them, and made-up ones."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.sentences import sentence_spans

__all__ = ["HELD_OUT", "Article", "Pair", "made_up", "mistyped", "read_articles", "read_questions"]

HELD_OUT = 200
"""Articles whose questions are kept from training: the first by id."""

_SHORTEST_SENTENCE = 6
"""Words; shorter ones say too little to be asked for."""


@dataclass(frozen=True, slots=True)
class Article:
    """A paper to learn from, with the offsets of its abstract's sentences."""

    title: str
    abstract: str
    sentences: tuple[tuple[int, int], ...]

    def without(self, number: int) -> "Article":
        """The article with one sentence of its abstract left out."""
        start, end = self.sentences[number]
        abstract = f"{self.abstract[:start].rstrip()} {self.abstract[end:].lstrip()}".strip()
        return Article(self.title, abstract, tuple(sentence_spans(abstract)))


@dataclass(frozen=True, slots=True)
class Pair:
    """A query, the article it is about, and the numbers of the sentences that answer it."""

    query: str
    article: Article
    answers: frozenset[int]


def read_articles(path: Path) -> dict[str, Article]:
    """Read a gzipped JSON Lines file of ``_id``, ``title`` and ``text``, by id."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {
        row["_id"]: Article(row["title"], row["text"], tuple(sentence_spans(row["text"])))
        for row in rows
    }


def read_questions(path: Path, articles: dict[str, Article]) -> dict[str, list[Pair]]:
    """Read a JSON Lines file of ``_id``, ``query`` and ``evidence``: pairs by article id."""
    pairs: dict[str, list[Pair]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        article = articles[row["_id"]]
        answers = _overlapping(article, row["evidence"])
        pairs.setdefault(row["_id"], []).append(Pair(row["query"], article, answers))
    return pairs


def _overlapping(article: Article, evidence: str) -> frozenset[int]:
    """Numbers of the sentences that share characters with a verbatim piece of the abstract."""
    first = article.abstract.find(evidence)
    last = first + len(evidence) if first >= 0 else -1
    return frozenset(
        number
        for number, (start, end) in enumerate(article.sentences)
        if start < last and end > first
    )


def made_up(article: Article, chance: random.Random) -> Pair | None:
    """Make a query of one of an article's sentences, or of its title; None where all are short.

    Half the time the sentence is then left out of the article, so that the rest of it has to do:
    that teaches meaning, the other half teaches to point at the sentence.
    """
    long_enough = [
        number
        for number, (start, end) in enumerate(article.sentences)
        if len(article.abstract[start:end].split()) >= _SHORTEST_SENTENCE
    ]
    if not long_enough:
        return None
    number = chance.choice(long_enough)
    sentence = article.abstract[slice(*article.sentences[number])]
    query = sentence.rstrip(".")
    style = chance.random()
    if style < 0.4:
        query = " ".join(_some(query.split(), chance)) or query
    elif style < 0.6:
        query = " ".join(_run(query.split(), chance))
    elif style < 0.7 and article.title:
        return Pair(article.title, Article("", article.abstract, article.sentences), frozenset())
    query = query.lower() if chance.random() < 0.5 else query
    query = mistyped(query, chance) if chance.random() < 0.2 else query
    if chance.random() < 0.5 and len(article.sentences) > 2:
        return Pair(query, article.without(number), frozenset())
    return Pair(query, article, frozenset({number}))


def _some(words: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Between a third and three quarters of the words, in order, long ones rather than short."""
    share = chance.uniform(0.35, 0.75)
    for word in words:
        if chance.random() < (share if len(word) > 3 else share / 3):
            yield word


def _run(words: Sequence[str], chance: random.Random) -> Sequence[str]:
    """Five to twelve words that follow each other."""
    length = chance.randint(5, 12)
    first = chance.randint(0, max(0, len(words) - length))
    return words[first : first + length]


def mistyped(text: str, chance: random.Random) -> str:
    """Let a letter of one or two long words go missing, double, or change places."""
    words = text.split()
    long = [number for number, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for number in chance.sample(long, min(len(long), chance.randint(1, 2))):
        word, at = words[number], chance.randint(1, len(words[number]) - 2)
        words[number] = chance.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )
    return " ".join(words)

"""Pairs of a sentence and a cited text of which it is known whether the text carries it."""

import gzip
import json
import random
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from assistant.support.meanings import weight_of
from assistant.support.reading import read
from store.identity import normalize_title
from store.readers import read_source
from store.readers.record import Record
from store.sentences import sentence_spans
from tests.bench.common import PAGES, SHARED, dev
from tests.bench.support_texts import (
    FALSIFIED,
    REWORDED,
    another_name,
    names_of,
    number_of,
    numbers_of,
    with_a_clause_of,
)

__all__ = ["Pair", "area_under_curve", "development_pairs", "training_pairs", "weights_of"]

_HALVES = (True, False)
_SHARES = {
    "digest": 6,
    "point": 6,
    "reworded": 2,
    "clauses reordered": 1,
    "statement": 1,
    "summary": 1,
    "verbatim": 1,
    "another sentence cited": 4,
    "of a near twin": 4,
    "of a rival paper": 2,
    "with a clause of a twin": 2.5,
    "changed number": 2.5,
    "direction turned": 2.5,
    "name of a twin": 2.5,
    "not put in": 2.5,
    "not taken out": 2.5,
    "name of the same abstract": 1,
    "number of the same abstract": 1,
    "sides swapped": 0.5,
}
"""How much of the true pairs, or of the false ones, a kind makes up."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, a text, and what is known of them.

    Attributes:
        sentence: What is said.
        cited: The text: an abstract with its title, or a sentence of one.
        true: Whether the text carries the sentence.
        kind: How the pair was made.
        base: Whose words the sentence was made from: "evidence", "digest", "point", "summary".
        paper: The paper's title, so that no paper is on both sides of a cross-validation.
    """

    sentence: str
    cited: str
    true: bool
    kind: str
    base: str
    paper: str


@dataclass(slots=True)
class Source:
    """A paper with what is said of it that is true.

    Attributes:
        title: As written.
        abstract: Whole.
        said: (whose words, a sentence that the abstract carries).
        twin: The source that is most like it.
        rivals: Sentences about other papers on the same topic.
    """

    title: str
    abstract: str
    said: list[tuple[str, str]] = field(default_factory=list)
    twin: "Source | None" = None
    rivals: list[tuple[str, str]] = field(default_factory=list)

    @property
    def cited(self) -> str:
        return f"{self.title}\n{self.abstract}"


def training_pairs() -> list[Pair]:
    """Pairs from the starter's digests of the five pages, and from papers of mlpapers."""
    digests = [pair for pair in _pairs(_page_sources()) if pair.base == "digest"]
    return digests + list(_pairs(_other_sources()))


def development_pairs() -> list[Pair]:
    """Pairs from the development questions, and from the points of topics and comparisons.

    None of their sentences is trained on.
    """
    return [pair for pair in _pairs(_page_sources()) if pair.base != "digest"]


def _pairs(sources: Sequence[Source]) -> Iterator[Pair]:
    _find_twins(sources)
    for source in sources:
        chance = random.Random(source.title)
        for base, sentence in dict.fromkeys(source.said):
            yield from _true(source, base, sentence, chance)
            yield from _false(source, base, sentence, chance)
        for base, sentence in source.rivals:
            yield Pair(sentence, source.cited, False, "of a rival paper", base, source.title)


def _true(source: Source, base: str, sentence: str, chance: random.Random) -> Iterator[Pair]:
    kind = "verbatim" if base == "evidence" else base
    yield Pair(sentence, source.cited, True, kind, base, source.title)
    if base != "evidence":
        return
    for kind, rule in REWORDED.items():
        if said := rule(sentence, chance):
            cited = chance.choice((source.cited, sentence))
            yield Pair(said, cited, True, kind, base, source.title)


def _false(source: Source, base: str, sentence: str, chance: random.Random) -> Iterator[Pair]:
    if base == "statement" or source.twin is None:
        return
    said = sentence
    if sentence in source.abstract and chance.random() < 0.5:
        said = REWORDED["reworded"](sentence, chance) or sentence
    other = chance.choice([each for of, each in source.twin.said if of == base] or [""])
    changes = {
        **{kind: rule(said, chance) for kind, rule in FALSIFIED.items()},
        **_names_and_numbers(said, source, chance),
        "of a near twin": other,
        "with a clause of a twin": with_a_clause_of(said, other),
    }
    if _numbers_stay(said, changes["changed number"], source):
        del changes["changed number"]
    for kind, changed in changes.items():
        if changed:
            yield Pair(changed, source.cited, False, kind, base, source.title)
    if quote := _other_sentence(source, sentence, chance):
        yield Pair(said, quote, False, "another sentence cited", base, source.title)


def _names_and_numbers(said: str, source: Source, chance: random.Random) -> dict[str, str]:
    """A sentence with a name of the twin, and with a name and a number of its own abstract."""
    theirs = names_of(source.twin.abstract) if source.twin else []
    own = [name for name in names_of(source.abstract) if name not in said]
    others = [name for name in theirs if name.casefold() not in source.cited.casefold()]
    return {
        "name of a twin": another_name(said, others, chance),
        "name of the same abstract": another_name(said, own, chance),
        "number of the same abstract": number_of(said, numbers_of(source.abstract), chance),
    }


def _numbers_stay(said: str, changed: str, source: Source) -> bool:
    """Whether the abstract has the number that was put in, so that it may be true as well."""
    new = set(changed.split()) - set(said.split())
    return any(word.strip(",.;()%") in source.abstract for word in new)


def _other_sentence(source: Source, sentence: str, chance: random.Random) -> str:
    """A sentence of the abstract, not the one that is most like this one."""
    spans = sentence_spans(source.abstract)
    own = set(read(sentence).places)
    sentences = [source.abstract[start:end] for start, end in spans]
    sentences.sort(key=lambda each: len(own & set(read(each).places)))
    others = [each for each in sentences[:-1] if sentence not in each and each not in sentence]
    return chance.choice(others) if others else ""


def _find_twins(sources: Sequence[Source]) -> None:
    """Give every source the one whose telling words are most like its own."""
    holders: dict[str, list[int]] = defaultdict(list)
    words = [{word.stem for word in read(source.cited).words if word.tells} for source in sources]
    for number, stems in enumerate(words):
        for stem in stems:
            holders[stem].append(number)
    for number, source in enumerate(sources):
        alike: Counter[int] = Counter()
        for stem in words[number]:
            if (weight := weight_of(stem)) > 0.3:
                for other in holders[stem]:
                    alike[other] += weight
        alike.pop(number, None)
        nearest = max(alike, key=lambda other: (alike[other] / len(words[other]) ** 0.5, -other))
        source.twin = sources[nearest]


@cache
def _page_sources() -> list[Source]:
    """The papers of the five pages, with what digests, questions and points say of them."""
    sources = {
        normalize_title(record.title): Source(record.title, record.abstract)
        for page in PAGES
        for record in read_source(page)
        if isinstance(record, Record)
    }
    for question in dev("questions"):
        if len(question["gold"]) == 1:
            source = sources[normalize_title(question["gold"][0])]
            source.said += _evidence(question, source.abstract)
    points = [(each["query"], each["key_points"]) for each in dev("topics")]
    points += [(each["query"], each["answer_points"]) for each in dev("comparisons")]
    for _, told in points:
        for point in told:
            source = sources[normalize_title(point["title"])]
            source.said.append(("point", point["point"]))
            source.rivals += [("point", o["point"]) for o in told if o["title"] != point["title"]]
    for line in (SHARED / "starter" / "papers.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        source = sources[normalize_title(record["title"])]
        digest = record["abstract"]
        source.said += [("digest", digest[start:end]) for start, end in sentence_spans(digest)]
    return [source for source in sources.values() if source.said]


@cache
def _other_sources() -> list[Source]:
    """Papers of mlpapers: those of the training questions, and those with a summary."""
    lines = (SHARED / "train" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = defaultdict(list)
    for question in map(json.loads, lines):
        questions[question["_id"]].append(question)
    summaries = defaultdict(list)
    for paper_id, text in _summaries():
        summaries[paper_id].append(text)
    sources = []
    with gzip.open(SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz", "rt") as corpus:
        for record in map(json.loads, corpus):
            source = Source(record["title"], record["text"])
            for question in questions[record["_id"]]:
                source.said += _evidence(question, source.abstract)
            source.said += [("summary", text) for text in summaries[record["_id"]]]
            if source.said:
                sources.append(source)
    return sources


def _evidence(question: dict[str, object], abstract: str) -> Iterator[tuple[str, str]]:
    """The sentence that answers a question, and a terse question with its answers as one."""
    evidence, answers = str(question["evidence"]), question["answer"]
    if evidence in abstract:
        yield "evidence", evidence
    if question["style"] == "terse" and isinstance(answers, list):
        yield "statement", f"{question['query']}: {', '.join(answers)}"


def _summaries() -> Iterator[tuple[str, str]]:
    """(paper, its summary in a sentence) of the development split; the test split stays unread."""
    folder = SHARED / "bench" / "mlpapers"
    lines = (folder / "qrels" / "dev.tsv").read_text(encoding="utf-8").splitlines()[1:]
    papers = {line.split("\t")[0]: line.split("\t")[1] for line in lines}
    for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        if query["_id"] in papers:
            yield papers[query["_id"]], query["text"]


def weights_of(pairs: Sequence[Pair]) -> list[float]:
    """What each pair weighs, 1 in the mean: each kind its share, and half of all is true.

    So a support of 0.5 means: as likely as not, if half of all sentences are true.
    """
    counts = Counter((pair.true, pair.kind) for pair in pairs)
    totals = {half: sum(_SHARES[kind] for true, kind in counts if true is half) for half in _HALVES}
    return [
        len(pairs) / 2 * _SHARES[pair.kind] / totals[pair.true] / counts[pair.true, pair.kind]
        for pair in pairs
    ]


def area_under_curve(true: Sequence[float], false: Sequence[float]) -> float:
    """Chance that a true one of two has the higher value, a half where they have the same.

    Source:
        The area under the ROC curve, as the statistic of Mann and Whitney.
    """
    ordered = sorted(false)
    below = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in true)
    return below / (2 * len(true) * len(false))

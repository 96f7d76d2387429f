"""Conversations made by rule from questions that stand alone, to learn from and to measure by.

Three questions about one paper follow each other; in the later ones what names the paper gives way
to a pronoun or to nothing, or they are cut short. Others go on to a paper near it ("is there
another one …"), to a question of their own, or to a subject that several papers share.
"""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from assistant.topics.phrases import forms_of, written
from store.collection import Collection
from store.wording import FUNCTION_WORDS
from tests.bench.common import SHARED
from tests.bench.refusal_questions import SUBJECTS

__all__ = ["LEANING", "Made", "Topics", "made", "train_topics"]

LEANING = {
    "leans": True,
    "cut short": True,
    "on to others": True,
    "on to others, short": True,
    "whole": False,
    "switch": False,
    "switch to a neighbour": False,
    "switch by a name": False,
    "switch back": False,
    "switch to a subject": False,
}
"""The kinds, and whether the last question of each leans on those before it."""

_WORD = re.compile(r"\w[\w'’/+.-]*\w|\w|[^\w\s]")
_GAP = "\0"
_GAPS = re.compile(
    rf"{_GAP}(?: (?:(?:for|of|and|or|in|on|with|by|to|from|a|an|the|that|,|-|as) )*{_GAP})+"
)
_INSTEAD = (
    ("it", "they", "this", "that one"),
    ("that method", "this approach", "the method", "that paper", "this work"),
    ("",),
)
_DETERMINERS = ("a", "an", "the", "its", "their", "this", "that", "these", "those", "of")
_GOING_ON = ("and", "so", "but")
_OTHERS = (
    "what about {}?",
    "is there another one: {}?",
    "is there an alternative: {}?",
    "any other paper, {}?",
    "{} instead?",
    "are there others: {}?",
    "is there one with {}?",
    "anything on {}?",
)
_OTHERS_SHORT = (
    "is there another {}?",
    "are there other {}?",
    "any other {}?",
    "what about an alternative {}?",
    "is there a {} instead?",
)
_BY_NAME = ("what is {}?", "what does {} do?", "{}?", "how does {} work?", "results of {}")
_ASKED = re.compile(r"(?:(?:in|on|by|with) )?(?:which|what|how many|how much|how)\b", re.IGNORECASE)
_MIN_RARITY = 1.5
"""Of a word that is taken to name a paper, in nats."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A paper with three questions about it."""

    title: str
    abstract: str
    questions: Sequence[str]


Topics = Sequence[Topic]


@dataclass(frozen=True, slots=True)
class Made:
    """A question in a conversation.

    Attributes:
        number: Of the conversation.
        kind: A key of ``LEANING``.
        before: The questions before it, oldest first.
        question: The question.
        gold: The title of the paper that answers it; "" where any other than those before does.
    """

    number: int
    kind: str
    before: Sequence[str]
    question: str
    gold: str


def train_topics() -> list[Topic]:
    """The 1,600 papers of ../shared/train in an order by chance, the same in every run."""
    asked = defaultdict[str, list[str]](list)
    lines = (SHARED / "train" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    for item in map(json.loads, lines):
        asked[item["_id"]].append(item["query"])
    found: dict[str, Mapping[str, Any]] = {}
    with gzip.open(SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz", "rt") as papers:
        for item in map(json.loads, papers):
            if item["_id"] in asked:
                found[item["_id"]] = item
    topics = [Topic(found[i]["title"], found[i]["text"], asked[i]) for i in sorted(asked)]
    random.Random(1).shuffle(topics)
    return topics


def made(topics: Topics, collection: Collection, seed: int) -> Iterator[Made]:
    """Make conversations about the papers of a collection."""
    chance = random.Random(seed)
    by_title = {topic.title: topic for topic in topics}
    subjects = _subjects(topics, collection)
    for number, topic in enumerate(topics):
        first, *later = chance.sample(topic.questions, len(topic.questions))
        earlier = chance.choice([each for each in topics if each is not topic])
        before = [chance.choice(earlier.questions), first] if chance.random() < 0.4 else [first]
        names = _names(f"{topic.title} {first}", collection)
        turns = [*_about(later, names, collection, chance)]
        turns = [(kind, question, topic.title) for kind, question in turns]
        other = chance.choice([each for each in topics if each is not topic])
        turns.append(
            ("switch", _perhaps_going_on(chance.choice(other.questions), chance), other.title)
        )
        if subjects:
            text = chance.choice(SUBJECTS.split("|")).format(chance.choice(subjects))
            turns.append(("switch to a subject", _perhaps_going_on(text, chance), other.title))
        if len(before) > 1:
            turns.append(("switch back", chance.choice(earlier.questions), earlier.title))
        name, colon, _ = other.title.partition(":")
        if colon and len(name.split()) == 1:
            turns.append(("switch by a name", chance.choice(_BY_NAME).format(name), other.title))
        near = [by_title.get(hit.paper.title) for hit in collection.search(first, 6)]
        neighbour = next((each for each in near if each and each is not topic), None)
        if neighbour:
            turns += _elsewhere(neighbour, names, collection, chance)
        for kind, question, gold in turns:
            yield Made(number, kind, before, question, gold)


def _subjects(topics: Topics, collection: Collection) -> list[str]:
    """The phrases of two or three words that several titles have."""
    titles = defaultdict[frozenset[str], set[str]](set)
    forms = dict[frozenset[str], str]()
    for topic in topics:
        for form, ends in forms_of(topic.title):
            if ends and " " in form:
                terms = frozenset(collection.terms(form))
                titles[terms].add(topic.title)
                forms.setdefault(terms, written(form))
    return [forms[terms] for terms, some in titles.items() if len(some) > 1]


def _about(
    questions: Sequence[str], names: Set[str], collection: Collection, chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Later questions about the same paper, as they are and leaning."""
    for question in questions:
        yield "whole", question
        if leaning := _leaning(question, names, collection, chance):
            yield "leans", _perhaps_going_on(leaning, chance)
        if short := _cut_short(question):
            yield "cut short", _perhaps_going_on(short, chance)


def _elsewhere(
    topic: Topic, names: Set[str], collection: Collection, chance: random.Random
) -> Iterator[tuple[str, str, str]]:
    """Questions about a paper near the last one, as they are and leaning."""
    question = chance.choice(topic.questions)
    yield "switch to a neighbour", question, topic.title
    if leaning := _leaning(chance.choice(topic.questions), names, collection, chance):
        yield "on to others", chance.choice(_OTHERS).format(leaning.rstrip("?.")), topic.title
    if short := _cut_short(question):
        noun = short.rstrip("?").split()[-1]
        yield "on to others, short", chance.choice(_OTHERS_SHORT).format(noun), ""


def _names(text: str, collection: Collection) -> set[str]:
    return {term for term in collection.terms(text) if collection.rarity(term) > _MIN_RARITY}


def _leaning(question: str, names: Set[str], collection: Collection, chance: random.Random) -> str:
    """The question with a pronoun, or nothing, for what names the paper; "" where nothing does."""
    words = _WORD.findall(question)
    kept: list[str] = []
    instead = chance.choice(_INSTEAD)
    for is_name, run in _runs(words, names, collection):
        while is_name and kept and kept[-1].lower() in _DETERMINERS and instead != ("",):
            kept.pop()
        kept += [_GAP] if is_name else run
    text = _GAPS.sub(_GAP, " ".join(kept))
    if _GAP not in text or not set(_content(text.replace(_GAP, " "))):
        return ""
    text = text.replace(_GAP, chance.choice(instead), 1).replace(_GAP, "it" if instead[0] else "")
    return re.sub(r" (?=[?,.;:!%)])", "", " ".join(text.split())).lstrip(",:; ")


def _runs(
    words: Sequence[str], names: Set[str], collection: Collection
) -> Iterator[tuple[bool, list[str]]]:
    """Words one by one, and as one run those from the first to the last that names the paper."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _content(words[end]):
            end += 1
        hits = [n for n in range(at, end) if names & set(collection.terms(words[n]))]
        if hits:
            yield False, list(words[at : hits[0]])
            yield True, list(words[hits[0] : hits[-1] + 1])
            yield False, list(words[hits[-1] + 1 : end])
        else:
            yield False, list(words[at : end + 1])
            end += 1
        at = end


def _content(text: str) -> list[str]:
    return [word for word in re.findall(r"\w[\w-]*", text.lower()) if word not in FUNCTION_WORDS]


def _cut_short(question: str) -> str:
    """ "Which datasets?" of "Which datasets is it tested on?"; "" where it does not begin so."""
    begins = _ASKED.match(question)
    if not begins:
        return ""
    n, words = len(begins[0].split()), question.rstrip("?").split()
    end = n
    while end < min(len(words), n + 3) and _content(words[end]):
        end += 1
    if end in (n, len(words)):
        return ""
    short = " ".join(words[:end]).rstrip(",:;")
    return f"{short[0].lower()}{short[1:]}?"


def _perhaps_going_on(question: str, chance: random.Random) -> str:
    if chance.random() > 0.15:
        return question
    return f"{chance.choice(_GOING_ON)} {question[0].lower()}{question[1:]}"

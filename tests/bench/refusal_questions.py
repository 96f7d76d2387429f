"""Questions that a collection answers, and such as it does not, made by rule and in numbers.

Each sort that is not answered has a counterpart that is, made in the same way, so that nothing is
told by how a question sounds: a question asked of a collection without its paper, beside the same
one asked of the collection with it; a name swapped for one of another paper; a dataset added that
is not, or is, in the abstract; a figure asked for that an abstract does not, or does, give; a
subject that no paper, or more than one, is about. What people ask without having read a paper was
written for this: subjects of neighbouring fields that none of the five pages' papers treats
(absent.tsv, each with words that none of them has), such as some do treat (present.txt), and
details that the abstract of a paper which is there does not state (near.txt).
"""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.types import Paper
from tests.bench.common import SHARED, dev

__all__ = [
    "N_PARTS",
    "PAGES",
    "STARTER",
    "SUBJECTS",
    "Asked",
    "made_questions",
    "training_papers",
    "training_questions",
]

N_PARTS = 4
PAGES = N_PARTS
"""Number of the collection of the five pages, after the parts of the training papers."""
STARTER = PAGES + 1
"""Of the starter collection, which has digests of the same papers."""

_TEXTS = Path(__file__).parent / "refusal_texts"
_NAME = re.compile(
    r"(?<![\w-])(?:[A-Za-z]*[A-Z][A-Za-z]*[A-Z0-9]\w*(?:-[A-Za-z0-9]+)*|[A-Z][a-z]+-?\d[\w.]*)"
    r"(?![\w-])"
)
_JOINED = "on {}|for {}|using {}|compared to {}|with {}|on the {} dataset|instead of {}|vs {}"
_VERSIONS = "{} 2|{}-2|{}-v2|{} V2|{}-3|{} 3|{}++|{}-XL|{}v3|{}-Lite|{}-Large"
_MEANT = "the {}|the {} method|the {} approach|the {} model|the {} paper|the {} system|{}"
SUBJECTS = (
    "deep learning for {}|{}|what is the state of the art in {}?|does deep learning help with {}?"
    "|which methods are used for {}, and how well do they work?|compare approaches to {}"
    "|how do transformers do on {}?|best dataset for {}|papers on {}|is there any work on {}?"
    "|what are the main challenges in {}?|how is {} evaluated?|survey of {}"
    "|what do the papers say about {}|recent advances in {}?|can neural networks do {}?"
)
_NAMED_TITLE = re.compile(r"([\w-]*[a-z0-9][A-Z][\w-]*|[A-Z]{3,}[\w-]*): (.+)")
_BETWEEN = re.compile(r"\s(?:for|with|via|using|by|from|through|in|of|on|to|and|is|are|the|a)\s")
_MAX_MEANT_WORDS = 6
_N_LEFT_OUT = 900


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a collection.

    Attributes:
        part: Number of the collection.
        question: What is asked.
        answered: Whether the collection answers it.
        sort: How the question was made.
        source: What it was made of: questions of one source stay in one fold.
    """

    part: int
    question: str
    answered: bool
    sort: str
    source: str


def training_questions() -> list[dict[str, Any]]:
    """The questions of the training set."""
    path = SHARED / "train" / "questions.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def training_papers() -> dict[str, Paper]:
    """The papers of the training questions, by id, in an order of no meaning."""
    wanted = {question["_id"] for question in training_questions()}
    papers = {}
    with gzip.open(
        SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        for line in lines:
            record = json.loads(line)
            if record["_id"] in wanted:
                papers[record["_id"]] = Paper(record["_id"], record["title"], record["text"])
    names = sorted(papers)
    random.Random(0).shuffle(names)
    return {name: papers[name] for name in names}


def made_questions(papers: Sequence[Sequence[Paper]]) -> list[Asked]:
    """Make all questions.

    Args:
        papers: Those of each part of the training papers, then those of the five pages.
    """
    dice = random.Random(7)
    where = {paper.paper_id: (n, paper) for n, part in enumerate(papers) for paper in part}
    by_title = {paper.title: paper for paper in papers[PAGES]}
    own = [(*where[each["_id"]], each["query"], each["style"]) for each in training_questions()]
    developed = [
        (PAGES, by_title[each["gold"][0]], each["query"], "development")
        for each in dev("questions")
        if each["gold"][0] in by_title
    ]
    made = [Asked(part, text, True, f"own {style}", p.title) for part, p, text, style in own]
    made += [Asked(PAGES, text, True, "development", p.title) for _, p, text, _ in developed]
    left_out = dice.sample(own, 2 * _N_LEFT_OUT)
    for number, (part, _, text, _) in enumerate(left_out):
        other = PAGES if number % 2 else (part + 1) % N_PARTS
        made.append(Asked(other, text, False, "left out", text))
    for _, paper, text, _ in developed:
        made.append(Asked(dice.randrange(N_PARTS), text, False, "left out", paper.title))
        made.append(Asked(STARTER, text, True, "of a digest", paper.title))
    names = sorted({name for part in papers for paper in part for name in _names(paper.abstract)})
    for part, paper, text, _ in own + developed:
        made += _changed(dice, part, text, paper, names)
    for number, part_papers in enumerate(papers):
        for paper in part_papers:
            made += _figures(dice, number, paper)
    made += _subjects(dice, papers)
    made += _off_topic(dice)
    made += _written()
    return made


def _names(text: str) -> list[str]:
    return [name for name in dict.fromkeys(_NAME.findall(text)) if len(name) > 2]


def _changed(
    dice: random.Random, part: int, text: str, paper: Paper, names: Sequence[str]
) -> Iterator[Asked]:
    """A question with a name swapped, with a version of a name, with a name more."""
    known = f"{paper.title} {paper.abstract}".lower()
    foreign = [name for name in dice.sample(names, 40) if name.lower() not in known]
    held = [name for name in _names(text) if name.lower() in known]
    if held:
        name = dice.choice(held)
        yield Asked(part, text.replace(name, foreign[0]), False, "name swapped", paper.title)
        version = dice.choice(_VERSIONS.split("|")).format(name)
        if not name[-1].isdigit() and version.lower() not in known:
            yield Asked(part, text.replace(name, version), False, "version", paper.title)
    own = [name for name in _names(paper.abstract) if name.lower() not in text.lower()]
    if own and (part == PAGES or dice.random() < 0.3):
        yield Asked(part, _with(dice, text, dice.choice(own)), True, "own name added", paper.title)
        yield Asked(part, _with(dice, text, foreign[1]), False, "name added", paper.title)


def _with(dice: random.Random, text: str, name: str) -> str:
    """A question with a name more, at its end or before it."""
    text = text.rstrip(" ?.!")
    joined = dice.choice(_JOINED.split("|")).format(name)
    if dice.random() < 0.25:
        return f"{joined[0].upper()}{joined[1:]}, {text[0].lower()}{text[1:]}?"
    return f"{text} {joined}{dice.choice(['?', ''])}"


def _figures(dice: random.Random, part: int, paper: Paper) -> Iterator[Asked]:
    """Figures and facts of a paper that are asked for, told in its abstract or not."""
    all_of_them = _lines("attributes.jsonl")
    attributes = [json.loads(line) for line in all_of_them]
    told = [each for each in attributes if re.search(each["told"], paper.abstract, re.IGNORECASE)]
    not_told = [each for each in attributes if each not in told]
    for some, answered in ((told, True), (not_told, False)):
        if some:
            text = dice.choice(dice.choice(some)["ask"]).format(_meant(dice, paper.title))
            text = text.lower() if dice.random() < 0.3 else text
            sort = "told figure" if answered else "figure"
            yield Asked(part, text, answered, sort, paper.title)


def _meant(dice: random.Random, title: str) -> str:
    """A paper as people mean it: by the name of its method, or by some words of its title."""
    named = _NAMED_TITLE.fullmatch(title)
    if named and dice.random() < 0.6:
        return named[1]
    said = named[2] if named else title.split(": ")[dice.choice([0, -1])]
    words = [
        word if re.search(r"[A-Z0-9].*[A-Z0-9]", word) else word.lower()
        for word in re.findall(r"[\w/'-]+", said)
    ]
    parts = [part.split() for part in _BETWEEN.split(" ".join(words))]
    chosen = dice.choice([part for part in parts if len(part) > 1] or [words])
    return dice.choice(_MEANT.split("|")).format(" ".join(chosen[:_MAX_MEANT_WORDS]))


def _subjects(dice: random.Random, papers: Sequence[Sequence[Paper]]) -> Iterator[Asked]:
    """Subjects that no paper of a collection is about, or that two titles name."""
    for line in _lines("topics.tsv"):
        subject, told = line.split("\t")
        for number, part in enumerate(papers):
            text = dice.choice(SUBJECTS.split("|")).format(subject)
            if not any(re.search(told, f"{p.title} {p.abstract}".lower()) for p in part):
                yield Asked(number, text, False, "subject", subject)
            elif sum(bool(re.search(told, paper.title.lower())) for paper in part) > 1:
                yield Asked(number, text, True, "own subject", subject)


def _off_topic(dice: random.Random) -> Iterator[Asked]:
    for text in _lines("off_topic.txt"):
        for part in (PAGES, dice.randrange(N_PARTS)):
            yield Asked(part, text, False, "off topic", text)


def _written() -> Iterator[Asked]:
    for line in _lines("absent.tsv"):
        text = line.split("\t")[0]
        yield Asked(PAGES, text, False, "absent", text)
        yield Asked(STARTER, text, False, "absent from digests", text)
    for text in _lines("present.txt"):
        yield Asked(PAGES, text, True, "present", text)
    for text in _lines("near.txt"):
        yield Asked(PAGES, text, False, "not stated", text)


def _lines(name: str) -> list[str]:
    return (_TEXTS / name).read_text(encoding="utf-8").splitlines()

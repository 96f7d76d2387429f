"""Whether the right paper is still found when a question is worded carelessly.

Asks the development questions as they are, and spoilt in several ways that are the same in every
run; then questions with slips that were written over other papers, among 5,000.
`python -m tests.bench.wording`
"""

import gzip
import itertools
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from store.aliases import acronyms
from store.collection import Collection
from store.retrieval import best_per_paper
from store.types import Paper
from store.wording import plain
from tests.bench.common import SHARED, dev, encoder, gold_rank, pages_collection, summary

_DEPTH = 200
_N_OTHERS = 5_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_HYPHENATED = re.compile(r"(?<=[^\W_])-(?=[^\W_])")

Spoil = Callable[[str], str]


def main() -> None:
    """Print one row a way of wording and of searching."""
    print("| | changed | | R@1 | R@5 | MRR@10 | ms |")
    print("|---|---|---|---|---|---|---|")
    with pages_collection() as collection:
        questions = [(each["query"], each["gold"]) for each in dev("questions")]
        _print_rows(collection, "as typed", questions, _same)
        swap = _acronym_swap(list(collection.papers()))
        for name, spoil in (*_SPOILS.items(), ("acronyms swapped", swap)):
            _print_rows(collection, name, questions, spoil)
    with TemporaryDirectory() as folder:
        collection, questions = _with_slips(Path(folder))
        _print_rows(collection, "written with slips", questions, _same)
        collection.close()


def _print_rows(
    collection: Collection, name: str, questions: Sequence[tuple[str, list[str]]], spoil: Spoil
) -> None:
    """Ask those questions that a spoiling changes, in their spoilt form."""
    asked = [(spoil(query), gold) for query, gold in questions]
    if spoil is not _same:
        pairs = zip(asked, questions, strict=True)
        asked = [spoilt for spoilt, whole in pairs if spoilt != whole]
    papers = {paper.paper_id: paper for paper in collection.papers()}
    for way in ("lexical", "fused"):
        ranks, seconds = [], []
        for query, gold in asked:
            began = time.perf_counter()
            found = _found(collection, query, papers, way)
            seconds.append(time.perf_counter() - began)
            ranks.append(gold_rank(found, gold))
        median = 1000 * sorted(seconds)[len(seconds) // 2]
        print(f"| {name} | {len(asked)} | {way} | {summary(ranks)} | {median:.1f} |", flush=True)


def _found(collection: Collection, query: str, papers: dict[str, Paper], way: str) -> list[Paper]:
    if way == "fused":
        return [hit.paper for hit in collection.search(query, k=10)]
    found = collection._lexical.query(collection.read_as(query).text, _DEPTH)
    return [papers[paper_id] for paper_id in best_per_paper(found)]


def _same(query: str) -> str:
    return query


def _slips(query: str, n_slips: int) -> str:
    """Misspell words of four letters and more."""
    chance = random.Random(query)
    words = re.split(r"(\W+)", query)
    places = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    for at in chance.sample(places, min(n_slips, len(places))):
        words[at] = _slip(words[at], chance)
    return "".join(words)


def _slip(word: str, chance: random.Random) -> str:
    """Put a letter in, leave one out, change one or swap two, behind the first."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + chance.choice(_LETTERS) + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + chance.choice(_LETTERS) + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


_SPOILS: dict[str, Spoil] = {
    "one slip": lambda query: _slips(query, 1),
    "two slips": lambda query: _slips(query, 2),
    "hyphens joined": lambda query: _HYPHENATED.sub("", query),
    "hyphens spaced": lambda query: _HYPHENATED.sub(" ", query),
    "small letters": str.lower,
}


def _acronym_swap(papers: Sequence[Paper]) -> Spoil:
    """Long forms for short ones and the other way round, as the papers give them."""
    swaps: dict[str, str] = {}
    for paper in papers:
        for short, long in acronyms(plain(f"{paper.title}. {paper.abstract}")):
            swaps.setdefault(short, long)
            swaps.setdefault(long.lower(), short)
    either = "|".join(re.escape(form) for form in sorted(swaps, key=len, reverse=True))
    whole = re.compile(rf"(?<![\w-])(?:{either})(?![\w-])")
    return lambda query: whole.sub(lambda found: swaps[found[0]], query)


def _with_slips(folder: Path) -> tuple[Collection, list[tuple[str, list[str]]]]:
    """The papers of the training questions with slips, among others, and the questions."""
    lines = (SHARED / "train" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [record for record in map(json.loads, lines) if record["style"] == "typo"]
    wanted = {record["_id"] for record in asked}
    source, titles = folder / "papers.jsonl", {}
    with source.open("w", encoding="utf-8") as out:
        for record in _corpus(wanted):
            titles[record["_id"]] = record["title"]
            out.write(json.dumps({"title": record["title"], "abstract": record["text"]}) + "\n")
    collection = Collection(folder / "home", encoder(), starter=False)
    collection.ingest([source])
    return collection, [(record["query"], [titles[record["_id"]]]) for record in asked]


def _corpus(wanted: set[str]) -> Iterator[dict[str, str]]:
    """The wanted records and the first others."""
    others = itertools.count()
    with gzip.open(SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz", "rt") as lines:
        for record in map(json.loads, lines):
            if record["_id"] in wanted or next(others) < _N_OTHERS:
                yield record


if __name__ == "__main__":
    main()

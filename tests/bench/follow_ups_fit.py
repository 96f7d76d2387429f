"""Learn from conversations whether a question leans on them, and which paper it is about.

Learns from conversations made by rule over the papers of ../shared/train, from the development
set's and from our own (``conversations.jsonl``), and prints the weights for
``assistant.conversation.leaning`` and what they give where they were not learned: a third of the
made ones, or one conversation of the others, is left out in turn.
`python -m tests.bench.follow_ups_fit`
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import extractive
from assistant.condense import N_LOOKED_AT
from assistant.conversation.focus import mentions
from assistant.conversation.history import exchanges
from assistant.conversation.leaning import ABOUT, LEANS, Kind, Signs, about, kind_of, leans, look
from assistant.evidence import rank_evidence
from assistant.types import Turn
from store.collection import Collection
from store.identity import normalize_title
from tests.bench.common import dev, encoder, pages_collection
from tests.bench.datasets import SourcePaper, write_jsonl
from tests.bench.made_conversations import LEANING, Topic, made, train_topics

OWN = Path(__file__).with_name("conversations.jsonl")
_K = 8
_SIZES = (700, 400, 250, 130, 70, 35, 15)
"""Papers in each collection of made conversations: a word is not as rare in a small one."""
_L2 = 1.0
_TYPED = "typed"
_WEIGHTS = {_TYPED: 5.0, "switch to a subject": 0.1}
"""How much a turn counts, 1 unless said: more where a person wrote it; less for changes to a
subject, for which more questions that are cut short would be searched for as typed."""

Values = NDArray[np.float64]
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """A question in a conversation, looked at.

    Attributes:
        fold: What is left out together.
        kind: How it came about.
        leans: Whether it leans on the conversation; None where nobody can say.
        signs: What it shows.
        right: Of each paper in focus, whether the question is about it.
    """

    fold: str
    kind: str
    leans: bool | None
    signs: Signs
    right: Sequence[bool]

    @property
    def weight(self) -> float:
        """How much it counts."""
        return _WEIGHTS.get(self.kind, 1.0)


def main() -> None:
    """Print what is learned and what it gives."""
    cases = [*_typed(), *_made()]
    tally: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for fold in sorted({case.fold for case in cases}):
        weights = _learned([case for case in cases if case.fold != fold])
        for case in cases:
            if case.fold == fold:
                kind = f"{case.kind}, the paper{'' if any(case.right) else ' not'} in focus"
                tally[kind][_decided(case, weights)] += 1
    print(
        "| | questions | right paper named | a wrong one | another asked for | joined | as typed |"
    )
    print("|---|---|---|---|---|---|---|")
    for kind, n_decided in sorted(tally.items()):
        n = sum(n_decided.values())
        shares = (n_decided[each] / n for each in ("right", "wrong", "ELSEWHERE", "ON", "ALONE"))
        print(f"| {kind} | {n} | {' | '.join(f'{share:.3f}' for share in shares)} |")
    for name, learned in zip(("LEANS", "ABOUT"), _learned(cases), strict=True):
        print(name, json.dumps({key: round(each, 2) for key, each in learned.items()}, indent=4))


def _typed() -> Iterator[Case]:
    """Turns that people wrote, over the five pages."""
    own = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    with pages_collection() as collection:
        titles = {normalize_title(paper.title): paper.title for paper in collection.papers()}
        for conversation in dev("conversations") + own:
            history: list[Turn] = []
            for turn in conversation["turns"]:
                title = titles[normalize_title(turn["gold"][0])]
                if history:
                    case = _case(collection, turn["user"], history, title)
                    leaning = turn.get("leans", True if any(case.right) else None)
                    yield Case(conversation["id"], _TYPED, leaning, case.signs, case.right)
                # The answer that a turn asked for, whatever is found today.
                asked = turn["user"] if not history else f"{title}: {turn['user']}"
                history += _exchange(collection, turn["user"], asked)


def _made() -> Iterator[Case]:
    """Conversations made by rule, over as many collections as there are folds."""
    topics = iter(train_topics())
    for fold, size in enumerate(_SIZES):
        some = list(islice(topics, size))
        with TemporaryDirectory() as folder:
            collection = collection_of(Path(folder), some)
            answered: dict[str, list[Turn]] = {}
            for each in made(some, collection, fold):
                history: list[Turn] = []
                for question in each.before:
                    if question not in answered:
                        answered[question] = _exchange(collection, question, question)
                    history += answered[question]
                case = _case(collection, each.question, history, each.gold)
                yield Case(f"made {fold}", each.kind, LEANING[each.kind], case.signs, case.right)
            collection.close()


def collection_of(folder: Path, topics: Sequence[Topic]) -> Collection:
    """Store some topics in a folder."""
    papers = [SourcePaper(f"{n}", topic.title, topic.abstract) for n, topic in enumerate(topics)]
    write_jsonl(papers, folder / "papers.jsonl")
    collection = Collection(folder / "home", encoder(), starter=False)
    collection.ingest([folder / "papers.jsonl"])
    return collection


def _exchange(collection: Collection, question: str, query: str) -> list[Turn]:
    """A question with the answer that a query gets."""
    query = collection.read_as(query).text
    ranked = rank_evidence(query, query, collection.search(query, _K), collection)
    pieces, *_ = extractive.write(ranked)
    return [
        {"role": "user", "content": question},
        {"role": "assistant", "content": "".join(pieces)},
    ]


def _case(collection: Collection, question: str, history: Sequence[Turn], title: str) -> Case:
    focus = mentions(exchanges(history), collection)
    signs = look(question, focus, collection.search(question, N_LOOKED_AT), collection)
    gold = normalize_title(title)
    right = [normalize_title(each.paper.title) == gold for each in focus]
    return Case("", _TYPED, None, signs, right)


def _learned(cases: Sequence[Case]) -> tuple[Weights, Weights]:
    """The weights of both models."""
    alone = [
        (case.signs.alone, case.leans, case.weight) for case in cases if case.leans is not None
    ]
    beside = [
        ({**case.signs.alone, **each}, right, case.weight)
        for case in cases
        if case.leans is not False or case.kind.startswith("switch")
        for each, right in zip(case.signs.beside, case.right, strict=True)
    ]
    return fitted(list(LEANS), alone), fitted(list(ABOUT), beside)


def fitted(
    names: Sequence[str], rows: Sequence[tuple[Weights, Any, float]], l2: float = _L2
) -> Weights:
    """Logistic regression by Newton's method, over standardised features.

    Args:
        names: Of the features, "" for what is always added.
        rows: Features, whether they are of the kind that is looked for, and how much that counts.
        l2: How strongly weights are drawn towards 0.
    """
    x = np.array([[features.get(name, 1.0) for name in names] for features, _, _ in rows])
    y, weight = (np.array([row[n] for row in rows], np.float64) for n in (1, 2))
    constant = np.array([not name for name in names])
    mean, spread = np.where(constant, 0, x.mean(0)), np.where(constant, 1, x.std(0) + 1e-9)
    x = (x - mean) / spread
    ridge, found = np.diag(np.where(constant, 1e-6, l2)), np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ found))
        slope = x.T @ (weight * (p - y)) + ridge @ found
        found -= np.linalg.solve((x * (weight * p * (1 - p))[:, None]).T @ x + ridge, slope)
    found = found / spread
    found[constant] -= found @ mean
    return dict(zip(names, found.tolist(), strict=True))


def _decided(case: Case, weights: tuple[Weights, Weights]) -> str:
    """What ``condense`` would do."""
    shares = about(case.signs, weights[1])
    kind = kind_of(case.signs, leans(case.signs, weights[0]), shares)
    if kind is Kind.ABOUT:
        return "right" if case.right[shares.index(max(shares))] else "wrong"
    return kind.name


if __name__ == "__main__":
    main()

"""Whether a further question finds its paper, and whether a change of topic takes nothing along.

Goes through the development set's conversations, ours (``conversations.jsonl``), and what
``made_conversations`` makes of 500 papers of ../shared/train. For each later turn: how often a gold
paper is first and among five of those the answer is written from, against the question searched for
alone; for questions that need no conversation, how often they are searched for exactly as typed.
`python -m tests.bench.follow_ups`
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory

from assistant.chain import answer_events
from assistant.condense import N_LOOKED_AT, condense
from assistant.types import Answer, Filters, Finished, Retrieved, Turn
from store.collection import Collection
from tests.bench.common import dev, gold_rank, pages_collection
from tests.bench.follow_ups_fit import OWN, collection_of
from tests.bench.made_conversations import LEANING, made, train_topics

_K = 8
_N_TOPICS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a conversation, and what came of it.

    Attributes:
        kind: What it is a measure of.
        rank: Of the gold paper among those found; 0 where it is not, or where there is none.
        alone: Its rank where the question is searched for alone.
        as_typed: Whether exactly the question was searched for.
        seconds: What the step condense took.
    """

    kind: str
    rank: int
    alone: int
    as_typed: bool
    seconds: float


def main() -> None:
    """Print a row for each kind of question, then the seconds."""
    began = time.perf_counter()
    asked = [*_typed(), *_made()]
    by_kind = defaultdict[str, list[Asked]](list)
    for each in asked:
        by_kind[each.kind].append(each)
    print("| | turns | gold first | among five | alone: first | among five | as typed |")
    print("|---|---|---|---|---|---|---|")
    for kind, some in by_kind.items():
        shares = (
            fmean(each.rank == 1 for each in some),
            fmean(0 < each.rank <= 5 for each in some),
            fmean(each.alone == 1 for each in some),
            fmean(0 < each.alone <= 5 for each in some),
            fmean(each.as_typed for each in some),
        )
        print(f"| {kind} | {len(some)} | {' | '.join(f'{share:.3f}' for share in shares)} |")
    seconds = [each.seconds for each in asked]
    print(f"condensing takes {1000 * median(seconds):.1f} ms at the median")
    print(f"measured in {time.perf_counter() - began:.0f} s")


def _typed() -> Iterator[Asked]:
    """Conversations that people wrote, over the five pages, as they would go today."""
    own = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    with pages_collection() as collection:
        for name, conversations in (("development", dev("conversations")), ("our own", own)):
            for conversation in conversations:
                yield from _conversed(collection, name, conversation["turns"])


def _conversed(collection: Collection, name: str, turns: Sequence[dict]) -> Iterator[Asked]:  # type: ignore[type-arg]
    history: list[Turn] = []
    for turn in turns:
        question, gold = turn["user"], turn["gold"]
        retrieved, answer = _answered(collection, question, history)
        if history and gold:
            yield Asked(
                name,
                gold_rank([hit.paper for hit in retrieved.hits], gold),
                gold_rank([hit.paper for hit in collection.search(question, _K)], gold),
                answer.query == collection.read_as(question).text,
                answer.timings_s["condense"],
            )
        history += _turns(question, answer)


def _made() -> Iterator[Asked]:
    """Questions made by rule; only what they are searched for and what that finds."""
    topics = train_topics()[-_N_TOPICS:]
    with TemporaryDirectory() as folder:
        collection = collection_of(Path(folder), topics)
        search = partial(collection.search, k=N_LOOKED_AT)
        answered: dict[str, list[Turn]] = {}
        for each in filter(lambda each: each.gold, made(topics, collection, seed=9)):
            for question in each.before:
                if question not in answered:
                    answered[question] = _turns(question, _answered(collection, question)[1])
            history = [turn for question in each.before for turn in answered[question]]
            began = time.perf_counter()
            meant = condense(each.question, history, collection, search)
            seconds = time.perf_counter() - began
            found = collection.search(meant.query, _K)
            yield Asked(
                f"made: {each.kind}{'' if LEANING[each.kind] else ' (stands alone)'}",
                gold_rank(
                    [h.paper for h in found if h.paper.paper_id not in meant.aside], [each.gold]
                ),
                gold_rank([hit.paper for hit in collection.search(each.question, _K)], [each.gold]),
                meant.query == each.question,
                seconds,
            )
        collection.close()


def _answered(
    collection: Collection, question: str, history: Sequence[Turn] = ()
) -> tuple[Retrieved, Answer]:
    retrieved, *_, finished = answer_events(collection, question, history, _K, Filters())
    assert isinstance(retrieved, Retrieved)
    assert isinstance(finished, Finished)
    return retrieved, finished.answer


def _turns(question: str, answer: Answer) -> list[Turn]:
    return [
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer.text},
    ]


if __name__ == "__main__":
    main()

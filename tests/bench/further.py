"""What is offered to go on with after the answers to the development questions.

    python -m tests.bench.further [--show]

Each is asked again behind its answer, as a person would who presses it: is it answered, and does
the answer cite a sentence that the one before did not? --show prints them all, to be read.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from assistant import Answer, Assistant
from assistant.further import Further
from tests.bench.common import PAGES, SHARED, dev

_N = 3


@dataclass(frozen=True, slots=True)
class Offered:
    """What was offered after an answer.

    Attributes:
        answer: The answer.
        further: What was offered.
        then: What was said to each.
        asking_s: Seconds that the answer took.
        finding_s: Seconds that it took to find them.
    """

    answer: Answer
    further: list[Further]
    then: list[Answer]
    asking_s: float
    finding_s: float


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    if not SHARED.is_dir():
        print("The questions and papers lie beside the checkout, and are not there.")
        return
    with TemporaryDirectory() as folder, Assistant(Path(folder), starter=False) as assistant:
        assistant.ingest(*PAGES)
        offered = list(_offered(assistant))
    if show:
        for each in offered:
            print(f"\n{each.answer.question}")
            for further in each.further:
                print(f"  {'Summarize: ' * further.summarizes}{further.question}")
    _report(offered)


def _offered(assistant: Assistant) -> Iterator[Offered]:
    for row in dev("questions"):
        began = time.perf_counter()
        answer = assistant.ask(row["query"])
        asking_s = time.perf_counter() - began
        if answer.refused:
            continue
        began = time.perf_counter()
        further = assistant.further(answer, (), _N)
        finding_s = time.perf_counter() - began
        history = [
            {"role": "user", "content": answer.question},
            {"role": "assistant", "content": answer.text},
        ]
        then = [
            assistant.summarize(each.question)
            if each.summarizes
            else assistant.ask(each.question, history)
            for each in further
        ]
        yield Offered(answer, further, then, asking_s, finding_s)


def _report(offered: list[Offered]) -> None:
    numbers = [len(each.further) for each in offered]
    counts = ", ".join(f"{numbers.count(n)} have {n}" for n in range(_N + 1))
    print(f"{len(offered)} answers: {counts}")
    pairs = [(each.answer, then) for each in offered for then in each.then]
    answered = sum(not then.refused for _, then in pairs) / len(pairs)
    print(f"{len(pairs)} offered; answered {answered:.3f}, citing something new {_new(pairs):.3f}")
    asking, finding = ([each.asking_s for each in offered], [each.finding_s for each in offered])
    print(f"median {median(finding) * 1000:.0f} ms, of an answer {median(asking) * 1000:.0f} ms")


def _new(pairs: list[tuple[Answer, Answer]]) -> float:
    """Share of the answers that cite a sentence which the one before did not."""
    quotes = [[{each.quote for each in answer.citations} for answer in pair] for pair in pairs]
    return sum(bool(after - before) for before, after in quotes) / len(pairs)


if __name__ == "__main__":
    main()

"""Many people asking at once. `python -m tests.bench.crowd`.

Each thread asks questions in turn, and every answer must cite what it cites when asked alone.
"""

import resource
import threading
import time
from tempfile import TemporaryDirectory

from assistant import Assistant
from tests.bench.common import dev

N_PEOPLE, N_QUESTIONS, SECONDS = 50, 40, 20


def main() -> None:
    """Print answers a second, their times, and what memory it took."""
    questions = [question["query"] for question in dev("questions")[:N_QUESTIONS]]
    with TemporaryDirectory() as home, Assistant(home) as assistant:
        alone = {question: _cited(assistant, question) for question in questions}
        before = _peak_mb()
        seconds: list[float] = []
        wrong: list[str] = []
        until = time.perf_counter() + SECONDS

        def ask(first: int) -> None:
            at = first
            while (began := time.perf_counter()) < until:
                question = questions[at % N_QUESTIONS]
                if _cited(assistant, question) != alone[question]:
                    wrong.append(question)
                seconds.append(time.perf_counter() - began)
                at += 1

        people = [threading.Thread(target=ask, args=(first,)) for first in range(N_PEOPLE)]
        for person in people:
            person.start()
        for person in people:
            person.join()
    seconds.sort()
    median, late = seconds[len(seconds) // 2], seconds[int(0.95 * len(seconds))]
    print(f"{N_PEOPLE} people, {len(seconds) / SECONDS:.0f} answers a second, {len(wrong)} wrong")
    print(f"seconds an answer, median / 95th: {median:.2f} / {late:.2f}")
    print(f"peak memory {before:.0f} MB before, {_peak_mb():.0f} MB after")


def _cited(assistant: Assistant, question: str) -> list[tuple[str, int]]:
    answer = assistant.ask(question)
    return [(citation.paper.paper_id, citation.start) for citation in answer.citations]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

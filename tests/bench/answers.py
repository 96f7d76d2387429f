"""Whether answers quote the right sentence, and whether the right questions are refused.

Asks the development set over the five pages. `python -m tests.bench.answers`
"""

from collections import Counter
from collections.abc import Iterator

from assistant.chain import answer_events
from assistant.types import Answer, Filters, Finished
from store.collection import Collection
from store.identity import normalize_title
from tests.bench.common import dev, pages_collection


def main() -> None:
    """Print the shares, with what they are shares of."""
    questions, unanswerable = dev("questions"), dev("unanswerable")
    with pages_collection() as collection:
        answers = [_ask(collection, question["query"]) for question in questions]
        refusable = [_ask(collection, question["query"]) for question in unanswerable]
        turns = list(_follow_ups(collection))
    n = len(questions)
    pairs = list(zip(answers, questions, strict=True))
    right_paper = sum(_cites(answer, question["gold"]) for answer, question in pairs)
    first_paper = sum(_cites(answer, question["gold"], 1) for answer, question in pairs)
    quoted = sum(_quotes(answer, question["evidence"]) for answer, question in pairs)
    length = sum(len(answer.sentences) for answer in answers) / n
    total = sorted(answer.timings_s["total"] for answer in answers)
    print(f"{n} answerable questions")
    print(f"  first citation is the right paper   {first_paper / n:.3f}")
    print(f"  the right paper is cited            {right_paper / n:.3f}")
    print(f"  a gold evidence sentence is quoted  {quoted / n:.3f}")
    print(f"  refused wrongly                     {sum(a.refused for a in answers) / n:.3f}")
    print(f"  sentences an answer                 {length:.1f}")
    print(f"  ms an answer, median / 95th         {_ms(total, 0.5)} / {_ms(total, 0.95)}")
    refused, kinds = Counter[str](), Counter(question["kind"] for question in unanswerable)
    for answer, question in zip(refusable, unanswerable, strict=True):
        refused[question["kind"]] += answer.refused
    shares = ", ".join(f"{kind} {refused[kind]} of {n}" for kind, n in kinds.items())
    print(f"{len(unanswerable)} unanswerable questions, refused: {shares}")
    print(f"{len(turns)} follow-up turns, right paper cited: {sum(turns) / len(turns):.3f}")


def _ask(collection: Collection, query: str, history: tuple[dict[str, str], ...] = ()) -> Answer:
    *_, last = answer_events(collection, query, history, 8, Filters())
    assert isinstance(last, Finished)
    return last.answer


def _cites(answer: Answer, gold: list[str], among: int = 99) -> bool:
    titles = {normalize_title(citation.paper.title) for citation in answer.citations[:among]}
    return bool(titles & {normalize_title(title) for title in gold})


def _quotes(answer: Answer, evidence: str) -> bool:
    return any(
        citation.quote[:60] in evidence or evidence[:60] in citation.quote
        for citation in answer.citations
    )


def _follow_ups(collection: Collection) -> Iterator[bool]:
    """For each later turn of the conversations, whether a right paper is cited."""
    for conversation in dev("conversations"):
        history: tuple[dict[str, str], ...] = ()
        for number, turn in enumerate(conversation["turns"]):
            answer = _ask(collection, turn["user"], history)
            if number and turn.get("gold"):
                yield _cites(answer, turn["gold"])
            history += (
                {"role": "user", "content": turn["user"]},
                {"role": "assistant", "content": answer.text},
            )


def _ms(ordered: list[float], share: float) -> str:
    return f"{1000 * ordered[int(share * len(ordered))]:.1f}"


if __name__ == "__main__":
    main()

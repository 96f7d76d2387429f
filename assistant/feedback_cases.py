"""Judgements as questions whose answers are known, in the form that ``evaluate`` reads."""

from collections.abc import Iterable

from assistant.feedback import Judgement

__all__ = ["cases_of"]

_GROUP = "judged good"


def cases_of(judgements: Iterable[Judgement]) -> list[dict[str, object]]:
    """What was judged good, as records of ``assistant.evaluation.cases``.

    An answer gives a question, with the papers that it cites as gold and what it quotes as
    evidence; a follow-up a conversation with what was asked before it; a summary a topic; a refusal
    a question that no paper answers. What was judged bad has no known answer and gives nothing.
    What was judged more than once counts as it was judged last.

    Args:
        judgements: Oldest first.
    """
    last: dict[tuple[str, ...], Judgement] = {}
    for judgement in judgements:
        key = (str(judgement.kind == "summary"), *_asked_before(judgement), judgement.question)
        last.pop(key, None)
        last[key] = judgement
    found = (_case(each) for each in last.values() if each.verdict == "up")
    return [case for case in found if case]


def _asked_before(judgement: Judgement) -> list[str]:
    return [turn["content"] for turn in judgement.history if turn["role"] == "user"]


def _case(judgement: Judgement) -> dict[str, object]:
    titles = [paper.title for paper in judgement.cited]
    known = {
        "gold": titles,
        "evidence": [quote for each in judgement.cited for quote in each.quotes],
    }
    asked: dict[str, object] = {"id": judgement.name, "query": judgement.question}
    if judgement.kind == "refusal":
        # The form has no refusal in the middle of a conversation; the query stands alone.
        return asked | {"query": judgement.query or judgement.question, "kind": _GROUP}
    if not titles:
        return {}
    if judgement.kind == "summary":
        return asked | {"relevant": titles}
    if before := _asked_before(judgement):
        turns = [*({"user": each} for each in before), {"user": judgement.question, **known}]
        return {"id": judgement.name, "type": _GROUP, "turns": turns}
    return {**asked, "style": _GROUP, **known}

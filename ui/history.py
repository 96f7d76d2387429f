"""A chat as the browser keeps it: plain JSON out, and back in only what passes every check.

What comes back may be damaged, or made to do harm. Papers are read again from the collection by
their ids; a quote that no longer stands where it stood brings a paper of its own, which says
nothing else.
"""

import json
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant import Assistant, StoreError
from assistant.render import answer_as_dict
from assistant.types import Answer, Citation, Hit, Paper, Passage, Sentence
from ui.exchange import MAX_EXCHANGES, Exchange, Mode, settled
from ui.filters import read_within

__all__ = ["DamagedChatError", "chat_as_json", "read_chat"]

_MAX_CHARS = 4_000_000
_GAP = " … "

_Id = Annotated[str, StringConstraints(max_length=300)]
_Line = Annotated[str, StringConstraints(max_length=3_000)]
_Text = Annotated[str, StringConstraints(max_length=100_000)]
_Quote = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]
_Share = Annotated[float, Field(ge=0, le=1)]
_Count = Annotated[int, Field(ge=0, le=10_000_000)]
_Number = Annotated[int, Field(ge=1, le=999)]


class DamagedChatError(ValueError):
    """What the browser kept is no chat; catch it to drop it."""


class _Kept(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class _Citation(_Kept):
    number: _Number
    paper_id: _Id
    title: _Line
    quote: _Quote
    start: _Count
    end: _Count
    support: _Share


class _Sentence(_Kept):
    text: _Text
    numbers: tuple[_Number, ...]
    support: _Share
    reason: _Line = ""


class _Hit(_Kept):
    paper_id: _Id
    title: _Line
    rank: _Number
    relevance: float


class _Answer(_Kept):
    text: _Text
    refused: bool
    query: _Text
    citations: tuple[_Citation, ...]
    sentences: tuple[_Sentence, ...]
    nearest: tuple[_Hit, ...]
    model: _Line
    timings_s: dict[Literal["total"], Annotated[float, Field(ge=0, le=1e6)]]
    missing: tuple[_Line, ...]
    n_near: _Count
    tokens_in: _Count
    tokens_out: _Count
    cached: bool
    incomplete: _Line


class _Exchange(_Kept):
    question: _Text
    mode: Mode
    within: dict[str, _Line | int]
    query: _Text
    n_near: _Count
    text: _Text
    answer: _Answer | None
    hits: tuple[_Hit, ...] | None
    problem: _Text
    verdict: Literal["", "up", "down"]
    judgement: _Id
    reason: _Line


class _Chat(_Kept):
    name: _Name
    exchanges: Annotated[tuple[_Exchange, ...], Field(min_length=1, max_length=MAX_EXCHANGES)]


def chat_as_json(name: str, conversation: Sequence[Exchange]) -> str:
    """What the browser is to keep of a chat; of a very long one, its end.

    Args:
        name: The chat's own.
        conversation: Its exchanges; of one under way, what has come of it.
    """
    exchanges = [_exchange_as_dict(each) for each in conversation[-MAX_EXCHANGES:]]
    # Gradio warns of every value in which it sees the beginning of a script.
    return json.dumps({"name": name, "exchanges": exchanges}).replace("<", "\\u003c")


def read_chat(text: str, assistant: Assistant) -> tuple[str, tuple[Exchange, ...]]:
    """Read a chat that the browser kept.

    Args:
        text: From anywhere.
        assistant: Has the papers.

    Returns:
        The chat's name, and its exchanges.

    Raises:
        DamagedChatError: It is no chat as ``chat_as_json`` writes it.
    """
    if len(text) > _MAX_CHARS:
        raise DamagedChatError(f"it has more than {_MAX_CHARS:,} characters")
    try:
        chat = _Chat.model_validate_json(text)
    except ValidationError as error:
        raise DamagedChatError("it is no chat of this page") from error
    papers = _Papers(assistant)
    numbered = enumerate(chat.exchanges, 1)
    return chat.name, tuple(_exchange(each, number, papers) for number, each in numbered)


def _exchange_as_dict(exchange: Exchange) -> dict[str, object]:
    answer, hits = exchange.answer, exchange.hits
    return {
        "question": exchange.question,
        "mode": exchange.mode,
        "within": exchange.within.given(),
        "query": exchange.query,
        "n_near": exchange.n_near,
        "text": "" if answer else exchange.text,
        "answer": None if answer is None else _answer_as_dict(answer),
        "hits": None if hits is None else [_hit_as_dict(hit) for hit in hits],
        "problem": exchange.problem,
        "verdict": exchange.verdict,
        "judgement": exchange.judgement,
        "reason": exchange.reason,
    }


def _answer_as_dict(answer: Answer) -> dict[str, object]:
    """The answer's JSON form, with papers by their ids."""
    total = {name: took for name, took in answer.timings_s.items() if name == "total"}
    told = answer_as_dict(answer) | {"timings_s": total}
    nearest = [_hit_as_dict(hit) for hit in answer.nearest]
    return {name: told[name] for name in _Answer.model_fields} | {"nearest": nearest}


def _hit_as_dict(hit: Hit) -> dict[str, object]:
    paper = hit.paper
    about = {"paper_id": paper.paper_id, "title": paper.title}
    return about | {"rank": hit.rank, "relevance": hit.relevance}


def _exchange(kept: _Exchange, number: int, papers: "_Papers") -> Exchange:
    answer = _answer(kept.answer, kept.question, papers) if kept.answer else None
    exchange = Exchange(
        number,
        kept.question,
        kept.mode,
        query=kept.query,
        n_near=kept.n_near,
        text=answer.text if answer else kept.text,
        answer=answer,
        hits=None if kept.hits is None else papers.hits(kept.hits),
        problem=kept.problem,
        within=read_within(kept.within)[0],
        verdict=kept.verdict,
        judgement=kept.judgement,
        reason=kept.reason,
    )
    return settled(exchange)


def _answer(kept: _Answer, question: str, papers: "_Papers") -> Answer:
    again = kept.model_dump(exclude={"citations", "sentences", "nearest"})
    return Answer(
        question=question,
        citations=papers.citations(kept.citations),
        sentences=tuple(Sentence(**each.model_dump()) for each in kept.sentences),
        nearest=papers.hits(kept.nearest),
        **again,
    )


class _Papers:
    """Papers of the collection as a chat names them, each looked up once."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._found: dict[str, Paper | None] = {}

    def citations(self, kept: Sequence[_Citation]) -> tuple[Citation, ...]:
        """The citations; where a paper lacks one of its quotes, all of that paper's stand alone."""
        by_paper: dict[str, list[_Citation]] = {}
        for each in kept:
            by_paper.setdefault(each.paper_id, []).append(each)
        found = {
            citation.number: citation
            for paper_id, cited in by_paper.items()
            for citation in _cited(self._paper(paper_id), cited)
        }
        return tuple(found[number] for number in sorted(found))

    def hits(self, kept: Sequence[_Hit]) -> tuple[Hit, ...]:
        """The hits; of a paper that is gone, the title."""
        return tuple(self._hit(each) for each in kept)

    def _hit(self, kept: _Hit) -> Hit:
        paper = self._paper(kept.paper_id) or Paper(kept.paper_id, kept.title, "")
        passage = Passage(paper.paper_id, 0, len(paper.abstract), paper.abstract)
        return Hit(kept.rank, paper, kept.relevance, passage)

    def _paper(self, paper_id: str) -> Paper | None:
        if paper_id not in self._found:
            try:
                self._found[paper_id] = self._assistant.paper(paper_id)
            except StoreError:
                self._found[paper_id] = None
        return self._found[paper_id]


def _cited(paper: Paper | None, kept: Sequence[_Citation]) -> list[Citation]:
    if paper and all(paper.abstract[each.start : each.end] == each.quote for each in kept):
        return [
            Citation(each.number, paper, each.quote, each.start, each.end, each.support)
            for each in kept
        ]
    quotes = list(dict.fromkeys(each.quote for each in kept))
    alone = Paper(kept[0].paper_id, kept[0].title, _GAP.join(quotes))
    starts = {quote: len(_GAP.join([*quotes[:at], ""])) for at, quote in enumerate(quotes)}
    return [
        Citation(
            each.number,
            alone,
            each.quote,
            starts[each.quote],
            starts[each.quote] + len(each.quote),
            each.support,
        )
        for each in kept
    ]

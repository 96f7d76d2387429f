"""The chain: question and history in, events of a checked answer out."""

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant import extractive
from assistant.bearing import bearing
from assistant.clock import Clock
from assistant.condense import condense
from assistant.evidence import Evidence, rank_evidence
from assistant.refusal import N_NEAREST, refusal_text, refuses
from assistant.small_talk import is_small_talk, reply
from assistant.types import (
    Answer,
    Citation,
    Delta,
    Event,
    Filters,
    Finished,
    Hit,
    Retrieved,
    Sentence,
    Turn,
)
from store.collection import Collection

if TYPE_CHECKING:
    from assistant.chat.writer import ChatWriter

__all__ = ["answer_events"]


def answer_events(
    collection: Collection,
    question: str,
    history: Sequence[Turn],
    k: int,
    filters: Filters,
    writer: "ChatWriter | None" = None,
) -> Generator[Event, None, None]:
    """Answer a question.

    Args:
        collection: Where the evidence is.
        question: Checked.
        history: The turns before it, oldest first.
        k: Papers to take evidence from.
        filters: What to stay within.
        writer: Has a chat model write; None for the extractive writer.

    Yields:
        ``Retrieved``, then ``Delta`` after ``Delta``, then ``Finished``; nothing is retrieved for
        small talk.
    """
    clock = Clock()
    if is_small_talk(question, history):
        yield from _said(clock.stamped(reply(question, collection)))
        return
    with clock.step("condense"):
        query = collection.read_as(_query(collection, question, history, writer)).text
    with clock.step("retrieve"):
        hits = collection.search(query, k, filters)
    yield Retrieved(query, tuple(hits))
    with clock.step("evidence"):
        ranked = rank_evidence(collection.read_as(question).text, query, hits, collection)
    if refusal := _refusal(collection, question, query, hits, ranked):
        yield from _said(clock.stamped(refusal))
        return
    if writer:
        from assistant.chat.events import written_events

        refusal = _refused(collection, question, query, hits)
        pieces = writer.answer(question, history, ranked)
        yield from written_events(writer, pieces, refusal, clock)
        return
    with clock.step("write"):
        sentences, citations = extractive.cite(extractive.choose(ranked))
    text = ""
    for piece in extractive.paragraphs(sentences, citations):
        text += piece
        yield Delta(piece)
    yield Finished(clock.stamped(_answer(text, question, query, sentences, citations, hits)))


def _said(answer: Answer) -> Iterator[Event]:
    """An answer that is there at once."""
    yield Delta(answer.text)
    yield Finished(answer)


def _query(
    collection: Collection,
    question: str,
    history: Sequence[Turn],
    writer: "ChatWriter | None",
) -> str:
    """The query of a question: the chat model's, where it gives one."""
    query = condense(question, history)
    if not (writer and history and collection.count()):
        return query
    from assistant.chat.follow_up import standalone

    return standalone(writer, question, history, otherwise=query)


def _answer(
    text: str,
    question: str,
    query: str,
    sentences: Sequence[Sentence],
    citations: Sequence[Citation],
    hits: Sequence[Hit],
) -> Answer:
    return Answer(
        text=text,
        refused=False,
        question=question,
        query=query,
        citations=tuple(citations),
        sentences=tuple(sentences),
        n_near=len(hits),
    )


def _refusal(
    collection: Collection,
    question: str,
    query: str,
    hits: Sequence[Hit],
    ranked: Sequence[Evidence],
) -> Answer | None:
    """The refusal, where nothing found bears on the question; else None."""
    stands = bearing(query, ranked, collection)
    if not refuses(stands):
        return None
    return _refused(collection, question, query, hits, stands.missing)


def _refused(
    collection: Collection,
    question: str,
    query: str,
    hits: Sequence[Hit],
    missing: tuple[str, ...] = (),
) -> Answer:
    nearest = tuple(hits[:N_NEAREST])
    return Answer(
        text=refusal_text(missing, nearest, collection.count()),
        refused=True,
        question=question,
        query=query,
        nearest=nearest,
        missing=missing,
        n_near=len(hits),
    )

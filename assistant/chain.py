"""The chain: question and history in, events of a checked answer out."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assistant import extractive
from assistant.clock import Clock
from assistant.comparing import N_COMPARED, Beside, could_compare, joined, side_by_side, those_named
from assistant.comparing.telling import told_beside
from assistant.comparing.wording import weights_of
from assistant.condense import N_LOOKED_AT, Condensed, condense, without
from assistant.evidence import Evidence, rank_evidence
from assistant.refusal import as_typed, bearing, refusal, refuses
from assistant.small_talk import is_small_talk, reply
from assistant.types import (
    Answer,
    Delta,
    Event,
    Filters,
    Finished,
    Hit,
    Retrieved,
    Turn,
)
from store.collection import Collection

if TYPE_CHECKING:
    from assistant.chat.writer import ChatWriter, Pieces

__all__ = ["answer_events"]

_TELLING = 0.3
"""Weight of a word that tells what is asked for, unlike those of "is there an alternative?"."""


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
        ``Retrieved`` (not for small talk), then ``Delta`` after ``Delta``, then ``Finished``.
    """
    clock = Clock()
    if is_small_talk(question, history):
        yield from _said(clock.stamped(reply(question, collection)))
        return
    with clock.step("condense"):
        meant = _meant(collection, question, history, filters, writer)
    with clock.step("retrieve"):
        query, hits, beside = _found(collection, meant, k, filters)
    yield Retrieved(query, tuple(hits))
    with clock.step("evidence"):
        ranked, refused, is_refused = _judged(
            collection, question, query, hits, together=beside.sure, another=bool(meant.aside)
        )
    if is_refused:
        yield from _said(clock.stamped(refused))
    elif writer:
        yield from _written(writer, writer.answer(question, history, ranked), refused, clock)
    else:
        yield from _quoted(collection, ranked, beside, refused, clock)


def _found(
    collection: Collection, meant: Condensed, k: int, filters: Filters
) -> tuple[str, list[Hit], Beside]:
    """The query as it is read, the papers it finds, and those that it sets side by side.

    Where it surely does, the other papers are left out.
    """

    def search(text: str, k: int = N_COMPARED) -> list[Hit]:
        return without(meant.aside, collection.search(text, k + len(meant.aside), filters))

    query = collection.read_as(meant.query).text
    named = len(meant.about) > 1
    if not named and (meant.leans or not could_compare(query)):
        return query, search(query, k), Beside()
    hits = search(query, max(k, N_COMPARED))
    if named:
        beside = those_named(meant.about, hits, search)
    else:
        beside = side_by_side(query, hits, search, collection)
    return query, list(beside.hits) if beside.sure else joined(hits[:k], beside.hits), beside


def _judged(
    collection: Collection,
    question: str,
    query: str,
    hits: Sequence[Hit],
    *,
    together: bool,
    another: bool,
) -> tuple[list[Evidence], Answer, bool]:
    """The evidence, what a refusal would be, and whether the question is refused."""
    read = collection.read_as(question)
    asked = read.text
    ranked = rank_evidence(asked, query, hits, collection)
    telling = max(weights_of(asked, collection).values(), default=0.0) >= _TELLING
    words = asked if another and telling else query
    asked, words = (as_typed(text, read.corrections, hits) for text in (asked, words))
    stands = bearing(asked, words, hits, ranked, collection, together=together)
    refused = refusal(question, query, hits, ranked, stands, collection.count())
    return ranked, refused, refuses(stands, another=another)


def _written(
    writer: "ChatWriter", pieces: "Pieces", refused: Answer, clock: Clock
) -> Iterator[Event]:
    """The answer of a chat model; the refusal where it finds none."""
    from assistant.chat.events import written_events

    return written_events(writer, pieces, refused, clock)


def _quoted(
    collection: Collection,
    ranked: Sequence[Evidence],
    beside: Beside,
    refused: Answer,
    clock: Clock,
) -> Iterator[Event]:
    """The answer of the extractive writer, in place of the refusal."""
    with clock.step("write"):
        told = told_beside(refused.query, ranked, beside.hits, collection)
        pieces, sentences, citations = extractive.write(
            ranked, beside.hits, told, leads=not beside.sure
        )
    yield from map(Delta, pieces)
    answer = replace(
        refused,
        text="".join(pieces),
        refused=False,
        citations=tuple(citations),
        sentences=tuple(sentences),
        nearest=(),
        missing=(),
    )
    yield Finished(clock.stamped(answer))


def _said(answer: Answer) -> Iterator[Event]:
    """An answer that is there at once."""
    yield Delta(answer.text)
    yield Finished(answer)


def _meant(
    collection: Collection,
    question: str,
    history: Sequence[Turn],
    filters: Filters,
    writer: "ChatWriter | None",
) -> Condensed:
    """A question as a query that stands alone; the chat model's, where it gives one."""
    search = partial(collection.search, k=N_LOOKED_AT, filters=filters)
    meant = condense(question, history, collection, search)
    if not (writer and history and collection.count()):
        return meant
    from assistant.chat.follow_up import standalone

    query = standalone(writer, question, history, otherwise=meant.query)
    return meant if query == meant.query else Condensed(query, meant.aside)

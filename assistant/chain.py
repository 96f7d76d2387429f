"""The chain: question and history in, events of a checked answer out."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from assistant import extractive
from assistant.bearing import bearing
from assistant.condense import condense
from assistant.evidence import Evidence, rank_evidence
from assistant.refusal import N_NEAREST, refusal_text, refuses
from assistant.summary import digest
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

__all__ = ["answer_events", "topic_answer"]


def answer_events(
    collection: Collection,
    question: str,
    history: Sequence[Turn],
    k: int,
    filters: Filters,
) -> Iterator[Event]:
    """Answer a question.

    Args:
        collection: Where the evidence is.
        question: Checked.
        history: The turns before it, oldest first.
        k: Papers to take evidence from.
        filters: What to stay within.

    Yields:
        ``Retrieved``, then ``Delta`` after ``Delta``, then ``Finished``.
    """
    clock = _Clock()
    with clock.step("condense"):
        query = collection.read_as(condense(question, history)).text
    with clock.step("retrieve"):
        hits = collection.search(query, k, filters)
    yield Retrieved(query, tuple(hits))
    with clock.step("evidence"):
        ranked = rank_evidence(collection.read_as(question).text, query, hits, collection)
    if refusal := _refusal(collection, question, query, hits, ranked):
        yield Delta(refusal.text)
        yield Finished(clock.stamped(refusal))
        return
    with clock.step("write"):
        sentences, citations = extractive.cite(extractive.choose(ranked))
    text = ""
    for piece in extractive.paragraphs(sentences, citations):
        text += piece
        yield Delta(piece)
    yield Finished(clock.stamped(_answer(text, question, query, sentences, citations, hits)))


def topic_answer(collection: Collection, topic: str, k: int, filters: Filters) -> Answer:
    """Say what the papers on a topic do and find.

    Args:
        collection: Where the evidence is.
        topic: Checked.
        k: Papers to look at.
        filters: What to stay within.
    """
    clock = _Clock()
    with clock.step("retrieve"):
        query = collection.read_as(topic).text
        hits = collection.search(query, k, filters)
    with clock.step("evidence"):
        ranked = rank_evidence(query, query, hits, collection)
    if refusal := _refusal(collection, topic, query, hits, ranked):
        return clock.stamped(refusal)
    with clock.step("write"):
        text, sentences, citations = digest(topic, ranked, collection.count())
    return clock.stamped(_answer(text, topic, query, sentences, citations, hits))


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
    nearest = tuple(hits[:N_NEAREST])
    return Answer(
        text=refusal_text(stands.missing, nearest, collection.count()),
        refused=True,
        question=question,
        query=query,
        nearest=nearest,
        missing=stands.missing,
        n_near=len(hits),
    )


class _Clock:
    """Measures the steps of one answer."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._steps: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step, in seconds."""
        began = time.perf_counter()
        yield
        self._steps[name] = time.perf_counter() - began

    def stamped(self, answer: Answer) -> Answer:
        """The answer with the time of each step and the total."""
        total = time.perf_counter() - self._began
        return replace(answer, timings_s={**self._steps, "total": total})

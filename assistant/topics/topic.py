"""The steps of a summary: topic in, events of a checked answer over many papers out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.clock import Clock
from assistant.refusal import N_NEAREST, refusal_text
from assistant.topics.digest import Digest
from assistant.topics.gaps import gaps
from assistant.topics.on_topic import MAX_PAPERS, N_CANDIDATES, on_topic
from assistant.topics.reading import ReadPaper, read_papers
from assistant.topics.subject import subject
from assistant.topics.telling import told
from assistant.topics.themes import themes
from assistant.types import Answer, Delta, Event, Filters, Finished, Hit, Retrieved
from store.collection import Collection

__all__ = ["topic_answer", "topic_events"]


def topic_answer(collection: Collection, topic: str, k: int | None, filters: Filters) -> Answer:
    """The answer that ``topic_events`` ends with."""
    for event in topic_events(collection, topic, k, filters):
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("events end with Finished")


def topic_events(
    collection: Collection, topic: str, k: int | None, filters: Filters
) -> Iterator[Event]:
    """Say what the papers on a topic do and find.

    Args:
        collection: Where the papers are.
        topic: Checked.
        k: Papers to cite at most; None for as many as are on the topic, within reason.
        filters: What to stay within.

    Yields:
        ``Retrieved``, then ``Delta`` after ``Delta``, then ``Finished``.
    """
    clock = Clock()
    with clock.step("retrieve"):
        query = collection.read_as(subject(topic)).text
        hits = collection.search(query, max(N_CANDIDATES, k or 0), filters)
    yield Retrieved(query, tuple(hits))
    with clock.step("choose"):
        read = [each for each in read_papers(hits, collection) if each.spans]
        papers = on_topic(query, read, collection, k or MAX_PAPERS)
    if papers:
        pieces, answer = _summary(collection, (topic, query), papers, clock)
    else:
        pieces, answer = _refusal(collection, (topic, query), hits)
    yield from map(Delta, pieces)
    yield Finished(clock.stamped(replace(answer, n_near=len(hits))))


def _summary(
    collection: Collection, named: tuple[str, str], papers: Sequence[ReadPaper], clock: Clock
) -> tuple[list[str], Answer]:
    """The pieces of the text, and the answer they make up; ``named`` is the topic and the query."""
    topic, query = named
    with clock.step("group"):
        groups = themes(query, papers, collection)
    with clock.step("write"):
        digest = Digest(groups, [told(query, each, collection) for each in papers])
        lacking = gaps(query, papers, collection)
        pieces = list(digest.paragraphs(query, collection.count(), lacking))
    return pieces, Answer(
        text="".join(pieces),
        refused=False,
        question=topic,
        query=query,
        citations=tuple(digest.citations),
        sentences=tuple(digest.sentences),
        missing=lacking.missing,
    )


def _refusal(
    collection: Collection, named: tuple[str, str], hits: Sequence[Hit]
) -> tuple[list[str], Answer]:
    """What is said where no paper is on the topic."""
    topic, query = named
    nearest = tuple(hits[:N_NEAREST])
    missing = gaps(query, (), collection).missing
    text = refusal_text(missing, nearest, collection.count())
    return [text], Answer(
        text=text, refused=True, question=topic, query=query, nearest=nearest, missing=missing
    )

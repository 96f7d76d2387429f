"""The steps of a summary: topic in, events of a checked answer over many papers out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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

__all__ = ["Found", "found_on", "topic_answer", "topic_events", "topic_refusal"]


@dataclass(frozen=True, slots=True)
class Found:
    """What there is on a topic.

    Attributes:
        topic: As typed.
        query: What was searched for.
        hits: The papers looked at, most relevant first.
        papers: Those on the topic, the surest first.
        more: Whether there may be more of them than were wanted.
    """

    topic: str
    query: str
    hits: Sequence[Hit]
    papers: Sequence[ReadPaper]
    more: bool


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
    found = found_on(collection, topic, k, filters, clock)
    yield Retrieved(found.query, tuple(found.hits))
    if found.papers:
        pieces, answer = _summary(collection, found, clock)
    else:
        answer = topic_refusal(collection, found)
        pieces = [answer.text]
    yield from map(Delta, pieces)
    yield Finished(clock.stamped(answer))


def found_on(
    collection: Collection, topic: str, k: int | None, filters: Filters, clock: Clock
) -> Found:
    """Look for the papers on a topic; the arguments are those of ``topic_events``."""
    with clock.step("retrieve"):
        query = collection.read_as(subject(topic)).text
        hits = collection.search(query, max(N_CANDIDATES, k or 0), filters)
    with clock.step("choose"):
        read = [each for each in read_papers(hits, collection) if each.spans]
        max_papers = k or MAX_PAPERS
        papers = on_topic(query, read, collection, max_papers)
    return Found(topic, query, hits, papers, len(papers) == max_papers)


def topic_refusal(collection: Collection, found: Found) -> Answer:
    """What is said where no paper is on a topic."""
    nearest = tuple(found.hits[:N_NEAREST])
    missing = gaps(found.query, (), collection).missing
    return Answer(
        text=refusal_text(missing, nearest, collection.count(), len(found.hits)),
        refused=True,
        question=found.topic,
        query=found.query,
        nearest=nearest,
        missing=missing,
        n_near=len(found.hits),
    )


def _summary(collection: Collection, found: Found, clock: Clock) -> tuple[list[str], Answer]:
    """The pieces of the text, and the answer they make up."""
    with clock.step("group"):
        groups = themes(found.query, found.papers, collection)
    with clock.step("write"):
        digest = Digest(groups, [told(found.query, each, collection) for each in found.papers])
        lacking = gaps(found.query, found.papers, collection)
        n_papers = collection.count()
        pieces = list(digest.paragraphs(found.query, n_papers, lacking, more=found.more))
    return pieces, Answer(
        text="".join(pieces),
        refused=False,
        question=found.topic,
        query=found.query,
        citations=tuple(digest.citations),
        sentences=tuple(digest.sentences),
        missing=lacking.missing,
        n_near=len(found.hits),
    )

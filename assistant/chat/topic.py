"""A topic, told by a chat model from the papers that are on it."""

from collections.abc import Generator

from assistant.chat.events import written_events
from assistant.chat.summary import summary
from assistant.chat.writer import ChatWriter
from assistant.clock import Clock
from assistant.refusal import N_NEAREST, refusal_text
from assistant.topics.on_topic import MAX_PAPERS, N_CANDIDATES, on_topic
from assistant.topics.reading import read_papers
from assistant.topics.subject import subject
from assistant.topics.telling import told
from assistant.topics.themes import themes
from assistant.topics.topic import topic_events
from assistant.types import Answer, Event, Filters, Retrieved
from store.collection import Collection

__all__ = ["told_events"]


def told_events(
    collection: Collection, topic: str, k: int | None, filters: Filters, writer: ChatWriter
) -> Generator[Event, None, None]:
    """Say what the papers on a topic do and find; see ``assistant.topics.topic``.

    The model is given the papers theme by theme. Where there are none, it is not asked.
    """
    clock = Clock()
    with clock.step("retrieve"):
        query = collection.read_as(subject(topic)).text
        hits = collection.search(query, max(N_CANDIDATES, k or 0), filters)
    with clock.step("choose"):
        read = [each for each in read_papers(hits, collection) if each.spans]
        papers = on_topic(query, read, collection, k or MAX_PAPERS)
    if not papers:
        yield from topic_events(collection, topic, k, filters)
        return
    yield Retrieved(query, tuple(hits))
    with clock.step("group"):
        grouped = [
            each.paper for theme in themes(query, papers, collection) for each in theme.papers
        ]
        evidence = [told(query, each, collection).does for each in papers]
    nearest = tuple(hits[:N_NEAREST])
    refusal = Answer(
        text=refusal_text((), nearest, collection.count()),
        refused=True,
        question=topic,
        query=query,
        nearest=nearest,
        n_near=len(hits),
    )
    pieces = summary(writer, query, grouped, evidence)
    yield from written_events(writer, pieces, refusal, clock)

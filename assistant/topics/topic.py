"""The steps of a summary: topic in, checked answer over many papers out."""

from assistant.bearing import bearing
from assistant.clock import Clock
from assistant.evidence import rank_evidence
from assistant.refusal import N_NEAREST, refusal_text, refuses
from assistant.summary import digest
from assistant.types import Answer, Filters
from store.collection import Collection

__all__ = ["topic_answer"]


def topic_answer(collection: Collection, topic: str, k: int, filters: Filters) -> Answer:
    """Say what the papers on a topic do and find.

    Args:
        collection: Where the evidence is.
        topic: Checked.
        k: Papers to look at.
        filters: What to stay within.
    """
    clock = Clock()
    with clock.step("retrieve"):
        query = collection.read_as(topic).text
        hits = collection.search(query, k, filters)
    with clock.step("evidence"):
        ranked = rank_evidence(query, query, hits, collection)
    stands = bearing(query, ranked, collection)
    if refuses(stands):
        nearest = tuple(hits[:N_NEAREST])
        refusal = Answer(
            text=refusal_text(stands.missing, nearest, collection.count()),
            refused=True,
            question=topic,
            query=query,
            nearest=nearest,
            missing=stands.missing,
            n_near=len(hits),
        )
        return clock.stamped(refusal)
    with clock.step("write"):
        text, sentences, citations = digest(topic, ranked, collection.count())
    answer = Answer(
        text=text,
        refused=False,
        question=topic,
        query=query,
        citations=tuple(citations),
        sentences=tuple(sentences),
        n_near=len(hits),
    )
    return clock.stamped(answer)

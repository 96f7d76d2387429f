"""The systems of the table: each stores papers in a folder, and answers from it in one process.

A system has one way to store and, by name, one or more openings: what a process opens to answer.
An opening gives the ways to rank, by name: a query to the ids of ten papers, best first. What a
system imports is imported here only when it is used, so that its memory is its own.
"""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from store.encoders import Encoder
from tests.bench.datasets import SourcePaper, write_jsonl

__all__ = ["SYSTEMS", "System"]

_K = 10
Rank = Callable[[str], list[str]]
Storing = Callable[[], None]


@dataclass(frozen=True, slots=True)
class System:
    """One system.

    Attributes:
        prepare: Given papers, a folder and an encoder, loads what is needed and gives the call
            that stores the papers; only that call is timed.
        openings: By name, what opens the folder for a process that answers.
    """

    prepare: Callable[[Sequence[SourcePaper], Path, Encoder], Storing]
    openings: Mapping[str, Callable[[Path, Encoder], dict[str, Rank]]]


def _prepare_ours(papers: Sequence[SourcePaper], folder: Path, encoder: Encoder) -> Storing:
    # Imports are not what is measured.
    import store.dense
    import store.lexical
    import store.splitting  # noqa: F401
    from store.collection import Collection

    with tempfile.NamedTemporaryFile(suffix=".jsonl", delete=False) as file:
        source = Path(file.name)
    write_jsonl(papers, source)

    def storing() -> None:
        collection = Collection(folder, encoder, starter=False)
        report = collection.ingest([source])
        assert report.papers == len(papers), f"{report.papers} of {len(papers)} papers are stored"
        collection.close()
        source.unlink()

    return storing


def _open_ours(folder: Path, encoder: Encoder) -> dict[str, Rank]:
    from store.collection import Collection
    from tests.bench.ways import WAYS, WHOLE

    # Two: the whole is not to find what another way has left remembered of the same query.
    apart, shared = (Collection(folder, encoder, starter=False) for _ in range(2))
    for each in (apart, shared):
        each.wait()
    return {name: partial(way, apart if name == WHOLE else shared) for name, way in WAYS.items()}


def _prepare_llamaindex(papers: Sequence[SourcePaper], folder: Path, encoder: Encoder) -> Storing:
    from tests.bench import peer

    return partial(peer.store, papers, folder, encoder)


def _open_llamaindex(opening: str, folder: Path, encoder: Encoder) -> dict[str, Rank]:
    from tests.bench import peer

    return {"dense": peer.ask_dense, "hybrid": peer.ask_hybrid}[opening](folder, encoder)


def _prepare_bm25s(papers: Sequence[SourcePaper], folder: Path, encoder: Encoder) -> Storing:  # noqa: ARG001
    import bm25s

    def storing() -> None:
        texts = [paper.text for paper in papers]
        index = bm25s.BM25()
        index.index(_bm25s_terms(texts), show_progress=False)
        index.save(folder)
        ids = [paper.paper_id for paper in papers]
        (folder / "ids.json").write_text(json.dumps(ids), encoding="utf-8")

    return storing


def _open_bm25s(folder: Path, encoder: Encoder) -> dict[str, Rank]:  # noqa: ARG001
    import bm25s

    index = bm25s.BM25.load(folder)
    ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))

    def rank(query: str) -> list[str]:
        rows, _ = index.retrieve(_bm25s_terms(query), k=_K, show_progress=False)
        return [ids[row] for row in rows[0]]

    return {"lexical": rank}


def _bm25s_terms(texts: str | list[str]) -> object:
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)


SYSTEMS: Mapping[str, System] = {
    "ours": System(_prepare_ours, {"": _open_ours}),
    "llamaindex": System(
        _prepare_llamaindex,
        {name: partial(_open_llamaindex, name) for name in ("dense", "hybrid")},
    ),
    "bm25s": System(_prepare_bm25s, {"": _open_bm25s}),
}

"""What is asked of a Chroma server.

Two collections are used: the papers' passages, and one of a few records that says how far each
machine has come.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from chromadb.api.models.Collection import Collection
from chromadb.api.types import Where

from store.encoders import Vectors
from store.server.address import ServerAddress
from store.server.connection import Connection
from store.server.faults import faults_named, has_no_collection
from store.server.records import Metadata, ServerRecord

__all__ = ["ChromaServer", "Glimpse", "glimpse"]

_MAX_RECORDS = 250
"""In one request. Source: Chroma Cloud takes and gives 300 by default."""
_PAPERS_AT_ONCE = 25
"""Of which all is asked for: what ten machines said of each comes in one answer."""
_Item = TypeVar("_Item")


class ChromaServer:
    """A collection of papers on a server."""

    def __init__(
        self, address: ServerAddress, about: Mapping[str, str | int], *, new: bool = True
    ) -> None:
        """Connect.

        Args:
            address: Where, and with which token.
            about: What a new collection is told to remember of how it was made.
            new: Whether to make one that is not there.

        Raises:
            ServerError: It cannot be reached, or does not let us in.
        """
        self.address = address
        self._connection = Connection(address)
        try:
            self._papers = self._opened(address.collection, about, new)
            self._machines = self._opened(f"{address.collection}-machines", about, new)
        except BaseException:
            self.close()
            raise

    def _opened(self, name: str, about: Mapping[str, str | int], new: bool) -> Collection:
        with faults_named(self.address):
            collection = self._connection.collection(name)
        if collection is None and not new:
            raise has_no_collection(self.address)
        known = collection.metadata or {} if collection else {}
        with faults_named(self.address, writing=True):
            if collection is None:
                return self._connection.new_collection(name, about)
            if "encoder" not in known:  # somebody else prepared it
                collection.modify(metadata={**known, **about})
        return collection

    @property
    def collection_id(self) -> str:
        """What tells this collection from every other."""
        return str(self._papers.id)

    @property
    def about(self) -> Mapping[str, object]:
        """What the collection was made with."""
        return dict(self._papers.metadata or {})

    def heads(self) -> dict[str, int]:
        """By machine, the number that its contributions go up to."""
        with faults_named(self.address):
            found = list(_all(self._machines, None, ["metadatas"]))
        numbers = ((name, told.get("number")) for name, told in found if told)
        return {name: number for name, number in numbers if isinstance(number, int)}

    def announce(self, writer: str, number: int) -> None:
        """Say how far a machine is about to go."""
        with faults_named(self.address, writing=True):
            self._machines.upsert(
                ids=[writer],
                embeddings=np.ones((1, 1), np.float32),
                metadatas=[{"number": number}],
            )

    def told_at(self, numbers: Sequence[int]) -> list[Metadata]:
        """Contributions of any machine that have some numbers; 250 of them at most.

        The numbers are named one by one, and no machine beside them: Chroma's server looks at
        everything else that passes a condition. Of 117,804 papers, to find 250 took it 0.04 s of
        processor time so, and 0.5 s by machine and range.
        """
        named: Any = {"$in": list(numbers)}
        with faults_named(self.address):
            found = self._papers.get(where={"number": named}, include=["metadatas"])
        return list(found["metadatas"] or [])

    def has_told(self, writer: str, after: int, until: int) -> bool:
        """Whether there is any contribution of a machine between two numbers."""
        with faults_named(self.address):
            found = self._papers.get(where=_window(writer, after, until), limit=1, include=[])
        return bool(found["ids"])

    def told_of(self, paper_ids: Sequence[str]) -> list[Metadata]:
        """All contributions about some papers."""
        told: list[Metadata] = []
        for some in _batches(paper_ids, _PAPERS_AT_ONCE):
            with faults_named(self.address):
                found = list(_all(self._papers, {"paper_id": {"$in": list(some)}}, ["metadatas"]))
            told += [each for _, each in found if "number" in each]  # not of further passages
        return told

    def vectors(self, names: Sequence[str]) -> dict[str, tuple[Vectors, Metadata]]:
        """Vectors and metadata of records, by name; those that are not there are left out."""
        found: dict[str, tuple[Vectors, Metadata]] = {}
        for some in _batches(names, _MAX_RECORDS):
            with faults_named(self.address):
                got = self._papers.get(ids=list(some), include=["embeddings", "metadatas"])
                rows = np.asarray(got["embeddings"], np.float32)
                told = got["metadatas"] or []
                found |= dict(zip(got["ids"], zip(rows, told, strict=True), strict=True))
        return found

    def put(self, papers: Iterable[Sequence[ServerRecord]]) -> None:
        """Store the records of papers, a paper's first record never before its others."""
        with faults_named(self.address):
            n = min(_MAX_RECORDS, self._connection.api.get_max_batch_size())
        for some in _gathered(papers, n):
            with faults_named(self.address, writing=True):
                self._papers.upsert(
                    ids=[each.name for each in some],
                    embeddings=np.array([each.vector for each in some], np.float32),
                    documents=[each.document for each in some],
                    metadatas=[each.metadata for each in some],
                )

    def delete(self, names: Sequence[str]) -> None:
        """Remove records of this machine; those that are not there do not matter."""
        for some in _batches(names, _MAX_RECORDS):
            with faults_named(self.address, writing=True):
                self._papers.delete(ids=list(some))

    def count(self) -> int:
        """How many passages there are, of all machines."""
        with faults_named(self.address):
            return int(self._papers.count())

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A server at a glance.

    Attributes:
        version: Of what it speaks.
        encoder: What the collection was made with; "" where there is none yet.
        n_passages: How many it holds, of all machines.
    """

    version: str
    encoder: str
    n_passages: int


def glimpse(address: ServerAddress) -> Glimpse:
    """Look at a server and its collection, and make nothing there.

    Raises:
        ServerError: It cannot be reached, or does not let us in.
    """
    with closing(Connection(address)) as connection, faults_named(address):
        version, found = connection.api.get_version(), connection.collection(address.collection)
        encoder = str((found.metadata or {}).get("encoder", "")) if found else ""
        return Glimpse(version, encoder, found.count() if found else 0)


def _window(writer: str, after: int, until: int) -> Where:
    """Contributions of a machine, between two numbers."""
    all_of: list[Any] = [
        {"writer": writer},
        {"number": {"$gt": after}},
        {"number": {"$lte": until}},
    ]
    return {"$and": all_of}


def _all(
    collection: Collection, where: Mapping[str, object] | None, include: list[str]
) -> Iterator[tuple[str, Metadata]]:
    """Everything that passes, page by page."""
    offset = 0
    while True:
        found = collection.get(
            where=where,  # type: ignore[arg-type]
            limit=_MAX_RECORDS,
            offset=offset,
            include=include,  # type: ignore[arg-type]
        )
        yield from zip(found["ids"], found["metadatas"] or [], strict=True)
        if len(found["ids"]) < _MAX_RECORDS:
            return
        offset += _MAX_RECORDS


def _batches(items: Sequence[_Item], n: int) -> Iterator[Sequence[_Item]]:
    for at in range(0, len(items), n):
        yield items[at : at + n]


def _gathered(papers: Iterable[Sequence[ServerRecord]], n: int) -> Iterator[Sequence[ServerRecord]]:
    """Papers in requests of ``n`` records, cut only where one has more; its first are sent last."""
    some: list[ServerRecord] = []
    for records in papers:
        first, *others = _batches(records, n)
        yield from others
        if len(some) + len(first) > n:
            yield some
            some = []
        some += first
    if some:
        yield some

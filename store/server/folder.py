"""Passages on a server, with a copy of their vectors in the home."""

import logging
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import numpy as np

from store.changes import Change
from store.encoders import Vectors
from store.errors import ServerError, damage_reported
from store.sentence_vectors import packed, unpacked
from store.server.contribution import Contribution
from store.server.log import ServerLog
from store.server.records import is_too_large, record_id, records_of, sentences_of
from store.vector_folder import Encoded, VectorFolder

__all__ = ["ServerFolder"]

_log = logging.getLogger(__name__)


class ServerFolder(VectorFolder):
    """Sends what is new here to the server, and has the vectors that others sent."""

    def __init__(self, folder: Path, log: ServerLog, dimension: int) -> None:
        """Open the copy, or begin an empty one.

        Raises:
            IndexDamagedError: It cannot be read.
        """
        self._log = log
        self._dimension = dimension
        self._sending = threading.Lock()  # of its own: nobody who looks waits for the server
        super().__init__(folder)

    def _connect(self) -> None:
        if (self.folder / "chroma.sqlite3").exists():  # the home kept its passages here before
            shutil.rmtree(self.folder)
        super()._connect()

    def _is_current(self) -> bool:
        """It follows the catalog; what is missing comes again."""
        return True

    def _begin(self) -> None:
        self._vectors.begin(0)

    def _disconnect(self) -> None:
        """The log closes the server."""

    def known(self, changes: Sequence[Change]) -> Mapping[str, tuple[Vectors, Vectors]]:
        """Vectors that are on the server, of papers that are there as they are here."""
        holders = self._log.holders(changes)
        wanted = {
            name: [record_id(name, at, holders[name][0]) for at in range(len(change.spans))]
            for change in changes
            if (name := change.paper.paper_id) in holders
        }
        there = self._log.server.vectors([each for names in wanted.values() for each in names])
        known: dict[str, tuple[Vectors, Vectors]] = {}
        for name, records in wanted.items():
            if not records:
                known[name] = self._as_encoded([], b"")
            elif all(each in there for each in records):
                _, about = there[records[0]]
                sentences = sentences_of(about)
                # Else it has been written anew meanwhile, and comes again.
                if sentences is not None and about.get("number") == holders[name][1]:
                    known[name] = self._as_encoded([there[each][0] for each in records], sentences)
        return known

    def _as_encoded(self, vectors: Sequence[Vectors], sentences: bytes) -> tuple[Vectors, Vectors]:
        none = np.empty((0, self._dimension), np.float32)
        of_sentences = unpacked({"": sentences}, self._dimension)[""] if sentences else none
        return np.stack(vectors) if vectors else none, of_sentences

    def keep(self, encoded: Encoded) -> None:
        """Send what the server does not have, then bring the copy to it."""
        with self._sending:
            try:
                self._send(encoded)
            except ServerError as error:
                raise ServerError(
                    f"{error}. What it has not got of what was stored is kept here, and sent when"
                    " it takes it",
                    retryable=error.retryable,
                ) from error
        with (
            self._lock,
            damage_reported(self.folder),
            self._other_processes,
            self._marked_unfinished(),
        ):
            self.note(encoded)

    def _fitting(self, unsent: Mapping[str, Contribution]) -> dict[str, Contribution]:
        """What the server takes; of anything else, it is said that it stays here."""
        large = {
            name: each.state.paper.title
            for name, each in unsent.items()
            if self._log.address.is_cloud and is_too_large(each)
        }
        for title in large.values():
            _log.warning(
                "Chroma Cloud does not take as large a paper as %r; it stays on this machine alone",
                title,
            )
        return {name: each for name, each in unsent.items() if name not in large}

    def _send(self, encoded: Encoded) -> None:
        """Send papers; another machine sees each as soon as it is there, and whole."""
        unsent = self._fitting(self._log.unsent(encoded.changes))
        if not unsent:
            return
        last = self._log.begin_sending(len(unsent))
        numbered = {
            name: replace(each, writer=self._log.writer, number=last + at)
            for at, (name, each) in enumerate(unsent.items(), start=1)
        }
        ends = accumulate(len(change.spans) for change in encoded.changes)
        self._log.server.put(
            records_of(
                numbered[change.paper.paper_id],
                encoded.vectors[end - len(change.spans) : end],
                packed(encoded.sentences.get(change.paper.paper_id, encoded.vectors[:0])),
            )
            for change, end in zip(encoded.changes, ends, strict=True)
            if change.paper.paper_id in numbered
        )
        self._log.server.delete(_old_records(encoded.changes, numbered))
        self._log.note_sent(list(numbered.values()))


def _old_records(changes: Sequence[Change], sent: Mapping[str, Contribution]) -> list[str]:
    """What this machine may have had on the server beyond the passages that papers have now."""
    return [
        record_id(name, number, sent[name].writer)
        for change in changes
        if (name := change.paper.paper_id) in sent
        for number in range(max(1, len(change.spans)), change.n_passages)
    ]

"""The map of a home: laid out when it is first wanted, kept, and laid out anew after a change."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from assistant.mapping.kept import read_map, write_map
from assistant.mapping.types import CollectionMap, Point, Progress
from store.collection import Collection

__all__ = ["MAX_POINTS", "Maps"]

MAX_POINTS = 2_000
"""Of a larger collection a sample is shown. More points are a blot that nobody can point at, and
laying them out takes time that grows with their square: 3 s for these, 20 s for 5,000."""

_FILE = "map.json"
_log = logging.getLogger(__name__)


class Maps:
    """Gives the map of a collection; safe to use from several threads."""

    def __init__(self, collection: Collection, home: Path) -> None:
        """Do nothing yet.

        Args:
            collection: What is laid out.
            home: The folder that the map is kept in.
        """
        self._collection = collection
        self._path = home / _FILE
        self._lock = threading.Lock()
        self._last: CollectionMap | None = None
        self._coming: Future[CollectionMap] | None = None
        self._stopped = threading.Event()
        self._progress = Progress("", 0.0)

    @property
    def progress(self) -> Progress:
        """How far the map is that is being laid out."""
        return self._progress

    def last(self) -> CollectionMap | None:
        """The map that was laid out last, perhaps of an earlier state; None where none was."""
        if self._last is None:
            self._last = read_map(self._path)
        return self._last

    def current(self) -> CollectionMap:
        """The map of the collection as it is now; where it has to be laid out, that takes a while.

        Raises:
            StoreError: The collection cannot be read.
        """
        return self.coming().result()

    def coming(self) -> Future[CollectionMap]:
        """The map as it is now, once it is there: laid out in a thread, once for all who ask."""
        with self._lock:
            if self._coming is None or self._coming.done():
                self._coming = Future()
                done = self._settled(self._coming)
                if not done:
                    drawing = threading.Thread(
                        target=self._draw, args=(self._coming,), name="mapping", daemon=True
                    )
                    self._progress = Progress("Reading the papers", 0.0)
                    drawing.start()
            return self._coming

    def also(self, paper_ids: Sequence[str], drawn: CollectionMap) -> list[Point]:
        """Place papers that are not among the points of a map, such as those of an answer.

        Args:
            paper_ids: Those on the map and unknown ones are left out.
            drawn: The map.
        """
        known = {point.paper_id for point in drawn.points}
        missing = [name for name in dict.fromkeys(paper_ids) if name not in known]
        if not missing:
            return []
        from assistant.mapping.drawing import placed

        survey = self._collection.survey
        found = survey.of(missing)
        return placed(found, drawn, survey.of(sorted(known))) if found.papers else []

    def close(self) -> None:
        """End what is being laid out."""
        self._stopped.set()
        if self._coming is not None:
            self._coming.exception()  # waits

    def _settled(self, coming: "Future[CollectionMap]") -> bool:
        """Give the map that is there, if it is of the collection as it is now."""
        last = self.last()
        if last is None or last.revision != self._revision():
            return False
        coming.set_result(last)
        return True

    def _revision(self) -> str:
        return f"{self._collection.survey.revision()} {self._collection.encoder.name}"

    def _draw(self, coming: "Future[CollectionMap]") -> None:
        try:
            drawn = self._drawn()
            self._last = drawn
            self._keep(drawn)
        except BaseException as error:  # noqa: BLE001 (told to all who wait)
            coming.set_exception(error)
        else:
            coming.set_result(drawn)

    def _drawn(self) -> CollectionMap:
        from assistant.mapping.drawing import changed, draw

        last, revision, n_papers = self.last(), self._revision(), self._collection.count()
        some = self._collection.survey.some(MAX_POINTS)
        if last and _encoder_of(last.revision) == _encoder_of(revision):
            drawn = changed(last, some, revision, n_papers)
            if drawn:
                return drawn
        return draw(some, revision, n_papers, self._collection.terms, self._tell)

    def _keep(self, drawn: CollectionMap) -> None:
        try:
            write_map(drawn, self._path)
        except OSError as error:
            _log.warning("The map cannot be kept in %s (%s).", self._path, error.strerror)

    def _tell(self, progress: Progress) -> None:
        if self._stopped.is_set():
            raise _StoppedError
        self._progress = progress


def _encoder_of(revision: str) -> str:
    return revision.partition(" ")[2]


class _StoppedError(Exception):
    """The assistant was closed while a map was laid out."""

"""How far a source on the network has been fetched, kept while that is not all of it."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Step", "Unfinished"]


@dataclass(frozen=True, slots=True)
class Step:
    """Told by a source behind all records of a day or a request.

    Attributes:
        n_done: Days or requests that are behind it, those of an earlier time included.
        n_all: All of the source.
    """

    n_done: int
    n_all: int


class Unfinished:
    """The sources of a home that were not fetched to their end, so that one goes on from there."""

    def __init__(self, path: Path) -> None:
        """Name the file that keeps them; it is there only while there are any."""
        self._path = path

    def steps(self, source: str) -> int:
        """How many steps of a source are done."""
        n_done = self._all().get(source, 0)
        return n_done if isinstance(n_done, int) else 0

    def note(self, source: str, step: Step) -> None:
        """Note a step whose records are stored; with the last one the source is forgotten.

        Where that cannot be written, the step will be fetched once more.
        """
        kept = self._all() | {source: step.n_done}
        if step.n_done >= step.n_all:
            del kept[source]
        with suppress(OSError):
            if kept:
                beside = self._path.with_suffix(".new")
                beside.write_text(json.dumps(kept), encoding="utf-8")
                beside.replace(self._path)
            else:
                self._path.unlink(missing_ok=True)

    def _all(self) -> dict[str, object]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return kept if isinstance(kept, dict) else {}

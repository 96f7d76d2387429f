"""A file that tells how far it has been read, whichever reader reads it."""

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

__all__ = ["MeasuredPath"]

if TYPE_CHECKING:
    _Here = Path
else:
    _Here = type(Path())  # Python 3.11 has no other way to derive from Path


class MeasuredPath(_Here):
    """A path like any other; how far it is read counts from when it was opened last."""

    _file: IO[Any] | None = None

    def open(self, *given: Any, **named: Any) -> IO[Any]:  # type: ignore[override]  # noqa: ANN401
        """Open the file, as any path does."""
        self._file = super().open(*given, **named)
        return self._file

    @property
    def share_read(self) -> float:
        """The share of its bytes that was read, 0 to 1; 0 for what has no size."""
        if self._file is None or not self.is_file():
            return 0.0
        if self._file.closed:
            return 1.0
        n_bytes = getattr(self._file, "buffer", self._file).tell()  # a text has bytes below it
        return min(n_bytes / (self.stat().st_size or 1), 1.0)

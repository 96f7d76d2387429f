"""How far an ingest has come, in a line: what is done, how quickly, how long the rest takes."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.types import Progress

__all__ = ["Telling", "kept_as_text", "time_as_text"]

_MINUTE_S, _HOUR_S = 60, 3_600


class Telling:
    """Puts the progress of one ingest into words; a rate is of the stage under way."""

    def __init__(self, began_s: float) -> None:
        """Begin at a moment, in seconds of any clock."""
        self._reading_since_s = began_s
        self._encoding_since: tuple[float, int] | None = None

    def line(self, progress: "Progress", now_s: float) -> str:
        """What to show now.

        Args:
            progress: As ``ingest`` tells it.
            now_s: The moment, by the same clock.
        """
        if not progress.n_papers:
            rate = _rate(progress.n_records, now_s - self._reading_since_s)
            read = f"{progress.n_records:,} papers, {rate:,.0f} a second"
            return f"{read}{self.reading_left(progress, now_s)}: {progress.source}"
        made = f"{progress.n_encoded:,} of {progress.n_papers:,} papers"
        told = f"Stored, and found by words; vectors for {made} are made"
        since_s, n_before = self._encoding_since = self._encoding_since or (
            now_s,
            progress.n_encoded,
        )
        rate = _rate(progress.n_encoded - n_before, now_s - since_s)
        if not rate:
            return told
        left = time_as_text((progress.n_papers - progress.n_encoded) / rate)
        return f"{told}, {rate:,.0f} a second, {left} left"

    def reading_left(self, progress: "Progress", now_s: float) -> str:
        """How long it takes to read the rest, as ", 12 s left"; "" where that is not known."""
        if progress.n_papers or not 0.0 < progress.share < 1.0:
            return ""
        spent_s = now_s - self._reading_since_s
        return f", {time_as_text(spent_s * (1.0 / progress.share - 1.0))} left"


def kept_as_text(n_encoded: int, n_papers: int) -> str:
    """What a person is told who stops an ingest."""
    vectors = "" if n_encoded == n_papers else f", {n_encoded:,} of them with their vectors"
    return f"Stopped. {n_papers:,} papers are stored{vectors}; the same command goes on from there."


def time_as_text(seconds: float) -> str:
    """A time that is still to come, as exactly as such a guess can be."""
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds // _HOUR_S:.0f} h {seconds % _HOUR_S / _MINUTE_S:.0f} min"


def _rate(n: int, seconds: float) -> float:
    return n / seconds if seconds > 0 else 0.0

"""Adding papers from the page: what is said while they come, and what was rejected."""

import logging
import queue
import threading
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import Assistant, AssistantError, IngestReport, StoreError
from assistant.pasting import pasted_sources
from assistant.render import report_as_text
from assistant.types import Progress, Rejection
from ui.chat import UNEXPECTED
from ui.safe import plain

__all__ = ["add_papers", "render_progress", "render_report"]

_log = logging.getLogger(__name__)

_MAX_REJECTED = 50
"""Shown by name; the others are counted."""


def add_papers(
    assistant: Assistant, files: Sequence[str], pasted: str
) -> Generator[str, None, bool]:
    """Ingest files and a pasted text.

    Args:
        assistant: Whose collection they go to.
        files: Paths of uploaded files.
        pasted: See ``assistant.pasting``; may be empty.

    Yields:
        HTML that says how far it is; the last says what was done, or what to do instead.

    Returns:
        Whether they were read, so that they need not be kept.
    """
    with TemporaryDirectory() as folder:
        try:
            sources = [*files, *(pasted_sources(pasted, Path(folder)) if pasted.strip() else ())]
        except StoreError as error:
            yield _problem(str(error))
            return False
        if not sources:
            yield _problem("Choose files, or paste something, first.")
            return False
        return (yield from _ingested(assistant, sources))


def _ingested(assistant: Assistant, sources: Sequence[str]) -> Generator[str, None, bool]:
    """Run the ingest beside the page, and tell what it tells."""
    told: queue.SimpleQueue[Progress | IngestReport | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            told.put(assistant.ingest(*sources, on_progress=told.put))
        except Exception as error:  # noqa: BLE001 (told to the person who waits, see below)
            told.put(error)

    began = time.monotonic()
    threading.Thread(target=run, name="page-ingest", daemon=True).start()
    yield '<p class="said">Reading …</p>'
    while isinstance(news := told.get(), Progress):
        yield render_progress(news, time.monotonic() - began)
    if isinstance(news, IngestReport):
        yield render_report(news)
        return True
    if isinstance(news, AssistantError | StoreError):
        yield _problem(str(news))
    else:
        _log.error("an ingest from the page failed", exc_info=news)
        yield _problem(UNEXPECTED)
    return False


def render_progress(progress: Progress, seconds: float) -> str:
    """How far an ingest is.

    Args:
        progress: As the collection tells it.
        seconds: Since it began.
    """
    if not progress.n_papers:
        rate = progress.n_records / max(seconds, 0.1)
        source = plain(Path(progress.source).name)
        return f'<p class="said">{progress.n_records:,} papers, {rate:,.0f} a second: {source}</p>'
    done, n = progress.n_encoded, progress.n_papers
    return (
        f'<p class="said">Found by their words already; vectors for {done:,} of {n:,} papers</p>'
        f'<progress aria-label="Vectors made" max="{n}" value="{done}"></progress>'
    )


def render_report(report: IngestReport) -> str:
    """What an ingest did, and what it could not read."""
    rows = "".join(map(_rejection, report.rejected[:_MAX_REJECTED]))
    left = len(report.rejected) - _MAX_REJECTED
    more = f"<li>and {left:,} more</li>" if left > 0 else ""
    listed = f'<ul class="rejected">{rows}{more}</ul>' if rows else ""
    return f'<p class="said done">{plain(report_as_text(report))}</p>{listed}'


def _rejection(rejection: Rejection) -> str:
    """A rejection by the name the person knows; where the file lies here is nothing to them."""
    place = Path(rejection.source).name if Path(rejection.source).is_absolute() else ""
    place = place or rejection.source
    line = f", line {rejection.line:,}" if rejection.line else ""
    return f"<li><b>{plain(place)}{line}</b>: {plain(rejection.reason)}</li>"


def _problem(words: str) -> str:
    return f'<p class="said warn" role="alert">{plain(words)}</p>'

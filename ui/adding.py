"""Adding papers from the page: what is said while they come, and what was rejected."""

import logging
import queue
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import Assistant, AssistantError, IngestReport, StoreError
from assistant.pasting import pasted_sources
from assistant.progress import Telling
from assistant.render import report_as_text
from assistant.types import Progress, Rejection
from ui import words
from ui.chat import UNEXPECTED
from ui.safe import plain

__all__ = ["add_papers", "render_progress", "render_report"]

_log = logging.getLogger(__name__)

_MAX_REJECTED, _MAX_SOURCES = 50, 100
"""Shown of each source, and sources shown; the other rejections are counted."""


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
            yield _problem(words.NOTHING_TO_ADD)
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

    progress, telling = Progress("", 0), Telling(time.monotonic())
    threading.Thread(target=run, name="page-ingest", daemon=True).start()
    yield render_progress(progress, sources, words.READING)
    while isinstance(news := told.get(), Progress):
        progress = news
        now_s = time.monotonic()
        # While records are read, the lines of the sources say how many there are.
        line = telling.line(progress, now_s) if progress.n_papers else words.READING
        yield render_progress(progress, sources, line + telling.reading_left(progress, now_s))
    if isinstance(news, IngestReport):
        yield render_report(news, sources, progress.n_by_source)
        return True
    if isinstance(news, AssistantError | StoreError):
        yield _problem(str(news))
    else:
        _log.error("an ingest from the page failed", exc_info=news)
        yield _problem(UNEXPECTED)
    return False


def render_progress(progress: Progress, sources: Sequence[str], said: str) -> str:
    """How far an ingest is: as a whole, and a line a source.

    Args:
        progress: As the collection tells it.
        sources: All of them, in order.
        said: How far it is as a whole, in words.
    """
    counts = progress.n_by_source
    lines = "".join(
        _line(source, _read(counts[source]) if source in counts else words.WAITS)
        for source in sources[:_MAX_SOURCES]
    )
    done, n, name = progress.n_encoded, progress.n_papers, words.VECTORS
    if not n and progress.share:
        done, n, name = round(100 * progress.share), 100, words.READING
    bar = f'<progress aria-label="{name}" max="{n}" value="{done}"></progress>'
    return f'<p class="said">{plain(said)}</p>{bar if n else ""}<ul class="files">{lines}</ul>'


def _read(n_records: int) -> str:
    return words.READ[n_records != 1].format(n=n_records)


def render_report(
    report: IngestReport, sources: Sequence[str], n_by_source: Mapping[str, int]
) -> str:
    """What an ingest did, and of each source what it could not read.

    Args:
        report: As the collection gives it.
        sources: What was read, in order.
        n_by_source: Records that were read of each.
    """
    rejected: dict[str, list[Rejection]] = {source: [] for source in sources}
    for each in report.rejected:
        rejected.setdefault(each.source, []).append(each)
    # Those with something to say come first.
    ordered = sorted(rejected, key=lambda source: not rejected[source])
    lines = "".join(
        _line(source, _read(n_by_source.get(source, 0)), rejected[source])
        for source in ordered[:_MAX_SOURCES]
    )
    said = f'<p class="said done">{plain(report_as_text(report))}</p>'
    return f'{said}<ul class="files">{lines}</ul>'


def _line(source: str, said: str, rejected: Sequence[Rejection] = ()) -> str:
    """A source by the name the person knows; where the file lies here is nothing to them."""
    name = Path(source).name if Path(source).is_absolute() else source
    told, why = plain(said), ""
    if rejected:
        told += f', <span class="warn">{words.REJECTED.format(n=len(rejected))}</span>'
        left = len(rejected) - _MAX_REJECTED
        rows = [*map(_rejection, rejected[:_MAX_REJECTED])]
        rows += [f"<li>{words.AND_MORE.format(n=left)}</li>"] * (left > 0)
        why = f'<ul class="rejected">{"".join(rows)}</ul>'
    return f"<li><b>{plain(name)}</b> {told}{why}</li>"


def _rejection(rejection: Rejection) -> str:
    line = words.ON_LINE.format(n=rejection.line) if rejection.line else ""
    return f"<li>{line}{plain(rejection.reason)}</li>"


def _problem(said: str) -> str:
    return f'<p class="said warn" role="alert">{plain(said)}</p>'

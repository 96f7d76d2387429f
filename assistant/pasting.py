"""What a person pastes to have papers added: names of sources, records, or a title and abstract."""

import json
import re
from pathlib import Path

from store.errors import SourceError
from store.live import is_live

__all__ = ["pasted_sources"]

_ARXIV_ID = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
_NAME = "pasted"
_BEGINNINGS = (
    (re.compile(r"@\w+\s*[{(]"), "bib"),
    (re.compile(r"TY {2}-"), "ris"),
    (re.compile(r"\{"), "jsonl"),
    (re.compile(r"\["), "json"),
    (re.compile(r"<\?xml|<feed"), "xml"),
)


def pasted_sources(text: str, folder: Path) -> list[str]:
    """Make sources of a pasted text.

    Args:
        text: Names of what is to be fetched (``store.live``; bare arXiv ids too), one a line or
            with commas between; BibTeX, RIS, JSON or Atom; or a title, and its abstract under it.
        folder: Where a file may be made of it.

    Returns:
        What ``Assistant.ingest`` takes.

    Raises:
        SourceError: It is none of these.
    """
    text = text.strip()
    names = [part for line in text.splitlines() for part in _names_in(line)]
    if names and all(is_live(name) or _ARXIV_ID.fullmatch(name) for name in names):
        return [name if is_live(name) else f"arxiv:{name}" for name in names]
    for beginning, suffix in _BEGINNINGS:
        if beginning.match(text):
            return [_saved(folder / f"{_NAME}.{suffix}", text)]
    title, _, abstract = text.partition("\n")
    if not abstract.strip():
        raise SourceError(
            "That is no paper: paste a title with its abstract under it, BibTeX, RIS or JSON, or"
            " what to fetch, such as 2403.01234 or hf:2024-03-11"
        )
    record = {"title": title.strip(), "abstract": abstract.strip()}
    return [_saved(folder / f"{_NAME}.jsonl", json.dumps(record))]


def _names_in(line: str) -> list[str]:
    """The names of a line; a query is one, whatever signs it has."""
    line = line.strip()
    if not line or line.lower().startswith("arxiv-search:"):
        return [line] if line else []
    return [part.strip() for part in line.split(",") if part.strip()]


def _saved(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return str(path)

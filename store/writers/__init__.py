"""Papers as files, in forms that ``store.readers`` reads again: one module each."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module

from store.errors import SourceError
from store.types import Paper

__all__ = ["FORMS", "written"]

FORMS = {"jsonl": "records", "csv": "table", "bibtex": "bibtex"}
"""What a form is called, and the module that writes it. JSON Lines alone keep everything."""


def written(
    papers: Iterable[Paper], form: str, columns: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[str]:
    """Write papers.

    Args:
        papers: In the order they are to stand in.
        form: One of ``FORMS``.
        columns: What else is told of each, by heading and paper id; BibTeX has no place for it.

    Yields:
        The file piece by piece, each a line or more with its end.

    Raises:
        SourceError: There is no such form.
    """
    if form not in FORMS:
        raise SourceError(f"There is no form {form!r} to export; known are {', '.join(FORMS)}")
    yield from import_module(f"store.writers.{FORMS[form]}").write(papers, columns or {})

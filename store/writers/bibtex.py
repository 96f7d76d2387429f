"""BibTeX, for a paper's list of references. Home of bibtexparser's writer."""

from collections.abc import Iterable, Iterator, Mapping

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from store.types import Paper

__all__ = ["write"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PRINTED = str.maketrans(
    {sign: f"\\{sign}" for sign in "$&%#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)
_LIGATURES = (("--", "-{}-"), ("``", "`{}`"), ("''", "'{}'"), ("?`", "?{}`"), ("!`", "!{}`"))


def write(
    papers: Iterable[Paper],
    columns: Mapping[str, Mapping[str, str]],  # noqa: ARG001 (an entry has no place for them)
) -> Iterator[str]:
    """An entry a paper, under its id."""
    for paper in papers:
        fields = [Field(name, value) for name, value in _fields(paper).items() if value]
        yield write_string(Library([Entry("misc", paper.paper_id, fields)])) + "\n"


def _fields(paper: Paper) -> dict[str, str]:
    names = dict(name.split(":", 1) for name in paper.identifiers if ":" in name)
    year, _, rest = ("", "", "") if paper.published.startswith("--") else _parted(paper.published)
    arxiv = names.get("arxiv", "")
    return {
        "title": f"{{{_latex(paper.title)}}}",
        "author": " and ".join(f"{{{_latex(name)}}}" for name in paper.authors),
        "year": year,
        "month": _MONTHS[int(rest[:2]) - 1] if rest else "",
        "date": paper.published if rest else "",
        "abstract": _latex(paper.abstract),
        "doi": names.get("doi", ""),
        "eprint": arxiv,
        "archiveprefix": "arXiv" if arxiv else "",
        "url": paper.url,
    }


def _parted(day: str) -> tuple[str, str, str]:
    return day.partition("-")


def _latex(text: str) -> str:
    """A text so that LaTeX prints it as it is."""
    text = text.translate(_PRINTED)
    for together, apart in _LIGATURES:
        while together in text:
            text = text.replace(together, apart)
    return text

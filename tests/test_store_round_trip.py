"""A collection that is exported and ingested into an empty home: what comes back of it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.catalog import Catalog
from store.readers import read_source
from store.readers.record import Record, tidy_abstract, tidy_line
from store.types import Listing, Paper
from store.writers import written

_ENDINGS = {"jsonl": "jsonl", "bibtex": "bib", "csv": "csv"}
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_LINES = _TEXTS.map(tidy_line)
_DAYS = st.sampled_from(["", "2024", "2024-03", "2024-03-14", "--03-14"])
_IDENTIFIERS = st.one_of(
    st.from_regex(r"arxiv:\d{4}\.\d{5}(v[1-9])?", fullmatch=True),
    st.from_regex(r"doi:10\.\d{4}/[a-z(<;é]{1,9}", fullmatch=True),
    st.sampled_from(["pmid:7", "a b", "isbn:=1"]),
)
_RECORDS = st.builds(
    Record,
    source=st.one_of(st.just("starter"), st.just("trending"), _LINES),
    line=st.just(1),
    title=st.one_of(_LINES.filter(bool), st.sampled_from(["=A(1)", "@SUM(A1)", "'", "-1|x"])),
    abstract=_TEXTS.map(tidy_abstract).filter(str.strip),
    listed=st.lists(st.builds(Listing, _LINES, _DAYS), min_size=1, max_size=3).map(tuple),
    authors=st.lists(_LINES.filter(bool), max_size=3).map(tuple),
    published=st.sampled_from(["", "2024", "2024-03", "2024-03-14"]),
    url=st.one_of(st.sampled_from(["", "https://arxiv.org/abs/2403.09999v2"]), _LINES),
    links=st.lists(_LINES.filter(bool), max_size=3, unique=True).map(tuple),
    identifiers=st.lists(_IDENTIFIERS, max_size=3, unique=True).map(tuple),
)


def _stored(folder: Path, name: str, records: list[Record]) -> list[Paper]:
    """What a new catalog holds of some records."""
    catalog = Catalog(folder / name)
    try:
        catalog.add(records, lambda text: ((0, len(text)),))
        return list(catalog.every())
    finally:
        catalog.close()


def _read_again(folder: Path, papers: list[Paper], form: str) -> list[Record]:
    path = folder / f"export.{_ENDINGS[form]}"
    path.write_text("".join(written(papers, form)), encoding="utf-8", newline="")
    found = list(read_source(path))
    assert all(isinstance(item, Record) for item in found), found
    return [item for item in found if isinstance(item, Record)]


@settings(deadline=None, max_examples=60)
@given(st.lists(_RECORDS, min_size=1, max_size=5))
def test_json_lines_bring_back_every_field_of_every_paper(records: list[Record]) -> None:
    with TemporaryDirectory() as name:
        papers = _stored(Path(name), "first", records)
        assert _stored(Path(name), "second", _read_again(Path(name), papers, "jsonl")) == papers


@pytest.mark.parametrize("form", ["bibtex", "csv"])
def test_the_other_forms_lose_what_they_have_no_place_for(tmp_path: Path, form: str) -> None:
    paper = Paper(
        paper_id="kept-only-in-json-lines",
        title="Kites over {Glaciers}",
        abstract="A kite maps 50% of a glacier.\n\nTwice.",
        authors=("Ada Keel", "The Team and Co"),
        published="2024-03-14",
        listed=(Listing("trending", "2024-03-15"), Listing("mine.bib")),
        url="https://papers.test/kites",
        links=("https://code.test/1",),
        identifiers=("arxiv:2403.01234", "doi:10.5555/kite", "pmid:7"),
    )
    (found,) = _read_again(tmp_path, [paper], form)
    for name in ("title", "abstract", "authors", "published", "url"):
        assert getattr(found, name) == getattr(paper, name), name
    lost = {
        name
        for name in ("links", "listed", "paper_id")
        if getattr(found, name) != getattr(paper, name)
    }
    assert lost == {"links", "listed", "paper_id"}
    assert set(paper.identifiers) - set(found.identifiers) == (
        {"pmid:7"} if form == "bibtex" else set()
    )

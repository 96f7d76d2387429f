"""What is exported is read again as it was; a table runs nothing."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.collection import Collection
from store.errors import SourceError
from store.identity import identity_keys
from store.merge import _listings, new_paper
from store.readers import read_source
from store.readers.record import Record, tidy_abstract, tidy_line
from store.types import Listing, Paper
from store.writers import FORMS, written
from tests.papers import PAPERS, HashEncoder, write_papers

_KITES = Paper(
    paper_id="arxiv:2403.01234",
    title="Kites over $20 & {GPU} Glaciers_2^n ~50% #1",
    abstract="A kite -- or two --- maps `a' glacier; it's ``there''.\n\nSo \\alpha costs $5 or $6.",
    authors=("Ada Keel", "The Team and Co", "Éa Bö"),
    published="2024-03-14",
    listed=(Listing("trending", "2024-03-15"), Listing("trending", "--03-17")),
    url="https://arxiv.org/abs/2403.01234",
    links=("https://code.test/1",),
    identifiers=("arxiv:2403.01234", "doi:10.5555/kite"),
)
_SIGNS = st.text(st.sampled_from("ab é漢😀=+@\"',;%&#_{}~^\\<>$`?!-\n1"), min_size=1, max_size=30)


def _again(paper: Paper, form: str, folder: Path) -> Record:
    suffix = {"bibtex": "bib"}.get(form, form)
    path = folder / f"out.{suffix}"
    path.write_text("".join(written([paper], form)), encoding="utf-8", newline="")
    (found,) = read_source(path)
    assert isinstance(found, Record), found
    return found


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_is_read_again_as_it_was(tmp_path: Path, form: str) -> None:
    found = _again(_KITES, form, tmp_path)
    for name in ("title", "abstract", "authors", "published", "url"):
        assert getattr(found, name) == getattr(_KITES, name)
    assert identity_keys(found.title, found.identifiers) == identity_keys(
        _KITES.title, _KITES.identifiers
    )


def test_json_lines_keep_everything(tmp_path: Path) -> None:
    found = _again(_KITES, "jsonl", tmp_path)
    assert set(found.listed) == set(_KITES.listed)
    assert (found.links, found.identifiers) == (_KITES.links, _KITES.identifiers)


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None)
@given(title=_SIGNS, abstract=_SIGNS)
def test_any_signs_survive(
    tmp_path_factory: pytest.TempPathFactory, form: str, title: str, abstract: str
) -> None:
    title, abstract = f"T {tidy_line(title)} T", f"A {tidy_abstract(abstract)} A"
    title, abstract = tidy_line(title), tidy_abstract(abstract)
    found = _again(Paper("a", title, abstract), form, tmp_path_factory.mktemp("out"))
    assert (found.title, found.abstract) == (title, abstract)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(sign: str) -> None:
    text = f'{sign}HYPERLINK("http://127.0.0.1/")'
    table = "".join(written([Paper("a", text, text, authors=(text,), url=text)], "csv"))
    _, row = csv.reader(io.StringIO(table))
    assert [cell[:2] for cell in row if cell] == [f"'{sign}"] * 4


def test_an_unknown_form_names_the_known() -> None:
    with pytest.raises(SourceError, match=r"'xlsx' to export; known are jsonl, csv, bibtex"):
        list(written([], "xlsx"))


_LINES = st.text(st.sampled_from("ab é漢😀'\",;%&_{}\\<>`?!-\n1"), max_size=20)
_DAYS = st.sampled_from(["", "2024", "2024-03", "2024-03-14", "--03-14"])
_LISTINGS = st.builds(Listing, st.sampled_from(["trending", "a.jsonl", "starter"]), _DAYS)
_NAMES = st.sampled_from(
    ["arxiv:2403.01234", "arxiv:2403.01234v2", "doi:10.5555/Kite", "10.1/x", "pmid:7"]
)
_URLS = st.sampled_from(
    ["", "https://arxiv.org/abs/2403.09999", "https://doi.org/10.5/other", "https://x.test/1"]
)
_PAPERS = st.builds(
    Paper,
    paper_id=st.from_regex(r"[a-z0-9:./-]{1,40}", fullmatch=True),
    title=_LINES.map(lambda text: tidy_line(f"T {text}")),
    abstract=_LINES.map(lambda text: tidy_abstract(f"A {text}")),
    authors=st.lists(_LINES.map(lambda text: tidy_line(f"N {text}")), max_size=3).map(tuple),
    published=_DAYS,
    listed=st.lists(_LISTINGS, min_size=1, max_size=3).map(_listings),
    url=_URLS,
    links=st.lists(st.sampled_from(["https://code.test/1", "https://x.test/2"]), unique=True).map(
        tuple
    ),
    identifiers=st.lists(_NAMES, unique=True, max_size=3).map(tuple),
)


@settings(deadline=None)
@given(papers=st.lists(_PAPERS, min_size=1, max_size=4, unique_by=lambda paper: paper.paper_id))
def test_an_export_is_read_into_another_collection_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, papers: list[Paper]
) -> None:
    folder = tmp_path_factory.mktemp("out")
    path = folder / "export.jsonl"
    path.write_text("".join(written(papers, "jsonl")), encoding="utf-8")
    records = list(read_source(path))
    assert all(isinstance(record, Record) for record in records)
    assert [
        new_paper(each, each.paper_id) for each in records if isinstance(each, Record)
    ] == papers


def test_a_whole_collection_moves_with_its_ids_and_without_what_was_removed(tmp_path: Path) -> None:
    first = Collection(tmp_path / "first", HashEncoder(), starter=False)
    # One paper of two sources, known by its title at first and by a DOI later.
    twice = {"title": "Known Twice", "abstract": "A short text."}
    longer = {**twice, "abstract": "A longer text of the same.", "doi": "10.5555/twice"}
    first.ingest([write_papers(tmp_path / "a.jsonl", [*PAPERS, twice])])
    first.ingest([write_papers(tmp_path / "b.jsonl", [longer, {**twice, "title": "Removed"}])])
    (removed,) = [paper.paper_id for paper in first.papers() if paper.title == "Removed"]
    first.remove(removed)
    exported = list(first.papers())
    first.close()
    path = tmp_path / "export.jsonl"
    path.write_text("".join(written(exported, "jsonl")), encoding="utf-8")
    second = Collection(tmp_path / "second", HashEncoder(), starter=False)
    report = second.ingest([path])
    assert (report.added, report.rejected) == (len(PAPERS) + 1, [])
    assert list(second.papers()) == exported
    assert second.ingest([path]).unchanged == len(PAPERS) + 1
    second.close()


def test_an_id_that_another_paper_has_is_not_taken_over(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    listed = (Listing("a"),)
    papers = [
        Paper("the-id", "Alpha", "One text.", listed=listed),
        Paper("the-id", "Beta", "Another text.", listed=listed),
        Paper("No Id!", "Gamma", "A third text.", listed=listed),
    ]
    path = tmp_path / "export.jsonl"
    path.write_text("".join(written(papers, "jsonl")), encoding="utf-8")
    assert collection.ingest([path]).added == 3
    ids = {paper.title: paper.paper_id for paper in collection.papers()}
    assert ids["Alpha"] == "the-id"
    assert ids["Beta"].startswith("beta-")
    assert ids["Gamma"].startswith("gamma-")
    collection.close()

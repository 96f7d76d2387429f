"""What is exported is read again as it was; a table runs nothing."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import SourceError
from store.identity import identity_keys
from store.readers import read_source
from store.readers.record import Record, tidy_abstract, tidy_line
from store.types import Listing, Paper
from store.writers import FORMS, written

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

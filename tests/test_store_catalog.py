import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.catalog import Catalog
from store.changes import Change
from store.errors import HomeError, PaperNotFoundError
from store.filters import passes
from store.merge import new_paper
from store.paper_json import paper_as_dict
from store.readers.record import Record
from store.types import Filters, Listing, Paper
from store.within import paper_key

_A = Record("a.jsonl", 1, "Alpha", "The first text.", (Listing("a.jsonl", "2024-03-14"),))
_B = Record("a.jsonl", 2, "Beta", "The second text.", (Listing("a.jsonl"),))


def _whole(abstract: str) -> tuple[tuple[int, int], ...]:
    return ((0, len(abstract)),)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "papers.sqlite3")


def _ids(catalog: Catalog) -> list[str]:
    return [paper.paper_id for paper in catalog.every()]


def _matching(catalog: Catalog, filters: Filters) -> set[str]:
    """Ids of the papers that pass, none of which the catalog lacks."""
    found = catalog.matching(filters)
    passing = {name for name in _ids(catalog) if found.holds(np.array([paper_key(name)])).all()}
    assert len(passing) == len(found)
    return passing


def test_an_empty_catalog_holds_nothing(catalog: Catalog) -> None:
    assert (catalog.count(), catalog.revision, catalog.followers()) == (0, 0, {})
    assert (list(catalog.every()), catalog.changes(0, 10), catalog.papers(["x"])) == ([], [], {})
    with pytest.raises(PaperNotFoundError, match="There is no paper 'x'"):
        catalog.remove(["x"])


def test_records_are_stored_and_read_back_whole(catalog: Catalog) -> None:
    full = replace(
        _A,
        authors=("Ada", "Bo"),
        published="2024",
        url="https://papers.test/😀",
        links=("https://code.test",),
        identifiers=("arxiv:2403.01234",),
    )
    assert catalog.add([full, _B], _whole) == [
        ("arxiv:2403.01234", "added"),
        (_ids(catalog)[1], "added"),
    ]
    alpha, beta = catalog.every()
    assert alpha == new_paper(full, "arxiv:2403.01234")
    assert catalog.papers([alpha.paper_id, "none", beta.paper_id]) == {
        alpha.paper_id: (alpha, ((0, 15),)),
        beta.paper_id: (beta, ((0, 16),)),
    }
    assert catalog.changes(0, 10) == [
        Change(1, alpha, ((0, 15),), 1),
        Change(2, beta, ((0, 16),), 1),
    ]
    assert catalog.changes(1, 10) == [Change(2, beta, ((0, 16),), 1)]
    assert catalog.changes(0, 1) == [Change(1, alpha, ((0, 15),), 1)]
    assert (catalog.count(), catalog.revision) == (2, 2)


def test_the_same_records_again_change_nothing_and_split_nothing(catalog: Catalog) -> None:
    catalog.add([_A, _B], _whole)

    def never(_: str) -> tuple[tuple[int, int], ...]:
        raise AssertionError("an unchanged abstract was split")

    assert [outcome for _, outcome in catalog.add([_B, _A], never)] == ["unchanged"] * 2
    assert catalog.revision == 2


def test_a_changed_abstract_moves_the_paper_to_the_end_of_the_changes(catalog: Catalog) -> None:
    catalog.add([_A, _B], lambda _: ((0, 3), (4, 9)))
    changed = replace(_A, abstract="Other.")
    ((alpha, outcome),) = catalog.add([changed], _whole)
    assert outcome == "updated"
    (change,) = catalog.changes(2, 10)
    assert change == Change(3, new_paper(changed, alpha), ((0, 6),), 2)
    assert change.passage_ids == [f"{alpha}#0"]
    assert change.stale_ids == [f"{alpha}#1"]
    assert next(catalog.every(recent_first=True)).paper_id == alpha


def test_a_further_listing_is_an_update_without_a_split(catalog: Catalog) -> None:
    catalog.add([_A], _whole)
    again = replace(_A, listed=(Listing("b", "2024-03-15"),))
    ((alpha, outcome),) = catalog.add([again], lambda _: ())
    paper, spans = catalog.papers([alpha])[alpha]
    assert (outcome, spans) == ("updated", ((0, 15),))
    assert paper.listed == (Listing("a.jsonl", "2024-03-14"), Listing("b", "2024-03-15"))


def test_a_removed_paper_is_gone_and_its_change_says_so(catalog: Catalog) -> None:
    catalog.add([_A, _B], _whole)
    alpha, beta = _ids(catalog)
    with pytest.raises(PaperNotFoundError, match="There is no paper 'x'"):
        catalog.remove([alpha, "x"])
    assert catalog.count() == 2
    catalog.remove([alpha])
    with pytest.raises(PaperNotFoundError, match=alpha):
        catalog.remove([beta, alpha])
    assert (_ids(catalog), catalog.count(), catalog.papers([alpha])) == ([beta], 1, {})
    (change,) = catalog.changes(2, 10)
    assert (change.spans, change.n_passages, change.stale_ids) == ((), 1, [f"{alpha}#0"])
    assert change.paper.paper_id == alpha


def test_a_paper_added_after_its_removal_begins_anew(catalog: Catalog) -> None:
    full = replace(_A, abstract="A much longer text.", authors=("Ada",), links=("https://x.test",))
    catalog.add([full], _whole)
    (alpha,) = _ids(catalog)
    catalog.remove([alpha])
    anew = replace(_A, source="b.jsonl", abstract="Short.", listed=(Listing("b.jsonl"),))
    assert catalog.add([anew], _whole) == [(alpha, "added")]
    assert list(catalog.every()) == [new_paper(anew, alpha)]
    assert catalog.add([anew], _whole) == [(alpha, "unchanged")]


def test_one_paper_is_recognized_under_all_its_names(catalog: Catalog) -> None:
    catalog.add([replace(_A, identifiers=("arxiv:2403.01234v1",))], _whole)
    renamed = replace(_A, source="b", title="ALPHA!", identifiers=("doi:10.5/x",))
    by_doi = replace(_A, source="c", title="Quite Another", identifiers=("DOI:10.5/X",))
    outcomes = catalog.add([renamed, by_doi], _whole)
    assert outcomes == [("arxiv:2403.01234", "updated"), ("arxiv:2403.01234", "updated")]
    assert catalog.count() == 1


def test_a_batch_that_fails_in_the_middle_stores_nothing(catalog: Catalog) -> None:
    def split(abstract: str) -> tuple[tuple[int, int], ...]:
        if abstract == _B.abstract:
            raise ArithmeticError
        return _whole(abstract)

    with pytest.raises(ArithmeticError):
        catalog.add([_A, _B], split)
    assert (catalog.count(), catalog.revision) == (0, 0)
    assert [outcome for _, outcome in catalog.add([_A, _B], _whole)] == ["added", "added"]


def test_filters_are_matched(catalog: Catalog) -> None:
    catalog.add([_A, _B], _whole)
    alpha, beta = _ids(catalog)
    assert _matching(catalog, Filters(listed_from="2024-03")) == {alpha}
    assert _matching(catalog, Filters(source="a.jsonl")) == {alpha, beta}


def test_what_was_stored_is_there_for_another_opening_and_other_threads(tmp_path: Path) -> None:
    first = Catalog(tmp_path / "papers.sqlite3")
    other = Catalog(tmp_path / "papers.sqlite3")
    first.add([_A], _whole)
    first.note_follower("dense", 1)
    assert (other.count(), other.followers()) == (1, {"dense": (1, 1)})
    threads = [
        threading.Thread(
            target=lambda n=n: other.add([replace(_A, title=f"Paper {n}")], _whole)  # type: ignore[misc]
        )
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert first.count() == 9
    assert [change.revision for change in first.changes(0, 99)] == [*range(1, 10)]
    first.close()
    other.close()
    with pytest.raises(HomeError, match="were closed"):
        first.count()


@pytest.mark.parametrize("content", [b"not a database" * 999, b"SQLite format 3\0" + b"\xff" * 999])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "papers.sqlite3"
    path.write_bytes(content)
    with pytest.raises(HomeError) as caught:
        Catalog(path)
    assert str(caught.value).startswith(f"The papers in {path} cannot be used: ")
    assert path.read_bytes() == content


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="unable to open database file"):
        Catalog(tmp_path / "missing" / "papers.sqlite3")


def test_a_paper_is_written_with_the_names_of_its_fields() -> None:
    assert paper_as_dict(Paper("p", "T", "A", listed=(Listing("s", "2024"),))) == {
        "paper_id": "p",
        "title": "T",
        "abstract": "A",
        "authors": (),
        "published": "",
        "listed": [{"source": "s", "day": "2024"}],
        "url": "",
        "links": (),
        "identifiers": (),
    }


def test_papers_of_one_title_with_different_identifiers_stay_apart(catalog: Catalog) -> None:
    whales = replace(_A, title="Reply", abstract="On whales.", identifiers=("doi:10.1/a",))
    compilers = replace(_A, title="Reply", abstract="On compilers.", identifiers=("doi:10.1/b",))
    untold = replace(_A, title="reply", abstract="On whales, at length.", source="other")
    added = catalog.add([whales, compilers, untold], _whole)
    assert added == [
        ("doi:10.1/a", "added"),
        ("doi:10.1/b", "added"),
        ("doi:10.1/a", "updated"),
    ]
    abstracts = {paper.paper_id: paper.abstract for paper in catalog.every()}
    assert abstracts == {"doi:10.1/a": "On whales, at length.", "doi:10.1/b": "On compilers."}


def test_a_source_that_has_a_paper_twice_changes_nothing_when_read_again(catalog: Catalog) -> None:
    later = replace(_A, abstract="Another wording.", listed=(Listing("a.jsonl", "2024-03-15"),))
    ((paper_id, outcome),) = catalog.add([_A, later], _whole)
    assert outcome == "added"
    revision = catalog.revision
    assert catalog.add([_A, later], _whole) == [(paper_id, "unchanged")]
    assert catalog.revision == revision
    (paper,) = catalog.every()
    assert paper.abstract == "Another wording."
    assert paper.listed == (Listing("a.jsonl", "2024-03-14"), Listing("a.jsonl", "2024-03-15"))


def test_what_matches_is_remembered_until_the_papers_change(catalog: Catalog) -> None:
    catalog.add([_A, _B], _whole)
    dated = Filters(listed_from="2024-03-14")
    found = catalog.matching(dated)
    assert catalog.matching(Filters(listed_from="2024-03-14")) is found
    catalog.remove(_matching(catalog, dated))
    assert _matching(catalog, dated) == set()


_DAY = st.dates(date(2022, 12, 1), date(2024, 3, 1)).map(date.isoformat)
_ANY_DATE = st.one_of(
    _DAY, _DAY.map(lambda day: day[:7]), _DAY.map(lambda day: day[:4]), st.just("")
)
_ANY_DAY = st.one_of(_ANY_DATE, _DAY.map(lambda day: f"-{day[4:]}"))
_RECORDS = st.lists(
    st.builds(
        lambda published, listed: replace(_A, published=published, listed=tuple(listed)),
        _ANY_DATE,
        st.lists(st.builds(Listing, st.sampled_from(["trending", "mine"]), _ANY_DAY), max_size=3),
    ),
    max_size=6,
)
_FILTERS = st.builds(
    Filters, _ANY_DAY, _ANY_DAY, _ANY_DATE, _ANY_DATE, st.sampled_from(["", "mine", "none"])
)


@settings(max_examples=60, deadline=None)
@given(_RECORDS, _RECORDS, st.lists(_FILTERS, min_size=1, max_size=8))
def test_what_matches_is_what_passes(
    before: list[Record], after: list[Record], several: list[Filters]
) -> None:
    catalog = Catalog(Path(":memory:"))
    for records in (before, after):
        named = [replace(each, title=f"Paper {n}") for n, each in enumerate(records)]
        catalog.add(named, _whole)
        for filters in several:
            passing = {paper.paper_id for paper in catalog.every() if passes(paper, filters)}
            assert _matching(catalog, filters) == passing
    for paper_id in _ids(catalog)[::2]:
        catalog.remove([paper_id])
    for filters in several:
        passing = {paper.paper_id for paper in catalog.every() if passes(paper, filters)}
        assert _matching(catalog, filters) == passing
    catalog.close()


def test_a_catalog_of_an_earlier_version_learns_when_its_papers_appeared(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "papers.sqlite3")
    catalog.add([_A, _B], _whole)
    catalog.close()
    with sqlite3.connect(tmp_path / "papers.sqlite3") as earlier:
        for table in ("appearances", "dates", "followers"):
            earlier.execute(f"DROP TABLE {table}")
        earlier.execute("PRAGMA user_version = 0")
        earlier.execute("CREATE TABLE followed (revision INTEGER NOT NULL)")
    earlier.close()
    for _ in range(2):
        catalog = Catalog(tmp_path / "papers.sqlite3")
        assert _matching(catalog, Filters(listed_from="2024-03")) == {_ids(catalog)[0]}
        assert _matching(catalog, Filters(source="a.jsonl")) == {*_ids(catalog)}
        catalog.close()


def test_papers_are_counted_until_a_change_and_changes_behind_it(catalog: Catalog) -> None:
    catalog.add([_A, _B], _whole)
    alpha, _ = _ids(catalog)
    assert [catalog.count_until(at) for at in (0, 1, 2)] == [0, 1, 2]
    catalog.remove([alpha])
    assert [catalog.count_until(at) for at in (1, 2, 3)] == [0, 1, 1]
    assert [catalog.count_changes(at) for at in (0, 2, 3)] == [2, 1, 0]


_READ_AND_CLOSE = """
import sys, threading
from pathlib import Path
from store.catalog import Catalog
from store.errors import HomeError
from store.readers.record import Record

def read():
    try:
        while True:
            catalog.papers(paper_ids)
            has_read.set()
    except HomeError as error:
        print(error)

for n in range(30):
    catalog = Catalog(Path(sys.argv[1]) / f"{n}.sqlite3")
    records = [Record("a", 1, f"Title {n}", "Words.", ()) for n in range(200)]
    paper_ids = [paper_id for paper_id, _ in catalog.add(records, lambda text: ((0, len(text)),))]
    has_read = threading.Event()
    reading = threading.Thread(target=read)
    reading.start()
    has_read.wait()
    catalog.close()
    reading.join()
"""


def test_a_catalog_is_closed_while_others_read_in_it(tmp_path: Path) -> None:
    """In a process of its own: SQLite takes the process down where a reader loses its file."""
    command = [sys.executable, "-c", _READ_AND_CLOSE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("were closed; open the home again") == 30

"""One paper from several sources: one paper, in whatever order they come."""

from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from store.catalog import Catalog
from store.collection import Collection
from store.readers.record import Record
from store.types import Listing, Paper
from tests.papers import Fields, HashEncoder, write_papers
from tests.test_store_collection import assert_whole

_PAGE = Record(
    source="trending",
    line=1,
    title="Kites over Glaciers",
    abstract="A kite maps a glacier.",
    listed=(Listing("trending", "--03-14"),),
    links=("https://code.test/1",),
)
_ARXIV = Record(
    source="arxiv:2403.01234",
    line=0,
    title="Kites over Glaciers",
    abstract="A kite maps a glacier, and this is the whole abstract of it.",
    listed=(Listing("arxiv:2403.01234"),),
    authors=("Ada Keel",),
    published="2024-03-01",
    url="https://arxiv.org/abs/2403.01234",
    identifiers=("arxiv:2403.01234v2",),
)
_PRINTED = Record(
    source="zotero.bib",
    line=5,
    title="Kites over glaciers.",
    abstract="A kite maps a glacier, and this is the whole abstract as printed.",
    listed=(Listing("zotero.bib"),),
    published="2024",
    url="https://doi.org/10.5555/kite",
    identifiers=("doi:10.5555/Kite",),
)
_DAILY = Record(
    source="hf:2024-03-02",
    line=0,
    title="Kites Over Glaciers",
    abstract="A kite maps a glacier, and this is the whole abstract of it!",
    listed=(Listing("trending", "2024-03-02"),),
    authors=("Ada Keel",),
    identifiers=("arxiv:2403.01234",),
)
_BOTH_NAMES = Record(
    source="library.csv",
    line=3,
    title="Kites above ice: the printed title",
    abstract="Short.",
    listed=(Listing("library.csv"),),
    identifiers=("arxiv:2403.01234", "doi:10.5555/kite"),
)
_ALL = (_PAGE, _ARXIV, _PRINTED, _DAILY, _BOTH_NAMES)


def _stored(batches: list[list[Record]]) -> list[Paper]:
    with TemporaryDirectory() as folder:
        catalog = Catalog(Path(folder) / "papers.sqlite3")
        for batch in batches:
            catalog.add(batch, lambda text: ((0, len(text)),))
        papers = list(catalog.every())
        catalog.close()
    return papers


def _told(paper: Paper) -> tuple[object, ...]:
    """What must not depend on the order: an id is of the first, names stand in order."""
    return (
        *(paper.title, paper.abstract, paper.authors, paper.published, paper.listed, paper.url),
        *(frozenset(paper.links), frozenset(name.lower() for name in paper.identifiers)),
    )


def test_five_sources_are_one_paper_in_any_of_their_120_orders() -> None:
    told = {
        tuple(map(_told, _stored([[record] for record in order]))) for order in permutations(_ALL)
    }
    assert told == {
        (
            (
                *("Kites over glaciers.", _PRINTED.abstract, ("Ada Keel",), "2024-03-01"),
                (
                    Listing("arxiv:2403.01234"),
                    Listing("library.csv"),
                    Listing("trending", "--03-14"),
                    Listing("trending", "2024-03-02"),
                    Listing("zotero.bib"),
                ),
                "https://doi.org/10.5555/kite",
                frozenset({"https://code.test/1"}),
                frozenset({"arxiv:2403.01234", "arxiv:2403.01234v2", "doi:10.5555/kite"}),
            ),
        )
    }


@settings(deadline=None, max_examples=60)
@given(st.permutations(_ALL), st.integers(1, 5), st.lists(st.integers(0, 4), max_size=3))
def test_batches_and_repetitions_make_no_difference(
    order: list[Record], size: int, again: list[int]
) -> None:
    records = [*order, *(order[at] for at in again)]
    batches = [records[at : at + size] for at in range(0, len(records), size)]
    (paper,) = _stored(batches)
    assert _told(paper) == _told(_stored([list(_ALL)])[0])


def test_two_papers_that_a_third_record_joins_are_one_in_the_indexes_too(tmp_path: Path) -> None:
    by_title: Fields = {"title": "Kites over Glaciers", "abstract": "Kites map glaciers slowly."}
    by_doi: Fields = {"title": "Printed", "abstract": "Another text.", "doi": "10.5555/kite"}
    joining: Fields = {**by_title, "abstract": "Kites.", "doi": "10.5555/kite"}
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    collection.ingest([write_papers(tmp_path / "a.jsonl", [by_title, by_doi])])
    assert collection.count() == 2
    path = write_papers(tmp_path / "b.jsonl", [joining])
    report = collection.ingest([path])
    assert (report.added, report.updated, report.papers) == (0, 1, 1)
    (paper,) = collection.papers()
    assert (paper.abstract, paper.identifiers) == (by_title["abstract"], ("doi:10.5555/kite",))
    assert_whole(collection)
    assert collection.ingest([path]).unchanged == 1
    collection.close()


def test_papers_that_their_identifiers_tell_apart_stay_apart(tmp_path: Path) -> None:
    same: Fields = {"title": "Editorial", "abstract": "A text of it."}
    two: list[Fields] = [{**same, "doi": f"10.5555/{n}"} for n in range(2)]
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    collection.ingest([write_papers(tmp_path / "a.jsonl", [*two, same])])
    assert collection.count() == 2
    collection.close()

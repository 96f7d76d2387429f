"""A dense index that is damaged is made anew without encoding again what is still whole."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from store.changes import Change
from store.chroma_folder import ChromaFolder
from store.collection import Collection
from store.dense import DenseIndex
from store.salvage import salvage, salvaged_until
from store.types import Paper
from tests.papers import Fields, HashEncoder, write_papers
from tests.parts_encoder import PartsEncoder
from tests.test_store_collection import assert_whole

_N_PAPERS = 30


def _changes(n: int = _N_PAPERS, start: int = 1) -> list[Change]:
    return [
        Change(at, Paper(f"p{at}", f"Title {at}", f"Word{at} rests. It sleeps."), ((0, 13),), 1)
        for at in range(start, start + n)
    ]


def _damaged(folder: Path, encoder: HashEncoder, changes: Sequence[Change]) -> None:
    """An index whose writing was cut short."""
    index = DenseIndex(folder, encoder)
    index.apply(changes)
    index.close()
    encoder.encoded.clear()
    (folder / "unfinished").touch()


def _in_chroma(index: DenseIndex) -> dict[str, str]:
    shared = index._shared
    assert isinstance(shared, ChromaFolder)
    with shared.collection() as passages:
        held = passages.get(include=["metadatas"])
    return {
        name: str(about["text"])
        for name, about in zip(held["ids"], held["metadatas"] or (), strict=True)
    }


@pytest.mark.parametrize("encoder", [HashEncoder(), PartsEncoder()])
def test_what_has_not_changed_is_not_encoded_again(tmp_path: Path, encoder: HashEncoder) -> None:
    _damaged(tmp_path / "chroma", encoder, _changes())
    before = (tmp_path / "chroma" / "flat.vectors").read_bytes()
    salvage(tmp_path / "chroma")
    index = DenseIndex(tmp_path / "chroma", encoder)
    assert (index.revision, index.count()) == (0, _N_PAPERS)
    sentences = index.sentence_vectors(["p7"])
    # The seventh paper changes, the eighth goes, and one comes.
    changed = Change(_N_PAPERS + 1, Paper("p7", "Seven", "New text."), ((0, 9),), 1)
    gone = replace(_changes()[7], revision=_N_PAPERS + 2, spans=())
    rest = [each for each in _changes() if each.paper.paper_id not in ("p7", "p8")]
    for batch in (rest[:10], rest[10:], [changed, gone, *_changes(1, start=_N_PAPERS + 3)]):
        index.apply(batch)
    assert [text for text in encoder.encoded if "Title" in text or "Seven" in text] == [
        "Seven. New text.", "Title 33. Word33 rests."
    ]  # fmt: skip
    assert _in_chroma(index) == {
        **{f"{each.paper.paper_id}#0": f"{each.paper.abstract[:13]}" for each in rest},
        "p7#0": "New text.",
        "p33#0": "Word33 rests.",
    }
    assert (index.revision, index.count()) == (_N_PAPERS + 3, _N_PAPERS)
    assert index.query("Title 5. Word5 rests.", 1)[0][0] == "p5#0"
    assert index.query("Seven. New text.", 1)[0][0] == "p7#0"
    assert salvaged_until(tmp_path / "chroma") == 0
    assert (tmp_path / "chroma" / "flat.vectors").read_bytes()[: len(before)] == before
    if sentences:
        kept = index.sentence_vectors(["p6", "p7", "p8"])
        assert [*kept] == ["p6", "p7"]
        assert (kept["p7"][0] != sentences["p7"][0]).any()
    index.close()


def test_being_cut_short_again_loses_nothing_of_it(tmp_path: Path) -> None:
    encoder = HashEncoder()
    _damaged(tmp_path / "chroma", encoder, _changes())
    for n_applied in (10, 20):
        salvage(tmp_path / "chroma")
        index = DenseIndex(tmp_path / "chroma", encoder)
        index.apply(_changes(n_applied))
        index.close()
        (tmp_path / "chroma" / "unfinished").touch()
    salvage(tmp_path / "chroma")
    index = DenseIndex(tmp_path / "chroma", encoder)
    index.apply(_changes())
    assert encoder.encoded == []
    assert len(_in_chroma(index)) == index.count() == _N_PAPERS
    index.close()


@pytest.mark.parametrize("name", ["flat.vectors", "flat.ids", "flat.json", "sentences.sqlite"])
def test_what_is_damaged_itself_is_not_used(tmp_path: Path, name: str) -> None:
    _damaged(tmp_path / "chroma", PartsEncoder(), _changes())
    for log in tmp_path.glob("chroma/sentences.sqlite-*"):
        log.unlink()
    damaged = tmp_path / "chroma" / name
    damaged.write_bytes(damaged.read_bytes()[:-500])
    salvage(tmp_path / "chroma")
    assert not (tmp_path / "chroma").exists()


def test_a_home_that_was_cut_short_is_whole_again_without_encoding(tmp_path: Path) -> None:
    papers: list[Fields] = [
        {"title": f"Title{n}", "abstract": f"Word{n} stands here."} for n in range(300)
    ]
    encoder = HashEncoder()
    source = write_papers(tmp_path / "many.jsonl", papers)
    collection = Collection(tmp_path / "home", encoder, starter=False)
    collection.ingest([source])
    collection.close()
    encoder.encoded.clear()
    (tmp_path / "home" / "chroma" / "unfinished").touch()
    collection = Collection(tmp_path / "home", encoder, starter=False)
    collection.wait()
    assert encoder.encoded == []
    assert_whole(collection)
    collection.close()

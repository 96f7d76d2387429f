import errno
import json
import shutil
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings
from chromadb.utils.embedding_functions import HuggingFaceEmbeddingServer

from store.changes import Change
from store.dense import DenseIndex
from store.encoders import encoded_text
from store.errors import HomeError, IndexDamagedError, damage_reported
from store.types import Paper
from store.within import Within
from tests.papers import HashEncoder
from tests.parts_encoder import PartsEncoder


def _changes(n: int, start: int = 1) -> list[Change]:
    return [
        Change(at, Paper(f"p{at}", f"Title {at}", f"word{at} text"), ((0, 5),), 1)
        for at in range(start, start + n)
    ]


def test_a_passage_is_encoded_with_its_title_and_a_query_as_it_is(tmp_path: Path) -> None:
    encoder = HashEncoder()
    index = DenseIndex(tmp_path / "chroma", encoder)
    index.apply([Change(1, Paper("a", "Whales", "They sing. They dive."), ((0, 10), (11, 21)), 2)])
    index.query("who dives", 3)
    assert encoder.encoded == ["Whales. They sing.", "Whales. They dive.", "who dives"]
    assert encoded_text("Whales", "They sing.") == encoder.encoded[0]
    index.close()


def test_a_similarity_is_the_cosine(tmp_path: Path) -> None:
    encoder = HashEncoder()
    index = DenseIndex(tmp_path / "chroma", encoder)
    index.apply(_changes(3))
    vectors = {f"p{at}#0": encoder.encode([f"Title {at}. word{at}"])[0] for at in (1, 2, 3)}
    (query,) = encoder.encode(["title 2. word2"])
    hits = dict(index.query("title 2. word2", 3))
    assert hits == pytest.approx({name: float(v @ query) for name, v in vectors.items()}, abs=1e-5)
    assert hits["p2#0"] == pytest.approx(1.0, abs=1e-5)
    index.close()


def test_a_text_without_a_vector_is_stored_and_finds_nothing(tmp_path: Path) -> None:
    class Blank(HashEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            return super().encode(texts) * [[" blank" not in text] for text in texts]

    index = DenseIndex(tmp_path / "chroma", Blank())
    index.apply([*_changes(1), Change(2, Paper("b", "A", "is blank"), ((2, 8),), 1)])
    assert index.query("all blank", 3) == []
    assert index.query("title 1", 3)[0][0] == "p1#0"
    assert all(-1.001 <= value <= 1.001 for _, value in index.query("title 1", 3))
    index.close()


def test_two_openings_in_one_process_share_and_close_once_each(tmp_path: Path) -> None:
    first = DenseIndex(tmp_path / "chroma", HashEncoder())
    second = DenseIndex(tmp_path / "x" / ".." / "chroma", HashEncoder())
    first.apply(_changes(2))
    assert (second.count(), second.revision) == (2, 2)
    first.close()
    first.close()
    assert second.query("word1", 1)[0][0] == "p1#0"
    second.close()


def _settings_of(folder: Path) -> list[object]:
    """Every embedding function named in Chroma's own settings of its collections."""
    with sqlite3.connect(folder / "chroma.sqlite3") as database:
        rows = database.execute("SELECT config_json_str, schema_str FROM collections").fetchall()
    database.close()
    named: list[object] = []

    def collect(settings: dict[str, object]) -> dict[str, object]:
        named.extend(v for k, v in settings.items() if k == "embedding_function")
        return settings

    for text in (text for row in rows for text in row if text):
        json.loads(text, object_hook=collect)
    return named


def test_chroma_holds_the_text_of_a_passage_and_no_earlier_one(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path / "chroma", HashEncoder())
    index.apply([Change(1, Paper("p1", "Old", "before"), ((0, 6),), 1)])
    with index._shared.collection(writing=True) as passages:  # as earlier versions did
        passages.upsert(ids=["p1#0"], embeddings=[[1.0] * 64], documents=["before"])
    index.apply([Change(2, Paper("p1", "New", "Now here."), ((0, 3), (4, 9)), 2)])
    with index._shared.collection() as passages:
        held = passages.get(include=["documents", "metadatas"])
    assert held["documents"] == [None, None]
    new = {"paper_id": "p1", "title": "New"}
    assert dict(zip(held["ids"], held["metadatas"] or (), strict=True)) == {
        "p1#0": new | {"text": "Now"},
        "p1#1": new | {"text": "here."},
    }
    index.close()


@pytest.mark.parametrize("dimension", [3, 64, 100])
def test_among_many_passages_the_nearest_are_found_by_their_signs(
    tmp_path: Path, dimension: int
) -> None:
    index = DenseIndex(tmp_path / "chroma", HashEncoder(dimension=dimension))
    changes = _changes(2_500)
    index.apply(changes)
    expected = _looked_at(HashEncoder(dimension=dimension), changes, "title 7. word7")
    found = index.query("title 7. word7", 10)
    assert len(found) == 10
    assert found[0] == (expected[0][0], pytest.approx(expected[0][1], abs=1e-5))
    values = [value for _, value in expected[:300]]
    assert all(value >= values[-1] for _, value in found)
    index.close()


def test_no_embedding_function_is_stored(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path / "chroma", HashEncoder())
    index.apply(_changes(1))
    index.close()
    kinds = {json.dumps(each) for each in _settings_of(tmp_path / "chroma")}
    assert kinds <= {'{"type": "legacy"}', '{"type": "unknown"}'}


def test_an_embedding_function_that_somebody_else_stored_is_never_called(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/embed"
        theirs = chromadb.PersistentClient(
            str(tmp_path / "chroma"), settings=Settings(anonymized_telemetry=False)
        )
        theirs.create_collection(
            "passages", embedding_function=HuggingFaceEmbeddingServer(url=url)
        ).add(ids=["theirs#0"], embeddings=[[1.0] * 64], metadatas=[{"paper_id": "theirs"}])
        theirs.close()
        assert url in json.dumps(_settings_of(tmp_path / "chroma"))

        index = DenseIndex(tmp_path / "chroma", HashEncoder())
        index.apply(_changes(2))
        assert index.query("word1", 1)[0][0] == "p1#0"
        index.refresh()
        index.apply([Change(3, Paper("p1", "T", "x"), (), 1)])
        assert index.count() == 2
        index.close()

        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize(
    ("pattern", "content"),
    [
        ("chroma.sqlite3", b"not a database" * 999),
        ("*/index_metadata.pickle", b""),
        ("*/data_level0.bin", b""),
        ("*/data_level0.bin", b"x" * 9_999),
        ("*/header.bin", b"x"),
        ("*/header.bin", None),
        ("*/length.bin", b""),
        ("*/link_lists.bin", b"x"),
        ("sizes.json", b"{"),
        ("unfinished", b""),
        ("*/length.bin", None),
    ],
)
def test_a_damaged_folder_is_reported_and_can_be_replaced(
    tmp_path: Path, pattern: str, content: bytes | None
) -> None:
    folder = tmp_path / "chroma"
    index = DenseIndex(folder, HashEncoder(dimension=8))
    index.apply(_changes(1_200))
    index.close()
    (damaged,) = folder.glob(pattern) if "*" in pattern else [folder / pattern]
    damaged.unlink(missing_ok=True)
    if content is not None:
        damaged.write_bytes(content)
    with pytest.raises(IndexDamagedError) as caught:
        DenseIndex(folder, HashEncoder(dimension=8))
    assert str(caught.value).startswith(f"The index in {folder} cannot be used: ")
    shutil.rmtree(folder)
    index = DenseIndex(folder, HashEncoder(dimension=8))
    index.apply(_changes(2))
    assert (index.count(), index.revision) == (2, 2)
    index.close()


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "held.lock").mkdir()
    for folder in (tmp_path / "file", tmp_path / "file" / "chroma", tmp_path / "held"):
        with pytest.raises(IndexDamagedError):
            DenseIndex(folder, HashEncoder())


def test_a_vector_of_another_length_is_reported(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path / "chroma", HashEncoder())
    index.apply(_changes(1))
    index.close()
    index = DenseIndex(tmp_path / "chroma", HashEncoder(dimension=8))
    with pytest.raises(IndexDamagedError, match="dimension"):
        index.query("word1", 1)
    index.close()


def test_a_narrow_filter_finds_a_passage_however_far_it_is(tmp_path: Path) -> None:
    class Crowded(HashEncoder):
        """All texts but those on lava are nearly the same."""

        def encode(self, texts):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            vectors = super().encode(texts)
            vectors[["lava" not in text for text in texts], 0] += 30.0
            return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    index = DenseIndex(tmp_path / "chroma", Crowded(dimension=8))
    far = [Change(at, Paper(f"p{at}", "On", "lava"), ((0, 4),), 1) for at in (700, 1_400)]
    index.apply([*_changes(699), far[0], *_changes(699, 701), far[1], *_changes(1_600, 1_401)])
    for at in (700, 1_400):
        assert [name for name, _ in index.query("whales", 5, Within.of({f"p{at}"}))] == [f"p{at}#0"]
    within = {f"p{at}" for at in range(1, 3_001, 50)}
    found = [name for name, _ in index.query("whales", 100, Within.of(within))]
    assert sorted(found) == sorted(f"{name}#0" for name in within)
    index.close()


def _looked_at(encoder: HashEncoder, changes: list[Change], query: str) -> list[tuple[str, float]]:
    """All passages by the cosine with a query, each worked out from its text."""
    (vector,) = encoder.encode([query])
    hits = []
    for change in changes:
        for name, span in zip(change.passage_ids, change.spans, strict=True):
            text = encoded_text(change.paper.title, change.paper.abstract[slice(*span)])
            hits.append((name, float(encoder.encode([text])[0] @ vector)))
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))


def _same(found: list[tuple[str, float]], expected: list[tuple[str, float]]) -> bool:
    """Whether two rankings agree; passages as near as the last one may stand for each other."""
    values = [value for _, value in found]
    right = dict(expected)
    return (
        values == pytest.approx([value for _, value in expected[: len(values)]], abs=1e-5)
        and all(right[name] == pytest.approx(value, abs=1e-5) for name, value in found)
        and len(dict(found)) == len(found)
    )


@pytest.mark.parametrize("likely", [200, 1_000], ids=["those whose signs agree", "each"])
@pytest.mark.parametrize("share", [1, 2, 3, 10, 150])
def test_what_is_found_within_some_papers_is_the_nearest_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, likely: int, share: int
) -> None:
    monkeypatch.setattr("store.vector_file._MIN_LIKELY", likely)
    monkeypatch.setattr("store.vector_file._TIMES_LIKELY", 1)
    encoder = HashEncoder()
    index = DenseIndex(tmp_path / "chroma", encoder)
    changes = _changes(600)
    index.apply(changes)
    changed = [Change(600 + at, Paper(f"p{at}", "New", "text"), ((0, 4),), 1) for at in (7, 14)]
    removed = [Change(610 + at, changes[at].paper, (), 1) for at in (20, 29)]
    index.apply([*changed, *removed])
    state = {change.paper.paper_id: change for change in [*changes, *changed, *removed]}
    passing = [change for name, change in state.items() if int(name[1:]) % share == 0]
    within = Within.of(change.paper.paper_id for change in passing)
    for query in ("title 7. word7", "new text", "word20"):
        found = index.query(query, 25, within)
        expected = _looked_at(encoder, passing, query)
        assert len(found) == min(25, len(expected))
        assert _same(found, expected)
    assert index.lacks(["p1", "p21", "none"]) == {"p21", "none"}
    index.close()


def _flat(folder: Path) -> list[Path]:
    return sorted(folder.glob("flat.*"))


FLAT = ["flat.ids", "flat.json", "flat.keys", "flat.signs", "flat.vectors"]


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.parametrize("how", ["missing", "cut", "earlier"])
def test_the_flat_vectors_are_made_anew_of_chromas_and_nothing_is_encoded(
    tmp_path: Path, name: str, how: str
) -> None:
    folder = tmp_path / "chroma"
    encoder = HashEncoder()
    index = DenseIndex(folder, encoder)
    index.apply(_changes(30))
    earlier = {path: path.read_bytes() for path in _flat(folder)}
    index.apply([*_changes(3, 31), Change(34, Paper("p5", "T", ""), (), 1)])
    hits = index.query("title 7. word7", 40)
    index.close()
    assert [path.name for path in earlier] == FLAT
    damaged = folder / name
    content = damaged.read_bytes()
    damaged.unlink()
    if how == "cut":
        damaged.write_bytes(content[: len(content) // 2])
    elif how == "earlier":
        for path, before in earlier.items():
            path.write_bytes(before)
    encoder.encoded.clear()
    index = DenseIndex(folder, encoder)
    assert (index.count(), index.revision) == (32, 34)
    assert _same(index.query("title 7. word7", 40), hits)
    assert encoder.encoded == ["title 7. word7"]
    index.apply(_changes(1, 35))
    assert index.count() == 33
    index.close()


def test_vectors_that_are_written_again_and_again_take_no_more_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.vector_file._SLACK_ROWS", 50)
    index = DenseIndex(tmp_path / "chroma", HashEncoder(dimension=8))
    other = DenseIndex(tmp_path / "chroma", HashEncoder(dimension=8))
    before = index._shared.view
    for round_ in range(20):
        index.apply([replace(each, revision=round_ * 20 + each.revision) for each in _changes(20)])
    assert (index.count(), index.revision) == (20, 400)
    assert (tmp_path / "chroma" / "flat.vectors").stat().st_size <= 4 * 8 * (2 * 20 + 50)
    assert {name for name, _ in other.query("text", 99)} == {f"p{at}#0" for at in range(1, 21)}
    assert (before.count, before.nearest(np.zeros(0, np.float32), 3)) == (0, [])
    index.close()
    other.close()


def test_a_search_does_not_wait_for_a_write(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path / "chroma", HashEncoder())
    index.apply(_changes(5))
    with index._shared.collection(writing=True), ThreadPoolExecutor(1) as elsewhere:
        found = elsewhere.submit(index.query, "title 3. word3", 1).result(timeout=30)
        assert elsewhere.submit(index.refresh).result(timeout=30)
    assert found == [("p3#0", pytest.approx(1.0, abs=1e-5))]
    index.close()


def test_a_fault_that_will_pass_is_not_taken_for_damage(tmp_path: Path) -> None:
    with (
        pytest.raises(HomeError, match="cannot be opened now") as caught,
        damage_reported(tmp_path),
    ):
        raise OSError(errno.EMFILE, "Too many open files")
    assert not isinstance(caught.value, IndexDamagedError)


def _nearest(query: str, *sentences: str) -> float:
    vectors = HashEncoder().encode([query, *sentences])
    return float((vectors[1:] @ vectors[0]).max())


def test_closeness_is_the_cosine_with_the_nearest_sentence(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path / "chroma", PartsEncoder())
    whales = Paper("a", "Whales", "They sing. They dive deep. They sleep.")
    moss = Paper("b/1", "Moss", "It dates roofs.")
    index.apply([Change(1, whales, ((0, 10), (11, 38)), 2), Change(2, moss, ((0, 15),), 1)])
    found = index.closeness("who dives deep", ["b/1", "a", "nobody"])
    assert found == {
        "a": pytest.approx(
            _nearest("who dives deep", "They sing.", "They dive deep.", "They sleep."), abs=5e-3
        ),
        "b/1": pytest.approx(_nearest("who dives deep", "It dates roofs."), abs=5e-3),
    }
    assert found["a"] > found["b/1"]
    assert index.closeness("they dive deep", ["a"])["a"] == pytest.approx(1.0, abs=5e-3)
    assert index.closeness("who dives deep", []) == {}
    assert index.closeness("", ["a"]) == {"a": 0.0}
    index.close()


def test_an_encoder_that_knows_no_parts_is_not_asked_for_closeness(tmp_path: Path) -> None:
    encoder = HashEncoder()
    index = DenseIndex(tmp_path / "chroma", encoder)
    index.apply(_changes(3))
    encoder.encoded.clear()
    assert index.closeness("word1", ["p1", "p2"]) == {}
    assert index.sentence_vectors(["p1", "p2"]) == {}
    assert encoder.encoded == []
    index.close()


def test_another_opening_and_the_next_one_see_the_same_sentences(tmp_path: Path) -> None:
    first = DenseIndex(tmp_path / "chroma", PartsEncoder())
    second = DenseIndex(tmp_path / "chroma", PartsEncoder())
    first.apply(_changes(4))
    first.apply(
        [
            Change(5, Paper("p1", "T", "They sing. They dive."), ((0, 21),), 1),
            Change(6, Paper("p2", "T", "Gone."), (), 1),
        ]
    )
    names = ["p1", "p2", "p3", "p4"]
    seen = [second.sentence_vectors(names), first.sentence_vectors(names)]
    first.close()
    second.close()
    third = DenseIndex(tmp_path / "chroma", PartsEncoder())
    for found in (*seen, third.sentence_vectors(names)):
        assert {name: len(rows) for name, rows in found.items()} == {"p1": 2, "p3": 1, "p4": 1}
        expected = HashEncoder().encode(["They sing.", "They dive."])
        np.testing.assert_allclose(found["p1"], expected, atol=1e-2)
    third.clear()
    assert third.sentence_vectors(names) == {}
    third.close()


@pytest.mark.parametrize("how", ["cut", "another", "missing"])
def test_damaged_sentences_are_reported_by_an_opening(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "chroma"
    index = DenseIndex(folder, PartsEncoder())
    index.apply(_changes(300))
    index.close()
    path = folder / "sentences.sqlite"
    content = path.read_bytes()
    path.unlink()
    if how != "missing":
        path.write_bytes(content[: len(content) // 2] if how == "cut" else b"?" * len(content))
    with pytest.raises(IndexDamagedError, match=r"sentences\.sqlite"):
        DenseIndex(folder, PartsEncoder())


def test_damage_that_a_search_comes_upon_is_reported_by_the_next_opening(tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    index = DenseIndex(folder, PartsEncoder())
    index.apply(_changes(1_000))
    index.close()
    path = folder / "sentences.sqlite"
    content = bytearray(path.read_bytes())
    content[8_192:-8_192] = b"\xff" * (len(content) - 16_384)
    path.write_bytes(content)
    index = DenseIndex(folder, PartsEncoder())
    with pytest.raises(IndexDamagedError, match=r"sentences\.sqlite.*opened again, it is built"):
        index.closeness("word1", [f"p{at}" for at in range(1, 1_001)])
    index.close()
    with pytest.raises(IndexDamagedError, match="cut short"):
        DenseIndex(folder, PartsEncoder())


def test_sentences_that_cannot_be_had_now_are_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = DenseIndex(tmp_path / "chroma", PartsEncoder())
    index.apply(_changes(2))

    connect = sqlite3.connect

    def unable(*_: object, **__: object) -> sqlite3.Connection:
        return connect(f"file:{tmp_path}/none?mode=ro", uri=True)

    monkeypatch.setattr("store.sentence_vectors.sqlite3.connect", unable)
    with pytest.raises(HomeError, match="cannot be opened now") as caught:
        index.closeness("word1", ["p1"])
    assert not isinstance(caught.value, IndexDamagedError)
    monkeypatch.undo()
    assert index.closeness("word1", ["p1"]) == {"p1": pytest.approx(1.0, abs=5e-3)}
    index.close()
    DenseIndex(tmp_path / "chroma", PartsEncoder()).close()

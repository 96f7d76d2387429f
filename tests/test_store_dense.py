import errno
import json
import shutil
import socket
import sqlite3
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


def test_a_fault_that_will_pass_is_not_taken_for_damage(tmp_path: Path) -> None:
    with (
        pytest.raises(HomeError, match="cannot be opened now") as caught,
        damage_reported(tmp_path),
    ):
        raise OSError(errno.EMFILE, "Too many open files")
    assert not isinstance(caught.value, IndexDamagedError)

"""The vectors of sentences: what is encoded of papers, how it is kept, and what follows damage."""

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from store.changes import Change
from store.collection import Collection
from store.encoders import Vectors, encoded_text
from store.sentence_vectors import SentenceVectors, encode_changes
from store.sentences import sentence_spans
from store.splitting import Splitter
from store.types import Paper
from tests.papers import LONG_ABSTRACT, PAPERS, HashEncoder, write_papers
from tests.parts_encoder import PartsEncoder


def _change(paper_id: str, abstract: str, *spans: tuple[int, int], title: str = "Whales") -> Change:
    return Change(1, Paper(paper_id, title, abstract), spans or ((0, len(abstract)),), 1)


def _sentences(abstract: str) -> list[str]:
    return [abstract[slice(*span)] for span in sentence_spans(abstract)]


def test_a_passage_is_encoded_with_its_sentences_behind_the_title() -> None:
    encoder = PartsEncoder(context=0.5)
    abstract = "  They sing.  We listen often (at night)."
    passages, sentences = encode_changes(encoder, [_change("a", abstract, title="On: a title.")])
    assert encoder.encoded == [f"On: a title.. {abstract}"]
    assert encoder.pieces == [["They sing.", "We listen often (at night)."]]
    (expected,) = encoder.encode_parts([f"On: a title.. {abstract}"], [[(16, 26), (28, 55)]])
    np.testing.assert_array_equal(passages, expected[:1])
    assert list(sentences) == ["a"]
    np.testing.assert_array_equal(sentences["a"], expected[1:])


@pytest.mark.parametrize(("size", "overlap"), [(200, 50), (60, 0), (60, 30), (40, 12), (25, 20)])
def test_each_sentence_of_a_long_abstract_has_one_vector_in_order(size: int, overlap: int) -> None:
    spans = Splitter(size, overlap).split(LONG_ABSTRACT)
    encoder = PartsEncoder()
    short = _change("b", "Moss grows. It dates roofs.")
    passages, sentences = encode_changes(
        encoder, [_change("a", LONG_ABSTRACT, *spans, title="Hulls"), short]
    )
    assert len(encoder.pieces) == len(spans) + 1
    assert [piece for some in encoder.pieces[:-1] for piece in some] == _sentences(LONG_ABSTRACT)
    texts = [encoded_text("Hulls", LONG_ABSTRACT[slice(*span)]) for span in spans]
    texts.append("Whales. Moss grows. It dates roofs.")
    np.testing.assert_allclose(passages, HashEncoder().encode(texts), atol=1e-6)
    for paper_id, abstract in (("a", LONG_ABSTRACT), ("b", short.paper.abstract)):
        expected = HashEncoder().encode(_sentences(abstract))
        np.testing.assert_allclose(sentences[paper_id], expected, atol=1e-6)


def test_a_sentence_longer_than_a_passage_has_one_vector_too() -> None:
    abstract = "We look. " + " ".join(f"word{at}" for at in range(30)) + " ends. It works."
    spans = Splitter(10, 2).split(abstract)
    encoder = PartsEncoder()
    _, sentences = encode_changes(encoder, [_change("a", abstract, *spans)])
    pieces = [piece for some in encoder.pieces for piece in some]
    whole = _sentences(abstract)
    assert len(pieces) == len(whole) == len(sentences["a"])
    assert all(sentence.endswith(piece) for piece, sentence in zip(pieces, whole, strict=True))
    assert sentences["a"].any(axis=1).all()


def test_a_sentence_that_is_not_read_has_a_zero_vector_in_its_place() -> None:
    abstract = "They sing. They dive. They sleep."
    encoder = PartsEncoder(n_read=len("Whales. They sing."))
    _, sentences = encode_changes(encoder, [_change("a", abstract)])
    assert sentences["a"].any(axis=1).tolist() == [True, False, False]


def test_an_encoder_that_knows_no_parts_encodes_passages_alone() -> None:
    encoder = HashEncoder()
    passages, sentences = encode_changes(encoder, [_change("a", "They sing. They dive.")])
    assert encoder.encoded == ["Whales. They sing. They dive."]
    assert passages.shape == (1, 64)
    assert sentences["a"].shape == (0, 64)


@pytest.mark.parametrize("encoder", [HashEncoder(), PartsEncoder()], ids=["whole", "parts"])
def test_a_paper_that_was_removed_has_nothing(encoder: HashEncoder) -> None:
    gone = Change(2, Paper("a", "Whales", "They sing."), (), 1)
    passages, sentences = encode_changes(encoder, [gone])
    assert (passages.shape, passages.dtype) == ((0, 64), np.float32)
    assert sentences["a"].shape == (0, 64)
    passages, sentences = encode_changes(encoder, [])
    assert (passages.shape, sentences) == ((0, 64), {})


def _random(n: int, seed: int = 0, dimension: int = 48) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(n, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def _is(found: Vectors, expected: Vectors) -> bool:
    """Whether vectors are those that were kept, as exactly as 8 bits hold them."""
    return found.shape == expected.shape and bool(((found * expected).sum(axis=1) > 0.999).all())


def test_what_is_kept_comes_back_in_order_and_nearly_as_it_was(tmp_path: Path) -> None:
    vectors = SentenceVectors(tmp_path / "s.sqlite")
    kept = {"a": _random(3, 1), "b/1#x": _random(1, 2), "c'?": _random(40, 3), "d": _random(2, 4)}
    vectors.apply(kept)
    found = SentenceVectors(tmp_path / "s.sqlite").of(["c'?", "a", "nobody", "b/1#x"], 48)
    assert found.keys() == {"a", "b/1#x", "c'?"}
    for name, rows in found.items():
        assert rows.dtype == np.float32
        assert _is(rows, kept[name])
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert not _is(found["a"][::-1], kept["a"])


def test_a_zero_vector_stays_one(tmp_path: Path) -> None:
    vectors = SentenceVectors(tmp_path / "s.sqlite")
    kept = _random(3) * np.array([[1], [0], [1]], np.float32)
    vectors.apply({"a": kept})
    found = vectors.of(["a"], 48)["a"]
    assert not found[1].any()
    assert _is(found[::2], kept[::2])


def test_vectors_follow_their_papers(tmp_path: Path) -> None:
    vectors = SentenceVectors(tmp_path / "s.sqlite")
    vectors.apply({name: _random(3, seed) for seed, name in enumerate("abc")})
    vectors.apply({"a": _random(5, 9), "b": np.empty((0, 48), np.float32)})
    found = SentenceVectors(tmp_path / "s.sqlite").of(["a", "b", "c"], 48)
    assert found.keys() == {"a", "c"}
    assert _is(found["a"], _random(5, 9))
    assert _is(found["c"], _random(3, 2))


def test_any_number_of_papers_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.sentence_vectors._MAX_VARIABLES", 3)
    vectors = SentenceVectors(tmp_path / "s.sqlite")
    names = [f"p{at}" for at in range(10)]
    vectors.apply({name: _random(1, at) for at, name in enumerate(names)})
    found = vectors.of(names, 48)
    assert all(_is(found[name], _random(1, at)) for at, name in enumerate(names))
    assert vectors.of([], 48) == {}


def test_where_there_is_no_file_there_are_no_vectors(tmp_path: Path) -> None:
    assert SentenceVectors(tmp_path / "none" / "s.sqlite").of(["a"], 48) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_process_has_just_begun_holds_none(tmp_path: Path) -> None:
    path = tmp_path / "sentences.sqlite"
    path.touch()
    assert SentenceVectors(path).of(["a"], 2) == {}
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        assert SentenceVectors(path).of(["a"], 2) == {}


def test_a_file_put_in_its_place_is_what_is_looked_at(tmp_path: Path) -> None:
    vectors = SentenceVectors(tmp_path / "chroma" / "s.sqlite")
    for folder, seed in (("chroma", 1), ("fresh", 2)):
        (tmp_path / folder).mkdir()
        SentenceVectors(tmp_path / folder / "s.sqlite").apply({"a": _random(2, seed)})
    assert _is(vectors.of(["a"], 48)["a"], _random(2, 1))
    shutil.rmtree(tmp_path / "chroma")
    (tmp_path / "fresh").rename(tmp_path / "chroma")
    assert _is(vectors.of(["a"], 48)["a"], _random(2, 2))


def test_vectors_of_another_length_are_left_out(tmp_path: Path) -> None:
    vectors = SentenceVectors(tmp_path / "s.sqlite")
    vectors.apply({"a": _random(1, dimension=64)})
    assert vectors.of(["a"], 48) == {}


def test_a_reader_sees_the_vectors_before_or_after_a_write(tmp_path: Path) -> None:
    vectors = SentenceVectors(tmp_path / "s.sqlite")
    states = {2: _random(2, 1), 5: _random(5, 2)}
    vectors.apply({"a": states[2], "b": states[2]})

    def read(_: int) -> list[Vectors]:
        return [*SentenceVectors(tmp_path / "s.sqlite").of(["a", "b"], 48).values()]

    with ThreadPoolExecutor(4) as pool:
        reads = pool.map(read, range(60))
        for at in range(20):
            vectors.apply(dict.fromkeys("ab", states[2 if at % 2 else 5]))
        for a, b in reads:
            assert len(a) == len(b)
            assert _is(a, states[len(a)])
            assert _is(b, states[len(b)])


@pytest.mark.parametrize(
    "damaged",
    [lambda content: content[: len(content) // 2], lambda _: b"no database" * 99],
    ids=["cut", "another"],
)
def test_damage_is_a_value_error(tmp_path: Path, damaged: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "s.sqlite"
    vectors = SentenceVectors(path)
    vectors.apply({f"p{at}": _random(4, at) for at in range(200)})
    path.write_bytes(damaged(path.read_bytes()))
    with pytest.raises(ValueError, match=r"^s\.sqlite: "):
        vectors.of([f"p{at}" for at in range(200)], 48)
    with pytest.raises(ValueError, match=r"^s\.sqlite: "):
        vectors.apply({"p1": _random(1)})


def test_a_file_that_cannot_be_had_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite").mkdir()
    vectors = SentenceVectors(tmp_path / "s.sqlite")
    for use in (lambda: vectors.of(["a"], 48), lambda: vectors.apply({})):
        with pytest.raises(PermissionError, match=r"s\.sqlite: "):
            use()


def _vectors_of(collection: Collection) -> dict[str, Vectors]:
    return collection.sentence_vectors([paper.paper_id for paper in collection.papers()])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Twelve papers in a home whose encoder knows parts."""
    collection = Collection(tmp_path / "home", PartsEncoder(), starter=False)
    collection.ingest([write_papers(tmp_path / "papers.jsonl")])
    collection.close()
    return tmp_path / "home"


def test_sentences_follow_what_becomes_of_the_papers(home: Path, tmp_path: Path) -> None:
    collection = Collection(home, PartsEncoder())
    before = {paper.paper_id: paper for paper in collection.papers()}
    removed, changed = sorted(before)[:2]
    longer = f"{before[changed].abstract} One more sentence on {before[changed].title}."
    update = {"title": before[changed].title, "abstract": longer}
    collection.ingest([write_papers(tmp_path / "more.jsonl", [update])])
    collection.remove(removed)
    collection.close()
    collection = Collection(home, PartsEncoder())
    found = _vectors_of(collection)
    now = {paper.paper_id: paper.abstract for paper in collection.papers()}
    assert now[changed] == longer
    assert collection.sentence_vectors([removed]) == {}
    assert found.keys() == now.keys() == before.keys() - {removed}
    for paper_id, abstract in now.items():
        assert _is(found[paper_id], HashEncoder().encode(_sentences(abstract)))
    collection.close()


@pytest.mark.parametrize("damage", ["cut", "another", "missing", "head"])
def test_a_damaged_file_is_made_anew_of_the_papers(home: Path, damage: str) -> None:
    path = home / "chroma" / "sentences.sqlite"
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        written = {"cut": content[:-4_096], "another": b"x" * 9_999, "head": bytes(100)}[damage]
        path.write_bytes(written + content[len(written) :] if damage == "head" else written)
    encoder = PartsEncoder()
    collection = Collection(home, encoder)
    assert any("barnacles" in text for text in encoder.encoded)
    assert len(_vectors_of(collection)) == collection.count() == len(PAPERS)
    assert collection.search("moss on abandoned roofs", 1)[0].paper.title.startswith("Moss")
    encoder.encoded.clear()
    collection.close()
    Collection(home, encoder).close()
    assert encoder.encoded == []

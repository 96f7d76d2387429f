"""Adapting an encoder: what is learned, what is judged by, and when it is refused."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from store.adapted_encoder import AdaptedEncoder, write_adapted
from store.adapting.adapt import MIN_PAPERS, _learned, _of, adapt
from store.adapting.examples import encoded, example_texts, split
from store.adapting.linear import _slope, mapped, trained, whitening
from store.encoders import Vectors, load_encoder
from store.errors import EncoderError
from store.types import Paper
from tests.encoder_folders import onnx_folder, table, write_graph
from tests.field_papers import field_papers
from tests.papers import HashEncoder


class Blind(HashEncoder):
    """Texts mean nothing to it: each has a direction of its own."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = [
            np.random.default_rng(list(hashlib.sha256(text.encode()).digest())).normal(size=64)
            for text in texts
        ]
        rows = np.array(vectors).reshape(len(texts), 64)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _quiet(*_: object) -> None: ...


def test_a_field_with_words_of_its_own_is_learned() -> None:
    told: list[tuple[str, int, int]] = []
    papers = field_papers(1_040)
    adaptation = adapt(papers, HashEncoder(), lambda *step: told.append(step))
    assert adaptation.helps
    assert adaptation.after.mrr > adaptation.before.mrr + 0.1
    assert adaptation.after.first > adaptation.before.first
    assert (adaptation.n_papers, adaptation.n_queries) == (1_040, 3 * (1_040 // 8))
    n_texts = 2 * 3 * 1_040
    assert [step for step in told if step[0] == "Encoding"][-1] == ("Encoding", n_texts, n_texts)
    assert told[-1] == ("Training", 10, 10)
    again = adapt(papers[::-1], HashEncoder(), _quiet)
    np.testing.assert_allclose(again.matrix, adaptation.matrix, atol=1e-4)


def test_what_cannot_be_learned_does_not_help() -> None:
    adaptation = adapt(field_papers(MIN_PAPERS), Blind(), _quiet)
    assert not adaptation.helps
    assert adaptation.after.mrr < 0.1


def test_a_gain_that_may_be_chance_or_is_tiny_does_not_help() -> None:
    adaptation = adapt(field_papers(MIN_PAPERS), HashEncoder(), _quiet)
    assert adaptation.helps
    assert not replace(adaptation, sure=False).helps
    barely = replace(adaptation.before, mrr=adaptation.before.mrr + 0.009)
    assert not replace(adaptation, after=barely).helps


def test_too_few_papers_are_refused() -> None:
    one_sentence = Paper(paper_id="x", title="X", abstract="Only one sentence of some words.")
    papers = [*field_papers(MIN_PAPERS - 1), one_sentence]
    encoder = HashEncoder()
    with pytest.raises(EncoderError) as caught:
        adapt(papers, encoder, _quiet)
    assert str(caught.value) == (
        "Of the 1,000 papers 999 have an abstract of two sentences, and 1,000 are needed to adapt"
        " an encoder to them; ingest more"
    )
    assert encoder.encoded == []


def test_a_sentence_is_to_find_its_abstract_without_it() -> None:
    (paper,) = field_papers(1)
    texts = example_texts([paper], random.Random(0))
    assert (len(texts.queries), texts.papers, texts.first_of) == (3, (0, 0, 0), (0,))
    for query, passage in zip(texts.queries[:2], texts.passages[:2], strict=True):
        assert query in paper.abstract
        assert query not in passage
        assert passage.startswith(f"{paper.title}. ")
        assert len(passage) == len(paper.title) + 2 + len(paper.abstract) - len(query)
    assert (texts.queries[2], texts.passages[2]) == (paper.title, paper.abstract)


def test_what_is_judged_by_was_not_trained_on() -> None:
    rng = random.Random(0)
    texts = example_texts(field_papers(240), rng)
    examples = encoded(texts, HashEncoder(), _quiet)
    stopping, judging = split(240, rng)
    assert (len(stopping), len(judging), stopping & judging) == (30, 30, set())
    matrix = _learned(examples, stopping, judging, _quiet)
    judged = _of(examples, judging)
    scrambled = np.random.default_rng(0).permutation(examples.queries[judged])
    queries = examples.queries.copy()
    queries[judged] = scrambled
    passages = examples.passages.copy()
    passages[judged] = passages[judged][::-1]
    other = replace(examples, queries=queries, passages=passages)
    np.testing.assert_array_equal(_learned(other, stopping, judging, _quiet), matrix)


def test_the_slope_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    queries, passages = (rng.normal(size=(6, 5)).astype(np.float32) for _ in range(2))
    papers = np.array([0, 0, 1, 2, 3, 4])
    matrix = rng.normal(size=(5, 5)).astype(np.float32)

    def loss(at: np.ndarray) -> float:
        asked, found = (x.astype(np.float64) @ at for x in (queries, passages))
        asked, found = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (asked, found))
        likeness = asked @ found.T / 0.05
        siblings = (papers[:, None] == papers) & ~np.eye(6, dtype=bool)
        likeness[siblings] = -np.inf
        rows, columns = (np.log(np.exp(likeness).sum(axis=axis)) for axis in (1, 0))
        return float((rows + columns - 2 * np.diag(likeness)).mean() / 2)

    slope = _slope(matrix, queries, passages, papers)
    for row, column in ((0, 0), (1, 3), (4, 2)):
        step = np.zeros((5, 5))
        step[row, column] = 1e-5
        measured = (loss(matrix + step) - loss(matrix - step)) / 2e-5
        assert slope[row, column] == pytest.approx(measured, rel=1e-3, abs=1e-4)


def test_whitening_makes_directions_more_equal_and_is_defined_for_few_vectors() -> None:
    rng = np.random.default_rng(0)
    vectors = (rng.normal(size=(500, 8)) * np.linspace(1, 10, 8)).astype(np.float32)
    before, after = (
        np.linalg.eigvalsh(np.cov(x.T)) for x in (vectors, vectors @ whitening(vectors))
    )
    assert after[-1] / after[0] == pytest.approx((before[-1] / before[0]) ** 0.75, rel=0.3)
    assert np.isfinite(whitening(vectors[:3])).all()


def test_texts_without_a_vector_disturb_nothing() -> None:
    vectors = np.eye(6, dtype=np.float32)
    vectors[2] = 0.0
    *_, matrix = trained(vectors, vectors, np.arange(6))
    assert np.isfinite(matrix).all()
    assert not mapped(vectors, matrix)[2].any()


@pytest.fixture
def matrix() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(24, 24)).astype(np.float32)


def test_an_adapted_encoder_is_found_by_its_folder_and_named_by_its_map(
    tmp_path: Path, matrix: np.ndarray
) -> None:
    base = load_encoder(str(onnx_folder(tmp_path / "base")))
    folder = write_adapted(tmp_path, base, matrix, {"n_papers": 7})
    encoder = load_encoder(str(folder))
    assert (encoder.name, encoder.dimension) == (folder.name, 24)
    sent = base.encode(["lava"]) @ matrix
    np.testing.assert_allclose(encoder.encode(["lava"]), sent / np.linalg.norm(sent), atol=1e-6)
    moved = folder.rename(tmp_path / "elsewhere")
    assert load_encoder(str(moved)).name == encoder.name
    assert write_adapted(tmp_path, base, matrix * 2, {}).name != encoder.name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("matrix.npy", b""),
        ("matrix.npy", b"\x93NUMPY\x01\x00"),
        ("adapted.json", b"{"),
        ("adapted.json", b"{}"),
        ("adapted.json", b'{"base": "static-256", "dimension": 25}'),
        ("adapted.json", b"[]"),
    ],
)
def test_a_damaged_adapted_encoder_is_refused(
    tmp_path: Path, matrix: np.ndarray, name: str, content: bytes
) -> None:
    base = load_encoder(str(onnx_folder(tmp_path / "base")))
    folder = write_adapted(tmp_path, base, matrix, {})
    (folder / name).write_bytes(content)
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(folder))
    assert str(caught.value).startswith(f"The adapted encoder in {folder} cannot be loaded: ")


def test_a_map_with_values_that_are_no_numbers_is_refused(
    tmp_path: Path, matrix: np.ndarray
) -> None:
    base = load_encoder(str(onnx_folder(tmp_path / "base")))
    matrix[3, 3] = np.nan
    folder = write_adapted(tmp_path, base, matrix, {})
    with pytest.raises(EncoderError, match="values that are no numbers"):
        AdaptedEncoder(folder)


def test_other_weights_beneath_a_map_are_refused(tmp_path: Path, matrix: np.ndarray) -> None:
    base = load_encoder(str(onnx_folder(tmp_path / "base")))
    folder = write_adapted(tmp_path, base, matrix, {})
    write_graph(tmp_path / "base" / "onnx" / "model.onnx", table(seed=1))
    with pytest.raises(
        EncoderError, match=r"was adapted from .* whose weights are others now; `paper-assistant tr"
    ):
        load_encoder(str(folder))

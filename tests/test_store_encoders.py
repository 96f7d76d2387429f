"""What holds for every kind of encoder, and how one is found."""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_index.core.embeddings import BaseEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from store.adapted_encoder import AdaptedEncoder, write_adapted
from store.encoders import (
    BUNDLED,
    DEFAULT_ENCODER,
    Encoder,
    Vectors,
    encode_parts,
    encode_query,
    load_encoder,
)
from store.errors import EncoderError
from store.llama_encoder import llama_index_encoder
from tests.embedding_server import MODEL, embedding_server
from tests.encoder_folders import VOCABULARY, WEIGHTS, onnx_folder, static_folder, table
from tests.papers import PAPERS, HashEncoder


class Embedding(BaseEmbedding):
    """An embedding of LlamaIndex as its users write them."""

    model_name: str = "words"

    def _get_text_embedding(self, text: str) -> list[float]:
        assert text.strip(), "many embeddings refuse a blank text"
        return [float(value) for value in HashEncoder().encode([text])[0]]

    _get_query_embedding = _get_text_embedding

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def _adapted(folder: Path, _: ExitStack) -> Encoder:
    base = load_encoder(str(static_folder(folder / "base")))
    matrix = np.random.default_rng(0).normal(size=(base.dimension, base.dimension))
    return AdaptedEncoder(write_adapted(folder, base, matrix.astype(np.float32), {}))


_CLS = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}

_KINDS: dict[str, Callable[[Path, ExitStack], Encoder]] = {
    **{name: lambda _, __, name=name: load_encoder(name) for name in BUNDLED},  # type: ignore[misc]
    "model2vec": lambda folder, _: load_encoder(str(static_folder(folder / "mine"))),
    "onnx-mean": lambda folder, _: load_encoder(str(onnx_folder(folder / "mine"))),
    "onnx-cls": lambda folder, _: load_encoder(str(onnx_folder(folder / "mine", pooling=_CLS))),
    "onnx-whole": lambda folder, _: load_encoder(str(onnx_folder(folder / "mine", whole=True))),
    "endpoint": lambda _, open_ones: load_encoder(
        f"endpoint:{MODEL}", open_ones.enter_context(embedding_server()).endpoint
    ),
    "llama-index": lambda _, __: llama_index_encoder(Embedding()),
    "adapted": _adapted,
}


@pytest.fixture(scope="module", params=_KINDS)
def encoder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Encoder]:
    with ExitStack() as open_ones:
        yield _KINDS[request.param](tmp_path_factory.mktemp("encoder"), open_ones)


def test_the_default_is_bundled() -> None:
    assert load_encoder().name == DEFAULT_ENCODER
    assert DEFAULT_ENCODER in BUNDLED


def test_every_text_has_a_row_of_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode([str(paper["abstract"]) for paper in PAPERS])
    assert encoder.name
    assert (vectors.shape, vectors.dtype) == ((len(PAPERS), encoder.dimension), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_query_is_one_row_of_unit_length(encoder: Encoder) -> None:
    vectors = encode_query(encoder, "whale song")
    assert (vectors.shape, vectors.dtype) == ((1, encoder.dimension), np.float32)
    assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-5)


def test_the_same_text_gives_the_same_vector_whatever_stands_beside_it(encoder: Encoder) -> None:
    alone = encoder.encode(["whale song"])[0]
    among = encoder.encode(["lava", "whale song", "x" * 50_000, "", "whale song"])
    assert np.allclose(among[1], alone, atol=1e-6)
    assert np.allclose(among[1], among[4], atol=1e-6)


def test_the_order_is_kept_however_many_there_are(encoder: Encoder) -> None:
    texts = [f"sample {number} of {number % 7} kinds" for number in range(150)]
    vectors = encoder.encode(texts)
    for at in (0, 63, 64, 128, 149):
        assert np.allclose(vectors[at], encoder.encode([texts[at]])[0], atol=1e-6)


def test_no_text_gives_no_vector(encoder: Encoder) -> None:
    vectors = encoder.encode([])
    assert (vectors.shape, vectors.dtype) == ((0, encoder.dimension), np.float32)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "\n\t",
            "a",
            "\x00",
            "a\x00b",
            "😀👩‍🚀",
            "e\u0301",
            "שלום",
            "知識圖譜",
            "\ud83d",
        ),
        *("whale \udc00 song", "a" * 20_000, "word " * 10_000, "知" * 10_000, "\u200b"),
    ],
    ids=lambda text: f"{len(text)}-{text[:12]!a}",
)
def test_any_text_has_a_vector_of_numbers(encoder: Encoder, text: str) -> None:
    for vectors in (encoder.encode([text]), encode_query(encoder, text)):
        assert vectors.shape == (1, encoder.dimension)
        assert np.isfinite(vectors).all()
        length = np.linalg.norm(vectors[0])
        assert length == pytest.approx(1.0, abs=1e-5) or not vectors.any()


def test_many_threads_get_what_one_gets(encoder: Encoder) -> None:
    texts = [f"paper {number} on {'whales' if number % 2 else 'lava'}" for number in range(40)]
    alone = encoder.encode(texts)
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(encoder.encode, [texts] * 16):
            np.testing.assert_allclose(vectors, alone, atol=1e-6)


@pytest.mark.parametrize("name", BUNDLED)
def test_near_texts_are_nearer_than_far_ones(name: str) -> None:
    query, near, far = load_encoder(name).encode(
        ["attention for long audio", "sparse attention on audio", "bread in a bakery"]
    )
    assert query @ near > query @ far


@pytest.mark.parametrize("name", BUNDLED)
def test_a_folder_of_ones_own_is_an_encoder_too(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(WEIGHTS / name, tmp_path / "mine")
    own, bundled = load_encoder(str(folder)), load_encoder(name)
    path, _, digest = own.name.partition("@")
    assert (path, len(digest), own.dimension) == (str(folder.resolve()), 12, bundled.dimension)
    assert np.array_equal(own.encode(["lava"]), bundled.encode(["lava"]))


@pytest.mark.parametrize("name", ["static-512", "", "~nobody-here/encoder", "with\0nul"])
def test_an_encoder_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(EncoderError) as caught:
        load_encoder(name)
    assert str(caught.value).startswith(
        f"There is no encoder {name!r}; use {', '.join(BUNDLED)} or the path of "
    )


@pytest.mark.parametrize(
    ("name", "damaged"),
    [
        ("static-256", "model.safetensors"),
        ("static-256", "tokenizer.json"),
        ("static-256", "config.json"),
        ("mini3", "model.onnx"),
        ("mini3", "tokenizer.json"),
    ],
)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_truncated_encoder_is_refused(
    tmp_path: Path, name: str, damaged: str, share: float
) -> None:
    folder = shutil.copytree(WEIGHTS / name, tmp_path / "mine")
    content = (folder / damaged).read_bytes()
    (folder / damaged).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(folder))
    assert str(caught.value).startswith(f"The encoder in {folder} cannot be loaded: ")
    assert "restore its files" in str(caught.value)


def test_a_torch_model_is_refused_with_the_way_to_use_it(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"embeddings.word_embeddings.weight": table()}, tmp_path / "model.safetensors")
    shutil.copy(WEIGHTS / "mini3" / "tokenizer.json", tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match=r"cannot be loaded.*export it to ONNX"):
        load_encoder(str(tmp_path))


def test_a_static_model_of_sentence_transformers_is_an_encoder(tmp_path: Path) -> None:
    from safetensors import safe_open
    from safetensors.numpy import save_file

    nested = tmp_path / "0_StaticEmbedding"
    nested.mkdir()
    with safe_open(WEIGHTS / "static-256" / "model.safetensors", framework="numpy") as tensors:
        save_file({"embedding.weight": tensors.get_tensor("embeddings")},
                  nested / "model.safetensors")  # fmt: skip
    shutil.copy(WEIGHTS / "static-256" / "tokenizer.json", nested)
    (tmp_path / "config_sentence_transformers.json").write_text("{}")
    assert load_encoder(str(tmp_path)).encode(["whale song"]).shape == (1, 256)


class _Wrong:
    """A model that gives something else than vectors."""

    model_name = "wrong"

    def __init__(self, gives: Callable[[Sequence[str]], Any]) -> None:
        self._gives = gives

    def get_text_embedding_batch(self, texts: list[str]) -> Any:
        return self._gives(texts)

    def get_query_embedding(self, query: str) -> Any:
        return self._gives([query])[0]


@pytest.mark.parametrize(
    ("gives", "message"),
    [
        (lambda texts: [[float("nan"), 1.0]] * len(texts), "no numbers (NaN or infinite)"),
        (lambda texts: [[1.0, 0.0]] * (len(texts) + 1), "gave an array of shape"),
        (lambda texts: [[1.0] * (1 + at) for at in range(len(texts) + 1)], "no vectors of one"),
        (lambda _: None, "gave an array of shape ()"),
        (lambda texts: [[]] * len(texts), "gave an array of shape"),
        (lambda texts: texts, "gave no vectors"),
        (lambda _: 1 / 0, "failed with ZeroDivisionError: division by zero"),
    ],
)
def test_what_is_no_vector_is_refused(gives: Callable[[Sequence[str]], Any], message: str) -> None:
    encoder = llama_index_encoder(_Wrong(gives))
    assert encoder.name == "llama-index:_Wrong:wrong"
    with pytest.raises(EncoderError) as caught:
        encoder.encode(["lava"])
    assert str(caught.value).startswith("The encoder 'llama-index:_Wrong:wrong' ")
    assert message in str(caught.value)


def test_an_embedding_of_llama_index_is_asked_for_queries_and_for_passages() -> None:
    class TwoWays(HashEncoder):
        model_name = "two"

        def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
            return self.encode([f"passage {text}" for text in texts]).tolist()

        def get_query_embedding(self, query: str) -> list[float]:
            vector: list[float] = self.encode([f"query {query}"])[0].tolist()
            return vector

    inner = TwoWays()
    encoder = llama_index_encoder(inner)
    expected: Vectors = HashEncoder().encode(["passage lava", "query lava"])
    np.testing.assert_allclose(encoder.encode(["lava", " "])[0], expected[0], atol=1e-6)
    np.testing.assert_allclose(encode_query(encoder, "lava")[0], expected[1], atol=1e-6)
    assert inner.encoded[1:] == ["passage lava", "query lava"]


def test_an_embedding_of_llama_index_is_not_found_by_name() -> None:
    with pytest.raises(EncoderError, match=r"lives in a Python program; pass the embedding to"):
        load_encoder("llama-index:Embedding:words")


_TEXT = "Whales. They sing at night. They dive."
_PIECES = ("They sing at night.", "They dive.")
_SPANS = [(8, 27), (28, 38)]


def test_the_first_row_of_a_text_with_parts_is_the_text(encoder: Encoder) -> None:
    assert tuple(_TEXT[start:end] for start, end in _SPANS) == _PIECES
    texts = [_TEXT, "", "lava " * 40, _TEXT]
    rows = encode_parts(encoder, texts, [_SPANS, [], [(0, 4)], [_SPANS[1]]])
    np.testing.assert_allclose([each[0] for each in rows], encoder.encode(texts), atol=1e-6)
    knows_parts = hasattr(encoder, "encode_parts") and len(rows[0]) > 1
    assert [len(each) for each in rows] == ([3, 1, 2, 2] if knows_parts else [1] * 4)
    for each in rows:
        assert (each.dtype, each.shape[1]) == (np.float32, encoder.dimension)
        lengths = np.linalg.norm(each, axis=1)
        assert all(length == pytest.approx(1.0, abs=1e-5) or not length for length in lengths)
    if knows_parts:
        np.testing.assert_allclose(rows[3][1], rows[0][2], atol=1e-6)
    assert encode_parts(encoder, [], []) == []


def _meaning(text: str) -> Vectors:
    """The mean of a text's letters and stops by the table of ``onnx_folder``; no word is one."""
    pieces = [each for word in text.split() for each in re.findall(r"\w+|\W", word)]
    letters = [("##" if at else "") + each for piece in pieces for at, each in enumerate(piece)]
    vector = table()[[VOCABULARY[letter] for letter in letters]].mean(axis=0)
    return np.asarray(vector / np.linalg.norm(vector))


@pytest.mark.parametrize("prompt", ["", "passage: "])
@pytest.mark.parametrize("lower", [False, True])
def test_a_part_is_the_mean_of_its_own_tokens(tmp_path: Path, prompt: str, lower: bool) -> None:
    settings = {"max_seq_length": 64, "do_lower_case": lower}
    folder = onnx_folder(tmp_path / "mine", settings=settings, prompts={"passage": prompt})
    encoder = load_encoder(str(folder))
    text = "a title. " + ("Ab cab, a bad cab.  B " if lower else "ab cab, a bad cab.  b ") + "add."
    spans = [(9, 27), (29, 35)]
    (rows,) = encode_parts(encoder, [text], [spans])
    for row, (start, end) in zip(rows[1:], spans, strict=True):
        np.testing.assert_allclose(row, _meaning(text[start:end].lower()), atol=1e-5)


def test_a_part_behind_the_last_token_has_a_zero_vector(tmp_path: Path) -> None:
    encoder = load_encoder(str(onnx_folder(tmp_path / "mine")))  # reads 64 tokens, one a letter
    text = f"abc. {'d' * 70}. e."
    (rows,) = encode_parts(encoder, [text], [[(0, 4), (5, 76), (77, 79)]])
    assert rows.any(axis=1).tolist() == [True, True, True, False]
    np.testing.assert_allclose(rows[1], _meaning("abc."), atol=1e-5)


@pytest.mark.parametrize("pooling", ["cls_token", "max_tokens", "lasttoken"])
def test_a_graph_pooled_otherwise_knows_no_parts(tmp_path: Path, pooling: str) -> None:
    chosen: dict[str, object] = {
        "pooling_mode_mean_tokens": False,
        f"pooling_mode_{pooling}": True,
    }
    encoder = load_encoder(str(onnx_folder(tmp_path / "mine", pooling=chosen)))
    (rows,) = encode_parts(encoder, [_TEXT], [_SPANS])
    np.testing.assert_allclose(rows, encoder.encode([_TEXT]), atol=1e-6)


def test_a_word_that_begins_with_the_space_before_it_belongs_to_its_sentence(
    tmp_path: Path,
) -> None:
    folder = onnx_folder(tmp_path / "mine")
    words = ["[UNK]", *(f"\u2581{word}" for word in ("we", "sing.", "they", "dive."))]
    made = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, "[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.save(str(folder / "tokenizer.json"))
    assert made.encode("we sing. they dive.").offsets[2] == (8, 13)
    (rows,) = encode_parts(load_encoder(str(folder)), ["we sing. they dive."], [[(0, 8), (9, 19)]])
    for row, tokens in zip(rows[1:], ([1, 2], [3, 4]), strict=True):
        expected = table()[tokens].mean(axis=0)
        np.testing.assert_allclose(row, expected / np.linalg.norm(expected), atol=1e-5)


def test_a_sentence_means_something_else_elsewhere() -> None:
    encoder = load_encoder("mini3")
    same = "It changes with the season."
    texts = [f"Whale song in the ocean. {same}", f"Bread prices in a bakery. {same}"]
    parts = [[(text.index(same), len(text))] for text in texts]
    (whales, bread), query = encode_parts(encoder, texts, parts), encode_query(encoder, "whale")[0]
    assert 0.2 < whales[1] @ bread[1] < 0.98
    assert whales[1] @ query > bread[1] @ query + 0.05
    (alone,) = encoder.encode([same])
    assert whales[1] @ alone > 0.2


def test_an_adapted_encoder_sends_parts_through_its_map_too(tmp_path: Path) -> None:
    base = load_encoder(str(onnx_folder(tmp_path / "base")))
    matrix = np.random.default_rng(0).normal(size=(base.dimension,) * 2).astype(np.float32)
    adapted = AdaptedEncoder(write_adapted(tmp_path, base, matrix, {}))
    text = f"{_TEXT} {'x' * 64} y."
    spans = [*_SPANS, (len(text) - 2, len(text))]
    (rows,), (beneath,) = (encode_parts(each, [text], [spans]) for each in (adapted, base))
    expected = beneath @ matrix
    lengths = np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(rows, expected / np.where(lengths == 0, 1, lengths), atol=1e-5)
    assert rows.any(axis=1).tolist() == [True, True, True, False]


def test_an_encoder_that_knows_no_parts_is_asked_for_the_texts_alone() -> None:
    whole = HashEncoder()
    rows = encode_parts(whole, [_TEXT, "lava"], [_SPANS, []])
    assert whole.encoded == [_TEXT, "lava"]
    np.testing.assert_array_equal(np.concatenate(rows), HashEncoder().encode([_TEXT, "lava"]))

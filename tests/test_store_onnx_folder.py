"""Folders of sentence-transformers: what their files say is what is done."""

import json
from pathlib import Path

import numpy as np
import pytest

from store.encoders import encode_query, load_encoder
from store.errors import EncoderError
from store.onnx_folder import read_usage
from tests.encoder_folders import (
    DIMENSION,
    VOCABULARY,
    onnx_folder,
    table,
    tokenizer,
    write_graph,
)


def _expected(text: str, pooling: str = "mean", max_tokens: int = 64) -> np.ndarray:
    """What a folder of ``onnx_folder`` should give for a text, by hand."""
    ids = tokenizer().encode(text).ids
    if len(ids) > max_tokens:
        ids = [*ids[: max_tokens - 1], VOCABULARY["[SEP]"]]
    rows = table()[ids]
    vector = {
        "mean": rows.mean(axis=0),
        "cls": rows[0],
        "max": rows.max(axis=0),
        "lasttoken": rows[-1],
    }[pooling]
    return np.asarray(vector / np.linalg.norm(vector))


def test_a_graph_written_here_is_one_that_runs(tmp_path: Path) -> None:
    encoder = load_encoder(str(onnx_folder(tmp_path)))
    np.testing.assert_allclose(
        encoder.encode(["whale song"])[0], _expected("whale song"), atol=1e-6
    )
    assert encoder.dimension == DIMENSION


@pytest.mark.parametrize("pooling", ["mean", "cls", "max", "lasttoken"])
@pytest.mark.parametrize("form", ["flags", "name", "list"])
def test_tokens_are_pooled_as_the_folder_says(tmp_path: Path, pooling: str, form: str) -> None:
    flag = {"mean": "mean_tokens", "cls": "cls_token", "max": "max_tokens"}.get(pooling, pooling)
    said: dict[str, object] = {
        "flags": {
            "word_embedding_dimension": DIMENSION,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": False,
            f"pooling_mode_{flag}": True,
            "include_prompt": True,
        },
        "name": {"embedding_dimension": DIMENSION, "pooling_mode": pooling},
        "list": {"pooling_mode": [pooling]},
    }[form]  # type: ignore[assignment]
    encoder = load_encoder(str(onnx_folder(tmp_path, pooling=said)))
    texts = ["lava", "whale song", "a longer one on lava and whales"]
    for text, vector in zip(texts, encoder.encode(texts), strict=True):
        np.testing.assert_allclose(vector, _expected(text, pooling), atol=1e-6)


def test_a_graph_that_pools_itself_is_not_pooled_again(tmp_path: Path) -> None:
    said: dict[str, object] = {"pooling_mode_cls_token": True}
    encoder = load_encoder(str(onnx_folder(tmp_path, pooling=said, whole=True)))
    np.testing.assert_allclose(encoder.encode(["lava"])[0], _expected("lava", "mean"), atol=1e-6)


def test_texts_are_cut_where_the_folder_says(tmp_path: Path) -> None:
    text = "whales " * 50
    encoder = load_encoder(str(onnx_folder(tmp_path, settings={"max_seq_length": 16})))
    np.testing.assert_allclose(encoder.encode([text])[0], _expected(text, max_tokens=16), atol=1e-6)


@pytest.mark.parametrize(
    ("sentence", "config", "tokenizer_limit", "expected"),
    [
        ({"max_seq_length": 128}, {}, 64, 128),
        ({"max_seq_length": None}, {}, 64, 64),
        ({}, {}, None, 256),
        ({"max_seq_length": 8192}, {}, None, 512),
        (
            {"max_seq_length": 514},
            {"max_position_embeddings": 514, "model_type": "mpnet"},
            None,
            512,
        ),
        (
            {"max_seq_length": 384},
            {"max_position_embeddings": 130, "model_type": "roberta"},
            9,
            128,
        ),
        ({"max_seq_length": 384}, {"max_position_embeddings": 130, "model_type": "bert"}, 9, 130),
    ],
)
def test_the_limit_of_tokens_is_the_narrowest_that_counts(
    tmp_path: Path,
    sentence: dict[str, object],
    config: dict[str, object],
    tokenizer_limit: int | None,
    expected: int,
) -> None:
    (tmp_path / "sentence_bert_config.json").write_text(json.dumps(sentence))
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert read_usage(tmp_path, tokenizer_limit).max_tokens == expected


@pytest.mark.parametrize("name", ["document", "passage", "corpus"])
def test_prompts_go_before_queries_and_passages(tmp_path: Path, name: str) -> None:
    prompts = {"query": "query: ", name: "passage: "}
    encoder = load_encoder(str(onnx_folder(tmp_path, prompts=prompts)))
    np.testing.assert_allclose(encoder.encode(["lava"])[0], _expected("passage: lava"), atol=1e-6)
    np.testing.assert_allclose(
        encode_query(encoder, "lava")[0], _expected("query: lava"), atol=1e-6
    )


def test_letters_are_made_small_where_the_folder_says(tmp_path: Path) -> None:
    settings: dict[str, object] = {"max_seq_length": 64, "do_lower_case": True}
    encoder = load_encoder(str(onnx_folder(tmp_path, settings=settings)))
    np.testing.assert_allclose(encoder.encode(["LAVA"])[0], _expected("lava"), atol=1e-6)


@pytest.mark.parametrize(
    ("modules", "pooling", "message"),
    [
        (("Transformer", "Pooling", "Dense"), None, "its modules Dense would be left out"),
        (
            ("Transformer", "Pooling"),
            {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True},
            "it pools by cls and mean, not by one of",
        ),
        (("Transformer", "Pooling"), {"pooling_mode_weightedmean_tokens": True}, "weightedmean"),
    ],
)
def test_what_would_give_other_vectors_than_meant_is_refused(
    tmp_path: Path,
    modules: tuple[str, ...],
    pooling: dict[str, object] | None,
    message: str,
) -> None:
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(onnx_folder(tmp_path / "tokens", modules=modules, pooling=pooling)))
    assert message in str(caught.value)
    assert "export a graph whose output sentence_embedding" in str(caught.value)
    whole = onnx_folder(tmp_path / "whole", modules=modules, pooling=pooling, whole=True)
    assert load_encoder(str(whole)).dimension == DIMENSION


@pytest.mark.parametrize("inputs", [("pixel_values",), ("input_ids", "position_ids")])
def test_a_graph_of_another_kind_is_refused(tmp_path: Path, inputs: tuple[str, ...]) -> None:
    folder = onnx_folder(tmp_path)
    write_graph(folder / "onnx" / "model.onnx", table(), inputs=inputs)
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(folder))
    assert f"takes {', '.join(inputs)} and not the tokens of a text" in str(caught.value)


@pytest.mark.parametrize("newer", [{"ir_version": 99}, {"opset": 99}])
def test_a_graph_of_a_later_version_is_refused(tmp_path: Path, newer: dict[str, int]) -> None:
    folder = onnx_folder(tmp_path)
    write_graph(folder / "onnx" / "model.onnx", table(), **newer)
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(folder))
    assert str(caught.value).startswith(f"The encoder in {folder / 'onnx'} cannot be loaded: ")
    assert "upgrade onnxruntime, or export the graph for an earlier opset" in str(caught.value)


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    folder = onnx_folder(tmp_path)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EncoderError, match=r"has no tokenizer\.json; save its tokenizer there"):
        load_encoder(str(folder))


def test_a_graph_and_a_tokenizer_that_do_not_belong_together_are_told(tmp_path: Path) -> None:
    folder = onnx_folder(tmp_path)
    write_graph(folder / "onnx" / "model.onnx", table(n_tokens=20))
    with pytest.raises(EncoderError, match="do not belong together, save both anew"):
        load_encoder(str(folder)).encode(["zoology"])


def test_weights_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    folder = onnx_folder(tmp_path)
    write_graph(folder / "onnx" / "model.onnx", np.full_like(table(), np.nan))
    with pytest.raises(EncoderError, match=r"no numbers \(NaN or infinite\)"):
        load_encoder(str(folder))


@pytest.mark.parametrize(
    "name",
    [
        *("modules.json", "sentence_bert_config.json", "config_sentence_transformers.json"),
        "1_Pooling/config.json",
    ],
)
@pytest.mark.parametrize("content", ["{", "7", "\xff"])
def test_a_damaged_file_of_settings_is_told_by_its_name(
    tmp_path: Path, name: str, content: str
) -> None:
    folder = onnx_folder(tmp_path)
    (folder / name).write_text(content, encoding="latin-1")
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(folder))
    assert str(caught.value).startswith(f"{folder / name} is damaged: ")

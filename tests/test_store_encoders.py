"""What holds for every bundled encoder, and how one is found."""

import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import store.encoders
from store.encoders import BUNDLED, DEFAULT_ENCODER, Encoder, load_encoder
from store.errors import StoreError
from tests.papers import PAPERS

_WEIGHTS = Path(store.encoders.__file__).parent / "weights"
_LOADED = cache(load_encoder)


@pytest.fixture(params=BUNDLED)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return _LOADED(str(request.param))


def test_the_default_is_bundled() -> None:
    assert load_encoder().name == DEFAULT_ENCODER
    assert DEFAULT_ENCODER in BUNDLED


def test_every_text_has_a_row_of_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode([str(paper["abstract"]) for paper in PAPERS])
    assert encoder.name in BUNDLED
    assert (vectors.shape, vectors.dtype) == ((len(PAPERS), encoder.dimension), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_the_same_text_gives_the_same_vector_whatever_stands_beside_it(encoder: Encoder) -> None:
    alone = encoder.encode(["whale song"])[0]
    among = encoder.encode(["lava", "whale song", "x" * 50_000, "whale song"])
    assert np.allclose(among[1], alone, atol=1e-6)
    assert np.array_equal(among[1], among[3])


def test_no_text_gives_no_vector(encoder: Encoder) -> None:
    vectors = encoder.encode([])
    assert (vectors.shape, vectors.dtype) == ((0, encoder.dimension), np.float32)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "😀👩‍🚀", "e\u0301", "שלום", "知識", "a" * 20_000]
)
def test_any_text_has_a_vector_of_numbers(encoder: Encoder, text: str) -> None:
    (vector,) = encoder.encode([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5) or not vector.any()


def test_near_texts_are_nearer_than_far_ones(encoder: Encoder) -> None:
    query, near, far = encoder.encode(
        ["attention for long audio", "sparse attention on audio", "bread in a bakery"]
    )
    assert query @ near > query @ far


def test_a_folder_of_ones_own_is_an_encoder_too(encoder: Encoder, tmp_path: Path) -> None:
    folder = shutil.copytree(_WEIGHTS / encoder.name, tmp_path / "mine")
    own = load_encoder(str(folder))
    path, _, digest = own.name.partition("@")
    assert (path, len(digest), own.dimension) == (str(folder.resolve()), 12, encoder.dimension)
    assert np.array_equal(own.encode(["lava"]), encoder.encode(["lava"]))


@pytest.mark.parametrize("name", ["static-512", "", "~nobody-here/encoder", "with\0nul"])
def test_an_encoder_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(StoreError) as caught:
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
def test_a_damaged_encoder_is_refused(tmp_path: Path, name: str, damaged: str) -> None:
    folder = shutil.copytree(_WEIGHTS / name, tmp_path / "mine")
    (folder / damaged).write_bytes((folder / damaged).read_bytes()[:50])
    with pytest.raises(StoreError) as caught:
        load_encoder(str(folder))
    assert str(caught.value).startswith(f"The encoder in {folder} cannot be loaded: ")

import shutil
from pathlib import Path

import numpy as np
import pytest

import store.encoders
from store.encoders import BUNDLED, load_encoder
from store.errors import StoreError
from tests.papers import PAPERS, bundled_encoder

_WEIGHTS = Path(store.encoders.__file__).parent / "weights"


def test_the_bundled_encoder_gives_rows_of_unit_length() -> None:
    encoder = bundled_encoder()
    vectors = encoder.encode([str(paper["abstract"]) for paper in PAPERS])
    assert (encoder.name, encoder.dimension) == ("static-256", 256)
    assert (vectors.shape, vectors.dtype) == ((len(PAPERS), 256), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_the_same_text_gives_the_same_vector_whatever_stands_beside_it() -> None:
    encoder = bundled_encoder()
    alone = encoder.encode(["whale song"])[0]
    among = encoder.encode(["lava", "whale song", "x" * 50_000, "whale song"])
    assert np.allclose(among[1], alone, atol=1e-6)
    assert np.array_equal(among[1], among[3])


def test_no_text_gives_no_vector_and_an_unknown_one_the_zero_vector() -> None:
    encoder = bundled_encoder()
    assert encoder.encode([]).shape == (0, 256)
    assert not encoder.encode([""]).any()


def test_near_texts_are_nearer_than_far_ones() -> None:
    query, near, far = bundled_encoder().encode(
        ["attention for long audio", "sparse attention on audio", "bread in a bakery"]
    )
    assert query @ near > query @ far


def test_a_model2vec_folder_is_an_encoder_too(tmp_path: Path) -> None:
    folder = shutil.copytree(_WEIGHTS / "static-256", tmp_path / "mine")
    encoder = load_encoder(str(folder))
    assert (encoder.name, encoder.dimension) == ("mine", 256)
    assert np.array_equal(encoder.encode(["lava"]), bundled_encoder().encode(["lava"]))


@pytest.mark.parametrize("name", ["static-512", "", "~nobody-here/encoder", "with\0nul"])
def test_an_encoder_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(StoreError) as caught:
        load_encoder(name)
    assert str(caught.value) == (
        f"There is no encoder {name!r}; use static-256 or the path of a Model2Vec folder"
    )


@pytest.mark.parametrize("damaged", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_encoder_is_refused(tmp_path: Path, damaged: str) -> None:
    folder = shutil.copytree(_WEIGHTS / "static-256", tmp_path / "mine")
    (folder / damaged).write_bytes((folder / damaged).read_bytes()[:50])
    with pytest.raises(StoreError) as caught:
        load_encoder(str(folder))
    assert str(caught.value).startswith(f"The encoder in {folder} cannot be loaded: ")


def test_what_is_bundled_is_there() -> None:
    assert [name for name in BUNDLED if not (_WEIGHTS / name / "model.safetensors").is_file()] == []

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.evidence.scale import LEARNED, PAIRS, Scale, measured, scale_of
from store.encoders import Encoder, Vectors, load_encoder
from tests.papers import HashEncoder


class Narrow:
    """An encoder of which any two texts are near: all its vectors lean one way."""

    def __init__(self, encoder: Encoder, lean: float) -> None:
        self.name = f"narrow-{lean}"
        self.dimension = encoder.dimension + 1
        self.asked: list[list[str]] = []
        self._encoder = encoder
        self._lean = lean

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(list(texts))
        rows = np.pad(self._encoder.encode(texts), ((0, 0), (0, 1)), constant_values=self._lean)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@pytest.mark.parametrize("name", ["mini3", "static-256"])
def test_the_scales_of_the_encoders_that_ship_are_what_these_say(name: str) -> None:
    encoder = load_encoder(name)
    told, known = measured(encoder), scale_of(encoder)
    assert (told.related, told.unrelated) == pytest.approx(
        (known.related, known.unrelated), abs=0.005
    )


def test_an_encoder_is_asked_once_for_all_texts_and_one_that_ships_not_at_all() -> None:
    narrow = Narrow(HashEncoder(), 1.0)
    assert scale_of(narrow) == scale_of(narrow)
    assert narrow.asked == [[text for pair in PAIRS for text in pair]]
    shipped = Narrow(HashEncoder(), 1.0)
    shipped.name = "mini3"
    assert scale_of(shipped) == LEARNED
    assert shipped.asked == []


def test_cosines_of_a_narrow_encoder_are_what_the_wide_one_says() -> None:
    wide = load_encoder("mini3")
    narrow = Narrow(wide, 2.0)
    texts = ["Why do ships rust?", "Salt water eats steel.", "Bees dance.", "Rust is iron oxide."]
    seen = [each.encode(texts)[0] @ each.encode(texts).T for each in (wide, narrow)]
    assert seen[1].min() > 0.75
    assert scale_of(narrow).learned(seen[1]) == pytest.approx(seen[0], abs=0.01)


def test_an_encoder_that_tells_nothing_apart_is_not_believed() -> None:
    assert measured(Narrow(HashEncoder(), 1e6)).learned(np.array([1.0])) == pytest.approx(
        LEARNED.unrelated, abs=1e-3
    )
    backwards = Scale(related=0.1, unrelated=0.5)
    assert abs(float(backwards.learned(np.array([0.5]))[0])) < 0.1

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from store.remembering import Remembering
from tests.papers import HashEncoder


def test_a_known_text_is_not_encoded_again_and_the_order_is_kept() -> None:
    inner = HashEncoder()
    vectors = inner.encode(["known", "new", "newer"])
    encoder = Remembering(inner)
    encoder.encode(["known"])
    inner.encoded.clear()
    given_back = encoder.encode(["new", "known", "newer", "known", "new"])
    np.testing.assert_array_equal(given_back, vectors[[1, 0, 2, 0, 1]])
    assert inner.encoded == ["new", "newer"]


def test_what_was_encoded_is_remembered_until_too_much_is() -> None:
    inner = HashEncoder()
    encoder = Remembering(inner, max_texts=2)
    for text in ("a", "b", "a", "c", "a"):
        encoder.encode([text])
    assert inner.encoded == ["a", "b", "c", "a"]


@given(st.lists(st.lists(st.sampled_from("abcde"))), st.integers(1, 4))
def test_remembering_changes_no_vector(batches: list[list[str]], max_texts: int) -> None:
    inner, encoder = HashEncoder(), Remembering(HashEncoder(), max_texts=max_texts)
    for texts in batches:
        np.testing.assert_array_equal(encoder.encode(texts), inner.encode(texts))
    assert (encoder.name, encoder.dimension) == (inner.name, inner.dimension)

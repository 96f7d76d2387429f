import numpy as np
import pytest

from store.signs import likely, n_words, signs_of


@pytest.mark.parametrize(("dimension", "words"), [(1, 1), (64, 1), (65, 2), (384, 6)])
def test_a_bit_is_set_where_a_number_is_above_zero(dimension: int, words: int) -> None:
    vectors = np.random.default_rng(0).standard_normal((5, dimension)).astype(np.float32)
    vectors[0] = 0.0
    signs = signs_of(vectors)
    assert signs.shape == (5, words) == (5, n_words(dimension))
    assert np.bitwise_count(signs).sum(axis=1).tolist() == (vectors > 0).sum(axis=1).tolist()


@pytest.mark.parametrize("dimension", [3, 100])
@pytest.mark.parametrize("every", [1, 3])
def test_those_that_agree_in_most_signs_are_found_with_all_that_agree_as_much(
    dimension: int, every: int
) -> None:
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((300, dimension)).astype(np.float32)
    vector = chance.standard_normal(dimension).astype(np.float32)
    rows = np.arange(0, 300, every)
    found = likely(np.ascontiguousarray(signs_of(vectors).T), rows, vector, 20)
    n_apart = ((vectors > 0) != (vector > 0)).sum(axis=1)
    limit = sorted(n_apart[rows])[19]
    assert found.tolist() == [row for row in rows if n_apart[row] <= limit]


def test_a_vector_of_another_length_is_refused() -> None:
    columns = signs_of(np.ones((4, 64), np.float32)).T
    with pytest.raises(ValueError, match="argument 2"):
        likely(columns, np.arange(4), np.ones(65, np.float32), 2)

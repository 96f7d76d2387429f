import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.support import support

_CITED = "Sparse attention needs 3.2% of the memory. Whale songs last for hours."


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("Sparse attention needs 3.2% of the memory.", 1.0, 1.0),
        ("Attention that is sparse needs little memory.", 0.6, 1.0),
        ("Sparse attention needs 7.5% of the memory.", 0.0, 0.4),
        ("Sparse attention needs 32% of the memory.", 0.0, 0.4),
        ("Bakeries remove queues with counters.", 0.0, 0.1),
        ("It is so.", 0.0, 0.1),
        ("", 1.0, 1.0),
    ],
)
def test_a_sentence_is_carried_as_far_as_its_words_and_numbers_are_there(
    sentence: str, low: float, high: float
) -> None:
    assert low <= support(sentence, _CITED) <= high


@given(st.text(), st.text())
def test_support_is_a_share_and_full_for_what_stands_there(sentence: str, cited: str) -> None:
    assert 0.0 <= support(sentence, cited) <= 1.0
    assert support(sentence, cited + ".\n" + sentence) == 1.0

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bearing import Bearing
from assistant.refusal import N_NEAREST, refusal_text, refuses
from store.types import Hit, Paper, Passage

_SHARE = st.floats(0.0, 1.0)


def test_a_near_sentence_answers_and_a_far_one_does_not() -> None:
    assert not refuses(Bearing(closeness=0.9, unknown=0.0, missing=()))
    assert refuses(Bearing(closeness=0.0, unknown=0.0, missing=()))
    assert refuses(Bearing(closeness=0.0, unknown=1.0, missing=()))
    assert refuses(Bearing(closeness=-1.0, unknown=0.0, missing=()))


@given(_SHARE, _SHARE, _SHARE, _SHARE)
def test_what_is_nearer_and_better_known_is_refused_less(
    near: float, far: float, known: float, unknown: float
) -> None:
    far, near = sorted((far, near))
    known, unknown = sorted((known, unknown))
    if refuses(Bearing(near, known, ())):
        assert refuses(Bearing(far, known, ()))
        assert refuses(Bearing(near, unknown, ()))


def _hit(rank: int) -> Hit:
    return Hit(rank, Paper(f"p{rank}", f"Title {rank}", "A."), 0.5, Passage(f"p{rank}", 0, 2, "A."))


@pytest.mark.parametrize(
    ("missing", "n_hits", "n_papers", "text"),
    [
        ((), 0, 0, "The collection is empty. Add papers to it, and ask again."),
        (("x",), 2, 0, "The collection is empty. Add papers to it, and ask again."),
        ((), 0, 9, "The collection does not answer this."),
        (
            ("capital", "Mongolia"),
            2,
            9,
            "The collection does not answer this. No abstract mentions “capital”, “Mongolia”."
            " The nearest papers are about something else:\n\n- Title 1\n- Title 2",
        ),
        (
            tuple("abcdefgh"),
            0,
            9,
            "The collection does not answer this. No abstract mentions “a”, “b”, “c”, “d”, “e”,"
            " “f”.",
        ),
    ],
)
def test_a_refusal_says_what_was_not_found_and_what_comes_nearest(
    missing: tuple[str, ...], n_hits: int, n_papers: int, text: str
) -> None:
    assert refusal_text(missing, [_hit(rank + 1) for rank in range(n_hits)], n_papers) == text
    assert N_NEAREST == 3

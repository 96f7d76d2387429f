import pytest

from assistant.evidence import Bearing
from assistant.refusal import N_NEAREST, refusal_text, refuses
from store.types import Hit, Paper, Passage


@pytest.mark.parametrize(
    ("closeness", "unknown", "refused"),
    [
        (0.9, 0.0, False),
        (0.5, 0.4, False),
        (0.2, 0.0, False),
        (0.19, 0.0, True),
        (0.5, 0.6, True),
        (0.0, 1.0, True),
        (-1.0, 0.0, True),
    ],
)
def test_what_is_unknown_has_to_be_outweighed_by_what_is_near(
    closeness: float, unknown: float, refused: bool
) -> None:
    assert refuses(Bearing(closeness, unknown, ())) is refused


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

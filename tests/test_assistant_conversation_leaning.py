from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation.focus import Mention
from assistant.conversation.leaning import ABOUT, LEANS, Signs, about, leans, look
from assistant.types import Hit, Paper, Passage
from store.encoders import Vectors

_SONG = Paper("song", "Whale Song", "Whales sing. They rest.")
_MOSS = Paper("moss", "Moss on Roofs", "Moss is old.")
_RARITY = {"whale": 2.0, "song": 1.0, "moss": 3.0, "": 4.0}


class Fake:
    """A collection whose encoder looks at the first letter; it has read some papers only."""

    def __init__(self, *read: Paper) -> None:
        self._read = {paper.paper_id: paper for paper in read}
        self.encoded: list[str] = []

    def terms(self, text: str) -> list[str]:
        words = [word.strip("?.").lower() for word in text.split()]
        return [word for word in words if word and word in _RARITY]

    def rarity(self, term: str) -> float:
        return _RARITY[term]

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return np.stack([np.eye(128, dtype=np.float32)[ord(text[0])] for text in texts])

    def sentence_vectors(self, paper_ids: Sequence[str]) -> dict[str, Vectors]:
        read = {name: self._read[name] for name in paper_ids if name in self._read}
        return {name: self.encode(paper.abstract.split(" ")) for name, paper in read.items()}


def hit(paper: Paper, relevance: float = 0.5) -> Hit:
    return Hit(1, paper, relevance, Passage(paper.paper_id, 0, 5, paper.abstract[:5]))


def test_a_question_is_looked_at_alone_and_beside_each_paper_in_focus() -> None:
    fake = Fake(_SONG, _MOSS)
    focus = [Mention(_MOSS, 0, 0, (1,)), Mention(_SONG, 2, 1, (2,))]
    signs = look("Whale song and moss? Is it?", focus, [hit(_SONG, 0.75), hit(_MOSS, 0.5)], fake)
    assert signs.alone == {
        "specific": pytest.approx(np.log1p(6 / 4)),
        "words": pytest.approx(np.log1p(3)),
        "covered": pytest.approx((2 + 1) / 6),
        "names": pytest.approx(9 / 6),
        "lead": pytest.approx(0.25),
        "foreign": pytest.approx(np.log1p(3 / 4)),
        "covers more at best": pytest.approx(0.0),
        "nearer at best": pytest.approx(2.0),
        "points back": 1.0,
        "begins on": 0.0,
        "asks for more": 0.0,
        "asks for others": 0.0,
    }
    # Of two papers, the nearer one is two deviations nearer.
    assert signs.beside == [
        {
            "nearer": pytest.approx(-2.0),
            "covers more": pytest.approx(0.0),
            "names": pytest.approx(5 / 6),
            "names it": pytest.approx(9 / 6),
            "earlier": 0.0,
            "later in the answer": 0.0,
        },
        {
            "nearer": pytest.approx(2.0),
            "covers more": pytest.approx(0.0),
            "names": pytest.approx(9 / 6),
            "names it": pytest.approx(5 / 6),
            "earlier": 1.0,
            "later in the answer": 1.0,
        },
    ]


def test_a_question_on_what_no_paper_in_focus_has_is_foreign_and_stands_alone() -> None:
    focus = [Mention(_MOSS, 0, 0, (1,))]
    hits = [hit(_SONG), hit(_MOSS)]
    on, off = (look(text, focus, hits, Fake(_SONG, _MOSS)) for text in ("moss?", "whale?"))
    assert (on.alone["foreign"], on.alone["covers more at best"]) == (0.0, 1.0)
    assert (off.alone["foreign"], off.alone["covers more at best"]) == (np.log1p(2 / 4), -1.0)
    assert leans(off) < leans(on)


def test_how_far_apart_an_encoder_puts_texts_does_not_matter() -> None:
    class Halving(Fake):
        def encode(self, texts: Sequence[str]) -> Vectors:
            return super().encode(texts) / 2

    arguments = "Whale?", [Mention(_MOSS, 0, 0, (1,))], [hit(_SONG)]
    assert look(*arguments, Halving(_SONG, _MOSS)) == look(*arguments, Fake(_SONG, _MOSS))


def test_a_paper_whose_sentences_have_no_vectors_is_encoded_from_its_beginning() -> None:
    fake = Fake(_SONG)
    look("Whale?", [Mention(_MOSS, 0, 0, (1,))], [hit(_SONG)], fake)
    assert "Moss on Roofs. Moss is old." in fake.encoded


def test_without_any_word_that_is_searched_for_nothing_is_specific() -> None:
    signs = look("?", [], [], Fake())
    assert set(signs.alone.values()) == {0.0}, signs.alone
    assert signs.beside == []


def test_every_weight_has_a_feature() -> None:
    signs = look("Whale?", [Mention(_MOSS, 0, 0, (1,))], [hit(_SONG)], Fake(_SONG, _MOSS))
    assert LEANS.keys() == {*signs.alone, ""}
    assert ABOUT.keys() <= {*signs.alone, *signs.beside[0], ""}


_NUMBERS = st.floats(-1e6, 1e6)


@given(
    st.fixed_dictionaries({name: _NUMBERS for name in LEANS}),
    st.lists(st.fixed_dictionaries({name: _NUMBERS for name in ABOUT}), max_size=3),
)
def test_probabilities_are_between_0_and_1(
    alone: dict[str, float], beside: list[dict[str, float]]
) -> None:
    signs = Signs(alone, beside)
    assert all(0.0 <= each <= 1.0 for each in [leans(signs), *about(signs)])
    assert len(about(signs)) == len(beside)

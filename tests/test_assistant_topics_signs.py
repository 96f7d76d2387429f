"""What tells whether a paper is on a topic, over papers whose vectors are made by hand."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.topics.on_topic import on_topic
from assistant.topics.reading import ReadPaper
from assistant.topics.signs import company_signs, own_signs, signs
from assistant.types import Hit, Paper, Passage
from store.encoders import Vectors

_TOPIC = [1.0, 0.0, 0.0]
_FUSION = [0.0, 1.0, 0.0]
_ELSEWHERE = [0.0, 0.0, 1.0]


class _Reader:
    """Every word is a term and as rare as any; every text points where the topic does."""

    def terms(self, text: str) -> list[str]:
        return text.lower().split()

    def rarity(self, _term: str) -> float:
        return 3.0

    def knows(self, _term: str) -> bool:
        return True

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.array([_TOPIC for _ in texts], np.float32)

    def sentence_vectors(self, _paper_ids: Sequence[str]) -> Mapping[str, Vectors]:
        return {}


def _paper(
    name: str, title: str, vector: Sequence[float], relevance: float, abstract: str = ""
) -> ReadPaper:
    paper = Paper(name, title, abstract or title)
    hit = Hit(1, paper, relevance, Passage(name, 0, len(paper.abstract), paper.abstract))
    row = np.array(vector, np.float32) / np.linalg.norm(vector).astype(np.float32)
    words = title.lower().split()
    terms = Counter(words + abstract.lower().split())
    return ReadPaper(hit, frozenset(words), terms, ((0, len(paper.abstract)),), row[None], row)


_MERGING = [
    _paper(f"m{n}", f"merging weights {n}", np.add(_TOPIC, _FUSION), 0.9, "task vectors are added")
    for n in range(4)
]
_OTHERS = [_paper(f"o{n:02}", f"other paper {n}", _ELSEWHERE, 0.1) for n in range(20)]


def test_a_paper_that_has_no_word_of_the_topic_is_found_by_its_company() -> None:
    alike = _paper("x", "composing skills", _FUSION, 0.1, "task vectors are scaled")
    papers = [*_MERGING, *_OTHERS, alike]
    odds = np.array([4.0] * 4 + [-3.0] * 21)
    rows = company_signs(odds, papers, _Reader())
    assert rows.shape == (25, 4)
    assert np.array_equal(rows[:, 0], odds)
    assert np.all(rows[-1, 1:3] > rows[4:-1, 1:3].max(axis=0) + 0.2)
    assert rows[-1, 3] == 0.0  # nothing of its title is common to the others
    assert [each.paper.paper_id for each in on_topic("merging weights", papers, _Reader())] == [
        "m0", "m1", "m2", "m3"
    ]  # fmt: skip


def test_what_a_single_likely_paper_says_makes_no_company() -> None:
    papers = [_MERGING[0], *_OTHERS]
    rows = company_signs(np.array([4.0] + [-9.0] * 20), papers, _Reader())
    assert np.all(rows[1:, 2:] < 0.01)


@pytest.mark.parametrize("n", [1, 2])
def test_one_paper_and_two_have_signs_too(n: int) -> None:
    own = own_signs("merging weights", _MERGING[:n], _Reader())
    rows = signs(own, own.sum(axis=1), _MERGING[:n], _Reader())
    assert rows.shape == (n, 5)
    assert np.isfinite(company_signs(rows.sum(axis=1), _MERGING[:n], _Reader())).all()


def test_cosines_that_are_lower_throughout_give_about_the_same_signs() -> None:
    cosines = np.cos(np.linspace(0.1, 1.2, 200)) * 0.4

    def nearest(shift: float) -> NDArray[np.float64]:
        papers = [
            _paper(f"p{n:03}", "kites", [cosine, np.sqrt(1 - cosine**2), 0.0], 0.5)
            for n, cosine in enumerate(cosines + shift)
        ]
        return own_signs("merging", papers, _Reader())[:, 1]

    in_deviations = 0.3 / cosines.std()
    assert np.abs(nearest(0.4) - nearest(0.1)).max() < 0.25 * in_deviations

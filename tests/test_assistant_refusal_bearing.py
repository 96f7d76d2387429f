import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import Evidence
from assistant.refusal import Bearing, bearing
from assistant.types import Hit, Paper, Passage
from store.encoders import Encoder
from tests.papers import HashEncoder

_USUAL = 0.75
_COMMON = {"kites": 1.0, "glaciers": 2.0, "map": 1.0}


class Shelf:
    """A collection in which nothing has a rarity above 4, the rarity of what nobody has."""

    encoder: Encoder = HashEncoder()

    def terms(self, text: str) -> list[str]:
        words = "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()
        return [word for word in words if len(word) > 2 and word not in ("what", "does", "the")]

    def rarity(self, term: str) -> float:
        return _COMMON.get(term, 4.0)


def _paper(number: int, abstract: str) -> Paper:
    return Paper(f"p{number}", f"Title {number}", abstract)


def _hit(of: Paper) -> Hit:
    return Hit(1, of, 0.5, Passage(of.paper_id, 0, len(of.abstract), of.abstract))


def _evidence(of: Paper, closeness: float) -> Evidence:
    return Evidence(of, 0, len(of.abstract), 0.5, closeness)


_MAPS = _paper(1, "Kites map glaciers.")
_MOSS = _paper(2, "Moss grows on stone.")
_HITS = [_hit(_MAPS), _hit(_MOSS)]
_RANKED = [_evidence(_MAPS, 0.6), _evidence(_MOSS, 0.8), _evidence(_MOSS, 0.3)]


def _bearing(question: str, hits: list[Hit], ranked: list[Evidence]) -> Bearing:
    return bearing(question, question, hits, ranked, Shelf())


def test_a_question_is_measured_by_the_paper_with_the_strongest_evidence() -> None:
    found = _bearing("What does Moss map on glaciers, whales, 1984?", _HITS, _RANKED)
    matched = math.log1p(_USUAL * (1.0 + 2.0) / 4)
    assert found.nearest == 0.8
    assert found.closeness == 0.6
    assert found.others == 0.6
    assert found.matched == pytest.approx(matched)
    assert found.both == pytest.approx(0.6 * matched)
    assert found.share == pytest.approx(0.75 / (0.75 + 3))
    assert found.length == pytest.approx(math.log1p(5))
    assert found.encoder == HashEncoder().name
    assert found.lacking == found.lacking_name == _USUAL
    assert found.any_matched
    assert found.missing == ("whales", "1984")
    assert found.missing_in_first == ("Moss", "whales", "1984")


@pytest.mark.parametrize(
    ("query", "lacking_name"),
    [
        ("Which moss?", 0.0),
        ("which Moss?", _USUAL),
        ("which iMoss?", _USUAL),
        ("which moss3?", _USUAL),
        ("WHICH MOSS?", 0.0),
        ("Moss maps which?", 0.0),
        ("which Glaciers?", 0.0),
    ],
)
def test_a_name_has_a_digit_or_a_capital_that_no_sentence_gives_it(
    query: str, lacking_name: float
) -> None:
    found = _bearing(query, [_hit(_MAPS)], [_evidence(_MAPS, 0.6)])
    assert found.lacking_name == lacking_name


def test_words_of_asking_weigh_less_than_others() -> None:
    one, other = (
        _bearing(f"kites {word}", [_hit(_MAPS)], [_evidence(_MAPS, 0.6)]).lacking
        for word in ("beat", "quasar")
    )
    assert 0.0 < one < 0.3 < other == _USUAL


def test_polite_words_around_a_question_do_not_count() -> None:
    plain = _bearing("glaciers whales", _HITS[1:], _RANKED[1:])
    assert _bearing("Thanks. glaciers whales please", _HITS[1:], _RANKED[1:]) == plain
    assert _bearing("hello", _HITS, _RANKED) == Bearing()


def test_a_follow_up_lacks_only_words_of_its_own() -> None:
    found = bearing("and Whales?", "Glaciers and Whales?", _HITS[1:], _RANKED[1:], Shelf())
    assert found.missing == ("and", "Whales")
    assert found.lacking == found.lacking_name == _USUAL
    joined = bearing("does it?", "Quasar: does moss?", _HITS[1:], _RANKED[1:], Shelf())
    assert (joined.lacking, joined.lacking_name, joined.missing) == (0.0, 0.0, ())
    assert joined.matched == pytest.approx(math.log1p(_USUAL))
    assert joined.any_matched


def test_what_one_of_several_papers_has_is_there_where_they_are_set_side_by_side() -> None:
    query = "Do Kites and Moss?"
    assert bearing(query, query, _HITS, _RANKED, Shelf()).lacking_name == _USUAL
    beside = bearing(query, query, _HITS, _RANKED, Shelf(), together=True)
    assert (beside.lacking_name, beside.closeness) == (0.0, 0.6)


@pytest.mark.parametrize(
    ("query", "looked_up"),
    [
        ("glaciers", True),
        ("moss", False),
        ("map glaciers", False),
        ("eKites", False),
        ("what Kites?", True),
        ("what Kites map?", False),
        ("what Moss?", False),
    ],
)
def test_a_name_is_looked_up_where_nothing_else_is_asked_and_the_paper_has_it(
    query: str, looked_up: bool
) -> None:
    assert _bearing(query, _HITS, _RANKED).looked_up is looked_up


def test_a_missing_word_is_named_once_the_weightiest_first_and_none_without_weight() -> None:
    found = _bearing("glaciers whales beat whales Whales", _HITS[1:], _RANKED[1:])
    assert found.missing == ("whales", "glaciers")


@pytest.mark.parametrize("query", ["?!", "👋", "is it a", ""])
def test_a_question_without_any_word_bears_on_nothing(query: str) -> None:
    assert _bearing(query, _HITS, _RANKED) == Bearing()


def test_where_nothing_was_found_every_word_of_weight_is_missing() -> None:
    assert _bearing("kites map moss", [], []) == Bearing(missing=("moss",))
    assert _bearing("kites, glaciers", _HITS, []) == Bearing(missing=("glaciers",))


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=3))
def test_whatever_is_asked_of_whatever_there_is_can_be_measured(
    query: str, abstracts: list[str]
) -> None:
    papers = [_paper(number, abstract) for number, abstract in enumerate(abstracts)]
    ranked = [_evidence(paper, 0.5) for paper in papers]
    found = _bearing(query, [_hit(paper) for paper in papers], ranked)
    assert found.lacking_name <= found.lacking <= 1.0
    assert all(word in query for word in found.missing)

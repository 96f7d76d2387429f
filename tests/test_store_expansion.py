import pytest

from store.expansion import Group, groups
from tests.word_list import WordList


def test_a_short_form_may_be_written_out_and_weighs_less_then() -> None:
    words = WordList({}, {"ws": {"whale songs": 3}})
    assert list(groups("deep WS", words)) == [
        Group(("deep",)),
        Group(("ws",), ((("whale", "songs"), 0.45),)),
    ]


def test_a_long_form_may_be_written_short() -> None:
    words = WordList({}, {"whale songs": {"ws": 3}, "songs": {"s": 1}})
    assert list(groups("deep whale songs", words)) == [
        Group(("deep",)),
        Group(("whale", "songs"), ((("ws",), 0.9),)),
    ]


def test_of_several_long_forms_each_weighs_by_how_often_it_is_told() -> None:
    words = WordList({}, {"ws": {"whale-songs": 3, "web service": 1}})
    (group,) = groups("ws", words)
    assert dict(group.others) == pytest.approx(
        {("whale", "songs"): 0.9 * 3 / 4 / 2, ("web", "service"): 0.9 / 4 / 2}
    )


@pytest.mark.parametrize("query", ["data set", "data-set"])
def test_words_apart_may_be_written_together_where_some_passage_does(query: str) -> None:
    assert list(groups(query, WordList({"dataset": 1}))) == [
        Group(("data", "set"), ((("dataset",), 0.9),))
    ]
    assert list(groups(query, WordList({}))) == [Group(("data",)), Group(("set",))]


def test_a_term_counts_once() -> None:
    words = WordList({"datasets": 1})
    assert [group.terms for group in groups("a data sets b data a", words)] == [
        ("a",),
        ("data", "sets"),
        ("b",),
    ]


def test_a_query_without_words_has_no_groups() -> None:
    assert list(groups(" ", WordList({}))) == []

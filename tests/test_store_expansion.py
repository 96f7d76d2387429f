from typing import ClassVar

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


def test_a_way_of_writing_that_hardly_any_passage_has_is_none() -> None:
    words = WordList({"gain": 2_000, "data": 90, "set": 60}, {"gain": {"generative net": 9}})
    assert list(groups("gain", words)) == [Group(("gain",))]
    words = WordList({"gain": 180}, {"gain": {"generative net": 9}})
    assert list(groups("gain", words)) == [Group(("gain",), ((("generative", "net"), 0.45),))]
    counts = {"data": 90, "set": 60}
    assert len(list(groups("data set", WordList(counts | {"dataset": 2})))) == 2
    assert len(list(groups("data set", WordList(counts | {"dataset": 3})))) == 1


def test_a_form_of_which_nothing_is_left_is_none() -> None:
    assert list(groups("am", WordList({}, {"am": {" ": 3}}))) == [Group(("am",))]


def test_forms_of_several_terms_are_looked_up_only_where_some_begin_with_the_first_two() -> None:
    class Watched(WordList):
        asked: ClassVar[list[str]] = []

        def aliases(self, form: str) -> list[tuple[str, int]]:
            self.asked.append(form)
            return super().aliases(form)

    words = Watched({}, {"deep whale songs": {"dws": 3}})
    found = list(groups("deep whale songs loud at night", words))
    assert found[0] == Group(("deep", "whale", "songs"), ((("dws",), 0.9),))
    several = ["deep", "deep whale", "deep whale songs", "deep whale songs loud"]
    assert words.asked == [
        *several,
        "deep whale songs loud at",
        "deep whale songs loud at night",
        "loud",
        "at",
        "night",
    ]


def test_a_term_counts_once() -> None:
    words = WordList({"datasets": 1})
    assert [group.terms for group in groups("a data sets b data a", words)] == [
        ("a",),
        ("data", "sets"),
        ("b",),
    ]


def test_a_query_without_words_has_no_groups() -> None:
    assert list(groups(" ", WordList({}))) == []

"""Measures of one answer, worked out by hand."""

import pytest

from assistant.evaluation.measures import cites, content_words, conveyed, evidence_hit, share

_EVIDENCE = ["Sparse attention needs 3.2% of the memory. It runs on  a phone."]


@pytest.mark.parametrize(
    ("quotes", "hit"),
    [
        (["Sparse attention needs 3.2% of the memory."], 1.0),
        (["sparse ATTENTION\nneeds 3.2%"], 1.0),
        (["It runs on a phone. It is old."], 1.0),
        (["Whale songs last for hours.", "it runs on a phone."], 1.0),
        (["Sparse attention needs 3.3% of the memory."], 0.0),
        (["of the memory. It runs"], 0.0),
        ([" "], 0.0),
        ([], 0.0),
    ],
)
def test_evidence_is_hit_by_a_sentence_of_it(quotes: list[str], hit: float) -> None:
    assert evidence_hit(quotes, _EVIDENCE) == hit


def test_no_evidence_is_hit_by_nothing() -> None:
    assert evidence_hit(["a quote"], []) == 0.0


@pytest.mark.parametrize(
    ("answer", "quotes", "value"),
    [
        (["3.2% of the memory"], ["Sparse attention needs 3.2% of the memory."], 1.0),
        (["a word-level confidence score"], ["Confidence scores by the word."], 1.0),  # 3 of 4
        (["a word-level confidence score"], ["Confidence by the word."], 0.0),  # 2 of 4
        (["five red hats", "green"], ["Five hats, red."], 0.5),
        (["the of", "green"], ["Green."], 1.0),
        (["green"], [], 0.0),
        (["the of"], ["the of"], None),
        ([], ["green"], None),
    ],
)
def test_a_string_is_conveyed_by_six_tenths_of_its_content_words(
    answer: list[str], quotes: list[str], value: float | None
) -> None:
    assert conveyed(answer, quotes, content_words()) == value


@pytest.mark.parametrize(
    ("of", "among", "value"),
    [("ab", "bc", 0.5), ("aab", "b", 0.5), ("ab", "abc", 1.0), ("", "abc", 0.0), ("ab", "", 0.0)],
)
def test_a_share_counts_each_thing_once(of: str, among: str, value: float) -> None:
    assert share(of, among) == value


def test_all_that_is_wanted_has_to_be_cited() -> None:
    assert (cites("abc", "ac"), cites("a", "ac"), cites("", "a")) == (1.0, 0.0, 0.0)

import pytest

from assistant.conversation.focus import Mention
from assistant.conversation.pointing import (
    asks_for_more,
    asks_for_others,
    begins_on,
    is_fragment,
    named,
    points_back,
)
from assistant.types import Paper


@pytest.mark.parametrize(
    "question",
    [
        "How large are they?",
        "does that hold for speech?",
        "What about that?",
        "is there one for vision",
        "how many parameters there?",
        "which ones?",
        "how fast is it, then?",
        "who wrote the former",
        "(its memory?)",
    ],
)
def test_pronouns_point_back(question: str) -> None:
    assert points_back(question)


@pytest.mark.parametrize(
    "question",
    [
        "Is there a method for whale song?",
        "are there maps of glaciers",
        "Which label shows that bread is stale?",
        "can one label be enough?",
        "which one works for moss?",
        "Where do whales sing?",
        "",
        "?!",
    ],
)
def test_what_only_looks_like_a_pronoun_does_not(question: str) -> None:
    assert not points_back(question)


@pytest.mark.parametrize(
    ("question", "begins", "more", "others", "fragment"),
    [
        ("and on ImageNet?", True, False, False, True),
        ("so for speech", True, False, False, True),
        ("what about on a phone?", False, True, False, True),
        ("in which languages?", False, False, False, False),
        ("for whales, how long is it?", False, False, False, False),
        ("And how large is it?", True, False, False, False),
        ("Android phones?", False, False, False, False),
        ("is there another one?", False, True, True, False),
        ("anything newer?", False, True, False, False),
        ("can I use moss instead?", False, False, True, False),
        ("does it work on other songs?", False, False, False, False),
        ("what is the other paper about?", False, False, True, False),
        ("How is lava forecast?", False, False, False, False),
    ],
)
def test_what_a_question_begins_on_and_asks_for(
    question: str, begins: bool, more: bool, others: bool, fragment: bool
) -> None:
    assert begins_on(question) is begins
    assert asks_for_more(question) is more
    assert asks_for_others(question) is others
    assert is_fragment(question) is fragment


def _mention(name: str, place: int, *numbers: int, ago: int = 0) -> Mention:
    return Mention(Paper(name, name, "Text."), ago, place, numbers)


_LAST = [_mention("a", 0, 1, 3), _mention("b", 1, 2), _mention("c", 2, 4)]
_ALL = [*_LAST, _mention("old", 0, 1, ago=1)]


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("what does the second one find?", "b"),
        ("What does THE THIRD PAPER find?", "c"),
        ("and the last?", "c"),
        ("is the first one better than the second?", "ab"),
        ("the first of these?", "a"),
        ("how does it compare to the last one?", "ac"),
        ("the former?", "a"),
        ("and does the latter scale?", "c"),
        ("explain [2]", "b"),
        ("explain [3]", "a"),
        ("what is number 4", "c"),
        ("how do both train?", "abc"),
        ("which of them is newer?", "abc"),
        ("the fifth one?", ""),
        ("explain [9]", ""),
        ("does the first layer learn edges?", ""),
        ("second-order methods?", ""),
        ("who trained it?", ""),
        ("in number 2024?", ""),
    ],
)
def test_papers_are_named_by_place_and_number(question: str, papers: str) -> None:
    assert "".join(each.paper.title for each in named(question, _ALL)) == papers


def test_of_many_papers_all_are_not_named() -> None:
    many = [*_LAST, _mention("d", 3, 5)]
    assert named("which of them is newer?", many) == []
    assert named("what does the last one find?", many) == [many[-1]]


def test_of_a_single_paper_no_place_is_named() -> None:
    assert named("what does the first one find?", _LAST[:1]) == []
    assert named("which of them?", []) == []
    assert named("what is behind [3]?", _LAST[:1]) == _LAST[:1]

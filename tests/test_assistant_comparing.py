from collections.abc import Callable, Sequence

import pytest

from assistant.comparing import side_by_side, sides
from assistant.types import Hit, Paper, Passage


def hit(name: str, rank: int, relevance: float) -> Hit:
    """A hit on a paper."""
    return Hit(rank, Paper(name, name, "Text."), relevance, Passage(name, 0, 5, "Text."))


def found(*names: str) -> list[Hit]:
    """Hits on papers, most relevant first."""
    return [hit(name, rank, 1 - rank / 20) for rank, name in enumerate(names, start=1)]


class Shelf:
    """Finds papers by the parts of questions it knows; keeps what it was asked."""

    def __init__(self, **known: Sequence[Hit]) -> None:
        self._known = known
        self.asked: list[str] = []

    def search(self, part: str) -> Sequence[Hit]:
        self.asked.append(part)
        return self._known.get(part.replace(" ", "_"), [])


def names(hits: Sequence[Hit]) -> list[str]:
    assert [each.rank for each in hits] == [*range(1, len(hits) + 1)]
    return [each.paper.paper_id for each in hits]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("kites vs. balloons: which maps faster?", ["kites", "balloons", "which maps faster"]),
        ("How does moss differ from lichen?", ["How does moss differ", "lichen"]),
        ("kites versus kites", ["kites"]),
        ("vector spaces", ["vector spaces"]),
        ("?, : or", []),
    ],
)
def test_a_question_is_cut_where_its_sides_meet(question: str, parts: list[str]) -> None:
    assert sides(question) == parts


def test_two_papers_that_sides_find_are_set_side_by_side() -> None:
    shelf = Shelf(
        kites=found("kite", "glider"), balloons=found("balloon", "kite"), who_wins=found("medal")
    )
    hits = found("balloon", "kite", "rocket", "moss", "bread")
    beside = side_by_side("kites vs balloons, who wins", hits, shelf.search)
    assert shelf.asked == ["kites", "balloons", "who wins"]
    # Each 0.75, 1/3 + .5/2 + .5/3 and 1/2 + .5/2; the medal is not near to the whole question.
    assert names(beside) == ["balloon", "kite"]


def test_a_side_brings_in_papers_that_the_whole_question_did_not_find() -> None:
    shelf = Shelf(Compare_the_kites=found("glider", "kite"), balloons=found("balloon", "medal"))
    beside = side_by_side("Compare the kites and balloons", found("kite", "rocket"), shelf.search)
    assert names(beside) == ["kite", "rocket", "balloon", "glider", "medal"]


@pytest.mark.parametrize(
    "question",
    [
        "Which papers map glaciers?",
        "what work is there on glaciers",
        "glaciers: what do different papers conclude",
        "Compare the maps of glaciers",
        "How fast do glaciers flow? Combine the findings",
    ],
)
def test_where_several_papers_are_asked_for_the_first_six_are_given(question: str) -> None:
    hits = found(*"abcdefgh")
    assert names(side_by_side(question, hits, Shelf().search)) == [*"abcdef"]


@pytest.mark.parametrize(
    "question",
    [
        "How do kites map glaciers?",
        "Which paper maps glaciers?",
        "Which kite maps glaciers better than satellites?",
        "How do kites compare with satellites?",  # its sides find no two papers
        "kites vs satellites",
    ],
)
def test_a_question_about_one_paper_sets_none_side_by_side(question: str) -> None:
    hits = found("kite", "balloon", "rocket")
    same = Shelf(kites=found("kite"), satellites=found("kite"), How_do_kites=found("kite"))
    assert side_by_side(question, hits, same.search) == []
    assert side_by_side(question, [], same.search) == []


def far(relevance: float) -> list[Hit]:
    return [hit("kite", 1, 1.0), hit("balloon", 2, relevance)]


@pytest.mark.parametrize(("relevance", "n"), [(0.85, 2), (0.75, 0)])
def test_a_side_counts_where_its_paper_is_near_to_the_whole_question(
    relevance: float, n: int
) -> None:
    shelf = Shelf(kites=found("kite"), balloons=found("balloon"))
    assert len(side_by_side("kites vs balloons", far(relevance), shelf.search)) == n


def test_what_is_plainly_about_one_paper_is_not_searched_twice() -> None:
    def never(part: str) -> Sequence[Hit]:
        raise AssertionError(part)

    search: Callable[[str], Sequence[Hit]] = never
    assert side_by_side("How do kites map glaciers, and why?", found("kite"), search) == []

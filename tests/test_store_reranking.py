"""The second look: how papers are moved, and how much of a query they are said to have."""

import math
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.changes import Change
from store.lexical import LexicalIndex
from store.reranking import COVERAGE_WEIGHT, NAME_WEIGHT, SENTENCE_WEIGHT, reranked
from store.splitting import Splitter
from store.types import Paper
from store.within import paper_of
from tests.papers import PAPERS

_EVEN = [("a", 0.8), ("b", 0.5), ("c", 0.2)]


def _odds(share: float) -> float:
    return share / (1.0 - share)


def test_log_odds_are_moved_by_nearness_and_coverage() -> None:
    # Nearness 1, 2, 3 has mean 2 and deviation sqrt(2/3): standardised -1.2247, 0, 1.2247.
    # Coverage 0.2, 0.8, 0.5 has mean 0.5: centred -0.3, 0.3, 0.
    near, covered = {"a": 1.0, "b": 2.0, "c": 3.0}, {"a": 0.2, "b": 0.8, "c": 0.5}
    found = dict(reranked(_EVEN, near, covered, (2.0, 10.0)))
    # Odds of 4, 1 and 1/4 times e to the power of 2 * standardised + 10 * centred.
    assert _odds(found["a"]) == pytest.approx(4 * math.exp(-2 * math.sqrt(1.5) - 3), rel=1e-9)
    assert _odds(found["b"]) == pytest.approx(math.exp(3), rel=1e-9)
    assert _odds(found["c"]) == pytest.approx(0.25 * math.exp(2 * math.sqrt(1.5)), rel=1e-9)
    assert found["b"] == pytest.approx(0.952574, abs=1e-6)
    assert list(found) == ["b", "c", "a"]


def test_the_weights_are_those_that_were_measured() -> None:
    near, covered = {"a": 0.4, "b": 0.5, "c": 0.7}, {"a": 0.1, "b": 0.9, "c": 0.2}
    measured = (SENTENCE_WEIGHT, COVERAGE_WEIGHT)
    assert reranked(_EVEN, near, covered) == reranked(_EVEN, near, covered, measured)
    assert min(measured) > 0


def test_a_paper_with_the_name_is_moved_up_whatever_else_was_seen() -> None:
    found = dict(reranked(_EVEN, {}, {"b": 0.0, "c": 1.0}, (9.0, 2.0), {"a": 0.5, "nobody": 1.0}))
    assert _odds(found["a"]) == pytest.approx(4 * math.exp(NAME_WEIGHT / 2))
    assert _odds(found["b"]) == pytest.approx(1 / math.e)
    assert set(found) == {"a", "b", "c"}


def test_one_look_moves_as_it_would_alone() -> None:
    by_nearness = dict(reranked(_EVEN, {"a": 0.1, "b": 0.3}, {}, (1.0, 9.0)))
    # Two values are one deviation from their mean, each; c was not looked at.
    assert _odds(by_nearness["a"]) == pytest.approx(4 / math.e)
    assert _odds(by_nearness["b"]) == pytest.approx(math.e)
    assert by_nearness["c"] == pytest.approx(0.2)
    by_coverage = dict(reranked(_EVEN, {}, {"b": 0.0, "c": 1.0}, (9.0, 2.0)))
    assert _odds(by_coverage["b"]) == pytest.approx(1 / math.e)
    assert _odds(by_coverage["c"]) == pytest.approx(0.25 * math.e)
    assert by_coverage["a"] == pytest.approx(0.8)


def test_nearness_has_no_scale_and_coverage_has() -> None:
    near, covered = {"a": 0.1, "b": 0.2, "c": 0.6}, {"a": 0.0, "b": 0.1, "c": 0.4}
    wide = {name: 0.9 + value / 50 for name, value in near.items()}
    assert dict(reranked(_EVEN, wide, {})) == pytest.approx(dict(reranked(_EVEN, near, {})))
    less = {name: value / 50 for name, value in covered.items()}
    moved, hardly = (dict(reranked(_EVEN, {}, each)) for each in (covered, less))
    assert abs(hardly["c"] - 0.2) < abs(moved["c"] - 0.2) / 10


@pytest.mark.parametrize(
    ("near", "covered"),
    [
        ({}, {}),
        ({"a": 0.3, "b": 0.3, "c": 0.3}, {}),
        ({}, {"a": 0.6, "b": 0.6, "c": 0.6}),
        ({"a": 0.3, "b": 0.3, "c": 0.3}, {"a": 1.0, "b": 1.0, "c": 1.0}),
        ({"b": 0.9}, {"c": 1.0}),
        ({"elsewhere": 0.1, "other": 0.9}, {"elsewhere": 0.0, "other": 1.0}),
    ],
    ids=["nothing", "as near", "as covered", "both", "only one", "others"],
)
def test_what_tells_papers_not_apart_has_no_say(
    near: dict[str, float], covered: dict[str, float]
) -> None:
    found = reranked(_EVEN, near, covered)
    assert [name for name, _ in found] == ["a", "b", "c"]
    assert [value for _, value in found] == pytest.approx([0.8, 0.5, 0.2], abs=1e-12)


def test_papers_of_one_relevance_are_ordered_by_id() -> None:
    ranked = [("d", 0.5), ("b", 0.5), ("c", 0.5), ("a", 0.4)]
    assert [name for name, _ in reranked(ranked, {}, {})] == ["b", "c", "d", "a"]
    near = {"a": 0.1, "b": 0.1, "c": 0.9, "d": 0.9}
    assert [name for name, _ in reranked(ranked, near, {})] == ["c", "d", "b", "a"]


def test_no_papers_give_none() -> None:
    assert reranked([], {}, {}) == []


_IDS = st.sampled_from("abcdefgh")


@given(
    st.dictionaries(_IDS, st.floats(0.0, 1.0)),
    st.dictionaries(_IDS, st.floats(-1.0, 1.0)),
    st.dictionaries(_IDS, st.floats(0.0, 1.0)),
)
def test_every_paper_stays_with_a_relevance_between_0_and_1(
    ranked: dict[str, float], near: dict[str, float], covered: dict[str, float]
) -> None:
    found = reranked(list(ranked.items()), near, covered)
    assert sorted(name for name, _ in found) == sorted(ranked)
    assert all(0.0 <= value <= 1.0 for _, value in found)
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))


_QUERIES = (
    "Which paint keeps barnacles off hulls in the northern harbour?",
    "attention attention memory for whale songs",
    "laser cement steel anchor ferry marina",
    "a label on stale bread, or moss on a roof",
    "zyzzyva moss",
)


@pytest.fixture(scope="module")
def changes() -> list[Change]:
    """Papers of several short passages that overlap."""
    splitter = Splitter(24, 6)
    made = []
    for at, fields in enumerate(PAPERS, start=1):
        abstract = str(fields["abstract"])
        spans = splitter.split(abstract)
        made.append(Change(at, Paper(f"p{at}", str(fields["title"]), abstract), spans, len(spans)))
    return made


@pytest.fixture(scope="module")
def index(
    changes: list[Change], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LexicalIndex]:
    index = LexicalIndex(tmp_path_factory.mktemp("index") / "lexical")
    index.apply(changes)
    yield index
    index.close()


def _held(index: LexicalIndex, changes: list[Change]) -> dict[str, set[str]]:
    """The terms of each passage under its title, worked out from the texts."""
    return {
        passage_id: set(index.terms(f"{change.paper.title}. {change.paper.abstract[slice(*span)]}"))
        for change in changes
        for passage_id, span in zip(change.passage_ids, change.spans, strict=True)
    }


def _expected(index: LexicalIndex, held: dict[str, set[str]], query: str) -> dict[str, float]:
    """Of each paper, the most that one of its passages has of a query's weight."""
    asked = set(index.terms(query))
    n_with = {term: sum(term in terms for terms in held.values()) for term in asked}
    weights = {term: math.log(1 + (len(held) - n + 0.5) / (n + 0.5)) for term, n in n_with.items()}
    best: dict[str, float] = {}
    for passage_id, terms in held.items():
        share = sum(weights[term] for term in asked & terms) / sum(weights.values())
        best[paper_of(passage_id)] = max(share, best.get(paper_of(passage_id), 0.0))
    return best


@pytest.mark.parametrize("query", _QUERIES)
def test_coverage_is_what_the_best_passage_has_of_the_query(
    index: LexicalIndex, changes: list[Change], query: str
) -> None:
    assert max(len(change.spans) for change in changes) > 5
    expected = _expected(index, _held(index, changes), query)
    assert 0.0 < max(expected.values()) <= 1.0
    found = index.coverage(query, list(expected))
    assert {name: found.get(name, 0.0) for name in expected} == pytest.approx(expected, abs=1e-5)
    some = random.Random(0).sample(sorted(expected), 4)
    assert index.coverage(query, [*some, "nobody"]) == pytest.approx(
        {name: found[name] for name in some if name in found}, abs=1e-6
    )


@pytest.mark.parametrize("query", ["", "is it of the", "?!"])
def test_a_query_without_terms_is_covered_by_nobody(index: LexicalIndex, query: str) -> None:
    assert index.coverage(query, ["p1", "p2"]) == {}


def test_of_no_papers_nothing_is_told(index: LexicalIndex) -> None:
    assert index.coverage("whale song", []) == {}
    assert index.coverage("whale song", ["nobody"]) == {}


def test_a_name_that_one_paper_has_is_its_own(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "lexical")
    texts = {
        "p1": "WhaleNet-2 sings. Krill.",
        "p2": "Net hauls of krill.",
        "p3": "Krill and ShipQ.",
    }
    papers = [Paper(name, "A title", text) for name, text in texts.items()]
    index.apply([Change(n, each, ((0, 30),), 1) for n, each in enumerate(papers, start=1)])
    assert index.named("Does whalenet-2 eat krill in hours?") == {"p1": 1.0}
    assert index.named("WhaleNet-2 or ShipQ or NobodyX?") == {"p1": 0.5, "p3": 0.5}
    assert index.named("What do krill eat at 2?") == index.named("?!") == {}
    index.close()


def test_coverage_forgets_what_was_removed(changes: list[Change], tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "lexical")
    index.apply(changes)
    gone, new = changes[7], changes[8]
    index.apply(
        [
            Change(20, gone.paper, (), len(gone.spans)),
            Change(21, Paper(new.paper.paper_id, "Moss", "On roofs."), ((0, 9),), len(new.spans)),
        ]
    )
    assert index.coverage("whale song", [gone.paper.paper_id]) == {}
    assert index.coverage("whale song", [new.paper.paper_id]).get(new.paper.paper_id, 0.0) == 0.0
    assert index.coverage("moss roofs", [new.paper.paper_id]) == {
        new.paper.paper_id: pytest.approx(1.0, abs=1e-6)
    }
    index.close()

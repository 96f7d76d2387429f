"""What machines say of a paper adds up to the same paper everywhere, and survives the wire."""

import json
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.merge import STARTER
from store.sentence_vectors import packed
from store.server.contribution import Contribution, State, from_json, to_json, together
from store.server.records import contribution_of, records_of, sentences_of
from store.types import Listing, Paper

_TEXTS = ("Short text.", "A text that is longer.", "The longest text of the three there are.")
_SOURCES = ("a.jsonl", "b.jsonl", STARTER)
_DAYS = ("", "2024-03-11", "2024-03-12")


def _state(text: int, source: int, day: int, removed: bool) -> State:
    abstract, listed = _TEXTS[text], (Listing(_SOURCES[source], _DAYS[day]),)
    paper = Paper(
        "arxiv:1",
        "A title",
        abstract,
        authors=(f"Author {text}",)[: source + 1],
        published=("", "2024", "2024-03")[day],
        listed=listed,
        links=(f"https://x.test/{source}",),
        identifiers=("arxiv:1", f"doi:{text}"),
    )
    spans = () if removed else ((0, len(abstract)),)
    return State(paper, _SOURCES[source], spans, removed)


_states = st.builds(_state, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.booleans())


@st.composite
def _said(draw: st.DrawFn) -> list[Contribution]:
    """One contribution a machine, each of which had seen some of those before it."""
    said: list[Contribution] = []
    for n, state in enumerate(draw(st.lists(_states, min_size=1, max_size=4))):
        seen = {each.writer: each.number for each in said if draw(st.booleans())}
        said.append(Contribution(f"machine{n}", draw(st.integers(1, 3)), seen, state))
    return said


@given(_said())
def test_the_order_in_which_machines_are_heard_does_not_matter(said: list[Contribution]) -> None:
    assert len({together(order).digest for order in permutations(said)}) == 1
    assert together(said + said) == together(said)


@given(_said(), _states)
def test_a_machine_that_has_seen_all_decides(said: list[Contribution], news: State) -> None:
    seen = {each.writer: each.number for each in said}
    for writer in ("machine0", "another"):  # that wrote before, or not
        view = Contribution(writer, 9, seen, news)
        assert together([*said, view]) == news
        assert together([view, *(each for each in said if each.writer != writer)]) == news


@given(_said())
def test_what_is_here_and_the_same_on_the_server_is_that(said: list[Contribution]) -> None:
    """As after a kill between sending and noting that it was sent."""
    here = Contribution("", 1, {}, said[-1].state)
    assert together([said[-1], here]) == said[-1].state


def test_those_who_claim_to_have_seen_each_other_are_both_heard() -> None:
    said = [
        Contribution("m1", 1, {"m2": 9}, _state(1, 0, 1, False)),
        Contribution("m2", 1, {"m1": 9}, _state(2, 1, 2, False)),
    ]
    assert {each.source for each in together(said).paper.listed} == {"a.jsonl", "b.jsonl"}


def test_what_two_machines_add_at_once_is_all_there() -> None:
    said = [Contribution("m1", 1, {}, _state(1, 0, 1, False))]
    said += [Contribution("m2", 1, {}, _state(2, 1, 2, False))]
    paper = together(said).paper
    assert paper.abstract == _TEXTS[2]
    assert paper.listed == (Listing("a.jsonl", "2024-03-11"), Listing("b.jsonl", "2024-03-12"))
    assert paper.links == ("https://x.test/0", "https://x.test/1")
    assert set(paper.identifiers) == {"arxiv:1", "doi:1", "doi:2"}


def test_a_removal_takes_what_its_machine_had_seen_and_nothing_else() -> None:
    there = Contribution("m1", 1, {}, _state(1, 0, 1, False))
    removal = Contribution("m2", 1, {"m1": 1}, _state(1, 0, 1, True))
    at_once = Contribution("m3", 1, {"m1": 1}, _state(0, 1, 0, False))
    back = Contribution("m4", 1, {"m2": 1}, _state(0, 1, 0, False))
    assert together([removal, there]).removed
    assert together([at_once, removal, there]) == at_once.state
    assert together([back, removal, there]) == back.state


@given(_said())
def test_a_contribution_survives_the_wire(said: list[Contribution]) -> None:
    for each in said:
        assert from_json(each.writer, each.number, to_json(each)) == each


_GOOD = json.loads(to_json(Contribution("m1", 1, {}, _state(0, 0, 0, False))))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        '{"paper": null}',
        json.dumps(_GOOD | {"spans": [[0, 9999]]}),
        json.dumps(_GOOD | {"spans": [[3, 1]]}),
        json.dumps(_GOOD | {"spans": []}),
        json.dumps(_GOOD | {"spans": [[0, "9"]]}),
        json.dumps(_GOOD | {"removed": True}),
        json.dumps(_GOOD | {"paper": _GOOD["paper"] | {"title": " "}}),
        json.dumps(_GOOD | {"paper": _GOOD["paper"] | {"title": 7}}),
        json.dumps(_GOOD | {"paper": _GOOD["paper"] | {"abstract": "x" * 30_000}}),
        json.dumps(_GOOD | {"paper": _GOOD["paper"] | {"authors": [7]}}),
        json.dumps(_GOOD | {"paper": _GOOD["paper"] | {"listed": [{"source": 7}]}}),
        json.dumps(_GOOD | {"paper": _GOOD["paper"] | {"paper_id": "../../x y"}}),
        json.dumps(_GOOD | {"paper": _GOOD["paper"] | {"more": 1}}),
        json.dumps(_GOOD | {"text_from": 7}),
        json.dumps(_GOOD | {"seen": ["m1"]}),
        json.dumps(_GOOD | {"seen": {"m1": "x"}}),
    ],
)
def test_what_somebody_else_wrote_is_no_paper(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (whatever it says)
        from_json("m1", 1, text)


def test_a_paper_is_records_that_every_server_takes_and_comes_back_whole() -> None:
    abstract = "Ωμέγα 😀 sentence. " * 900
    paper = Paper("arxiv:2403.01234", "T" * 900, abstract, tuple(f"Author {n}" for n in range(99)))
    spans = ((0, 9_000), (8_000, len(abstract)))
    contribution = Contribution("ab12", 7, {"m1": 3}, State(paper, "a.jsonl", spans, removed=False))
    vectors = np.eye(2, 384, dtype=np.float32)
    sentences = packed(np.random.default_rng(0).normal(size=(40, 384)).astype(np.float32))
    first, second = records_of(contribution, vectors, sentences)
    assert (first.name, second.name) == ("arxiv:2403.01234#0@ab12", "arxiv:2403.01234#1@ab12")
    assert [list(each.vector) for each in (first, second)] == vectors.tolist()
    assert abstract[8_000:].startswith(second.document)
    for each in (first, second):
        texts = [value for value in each.metadata.values() if isinstance(value, str)]
        assert max(len(text.encode()) for text in texts) <= 4_096
        assert max(map(len, each.metadata)) <= 36
        assert len(each.document.encode()) <= 16_384
    assert contribution_of(first.metadata) == contribution
    assert sentences_of(first.metadata) == sentences
    assert "number" not in second.metadata  # or it would count as a contribution


def test_sentences_that_are_too_many_are_made_where_they_are_wanted() -> None:
    contribution = Contribution("ab12", 1, {}, _state(0, 0, 0, False))
    (record,) = records_of(contribution, np.eye(1, 4, dtype=np.float32), b"x" * 99_000)
    assert sentences_of(record.metadata) is None
    assert len(record.metadata) < 32


def test_a_removed_paper_is_one_record() -> None:
    contribution = Contribution("ab12", 1, {}, _state(0, 0, 0, True))
    (record,) = records_of(contribution, np.empty((0, 4), np.float32), b"")
    assert (list(record.vector), record.document) == ([1.0, 0.0, 0.0, 0.0], "")
    assert contribution_of(record.metadata) == contribution


@pytest.mark.parametrize("lost", ["writer", "number", "state", "state.0"])
def test_a_record_that_lacks_something_is_no_contribution(lost: str) -> None:
    contribution = Contribution("ab12", 1, {}, _state(0, 0, 0, False))
    (record,) = records_of(contribution, np.eye(1, 4, dtype=np.float32), b"")
    del record.metadata[lost]
    with pytest.raises(ValueError):  # noqa: PT011 (whatever it says)
        contribution_of(record.metadata)

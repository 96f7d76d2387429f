import string
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import covered, rank_evidence
from assistant.types import Hit, Paper, Passage
from store.encoders import Vectors
from store.sentences import sentence_spans
from tests.papers import HashEncoder


class FakeReader:
    """A collection that knows some terms, all of them equally rare, and some sentences' vectors."""

    def __init__(
        self, known: Sequence[str] = (), sentences: Mapping[str, Vectors] | None = None
    ) -> None:
        self._known = set(known)
        self._sentences = dict(sentences or {})
        self.encoder = HashEncoder("mini3")  # whose cosines count as they are

    def terms(self, text: str) -> list[str]:
        words = (word.strip(string.punctuation).casefold() for word in text.split())
        return [word for word in words if len(word) > 3]

    def rarity(self, term: str) -> float:  # noqa: ARG002
        return 1.0

    def knows(self, term: str) -> bool:
        return term in self._known

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self.encoder.encode(texts)

    @property
    def encoded(self) -> list[str]:
        return self.encoder.encoded

    def sentence_vectors(self, paper_ids: Sequence[str]) -> dict[str, Vectors]:
        return {name: self._sentences[name] for name in paper_ids if name in self._sentences}


def hits_of(*abstracts: str) -> list[Hit]:
    """A hit for each abstract, most relevant first."""
    return [
        Hit(
            rank,
            Paper(f"p{rank}", f"Title {rank}", abstract),
            1 / rank,
            Passage(f"p{rank}", 0, len(abstract), abstract),
        )
        for rank, abstract in enumerate(abstracts, start=1)
    ]


def test_the_sentence_that_answers_is_the_strongest() -> None:
    hits = hits_of("Bread is baked. Kites map glaciers hourly.", "Kites fly high. Moss grows.")
    ranked = rank_evidence("what kites map glaciers", "what kites map glaciers", hits, FakeReader())
    assert ranked[0].quote == "Kites map glaciers hourly."
    assert sorted(each.quote for each in ranked) == [
        "Bread is baked.",
        "Kites fly high.",
        "Kites map glaciers hourly.",
        "Moss grows.",
    ]
    assert [each.strength for each in ranked] == sorted((e.strength for e in ranked), reverse=True)
    assert all(-1.001 <= each.closeness <= 1.001 for each in ranked)


def test_equal_sentences_are_ordered_by_paper() -> None:
    (one,) = hits_of("Same words here.")
    two = Hit(1, Paper("p0", one.paper.title, one.paper.abstract), one.relevance, one.passage)
    ranked = rank_evidence("same words", "same words", [one, two], FakeReader())
    assert [each.paper.paper_id for each in ranked] == ["p0", "p1"]
    assert [each.strength for each in ranked] == [0.5, 0.5]


def test_strengths_are_probabilities_and_share_out_those_of_papers() -> None:
    hits = hits_of("Kites map glaciers. Bread is baked.", "Moss grows on roofs.")
    ranked = rank_evidence("what kites map glaciers", "what kites map glaciers", hits, FakeReader())
    assert sum(each.strength for each in ranked) == pytest.approx(1.0)
    by_paper = {
        name: sum(each.strength for each in ranked if each.paper.paper_id == name)
        for name in ("p1", "p2")
    }
    assert 1 > by_paper["p1"] > by_paper["p2"] > 0


def test_nothing_found_is_no_evidence() -> None:
    assert rank_evidence("anything", "anything", [], FakeReader()) == []


@given(st.text(), st.lists(st.text().filter(str.strip), max_size=3))
def test_evidence_is_every_sentence_verbatim_whatever_the_abstract(
    query: str, abstracts: list[str]
) -> None:
    hits = hits_of(*abstracts)
    ranked = rank_evidence(query, query, hits, FakeReader())
    places = {(each.paper.paper_id, each.start, each.end) for each in ranked}
    expected = {
        (h.paper.paper_id, *span) for h in hits for span in sentence_spans(h.paper.abstract)
    }
    assert places == expected
    assert len(ranked) == len(expected)
    assert all(each.quote == each.paper.abstract[each.start : each.end] for each in ranked)
    assert all(np.isfinite(each.strength) for each in ranked)


@pytest.mark.parametrize(
    ("terms", "share"), [(set(), 0.0), ({"a"}, 0.25), ({"a", "b", "x"}, 1.0), ({"b"}, 0.75)]
)
def test_coverage_is_the_share_of_the_weight(terms: set[str], share: float) -> None:
    assert covered({"a": 1.0, "b": 3.0}, terms) == share
    assert covered({}, terms) == 0.0


def _closeness_by_quote(hits: Sequence[Hit], reader: FakeReader) -> dict[str, float]:
    ranked = rank_evidence("whales sing", "whales sing", hits, reader)
    return {each.quote: each.closeness for each in ranked}


def test_a_sentence_counts_as_it_was_encoded_where_it_stands() -> None:
    hits = hits_of("They sing. They dive.", "Moss grows.")
    own = HashEncoder().encode(["something else", "whales sing"])
    reader = FakeReader(sentences={"p1": own})
    found = _closeness_by_quote(hits, reader)
    asked, alone = HashEncoder().encode(["whales sing", "Title 2. Moss grows."])
    expected = {
        "They sing.": float(own[0] @ asked),
        "They dive.": float(own[1] @ asked),
        "Moss grows.": float(alone @ asked),
    }
    assert found == pytest.approx(expected, abs=1e-6)
    assert found["They dive."] == pytest.approx(1.0, abs=1e-6)
    assert reader.encoded == ["whales sing", "whales sing", "Title 2. Moss grows."]


def test_a_sentence_behind_the_encoders_last_token_is_encoded_by_itself() -> None:
    hits = hits_of("They sing. They dive. They sleep.")
    own = HashEncoder().encode(["something else", "", ""])
    assert own.any(axis=1).tolist() == [True, False, False]
    reader = FakeReader(sentences={"p1": own})
    found = _closeness_by_quote(hits, reader)
    asked, *alone = HashEncoder().encode(
        ["whales sing", "Title 1. They dive.", "Title 1. They sleep."]
    )
    assert found == pytest.approx(
        {
            "They sing.": float(own[0] @ asked),
            "They dive.": float(alone[0] @ asked),
            "They sleep.": float(alone[1] @ asked),
        },
        abs=1e-6,
    )
    assert reader.encoded[2:] == ["Title 1. They dive.", "Title 1. They sleep."]


@pytest.mark.parametrize("n", [1, 3])
def test_vectors_of_an_earlier_abstract_do_not_count(n: int) -> None:
    hits = hits_of("They sing. They dive.")
    reader = FakeReader(sentences={"p1": HashEncoder().encode(["whales sing"] * n)})
    assert _closeness_by_quote(hits, reader) == _closeness_by_quote(hits, FakeReader())


def test_a_follow_up_is_near_what_is_near_to_it_and_to_what_was_searched() -> None:
    hits = hits_of("They sing. They dive.")
    own = HashEncoder().encode(["whales sing", "how deep"])
    reader = FakeReader(sentences={"p1": own})
    ranked = rank_evidence("how deep", "whales sing how deep", hits, reader)
    both = HashEncoder().encode(["how deep", "whales sing how deep"])
    expected = {
        quote: float(row @ both[0] + row @ both[1]) / 2
        for quote, row in zip(("They sing.", "They dive."), own, strict=True)
    }
    assert {each.quote: each.closeness for each in ranked} == pytest.approx(expected, abs=1e-6)
    assert ranked[0].quote == "They dive."


def test_what_retrieval_says_counts_for_more_where_the_encoder_is_another() -> None:
    hits = hits_of("They dive.", "They sing.")
    own = {"p1": HashEncoder().encode(["moss"]), "p2": HashEncoder().encode(["whales sing"])}
    known, other = FakeReader(sentences=own), FakeReader(sentences=own)
    other.encoder = HashEncoder("somebody's own")
    shares = [
        {
            each.paper.paper_id: each.strength
            for each in rank_evidence("whales sing", "whales sing", hits, reader)
        }
        for reader in (known, other)
    ]
    assert shares[0]["p2"] > 0.5
    assert shares[1]["p1"] > shares[0]["p1"]

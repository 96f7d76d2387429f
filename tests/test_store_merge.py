from dataclasses import replace
from itertools import permutations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from store.merge import STARTER, merged, new_paper
from store.readers.record import Record
from store.types import Listing, Paper

_SHORT = Record("a.jsonl", 1, "A Title", "Short.", (Listing("a.jsonl"),))
_LONG = Record(
    source="b.jsonl",
    line=7,
    title="A  title",
    abstract="Much longer text.",
    listed=(Listing("b.jsonl", "2024-03-14"),),
    authors=("Ada", "Bo"),
    published="2024-03",
    url="https://papers.test/1",
    links=("https://code.test/1",),
    identifiers=("arxiv:2403.01234",),
)


def test_a_new_paper_is_its_record() -> None:
    assert new_paper(_LONG, "x") == Paper(
        paper_id="x",
        title="A  title",
        abstract="Much longer text.",
        authors=("Ada", "Bo"),
        published="2024-03",
        listed=(Listing("b.jsonl", "2024-03-14"),),
        url="https://papers.test/1",
        links=("https://code.test/1",),
        identifiers=("arxiv:2403.01234",),
    )


def test_the_longer_of_two_texts_stays_and_everything_else_adds_up() -> None:
    expected = replace(
        new_paper(_LONG, "x"), listed=(Listing("a.jsonl"), Listing("b.jsonl", "2024-03-14"))
    )
    assert merged(new_paper(_SHORT, "x"), "a.jsonl", _LONG) == (expected, "b.jsonl")
    assert merged(new_paper(_LONG, "x"), "b.jsonl", _SHORT) == (expected, "b.jsonl")


def test_a_digest_gives_way_to_any_text_and_never_comes_back() -> None:
    digest = replace(_LONG, source=STARTER)
    paper, text_from = merged(new_paper(digest, "x"), STARTER, _SHORT)
    assert (paper.title, paper.abstract, text_from) == ("A Title", "Short.", "a.jsonl")
    again, still_from = merged(paper, text_from, digest)
    assert (again, still_from) == (paper, "a.jsonl")


def test_a_source_replaces_its_own_text_by_a_shorter_one() -> None:
    shorter = replace(_LONG, abstract="New.", title="New title")
    paper, text_from = merged(new_paper(_LONG, "x"), "b.jsonl", shorter)
    assert (paper.title, paper.abstract, text_from) == ("New title", "New.", "b.jsonl")


def test_a_record_that_says_nothing_new_changes_nothing() -> None:
    assert merged(new_paper(_LONG, "x"), "b.jsonl", _LONG) == (new_paper(_LONG, "x"), "b.jsonl")


def test_a_listing_without_a_day_says_nothing_beside_one_with_a_day() -> None:
    listings = [Listing("t"), Listing("t", "--03-14"), Listing("t", "--03-11"), Listing("u")]
    expected = (Listing("t", "--03-11"), Listing("t", "--03-14"), Listing("u"))
    for order in permutations(listings):
        paper = new_paper(replace(_SHORT, listed=order[:1]), "x")
        for listing in order[1:]:
            paper, _ = merged(paper, "a.jsonl", replace(_SHORT, listed=(listing,)))
        assert paper.listed == expected


_RECORDS = st.lists(
    st.builds(
        Record,
        source=st.sampled_from("abcdef"),
        line=st.just(1),
        title=st.just("T"),
        abstract=st.integers(1, 50).map("x".ljust).map(lambda text: text.replace(" ", "x")),
        listed=st.lists(
            st.builds(Listing, st.sampled_from("lm"), st.sampled_from(["", "--01-02", "2024"])),
            min_size=1,
            max_size=2,
        ).map(tuple),
        links=st.lists(st.sampled_from("uvw"), max_size=2).map(tuple),
        published=st.sampled_from(["", "2024", "2024-03"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=(lambda record: record.source, lambda record: len(record.abstract)),
)


@given(_RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_different_sources_does_not_matter(
    records: list[Record], random: Random
) -> None:
    def all_of(order: list[Record]) -> tuple[object, ...]:
        paper, text_from = new_paper(order[0], "x"), order[0].source
        for record in order[1:]:
            paper, text_from = merged(paper, text_from, record)
        return replace(paper, links=tuple(sorted(paper.links))), text_from

    expected = all_of(records)
    random.shuffle(records)
    assert all_of(records) == expected

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation.focus import Mention, mentions
from assistant.conversation.history import Exchange
from assistant.types import Paper
from store.collection import Collection
from store.sentences import sentence_spans
from tests.papers import PAPERS, bundled_encoder, write_papers


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("focus")
    collection = Collection(folder / "home", bundled_encoder(), starter=False)
    collection.ingest([write_papers(folder / "papers.jsonl")])
    yield collection
    collection.close()


def places(found: list[Mention]) -> list[tuple[str, int, int, tuple[int, ...]]]:
    """Each paper by the first word of its title."""
    return [(each.paper.title.split()[0], each.ago, each.place, each.numbers) for each in found]


def test_papers_are_found_by_the_sentences_that_answers_quote(collection: Collection) -> None:
    newest = Exchange("", "It fails for trees. [1] Two counters remove them. [2]")
    older = Exchange(
        "", "We calibrate on 77 roofs with known dates. [1][2]\n\nIt runs on a phone. [3]"
    )
    assert places(mentions([newest, older], collection)) == [
        ("Spectral", 0, 0, (1,)),
        ("Why", 0, 1, (2,)),
        ("Moss", 1, 0, (1, 2)),
    ]


def test_a_paper_stands_where_it_was_cited_last(collection: Collection) -> None:
    again = Exchange("", "It fails for trees. [1]")
    before = Exchange("", "It runs on a phone. [1] It fails for trees. [2]")
    assert places(mentions([again, before], collection)) == [
        ("Spectral", 0, 0, (1,)),
        ("Forecasting", 1, 0, (1,)),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        "… a paper label changes from green to red … [1]",
        "- **Bread That Tells Its Own Freshness.** In a trial with 210 households waste fell. [1]",
        "The label turns from green to red once the crumb loses moisture. [1]",
        "Stale  bread is\nthrown away too early. [1]\n\nSources:\n\n[1] Bread (listed Mar 12)",
    ],
    ids=["an excerpt", "a line of a summary", "in other words", "printed with its sources"],
)
def test_a_paper_is_found_however_it_is_quoted(collection: Collection, answer: str) -> None:
    assert places(mentions([Exchange("", answer)], collection)) == [("Bread", 0, 0, (1,))]


def test_signs_that_were_escaped_are_read_as_they_were(collection: Collection) -> None:
    [paper] = [p for p in collection.papers() if p.title.startswith("Glacier")]
    quote = "Satellites pass too rarely for fast glaciers [1]."
    answer = rf"{quote[:-4]}\[1]. [7]"
    assert mentions([Exchange("", answer)], collection) == [Mention(paper, 0, 0, (7,))]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "The collection does not answer this. The nearest papers are:\n\n- Tuning Violins by"
        " Listening to Their Varnish\n- Moss as a Clock for Abandoned Roofs",
        "You are welcome. You could ask:\n\n- How old is the varnish of a violin?",
        "[1] [2]",
        "x[1] and [2023] and [[1]](y)",
        "I would rather talk about cooking with cast iron pans. [1]",
    ],
)
def test_what_cites_nothing_mentions_nothing(collection: Collection, answer: str) -> None:
    assert mentions([Exchange("Who?", answer)], collection) == []


def test_an_answer_that_cites_nothing_does_not_put_the_one_before_out_of_focus(
    collection: Collection,
) -> None:
    before = [Exchange("", "No abstract says so."), Exchange("", "It runs on a phone. [1]")]
    assert places(mentions(before, collection)) == [("Forecasting", 0, 0, (1,))]


def test_no_more_than_a_few_sentences_are_looked_up() -> None:
    class Counting:
        n = 0

        def nearest_in_words(self, _: str) -> tuple[Paper, float] | None:
            self.n += 1
            return Paper(f"p{self.n}", "Title", "Another text."), 1.0

    counting = Counting()
    answer = " ".join(f"Sentence {n}. [{n}]" for n in range(1, 90))
    assert len(mentions([Exchange("", answer)] * 4, counting)) == counting.n == 12 + 3


@given(st.lists(st.integers(0, len(PAPERS) - 1), min_size=1, max_size=3, unique=True))
def test_what_the_extractive_writer_quotes_is_found_again(
    collection: Collection, numbers: list[int]
) -> None:
    papers = {paper.title: paper for paper in collection.papers()}
    chosen = [papers[str(PAPERS[number]["title"])] for number in numbers]
    lines = []
    for number, paper in enumerate(chosen, start=1):
        start, end = max(sentence_spans(paper.abstract), key=lambda span: span[1] - span[0])
        lines.append(f"{paper.abstract[start:end]} [{number}]")
    found = mentions([Exchange("", "\n\n".join(lines))], collection)
    assert [each.paper for each in found] == chosen


@given(st.text(), st.text())
def test_any_text_may_have_been_answered(collection: Collection, before: str, behind: str) -> None:
    answer = f"{before} [1] {behind} [2]".encode("utf-8", "replace").decode()
    for each in mentions([Exchange("", answer)], collection):
        assert each.numbers
        assert each.ago == 0

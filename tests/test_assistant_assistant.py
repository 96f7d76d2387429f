"""The assistant and its chain, over real indexes and the bundled encoder."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import assistant as package
from assistant import Assistant, AssistantError, StoreError
from assistant.errors import QuestionError, SettingError
from assistant.types import Answer, Delta, Event, Finished, Retrieved, Turn
from store.errors import EncoderMismatchError, FilterError, HomeError, PaperNotFoundError
from tests.papers import PAPERS, TITLES, HashEncoder, bundled_encoder, write_papers

_ROOT = Path(__file__).parents[1]
_QUESTIONS = (
    ("When does pre-training a graph network pay off?", "Graph Networks That Forget on Purpose"),
    ("How often does a kite camera map a glacier tongue?", "Glacier Tongues Seen from Kites"),
    ("How do readers of Hebrew place emoji?", "Reading Emoji 😀 across Scripts"),
    ("Which bound on the spectral gap of graphs is tight?", "Spectral Gaps of Wandering Graphs"),
    (
        "A laser removes cement from steel in which dock?",
        "Barnacle Growth on Ship Hulls in Thirteen Harbours",
    ),
)
_OFF_TOPIC = ("What is the capital of Mongolia?", "zzqx blorf", "who won the 1966 football final?")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("assistant") / "home"


@pytest.fixture(scope="module")
def assistant(home: Path) -> Iterator[Assistant]:
    with Assistant(home, starter=False, encoder=bundled_encoder()) as opened:
        report = opened.ingest(write_papers(home.parent / "papers.jsonl"))
        assert (report.added, report.rejected, report.papers) == (len(PAPERS), [], len(PAPERS))
        yield opened


def _untimed(answer: Answer) -> Answer:
    assert answer.timings_s["total"] > 0
    assert all(seconds >= 0 for seconds in answer.timings_s.values())
    return replace(answer, timings_s={})


def _assert_sound(answer: Answer) -> None:
    """Hold an answer to what every answer promises."""
    shown = [int(number) for number in re.findall(r"(?<!\\)\[(\d+)\]", answer.text)]
    assert shown == [citation.number for citation in answer.citations]
    assert shown == [*range(1, len(shown) + 1)]
    for citation in answer.citations:
        assert citation.quote == citation.paper.abstract[citation.start : citation.end] != ""
        assert 0.0 <= citation.support <= 1.0
    assert [number for sentence in answer.sentences for number in sentence.numbers] == shown
    assert all(sentence.text in answer.text for sentence in answer.sentences)


@pytest.mark.parametrize(("question", "title"), _QUESTIONS)
def test_a_question_is_answered_from_the_paper_that_says_it(
    assistant: Assistant, question: str, title: str
) -> None:
    answer = assistant.ask(question)
    _assert_sound(answer)
    assert answer.citations[0].paper.title == title
    assert (answer.refused, answer.question, answer.query) == (False, question, question)
    assert (answer.model, answer.nearest, answer.missing) == ("extractive", (), ())
    assert answer.n_near == 8
    assert set(answer.timings_s) == {"condense", "retrieve", "evidence", "write", "total"}


@pytest.mark.parametrize("question", _OFF_TOPIC)
def test_what_no_abstract_bears_on_is_refused_with_the_nearest_papers(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.refused, answer.citations, answer.sentences) == (True, (), ())
    assert len(answer.nearest) == 3
    assert all(f"- **{hit.paper.title}**: " in answer.text for hit in answer.nearest)
    assert answer.missing
    assert all(f"“{word}”" in answer.text for word in answer.missing)
    assert set(answer.missing) <= set(question.strip("?").split())
    assert answer.text.startswith(
        "The collection does not answer this. The 8 papers nearest to it, of 12, do not mention “"
    )


@pytest.mark.parametrize("question", [question for question, _ in _QUESTIONS] + [*_OFF_TOPIC])
def test_the_same_question_gives_the_same_answer_streamed_or_not(
    assistant: Assistant, question: str
) -> None:
    first = assistant.ask(question)
    assert _untimed(assistant.ask(question)) == _untimed(first)
    retrieved, *deltas, finished = list[Event](assistant.stream(question))
    assert isinstance(retrieved, Retrieved)
    assert retrieved == Retrieved(question, tuple(assistant.search(question, 8)))
    assert all(isinstance(delta, Delta) and delta.text for delta in deltas)
    assert "".join(delta.text for delta in deltas if isinstance(delta, Delta)) == first.text
    assert isinstance(finished, Finished)
    assert _untimed(finished.answer) == _untimed(first)


def test_no_delta_ends_within_a_bracket(assistant: Assistant) -> None:
    for question, _ in _QUESTIONS:
        for event in assistant.stream(question):
            if isinstance(event, Delta):
                assert event.text.count("[") == event.text.count("]")


def test_a_further_question_leans_on_the_one_before_and_on_no_other(assistant: Assistant) -> None:
    history: list[Turn] = [
        {"role": "user", "content": "Where does moss grow?"},
        {"role": "assistant", "content": "On roofs. [1]"},
        {"role": "user", "content": "How much memory does sparse attention need?"},
        {"role": "assistant", "content": "3.2%. [1]"},
    ]
    answer = assistant.ask("And for whale song?", history)
    assert answer.question == "And for whale song?"
    assert answer.query == (
        "Sparse Attention for Whale Song: How much memory does sparse attention need?"
        " And for whale song?"
    )
    assert answer.citations[0].paper.title == "Sparse Attention for Whale Song"
    _assert_sound(answer)


def test_a_filtered_out_paper_is_neither_cited_nor_shown(assistant: Assistant) -> None:
    answer = assistant.ask("How long is whale song?", published_from="2024")
    assert {c.paper.title for c in answer.citations} == {"Sparse Attention for Whale Song"}
    assert answer.n_near == 1
    refusal = assistant.ask("How long is whale song?", published_from="2030")
    assert (refusal.refused, refusal.nearest, refusal.n_near) == (True, (), 0)


def test_fewer_papers_are_looked_at_where_asked(assistant: Assistant) -> None:
    assert assistant.ask("How long is whale song?", k=1).n_near == 1


def test_a_topic_is_summarized_with_cited_sentences_under_each_title(assistant: Assistant) -> None:
    answer = assistant.summarize("whale song")
    _assert_sound(answer)
    titles = [citation.paper.title for citation in answer.citations]
    assert titles == [
        *["Whale Song Atlas: a Thousand Hours with Labels"] * 2,
        *["Sparse Attention for Whale Song"] * 2,
    ]
    assert answer.text.count("\n") == 1
    assert all(f"- **{title}.** " in answer.text for title in titles)
    assert _untimed(assistant.summarize("A summary of whale song, please")).text
    assert _untimed(assistant.summarize("whale song")) == _untimed(answer)
    assert len({each.paper for each in assistant.summarize("whale song", k=1).citations}) == 1
    assert assistant.summarize("Mongolian capital cities").refused


def test_papers_are_listed_shown_searched_and_counted(assistant: Assistant) -> None:
    papers = assistant.papers()
    assert sorted(paper.title for paper in papers) == sorted(TITLES)
    assert [paper.paper_id for paper in papers] == sorted(paper.paper_id for paper in papers)
    assert assistant.count() == len(PAPERS)
    assert all(assistant.paper(paper.paper_id) == paper for paper in papers)
    assert [p.title for p in assistant.papers(published_to="2019")] == [TITLES[1]]
    hits = assistant.search("violin varnish", k=2)
    assert (hits[0].rank, hits[0].paper.title) == (1, TITLES[1])
    assert len(hits) == 2


@pytest.mark.parametrize("k", [0, -1, 201, 10**9])
def test_a_number_of_papers_out_of_range_is_refused(assistant: Assistant, k: int) -> None:
    message = f"k is {k}; ask for 1 to 200 papers"
    for call in (assistant.ask, assistant.search, assistant.summarize):
        with pytest.raises(QuestionError) as caught:
            call("whales", k=k)
        assert str(caught.value) == message


@pytest.mark.parametrize("question", ["", "  \n", "x" * 100_000])
def test_a_question_that_cannot_be_taken_is_refused_by_every_call(
    assistant: Assistant, question: str
) -> None:
    for call in (assistant.ask, assistant.stream, assistant.search, assistant.summarize):
        with pytest.raises(QuestionError):
            call(question)


def test_a_filter_or_an_id_that_makes_no_sense_is_refused(assistant: Assistant) -> None:
    for call in (assistant.ask, assistant.search, assistant.summarize):
        with pytest.raises(FilterError, match="There is no filter 'author'"):
            call("whales", author="Ada")
        with pytest.raises(FilterError, match="listed_from: 'soon' is not a date"):
            call("whales", listed_from="soon")
    for remove in (assistant.paper, assistant.remove):
        with pytest.raises(PaperNotFoundError, match="There is no paper 'none'"):
            remove("none")


@pytest.mark.parametrize(
    "question",
    [
        "\x00",
        "😀😀😀",
        "שלום עולם",
        "e\u0301 n\u0303",
        "[1] [2]",
        '" OR 1=1 --',
        "a" * 2_000,
        "((((",
    ],
)
def test_any_question_is_answered_or_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    _assert_sound(answer)
    assert answer.text


def test_an_empty_collection_refuses(tmp_path: Path) -> None:
    with Assistant(tmp_path / "empty", starter=False, encoder=HashEncoder()) as empty:
        answer = empty.ask("Which whales sing?")
        assert answer.text == "The collection is empty. Add papers to it, and ask again."
        assert (answer.refused, answer.citations, answer.nearest) == (True, (), ())
        assert (empty.search("whales"), empty.papers(), empty.count()) == ([], [], 0)
        assert empty.summarize("whales").refused


def test_a_new_home_begins_with_the_starter_collection(tmp_path: Path) -> None:
    with Assistant(tmp_path / "new", encoder=bundled_encoder()) as begun:
        assert begun.count() == 464
        answer = begun.ask("How can I tell whether pre-training a graph network will pay off?")
        _assert_sound(answer)
        assert not answer.refused
        assert answer.citations[0].paper.title.startswith("When to Pre-Train Graph Neural")


def test_a_removed_paper_is_cited_no_more(tmp_path: Path) -> None:
    with Assistant(tmp_path / "home", starter=False, encoder=bundled_encoder()) as own:
        own.ingest(write_papers(tmp_path / "a.jsonl"))
        question, title = _QUESTIONS[0]
        own.remove(own.ask(question).citations[0].paper.paper_id)
        assert own.count() == len(PAPERS) - 1
        assert title not in [citation.paper.title for citation in own.ask(question).citations]
        own.close()


def test_what_cannot_be_opened_is_one_of_our_errors(tmp_path: Path, home: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(HomeError):
        Assistant(tmp_path / "file")
    with pytest.raises(HomeError, match="is not a home folder"):
        Assistant(tmp_path)
    with pytest.raises(EncoderMismatchError):
        Assistant(home, encoder=HashEncoder())
    with pytest.raises(StoreError, match="There is no encoder 'none'"):
        Assistant(tmp_path / "home", encoder="none")
    with pytest.raises(SettingError):
        Assistant(tmp_path / "home", model="gpt")
    assert issubclass(SettingError, AssistantError)


def test_every_name_of_the_package_is_there() -> None:
    assert package.__all__ == sorted(package.__all__)
    assert all(getattr(package, name).__name__ == name for name in package.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


_OFFLINE = """
import socket, sys

def refuse(*args):
    raise AssertionError(f"a packet for {args}")

for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = refuse

from assistant import Assistant
with Assistant(sys.argv[1]) as assistant:
    report = assistant.ingest(sys.argv[2])
    answer = assistant.ask("How often does a kite camera map a glacier tongue?")
    print(report.added, answer.refused, assistant.count())
"""


def test_no_packet_leaves_on_import_opening_ingest_and_asking(tmp_path: Path) -> None:
    source = write_papers(tmp_path / "a.jsonl")
    run = subprocess.run(
        [sys.executable, "-c", _OFFLINE, str(tmp_path / "home"), str(source)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.stderr, run.returncode) == ("", 0)
    assert run.stdout == f"{len(PAPERS)} False {464 + len(PAPERS)}\n"


def test_what_there_is_to_filter_by_and_how_many_pass(tmp_path: Path) -> None:
    with Assistant(tmp_path / "home", starter=False) as assistant:
        source = tmp_path / "papers.jsonl"
        source.write_text(
            '{"title": "Tides", "abstract": "It ebbs.", "published": "2024-03-14"}\n'
            '{"title": "Moons", "abstract": "It rises.", "published": "2023"}\n'
        )
        assistant.ingest(source)
        there = assistant.appearances()
        assert (there.days, there.published) == ((), ("2023", "2024-03-14"))
        assert there.sources == ("papers.jsonl",)
        assert (assistant.count(), assistant.count(published_from="2024")) == (2, 1)
        (moons,) = assistant.papers(published_to="2023")
        assistant.remove(moons.paper_id)
        assert assistant.appearances().published == ("2024-03-14",)

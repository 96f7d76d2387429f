"""A small collection, asked; what came back judged by hand."""

import hashlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant, Evaluation, evaluate
from assistant.errors import ChatModelError, EvaluationError
from assistant.evaluation.judging import Record
from tests.chat_papers import chatting, saying
from tests.chat_server import MODEL, Script
from tests.papers import PAPERS, bundled_encoder, write_papers
from tests.questions import (
    ATLAS,
    COMPARISON,
    CONVERSATION,
    KITES,
    QUESTION,
    SONG,
    TERSE,
    TOPIC,
    UNANSWERABLE,
    Line,
    write_questions,
)

Ask = Callable[..., Evaluation]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("evaluated")
    with Assistant(folder / "home", starter=False, encoder=bundled_encoder()) as assistant:
        assistant.ingest(write_papers(folder / "papers.jsonl"))
        yield assistant


@pytest.fixture
def ask(assistant: Assistant, tmp_path: Path) -> Ask:
    """Evaluate on some lines."""

    def ask_them(*lines: Line) -> Evaluation:
        return evaluate(assistant, write_questions(tmp_path / "questions.jsonl", lines))

    return ask_them


def _only(evaluation: Evaluation) -> Record:
    (record,) = evaluation.records
    return record


def test_a_question_is_judged_by_what_it_finds_quotes_and_cites(
    ask: Ask, assistant: Assistant
) -> None:
    evaluation = ask(QUESTION)
    record, answer = _only(evaluation), assistant.ask(str(QUESTION["query"]))
    assert (evaluation.papers, evaluation.encoder) == (len(PAPERS), "static-256")
    assert (evaluation.model, evaluation.cases, evaluation.notes) == ("extractive", 1, [])
    assert (record.kind, record.name, record.group) == ("question", "q1", "plain")
    assert record.quotes == tuple(citation.quote for citation in answer.citations)
    assert record.expected == (KITES,)
    assert KITES in record.cited
    assert not record.refused
    at = record.quotes.index(str(QUESTION["evidence"]))
    n_cited = len({c.paper.title for c in answer.citations[:3]})
    assert record.measures == {
        "right_paper_first": 1.0,
        "right_paper_in_5": 1.0,
        "mrr_at_10": 1.0,
        "ndcg_at_10": 1.0,
        "cited_papers_right": 1 / n_cited,
        "gold_papers_cited": 1.0,
        "evidence_hit_1": float(at < 1),
        "evidence_hit_2": float(at < 2),
        "evidence_hit_3": 1.0,
        "answer_conveyed": 1.0,
        "wrongly_refused": 0.0,
    }
    assert 0 < record.seconds < 60


def test_a_paper_found_second_counts_half(ask: Ask) -> None:
    first, second = "Sparse attention for whale song", ATLAS
    measures = _only(ask({"query": first, "gold": [second]})).measures
    assert measures["right_paper_first"] == 0.0
    assert (measures["right_paper_in_5"], measures["mrr_at_10"]) == (1.0, 0.5)
    assert measures["ndcg_at_10"] == pytest.approx(1 / 1.584962500721156)


def test_a_refused_question_counts_as_missed(ask: Ask) -> None:
    record = _only(ask({**QUESTION, "query": "What is the capital of Mongolia?"}))
    assert (record.refused, record.cited, record.quotes) == (True, (), ())
    assert record.measures["wrongly_refused"] == 1.0
    missed = ("evidence_hit_3", "answer_conveyed", "gold_papers_cited")
    assert [record.measures[name] for name in missed] == [0.0, 0.0, 0.0]
    assert "cited_papers_right" not in record.measures


def test_a_question_is_measured_by_what_is_known_of_it(ask: Ask) -> None:
    record = _only(ask({"query": str(QUESTION["query"]), "answer": "every hour"}))
    assert record.measures == {"answer_conveyed": 1.0, "wrongly_refused": 0.0}


def test_a_comparison_wants_all_of_its_papers_cited(ask: Ask) -> None:
    record = _only(ask(COMPARISON))
    cited = len({SONG, ATLAS} & set(record.cited))
    assert record.kind == "comparison"
    assert record.measures == {
        "all_gold_cited": float(cited == 2),
        "gold_papers_cited": cited / 2,
        "wrongly_refused": 0.0,
    }


def test_a_topic_is_summarized(ask: Ask, assistant: Assistant) -> None:
    summary = assistant.summarize("whale song")
    record = _only(ask({**TOPIC, "relevant": [SONG], "marginal": [ATLAS]}))
    assert record.quotes == tuple(citation.quote for citation in summary.citations)
    assert set(record.cited) == {SONG, ATLAS}
    assert record.measures == {
        "relevant_cited": 1.0,
        "cited_relevant": 1.0,
        "core_cited": 1.0,
        "wrongly_refused": 0.0,
    }
    strict = _only(ask({**TOPIC, "relevant": [SONG], "core": []})).measures
    assert (strict["cited_relevant"], "core_cited" in strict) == (0.5, False)


def test_later_turns_that_name_a_paper_are_follow_ups(ask: Ask, assistant: Assistant) -> None:
    record = _only(ask(CONVERSATION))
    assert (record.kind, record.name, record.together) == ("follow-up", "c1/2", "c1")
    assert record.query == "and how far do its listeners agree?"
    first = assistant.ask("Who publishes hours of whale song?")
    history = [
        {"role": "user", "content": "Who publishes hours of whale song?"},
        {"role": "assistant", "content": first.text},
    ]
    answer = assistant.ask(record.query, history)
    assert record.quotes == tuple(citation.quote for citation in answer.citations)
    assert record.measures == {
        "right_paper_first": 1.0,
        "right_paper_in_5": 1.0,
        "answer_conveyed": 1.0,
        "wrongly_refused": 0.0,
    }


def test_an_unanswerable_question_is_to_be_refused(ask: Ask) -> None:
    evaluation = ask(UNANSWERABLE, {**UNANSWERABLE, "id": "u2", "query": str(QUESTION["query"])})
    assert [record.measures for record in evaluation.records] == [
        {"refused": 1.0},
        {"refused": 0.0},
    ]
    assert [record.group for record in evaluation.records] == ["out", "out"]
    figure = evaluation.figures()[0]
    assert (figure.kind, figure.measure, figure.value, figure.n) == (
        "unanswerable",
        "refused",
        0.5,
        2,
    )


def test_titles_are_compared_by_their_letters(ask: Ask) -> None:
    evaluation = ask({**QUESTION, "gold": ["glacier tongues — seen from KITES!"]})
    assert _only(evaluation).measures["right_paper_first"] == 1.0
    assert evaluation.notes == []


def test_papers_that_are_not_there_are_counted_and_named(ask: Ask) -> None:
    gone = "A Paper That Nobody Ingested"
    evaluation = ask(
        QUESTION,
        {**QUESTION, "id": "q9", "gold": [gone]},
        {**COMPARISON, "gold": [SONG, gone]},
        {**TOPIC, "relevant": [SONG, gone], "core": [gone]},
        {"turns": [{"user": "whale song", "gold": [gone]}, {"user": "and?", "gold": [SONG]}]},
        UNANSWERABLE,
    )
    assert [record.name for record in evaluation.records] == ["q1", "t1", "u1"]
    assert evaluation.notes == [
        "1 of 3 gold papers are not in this collection, so that 3 of 6 cases are left out:"
        f" “{gone}”"
    ]
    topic = evaluation.records[1]
    assert (topic.expected, topic.measures["relevant_cited"]) == ((SONG,), 1.0)
    assert "core_cited" not in topic.measures


def test_another_collection_altogether_is_told(ask: Ask) -> None:
    with pytest.raises(EvaluationError, match=r"None .* such as “Gone”, is in .* of 12 papers"):
        ask({**QUESTION, "gold": ["Gone"]})


def test_an_empty_collection_is_told(tmp_path: Path) -> None:
    with (
        Assistant(tmp_path / "home", starter=False, encoder=bundled_encoder()) as empty,
        pytest.raises(EvaluationError, match="The collection is empty"),
    ):
        evaluate(empty)


def test_without_a_file_questions_are_made_of_the_collection(assistant: Assistant) -> None:
    evaluation = evaluate(assistant, n=8, seed=1)
    kinds = [record.kind for record in evaluation.records]
    assert (kinds.count("question"), kinds.count("unanswerable")) == (8, 41)
    figures = {(f.kind, f.group, f.measure): f.value for f in evaluation.figures()}
    assert figures["question", "", "right_paper_in_5"] == 1.0
    assert figures["unanswerable", "foreign", "refused"] > 0.5
    assert "made of the collection itself" in evaluation.notes[0]
    again = evaluate(assistant, n=8, seed=1)
    assert [replace(each, seconds=0) for each in again.records] == [
        replace(each, seconds=0) for each in evaluation.records
    ]


def test_ctrl_c_gives_what_was_measured_until_then(assistant: Assistant, tmp_path: Path) -> None:
    lines = [{**QUESTION, "id": str(at)} for at in range(5)]
    told = []

    def progress(done: int, n: int) -> None:
        told.append((done, n))
        if done == 3:
            signal.raise_signal(signal.SIGINT)

    questions = write_questions(tmp_path / "questions.jsonl", lines)
    evaluation = evaluate(assistant, questions, on_progress=progress)
    assert told == [(1, 5), (2, 5), (3, 5)]
    assert [record.name for record in evaluation.records] == ["0", "1", "2"]
    assert (evaluation.interrupted, evaluation.cases) == (True, 5)
    assert evaluation.notes == ["Stopped early, and the figures are of what was asked."]


def test_a_chat_model_that_fails_leaves_what_was_measured(tmp_path: Path) -> None:
    questions = write_questions(tmp_path / "questions.jsonl", [QUESTION, TERSE])
    with chatting(tmp_path) as (chat, server):
        server.scripts = [saying(f"A kite maps the tongue every hour {{{KITES}}}.")]
        server.always = Script.failing(401, "bad key")
        evaluation = evaluate(chat, questions)
        assert len(server.requests) == 2
        assert (evaluation.model, evaluation.interrupted) == (MODEL, True)
        (record,) = evaluation.records
        assert record.cited == (KITES,)
        assert (record.measures["evidence_hit_1"], record.measures["cited_papers_right"]) == (1, 1)
        (note,) = evaluation.notes
        assert note.startswith("Stopped early, and the figures are of what was asked. ")
        assert "refuses the key" in note
        with pytest.raises(ChatModelError):
            evaluate(chat, write_questions(questions, [TERSE]))


def test_nothing_of_the_collection_is_changed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Assistant(home, starter=False, encoder=bundled_encoder()) as assistant:
        assistant.ingest(write_papers(tmp_path / "papers.jsonl"))
        assistant.ask("whale song")
        before, papers = _digests(home), assistant.papers()
        evaluate(assistant, write_questions(tmp_path / "questions.jsonl"))
        evaluate(assistant, n=4)
        with pytest.raises(EvaluationError):
            evaluate(assistant, tmp_path / "none.jsonl")
        assert _digests(home) == before
        assert assistant.papers() == papers


def _digests(folder: Path) -> dict[str, str]:
    """What every file of a folder holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

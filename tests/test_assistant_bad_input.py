"""What nobody should ask, or store: an answer, a refusal or one clear line, and nothing changes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Assistant
from assistant.cli import app
from assistant.errors import QuestionError
from tests.papers import bundled_encoder, write_papers

_POOR = [
    {"title": "Ferns that fold at noon", "abstract": "Ferns fold their fronds at noon."},
    {"title": "Untold tales of moss", "abstract": "…"},
    {"title": "A word on lichens", "abstract": "Lichens"},
]
_REFUSED = [
    "?!… -- .,;",
    "👋",
    "xqzv",
    "今天天气怎么样",
    "wie wird das Wetter morgen?",
    "the of and is",
]
_ANSWERED = ["ferns", "FERNS?!", "Ferns that fold at noon", "do ferns fold " * 100]
_WRONG = [
    ("", "The question is empty"),
    (" \n\t ", "The question is empty"),
    ("word " * 10_000, "The question has 49,999 characters and 2,000 are allowed"),
    ("苔" * 10_000, "The question has 10,000 characters and 2,000 are allowed"),
    ("half a sign \ud83d", "The question is not UTF-8 text"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad_input")
    poor = folder / "poor.jsonl"
    poor.write_text("\n".join(json.dumps(paper) for paper in _POOR), encoding="utf-8")
    with Assistant(folder / "home", starter=False, encoder=bundled_encoder()) as assistant:
        report = assistant.ingest(write_papers(folder / "papers.jsonl"), poor)
    assert report.papers == report.added == 15
    return folder / "home"


@pytest.fixture(scope="module")
def assistant(home: Path) -> Iterator[Assistant]:
    with Assistant(home) as assistant:
        before = list(assistant.papers())
        yield assistant
        assert list(assistant.papers()) == before


@pytest.mark.parametrize("question", _REFUSED)
def test_what_says_nothing_that_is_there_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.citations) == ("refusal", ())
    assert answer.text.startswith("The collection does not answer this.")
    assert 0.0 <= (answer.answerable or 0.0) < 1.0


@pytest.mark.parametrize("question", _ANSWERED)
def test_one_word_and_the_same_words_again_and_again_are_answered(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "answer"
    assert answer.citations[0].quote == "Ferns fold their fronds at noon."


@pytest.mark.parametrize(("question", "message"), _WRONG)
def test_what_is_no_question_is_told_in_one_line(
    assistant: Assistant, question: str, message: str
) -> None:
    for call in (assistant.ask, assistant.summarize):
        with pytest.raises(QuestionError) as told:
            call(question)
        assert message in str(told.value)
        assert "\n" not in str(told.value)


def test_what_is_no_text_is_no_question(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="The question is no text but int; give a text"):
        assistant.ask(7)  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["Untold tales of moss", "A word on lichens", "moss", "lichens"])
def test_an_abstract_of_one_word_or_none_is_quoted_or_refused(
    assistant: Assistant, words: str
) -> None:
    for answer in (assistant.ask(words), assistant.summarize(words)):
        assert answer.kind in ("answer", "refusal")
        for citation in answer.citations:
            assert citation.quote == citation.paper.abstract[citation.start : citation.end] != ""


@pytest.mark.parametrize("question", [*_REFUSED, *_ANSWERED[:2]])
def test_the_shell_answers_or_refuses_what_python_does(
    home: Path, assistant: Assistant, question: str
) -> None:
    done = CliRunner().invoke(app, ["ask", question, "--home", str(home), "--json"])
    assert (done.exit_code, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    answer = assistant.ask(question)
    assert (told["text"], told["refused"]) == (answer.text, answer.refused)


@pytest.mark.parametrize(("question", "message"), _WRONG[:4])
def test_the_shell_tells_what_is_no_question_in_one_line(
    home: Path, question: str, message: str
) -> None:
    done = CliRunner().invoke(app, ["ask", question, "--home", str(home)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1

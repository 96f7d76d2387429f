"""Judgements kept in a home: what is written, taken back, told and made into questions."""

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import FeedbackError
from assistant.evaluation.cases import read_cases
from assistant.feedback import MAX_REASON_CHARS, Cited, Feedback
from assistant.feedback_cases import cases_of
from tests.shell import run_here
from tests.ui_papers import answer, citation, hit, paper

_ONE, _TWO = paper(1), paper(2)
_ANSWER = answer(
    "First. [1] More. [2] Third. [3]",
    [
        citation(1, _ONE, "First of 1."),
        citation(2, _TWO, "Second of 2."),
        citation(3, _ONE, "Third of 1."),
    ],
    question="What is first?",
    query="first",
)
_REFUSED = answer("No.", refused=True, nearest=(hit(1, _ONE),), question="Who won?", query="won")
_HISTORY = [
    {"role": "user", "content": "What came before?"},
    {"role": "assistant", "content": "This. [1]"},
]


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path)


def test_a_judgement_is_one_line_that_tells_all(feedback: Feedback) -> None:
    assert feedback.all() == []
    name = feedback.add(_ANSWER, "up", reason=" Right\non the spot — \ud800 ", history=_HISTORY)
    (line,) = feedback.path.read_text().splitlines()
    record = json.loads(line)
    assert datetime.now(UTC) - datetime.fromisoformat(record.pop("time")) < timedelta(minutes=1)
    assert record == {
        "name": name,
        "verdict": "up",
        "reason": "Right\non the spot — \ud800",
        "kind": "answer",
        "question": "What is first?",
        "query": "first",
        "history": _HISTORY,
        "text": _ANSWER.text,
        "model": "extractive",
        "cited": [
            {"paper_id": "p:1", "title": "Title 1", "quotes": ["First of 1.", "Third of 1."]},
            {"paper_id": "p:2", "title": "Title 2", "quotes": ["Second of 2."]},
        ],
    }
    (judgement,) = feedback.all()
    assert (judgement.name, judgement.verdict) == (name, "up")
    assert judgement.cited[1] == Cited("p:2", "Title 2", ("Second of 2.",))
    assert judgement.history == tuple(_HISTORY)


def test_what_is_taken_back_counts_no_longer_and_stays_written(feedback: Feedback) -> None:
    names = [feedback.add(_ANSWER, verdict) for verdict in ("up", "down")]
    feedback.take_back(names[0])
    assert [each.name for each in feedback.all()] == names[1:]
    assert len(feedback.path.read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("verdict", "reason"), [("good", ""), ("", ""), ("up", "x" * (MAX_REASON_CHARS + 1))]
)
def test_what_is_no_judgement_is_refused_and_not_written(
    feedback: Feedback, verdict: str, reason: str
) -> None:
    with pytest.raises(FeedbackError, match=r"verdict|characters"):
        feedback.add(_ANSWER, verdict, reason=reason)  # type: ignore[arg-type]
    assert not feedback.path.exists()


def test_a_line_that_a_crash_left_half_written_takes_no_other_with_it(
    feedback: Feedback, caplog: pytest.LogCaptureFixture
) -> None:
    first = feedback.add(_ANSWER, "up")
    with feedback.path.open("a") as file:
        file.write('{"name": "x", "verd')
    second = feedback.add(_ANSWER, "down")
    with feedback.path.open("a") as file:
        file.write("[1]\n\n" + '{"verdict": "up"}\n' + "[" * 100_000 + "\n")
    with caplog.at_level(logging.WARNING):
        assert [each.name for each in feedback.all()] == [first, second]
    assert f"{feedback.path}:2 is no judgement" in caplog.text


def test_a_home_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path)
    feedback.path.mkdir()
    with pytest.raises(FeedbackError, match=r"feedback\.jsonl cannot be written to"):
        feedback.add(_ANSWER, "up")
    with pytest.raises(FeedbackError, match=r"feedback\.jsonl cannot be read"):
        feedback.all()


def test_two_processes_at_once_lose_no_line(feedback: Feedback) -> None:
    program = (
        "import sys; from pathlib import Path; from assistant.feedback import Feedback\n"
        "feedback = Feedback(Path(sys.argv[1]))\n"
        "for n in range(150): feedback.take_back(f'{sys.argv[2]}-{n}' + 'x' * 9_000)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(feedback.path.parent), name])
        for name in ("a", "b")
    ]
    assert [each.wait(60) for each in running] == [0, 0]
    lines = feedback.path.read_text().splitlines()
    names = [json.loads(line)["name"].rstrip("x") for line in lines]
    assert sorted(names) == sorted(f"{name}-{n}" for name in ("a", "b") for n in range(150))


def test_what_was_judged_good_becomes_questions_that_evaluate_reads(
    feedback: Feedback, tmp_path: Path
) -> None:
    feedback.add(_ANSWER, "up")
    feedback.add(_ANSWER, "up", history=_HISTORY)
    feedback.add(_ANSWER, "up", topic=True)
    feedback.add(_REFUSED, "up")
    feedback.add(answer("Bad. [1]", [citation(1, _ONE, "First of 1.")], question="Bad?"), "down")
    feedback.add(answer("Hello.", question="Hi", query=""), "up")
    cases = cases_of(feedback.all())
    source = tmp_path / "cases.jsonl"
    source.write_text("\n".join(map(json.dumps, cases)))
    alone, follow_up, topic, refused = read_cases([source])
    titles, quotes = ("Title 1", "Title 2"), ("First of 1.", "Third of 1.", "Second of 2.")
    assert (alone.kind, alone.query, alone.group) == ("question", "What is first?", "judged good")
    assert (alone.gold, alone.evidence) == (titles, quotes)
    assert [turn.query for turn in follow_up.turns] == ["What came before?", "What is first?"]
    assert [turn.gold for turn in follow_up.turns] == [(), titles]
    assert (topic.kind, topic.gold) == ("topic", titles)
    assert (refused.kind, refused.query) == ("unanswerable", "won")


def test_the_last_judgement_of_a_question_counts(feedback: Feedback) -> None:
    feedback.add(_ANSWER, "up")
    feedback.add(_ANSWER, "down")
    assert cases_of(feedback.all()) == []
    last = feedback.add(_ANSWER, "up")
    assert [case["id"] for case in cases_of(feedback.all())] == [last]


def test_an_assistant_keeps_judgements_and_the_shell_lists_and_exports_them(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Assistant(home) as assistant:
        given = assistant.ask("How much faster than LoRA is tuning only some connections?")
        assistant.feedback.add(given, "up", reason="Just so")
        assistant.feedback.add(given, "down", history=_HISTORY)
    listed = _run("feedback", "list", "--home", str(home))
    assert listed.stdout.count(given.question) == 2
    assert "\tup\t" in listed.stdout
    assert "Just so" in listed.stdout
    told = json.loads(_run("feedback", "list", "--home", str(home), "--json").stdout)
    assert [each["verdict"] for each in told["judgements"]] == ["up", "down"]
    exported = _run("feedback", "export", "--home", str(home))
    assert exported.stderr.startswith("1 question judged good; 1 judged bad")
    source = tmp_path / "judged.jsonl"
    source.write_text(exported.stdout)
    measured = _run("evaluate", str(source), "--home", str(home), "--json")
    figures = json.loads(measured.stdout)["figures"]
    values = {each["measure"]: each["value"] for each in figures if each["kind"] == "question"}
    assert values["evidence_hit_1"] == 1.0


def test_a_home_without_judgements_has_none_and_is_not_made(tmp_path: Path) -> None:
    done = _run("feedback", "export", "--home", str(tmp_path / "new"))
    assert (done.stdout, done.stderr) == ("", "0 questions judged good\n")
    assert not (tmp_path / "new").exists()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = run_here(*arguments)
    assert done.returncode == 0, done.stderr
    return done

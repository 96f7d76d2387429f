"""What a file of questions is read as, and what is said of one that is none."""

import json
import re
from pathlib import Path

import pytest

from assistant.errors import EvaluationError
from assistant.evaluation.cases import _TOLD_BY, Case, read_cases
from tests.questions import ATLAS, KITES, QUESTION, QUESTIONS, SONG, write_questions


def test_a_case_is_what_its_fields_say(tmp_path: Path) -> None:
    cases = read_cases([write_questions(tmp_path / "all.jsonl")])
    kinds = ["question", "question", "comparison", "topic", "conversation", "unanswerable"]
    assert [case.kind for case in cases] == kinds
    assert [case.name for case in cases] == ["q1", "q2", "m1", "t1", "c1", "u1"]
    assert [case.group for case in cases] == ["plain", "terse", "", "", "followup", "out"]
    assert cases[0] == Case(
        kind="question",
        name="q1",
        query="How often does a kite camera map a glacier tongue?",
        group="plain",
        gold=(KITES,),
        answer=("every hour",),
        evidence=("A camera on a kite maps a glacier tongue every hour, as proposed in [2, 3].",),
    )
    assert (cases[3].gold, cases[3].core, cases[3].marginal) == ((SONG, ATLAS), (SONG,), ())
    turns = cases[4].turns
    assert [turn.name for turn in turns] == ["c1/1", "c1/2", "c1/3"]
    assert [turn.gold for turn in turns] == [(ATLAS,), (ATLAS,), ()]
    assert cases[4].query == turns[0].query == "Who publishes hours of whale song?"


def test_several_files_and_folders_are_read_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("b", "a"):
        write_questions(folder / f"{name}.jsonl", [{**QUESTION, "id": name}])
    (folder / "notes.txt").write_text("no questions")
    alone = write_questions(tmp_path / "alone.jsonl", [{**QUESTION, "id": "alone"}])
    assert [case.name for case in read_cases([alone, folder])] == ["alone", "a", "b"]


def test_a_question_without_an_id_is_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('\n{"query": "a  b\u2028c", "evidence": ["One.", "Two."]}\r\n\n')
    (case,) = read_cases([path])
    assert (case.name, case.query) == ("questions.jsonl:2", "a b c")
    assert case.evidence == ("One.", "Two.")


def test_a_byte_order_mark_and_fields_of_others_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    record = {"_id": "x", "query": "q", "kind": "factual", "answer": "a", "style": None, "more": 1}
    path.write_text("\ufeff" + json.dumps(record))
    assert read_cases([path]) == [Case("question", "x", "q", answer=("a",))]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"query": ', "is not JSON: Expecting value at character 11"),
        ("[1]", "is a JSON list and not an object"),
        ("null", "is a JSON null and not an object"),
        ("[" * 100_000, "cannot be read as JSON: "),
        ('{"query": "q"}', "says nothing in any of the fields turns, relevant, answer_points, "),
        ('{"query": "q", "gold": []}', "says nothing in any of the fields "),
        ('{"gold": ["x"]}', 'has no text in "query"'),
        ('{"query": " ", "gold": ["x"]}', 'has no text in "query"'),
        ('{"query": 5, "gold": ["x"]}', '"query" is a number and not a text'),
        ('{"query": "q", "gold": [1]}', '"gold" is no text and no list of texts'),
        ('{"query": "q", "relevant": {"a": 1}}', '"relevant" is no text and no list of texts'),
        ('{"query": "q", "gold": ["x"], "style": ["y"]}', '"style" is a list and not a text'),
        ('{"query": "q", "answer_points": [1]}', 'names no paper in "gold"'),
        ('{"turns": [1]}', '"turns" is no list of objects'),
        ('{"turns": [{"gold": ["x"]}]}', 'has no text in "user"'),
        ('{"query": "q", "gold": ["\\ud800"]}', "holds half of a character (a lone surrogate)"),
        (
            json.dumps({"query": "word " * 1_000, "gold": ["x"]}),
            "The question has 4,999 characters and 2,000 are allowed; ask a shorter one",
        ),
    ],
)
def test_a_wrong_line_is_told_by_its_place(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{json.dumps(QUESTION)}\n{line}\n{json.dumps(QUESTION)}\n")
    with pytest.raises(EvaluationError) as told:
        read_cases([path])
    assert str(told.value).startswith(f"{path}:2: {reason}")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty; give one question a line, as JSON"),
        (b"\n \n", "is empty; give one question a line, as JSON"),
        (b"\x93\x00\xff\xfe", "is not UTF-8 text; give questions as JSON Lines"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EvaluationError) as told:
        read_cases([path])
    assert str(told.value) == f"{path}: {reason}"


def test_a_folder_without_questions_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"the folder has no \.jsonl file"):
        read_cases([tmp_path])


def test_the_document_tells_the_fields_of_every_kind_in_their_order() -> None:
    text = (Path(__file__).parents[1] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    table = text.partition("| field | kind |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1:4] for line in table.splitlines()[2:]]
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row[0])]
    assert told == list(_TOLD_BY)
    fields = {name for row in rows for name in re.findall(r"`(\w+)`", row[2])}
    own = {name for question in QUESTIONS for name in question}
    turns = {"user", "gold", "answer"}
    assert own - {"id", "turns", "relevant", "answer_points", "kind", "type"} <= fields
    assert turns <= fields

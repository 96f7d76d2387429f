import json
from dataclasses import replace

import pytest

from assistant.render import (
    answer_as_dict,
    answer_as_text,
    day_as_text,
    hit_as_dict,
    hits_as_text,
    listed_as_text,
    paper_as_text,
    report_as_dict,
    report_as_text,
)
from assistant.types import (
    Answer,
    Citation,
    Hit,
    IngestReport,
    Listing,
    Paper,
    Passage,
    Rejection,
    Sentence,
)

_PAPER = Paper(
    "a",
    "On Kites",
    "Kites [1] fly. Kites fall.",
    authors=("Ada", "Bo"),
    listed=(Listing("trending", "--03-11"), Listing("trending", "--03-14"), Listing("mine")),
    url="https://papers.test/a",
    links=("https://code.test/a",),
)
_HIT = Hit(1, _PAPER, 0.75, Passage("a", 0, 14, "Kites [1] fly."))
_ANSWER = Answer(
    text=r"Kites \[1] fly. [1] Kites fall. [2]",
    refused=False,
    question="Do they?",
    query="Do kites?",
    citations=(
        Citation(1, _PAPER, "Kites [1] fly.", 0, 14, 1.0),
        Citation(2, _PAPER, "Kites fall.", 15, 26, 1.0),
    ),
    sentences=(
        Sentence(r"Kites \[1] fly. [1]", (1,), 1.0),
        Sentence("Kites fall. [2]", (2,), 1.0),
    ),
    timings_s={"total": 0.5},
    n_near=1,
)
_PAPER_JSON = {
    "paper_id": "a",
    "title": "On Kites",
    "abstract": "Kites [1] fly. Kites fall.",
    "authors": ["Ada", "Bo"],
    "published": "",
    "listed": [
        {"source": "trending", "day": "--03-11"},
        {"source": "trending", "day": "--03-14"},
        {"source": "mine", "day": ""},
    ],
    "url": "https://papers.test/a",
    "links": ["https://code.test/a"],
    "identifiers": [],
}
_HIT_JSON = {
    "rank": 1,
    "paper": _PAPER_JSON,
    "relevance": 0.75,
    "passage": {"paper_id": "a", "start": 0, "end": 14, "text": "Kites [1] fly."},
}


def _json(value: object) -> object:
    return json.loads(json.dumps(value))


def test_an_answer_as_json_has_the_names_of_the_contract() -> None:
    assert _json(answer_as_dict(_ANSWER)) == {
        "text": r"Kites \[1] fly. [1] Kites fall. [2]",
        "refused": False,
        "kind": "answer",
        "question": "Do they?",
        "query": "Do kites?",
        "citations": [
            {
                "number": 1,
                "paper_id": "a",
                "title": "On Kites",
                "quote": "Kites [1] fly.",
                "start": 0,
                "end": 14,
                "support": 1.0,
            },
            {
                "number": 2,
                "paper_id": "a",
                "title": "On Kites",
                "quote": "Kites fall.",
                "start": 15,
                "end": 26,
                "support": 1.0,
            },
        ],
        "sentences": [
            {"text": r"Kites \[1] fly. [1]", "numbers": [1], "support": 1.0, "reason": ""},
            {"text": "Kites fall. [2]", "numbers": [2], "support": 1.0, "reason": ""},
        ],
        "model": "extractive",
        "timings_s": {"total": 0.5},
        "nearest": [],
        "missing": [],
        "n_near": 1,
        "answerable": None,
        "tokens_in": 0,
        "tokens_out": 0,
        "cached": False,
        "incomplete": "",
    }


def test_a_refusal_as_json_has_the_nearest_papers() -> None:
    refusal = Answer("No.", True, "q", "q", nearest=(_HIT,), missing=("word",), n_near=1)
    shown = _json(answer_as_dict(refusal))
    assert isinstance(shown, dict)
    assert (shown["refused"], shown["citations"], shown["sentences"]) == (True, [], [])
    assert shown["kind"] == "refusal"
    assert (shown["nearest"], shown["missing"], shown["n_near"]) == ([_HIT_JSON], ["word"], 1)


def test_an_answer_as_text_lists_each_paper_once_with_all_its_numbers() -> None:
    assert answer_as_text(_ANSWER) == (
        "Kites [1] fly. [1] Kites fall. [2]\n\n[1] [2] On Kites (listed Mar 11, Mar 14)"
    )
    refusal = Answer("No.", True, "q", "q")
    assert answer_as_text(refusal) == "No."


def test_an_answer_is_printed_as_its_text_and_shown_in_a_notebook_with_its_papers() -> None:
    assert str(_ANSWER) == _ANSWER.text
    assert _ANSWER._repr_markdown_() == f"{_ANSWER.text}\n\n- [1] [2] On Kites"


def test_an_answer_as_text_says_what_fails_a_weak_sentence() -> None:
    reason = "the number 3 is not in the cited text"
    weak = replace(_ANSWER.sentences[1], support=0.4, reason=reason)
    told = replace(_ANSWER, sentences=(_ANSWER.sentences[0], weak))
    assert answer_as_text(told).splitlines()[1:3] == [f"(sentence 2 is weak: {reason})", ""]
    assert _json(answer_as_dict(told))["sentences"][1]["reason"] == reason


def test_hits_papers_and_reports_are_shown() -> None:
    assert _json(hit_as_dict(_HIT)) == _HIT_JSON
    assert hits_as_text([_HIT]) == "  1. On Kites\n     listed Mar 11, Mar 14 · a"
    assert hits_as_text([]) == ""
    assert paper_as_text(_PAPER) == (
        "On Kites\nlisted Mar 11, Mar 14 · a\nAda, Bo\nhttps://papers.test/a\nhttps://code.test/a"
        "\n\nKites [1] fly. Kites fall."
    )
    bare = replace(_PAPER, authors=(), listed=(), url="", links=())
    assert paper_as_text(bare) == "On Kites\na\n\nKites [1] fly. Kites fall."
    report = IngestReport(1, 2, 3, [Rejection("f", 4, "is odd")], 9)
    assert report_as_text(report) == "9 papers now: 1 added, 2 updated, 3 unchanged, 1 rejected."
    assert report_as_dict(report) == {
        "added": 1,
        "updated": 2,
        "unchanged": 3,
        "rejected": [{"source": "f", "line": 4, "reason": "is odd"}],
        "papers": 9,
    }


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("--03-14", "Mar 14"),
        ("--12-01", "Dec 1"),
        ("2024-03-14", "Mar 14, 2024"),
        ("2024-03", "Mar 2024"),
        ("2024", "2024"),
    ],
)
def test_a_day_is_written_for_people(day: str, text: str) -> None:
    assert day_as_text(day) == text


def test_a_day_that_two_lists_share_is_shown_once() -> None:
    listed = (Listing("a", "2024"), Listing("b", "2024"), Listing("c"))
    assert listed_as_text(replace(_PAPER, listed=listed)) == "listed 2024"
    assert listed_as_text(replace(_PAPER, listed=())) == ""

"""Questions about the twelve papers of ``tests.papers``, one or two of each kind."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

Line = Mapping[str, object]

KITES = "Glacier Tongues Seen from Kites"
SONG = "Sparse Attention for Whale Song"
ATLAS = "Whale Song Atlas: a Thousand Hours with Labels"

QUESTION: Line = {
    "id": "q1",
    "style": "plain",
    "query": "How often does a kite camera map a glacier tongue?",
    "gold": [KITES],
    "answer": ["every hour"],
    "evidence": "A camera on a kite maps a glacier tongue every hour, as proposed in [2, 3].",
}
TERSE: Line = {
    "id": "q2",
    "style": "terse",
    "query": "memory sparse attention whale",
    "gold": [SONG],
    "answer": ["3.2% of the memory"],
    "evidence": "Sparse attention needs 3.2% of the memory.",
}
COMPARISON: Line = {
    "id": "m1",
    "query": "sparse attention for whale song and the labelled whale song atlas",
    "gold": [SONG, ATLAS],
    "answer_points": [{"title": SONG, "point": "less memory"}],
}
TOPIC: Line = {
    "id": "t1",
    "query": "whale song",
    "relevant": [SONG, ATLAS],
    "core": [SONG],
    "marginal": [],
}
CONVERSATION: Line = {
    "id": "c1",
    "type": "followup",
    "turns": [
        {"user": "Who publishes hours of whale song?", "gold": [ATLAS]},
        {"user": "and how far do its listeners agree?", "gold": [ATLAS], "answer": ["0.81"]},
        {"user": "thank you"},
    ],
}
UNANSWERABLE: Line = {"id": "u1", "query": "What is the capital of Mongolia?", "kind": "out"}

QUESTIONS = (QUESTION, TERSE, COMPARISON, TOPIC, CONVERSATION, UNANSWERABLE)


def write_questions(path: Path, questions: Iterable[Line] = QUESTIONS) -> Path:
    """Write records as JSON Lines."""
    lines = (json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    path.write_text("".join(lines), encoding="utf-8")
    return path

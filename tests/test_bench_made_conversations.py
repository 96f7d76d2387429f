import re
from pathlib import Path

import pytest

from store.collection import Collection
from tests.bench.made_conversations import LEANING, Made, Topic, made
from tests.papers import PAPERS, HashEncoder, write_papers

_TOPICS = [
    Topic(
        "HullNet: Barnacle Counting",
        "HullNet counts barnacles on hulls.",
        [
            "Which harbours does the barnacle counting of HullNet cover?",
            "How many barnacles does HullNet count an hour?",
            "Is barnacle counting on steel hulls reliable?",
        ],
    ),
    Topic(
        "TapTone: Violin Varnish by Ear",
        "TapTone dates the varnish of violins.",
        [
            "Which violins were tapped to train TapTone?",
            "How exact is the age of violin varnish?",
            "Does violin varnish damp high notes?",
        ],
    ),
]


@pytest.fixture
def conversations(tmp_path: Path) -> list[Made]:
    papers = [{"title": topic.title, "abstract": topic.abstract} for topic in _TOPICS]
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    collection.ingest([write_papers(tmp_path / "papers.jsonl", [*papers, *PAPERS[2:]])])
    found = [each for seed in range(30) for each in made(_TOPICS, collection, seed)]
    collection.close()
    return found


def test_all_kinds_of_conversations_are_made(conversations: list[Made]) -> None:
    # Two papers with nothing in common give nothing to leave out of a question about the other.
    assert {each.kind for each in conversations} == LEANING.keys() - {
        "on to others",
        "switch to a subject",
    }
    assert all(each.question and each.before for each in conversations)


def test_a_question_that_stands_alone_is_one_that_was_written(conversations: list[Made]) -> None:
    written = {question.lower() for topic in _TOPICS for question in topic.questions}
    for each in conversations:
        if each.kind in ("whole", "switch to a neighbour", "switch back"):
            assert each.question.lower() in written
        if each.kind == "switch":
            assert re.sub("^(?:and|so|but) ", "", each.question.lower()) in written


def test_a_question_that_leans_is_about_the_last_paper_without_its_name(
    conversations: list[Made],
) -> None:
    leaning = [each for each in conversations if each.kind == "leans"]
    assert leaning
    for each in leaning:
        assert "HullNet" not in each.question
        assert "TapTone" not in each.question
        [topic] = [topic for topic in _TOPICS if topic.title == each.gold]
        assert each.before[-1] in topic.questions

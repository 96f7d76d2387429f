import json
from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.examples import example_topics, name_of
from assistant.further import Further
from tests.ui_papers import paper

_FIELD = [
    {
        "title": "TideNet: Recurrent Networks for Tide Forecasting",
        "abstract": "Tides are hard to forecast near river mouths. We propose TideNet, a recurrent"
        " network that reads the wind. TideNet is tested on the HarborLevels dataset of 41"
        " harbors. In experiments TideNet performs 12 percent better than harmonic analysis.",
    },
    {
        "title": "WaveTree: Decision Trees for Tide Forecasting",
        "abstract": "WaveTree grows decision trees for tide forecasting. WaveTree runs on a phone"
        " and performs as well as recurrent networks.",
    },
    {
        "title": "Forecasting Storms: Beyond Tide Forecasting",
        "abstract": "Storm surges add to tides. We extend tide forecasting to storms with a"
        " mixture of experts over 30 years of records.",
    },
    {
        "title": "Whistles of River Dolphins",
        "abstract": "River dolphins whistle at higher pitch in turbid water.",
    },
]
_ASKED = "What is hard about tides near river mouths?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("further")
    source = folder / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, _FIELD)))
    with Assistant(folder / "home", starter=False) as assistant:
        assistant.ingest(source)
        yield assistant


def test_each_question_is_answered_with_something_new(assistant: Assistant) -> None:
    answer = assistant.ask(_ASKED)
    further = assistant.further(answer)
    assert further
    history = [
        {"role": "user", "content": _ASKED},
        {"role": "assistant", "content": answer.text},
    ]
    quoted = {citation.quote for citation in answer.citations}
    for each in further:
        if each.summarizes:
            assert not assistant.summarize(each.question).refused
            continue
        said = assistant.ask(each.question, history)
        assert not said.refused
        assert said.citations[0].quote not in quoted
        quoted |= {citation.quote for citation in said.citations}


def test_what_papers_share_is_offered_as_a_topic(assistant: Assistant) -> None:
    further = assistant.further(assistant.ask(_ASKED), n=9)
    assert Further("Tide forecasting", summarizes=True) in further


def test_no_more_are_given_than_wanted(assistant: Assistant) -> None:
    answer = assistant.ask(_ASKED)
    assert assistant.further(answer, n=1) == assistant.further(answer, n=9)[:1]
    assert assistant.further(answer, n=0) == []


def test_what_was_asked_is_not_offered_again(assistant: Assistant) -> None:
    summary = assistant.summarize("tide forecasting")
    assert not summary.refused
    offered = {each.question.casefold() for each in assistant.further(summary, n=9)}
    assert "tide forecasting" not in offered


def test_what_was_asked_earlier_is_not_offered_again(assistant: Assistant) -> None:
    answer = assistant.ask(_ASKED)
    first, *_ = assistant.further(answer)
    earlier = [
        {"role": "user", "content": first.question},
        {"role": "assistant", "content": "TideNet is a network."},
    ]
    assert first not in assistant.further(answer, earlier, 9)


def test_nothing_follows_a_refusal_or_small_talk(assistant: Assistant) -> None:
    refused = assistant.ask("Who won the 1998 football world cup in Paris?")
    assert refused.refused
    assert assistant.further(refused) == []
    assert assistant.further(assistant.ask("hello")) == []


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        ("PaCA: Partial Connection Adaptation", "-", "PaCA"),
        ("Selfie: Pretraining for Images", "We call it Selfie.", "Selfie"),
        ("Layer by Layer: Hidden Sides", "-", ""),
        ("Beginnings: Hidden Sides", "No such word.", ""),
        ("Tuning Connections", "We propose SparseTune, which is sparse.", "SparseTune"),
        ("Tuning Connections", "We propose a Cross-Architecture test.", ""),
        ("Tuning Connections", "We compare with SparseTune.", ""),
    ],
)
def test_a_name_is_what_the_authors_present(title: str, abstract: str, name: str) -> None:
    assert name_of(paper(1, title=title, abstract=abstract)) == name


def test_a_topic_is_not_cut_out_of_what_goes_on() -> None:
    cut = ["Uncovering Hidden Geometry", "Uncovering Hidden Flows", "Deep Hidden Geometry"]
    papers = [paper(n, title=title) for n, title in enumerate(cut)]
    assert example_topics(papers, 3, 2) == ["Hidden geometry"]
    assert example_topics(papers[:2], 3, 2) == []

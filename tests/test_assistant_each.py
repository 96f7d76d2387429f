import json
from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.each.measures import MEASURES
from assistant.each.stating import Weights, answerable, weights
from assistant.errors import QuestionError
from store.errors import PaperNotFoundError

_PAPERS = (
    {
        "title": "TideNet: Forecasting Tides with Recurrent Networks",
        "abstract": "Tides are hard to forecast near river mouths. We evaluate TideNet on the"
        " HarborLevels dataset of 41 harbors. Its error is 12 percent below that of harmonic"
        " analysis. The code is available at https://example.org/tidenet.",
    },
    {
        "title": "Songs of River Dolphins",
        "abstract": "River dolphins whistle at higher pitch in turbid water. We recorded nine"
        " rivers over two years.",
    },
    {"title": "An Empty Abstract", "abstract": "..."},
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("each")
    source = folder / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, _PAPERS)))
    with Assistant(folder / "home", starter=False) as assistant:
        assistant.ingest(source)
        yield assistant


def _ids(assistant: Assistant) -> dict[str, str]:
    return {paper.title.partition(" ")[0]: paper.paper_id for paper in assistant.papers()}


def test_each_paper_says_the_sentence_that_answers_or_none(assistant: Assistant) -> None:
    ids = _ids(assistant)
    asked = [ids["Songs"], ids["TideNet:"]]
    dolphins, tides = assistant.ask_each("How much lower is the error of TideNet?", asked)
    assert [dolphins.paper.paper_id, tides.paper.paper_id] == asked
    assert tides.quote.startswith("Its error is 12 percent")
    assert tides.quote == tides.paper.abstract[tides.start : tides.end]
    assert (dolphins.quote, dolphins.start, dolphins.end) == ("", 0, 0)
    assert 0 <= dolphins.answerable < weights().threshold <= tides.answerable <= 1


def test_a_question_that_suits_any_paper_is_answered_by_those_that_say(
    assistant: Assistant,
) -> None:
    said = {each.paper.title[:5]: each.quote for each in assistant.ask_each("Is code available?")}
    assert "example.org/tidenet" in said["TideN"]
    assert said["Songs"] == said["An Em"] == ""


def test_what_a_paper_says_does_not_depend_on_the_others(assistant: Assistant) -> None:
    question = "On which dataset was it evaluated?"
    together = {each.paper.paper_id: each for each in assistant.ask_each(question)}
    for paper_id, said in together.items():
        (alone,) = assistant.ask_each(question, [paper_id])
        assert (alone.quote, alone.start) == (said.quote, said.start)
        assert alone.answerable == pytest.approx(said.answerable, abs=1e-4)


def test_no_papers_say_nothing(assistant: Assistant) -> None:
    assert assistant.ask_each("What is new?", []) == []
    assert assistant.ask_each("What is new?", published_from="2023") == []


def test_a_question_or_paper_that_is_none_is_an_error(assistant: Assistant) -> None:
    with pytest.raises(QuestionError):
        assistant.ask_each("  ")
    with pytest.raises(PaperNotFoundError, match="nowhere"):
        assistant.ask_each("What is new?", ["nowhere"])


def test_the_weights_are_of_the_measures() -> None:
    assert weights().measures.shape == (len(MEASURES),)
    assert 0 < weights().threshold < 1


def test_the_chance_follows_the_weights() -> None:
    known = Weights(0.5, -1.0, weights().measures * 0)
    (chance,) = answerable(weights().measures[None] * 0, known)
    assert chance == pytest.approx(0.2689, abs=1e-4)
    known.measures[0] = 2.0
    row = weights().measures[None] * 0
    row[0, 0] = 0.5
    assert answerable(row, known)[0] == pytest.approx(0.5)

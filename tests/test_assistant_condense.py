from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chain import answer_events
from assistant.condense import (
    MAX_QUESTION_CHARS,
    Condensed,
    checked_question,
    condense,
    without,
)
from assistant.errors import QuestionError
from assistant.types import Answer, Filters, Finished, Hit, Paper, Passage, Retrieved, Turn
from store.collection import Collection
from store.encoders import DEFAULT_ENCODER, load_encoder
from tests.papers import write_papers

_ASKED = {
    "Tuning Violins by Listening to Their Varnish": "How old is the varnish of a violin?",
    "Forecasting Lava Flows with Cellular Automata": "How is the front of a lava flow forecast?",
    "Glacier Tongues Seen from Kites": "How can a kite map a glacier tongue every hour?",
    "Bread That Tells Its Own Freshness": "Which label shows that bread has lost moisture?",
    "Sparse Attention for Whale Song": "How much memory does sparse attention to songs need?",
    "Whale Song Atlas: a Thousand Hours with Labels": "Which atlas has labels for whale song?",
    "Moss as a Clock for Abandoned Roofs": "Can the thickness of moss date an abandoned roof?",
}
"""A question about each of some papers, which stands alone."""


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("condense")
    collection = Collection(folder / "home", load_encoder(DEFAULT_ENCODER), starter=False)
    collection.ingest([write_papers(folder / "papers.jsonl")])
    yield collection
    collection.close()


def ask(collection: Collection, question: str, history: Sequence[Turn] = ()) -> Answer:
    *_, last = answer_events(collection, question, history, 8, Filters())
    assert isinstance(last, Finished)
    return last.answer


def talk(collection: Collection, *questions: str) -> list[Turn]:
    """Questions with the answers they get one after the other."""
    history: list[Turn] = []
    for question in questions:
        answer = ask(collection, question, history)
        history += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer.text},
        ]
    return history


def condensed(collection: Collection, question: str, history: Sequence[Turn]) -> Condensed:
    return condense(question, history, collection, partial(collection.search, k=8))


def said(*texts: str) -> list[Turn]:
    """Turns of the user and the assistant, one after the other."""
    roles = ("user", "assistant")
    return [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]


def test_a_question_is_brought_onto_one_line() -> None:
    assert checked_question("  Who \n studies\twhales? ") == "Who studies whales?"
    assert checked_question("x" * MAX_QUESTION_CHARS) == "x" * MAX_QUESTION_CHARS


@pytest.mark.parametrize("question", ["", " ", "\n\t\u00a0"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError) as caught:
        checked_question(question)
    assert str(caught.value) == "The question is empty; ask something about the papers"


@pytest.mark.parametrize(
    "question", ["\ud800", "whale \udcff song", "😀".encode().decode("latin-1") + "\udfff"]
)
def test_a_question_that_is_no_text_is_refused(question: str) -> None:
    with pytest.raises(QuestionError) as caught:
        checked_question(question)
    assert str(caught.value) == "The question is not UTF-8 text; type it again"


def test_a_question_of_100_000_characters_is_refused_without_repeating_it() -> None:
    with pytest.raises(QuestionError) as caught:
        checked_question("why " * 25_000)
    assert str(caught.value) == (
        "The question has 99,999 characters and 2,000 are allowed; ask a shorter one"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Which age does it predict?",
        "and how many instruments?",
        "what do they tap?",
        "how far off is that?",
        "how many?",
        "Why?",
    ],
)
def test_a_question_that_leans_names_the_paper_it_is_about(
    collection: Collection, question: str
) -> None:
    history = talk(collection, _ASKED["Tuning Violins by Listening to Their Varnish"])
    meant = condensed(collection, question, history)
    [varnish] = [paper for paper in collection.papers() if "Varnish" in paper.title]
    assert meant == Condensed(f"{varnish.title}: {question}", about=(varnish,), leans=True)


def test_what_leans_on_a_question_that_leans_is_about_the_same_paper(
    collection: Collection,
) -> None:
    history = talk(collection, _ASKED["Bread That Tells Its Own Freshness"], "how many households?")
    query = condensed(collection, "and waste?", history).query
    assert query == "Bread That Tells Its Own Freshness: and waste?"


def test_the_paper_of_the_previous_answer_is_meant_and_not_one_before_it(
    collection: Collection,
) -> None:
    history = talk(collection, *map(_ASKED.get, ("Glacier Tongues Seen from Kites",)))
    history += talk(collection, _ASKED["Moss as a Clock for Abandoned Roofs"])
    query = condensed(collection, "how exact is it?", history).query
    assert query == "Moss as a Clock for Abandoned Roofs: how exact is it?"


def test_another_one_is_looked_for_without_the_paper_that_was_found(
    collection: Collection,
) -> None:
    history = talk(collection, _ASKED["Sparse Attention for Whale Song"])
    [main] = [p for p in collection.papers() if p.title == "Sparse Attention for Whale Song"]
    question = "is there another one?"
    meant = condensed(collection, question, history)
    assert meant == Condensed(
        f"{question} (other than {main.title})", frozenset({main.paper_id}), leans=True
    )
    retrieved, *_ = answer_events(collection, question, history, 3, Filters())
    assert isinstance(retrieved, Retrieved)
    titles = [hit.paper.title for hit in retrieved.hits]
    assert titles[0] == "Whale Song Atlas: a Thousand Hours with Labels"
    assert main.title not in titles
    assert [hit.rank for hit in retrieved.hits] == [1, 2, 3]


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("is there another one?", False),
        ("is there another one with labels?", False),
        ("is there another one about tax law?", True),
        ("is there an alternative for brewing beer?", True),
    ],
)
def test_another_one_is_refused_where_its_own_words_are_nowhere(
    collection: Collection, question: str, refused: bool
) -> None:
    history = talk(collection, _ASKED["Sparse Attention for Whale Song"])
    answer = ask(collection, question, history)
    assert "(other than " in answer.query
    assert answer.refused is refused


_TWO = (
    "Songs were labelled. A camera on a kite maps a glacier tongue every hour. [1]\n\n"
    "The thickness of moss dates it within two years. [2] We calibrate on 77 roofs. [3]"
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("how exact is the second one?", ["Moss as a Clock for Abandoned Roofs"]),
        ("who made the first?", ["Glacier Tongues Seen from Kites"]),
        ("what does the latter calibrate on?", ["Moss as a Clock for Abandoned Roofs"]),
        ("what does the last paper say?", ["Moss as a Clock for Abandoned Roofs"]),
        ("tell me more about [3]", ["Moss as a Clock for Abandoned Roofs"]),
        ("what is behind number 1?", ["Glacier Tongues Seen from Kites"]),
        (
            "how does it compare to the second one?",
            ["Glacier Tongues Seen from Kites", "Moss as a Clock for Abandoned Roofs"],
        ),
        (
            "which of them is newer?",
            ["Glacier Tongues Seen from Kites", "Moss as a Clock for Abandoned Roofs"],
        ),
    ],
)
def test_a_paper_is_meant_by_its_place_or_number(
    collection: Collection, question: str, named: list[str]
) -> None:
    history = said("What is measured from afar?", _TWO)
    meant = condensed(collection, question, history)
    assert meant.query == f"{' and '.join(named)}: {question}"
    assert [paper.title for paper in meant.about] == named


def test_papers_that_a_question_names_stand_side_by_side(collection: Collection) -> None:
    history = said("What is measured from afar?", _TWO)
    answer = ask(collection, "how does it compare to the second one?", history)
    titles = {"Glacier Tongues Seen from Kites", "Moss as a Clock for Abandoned Roofs"}
    assert {citation.paper.title for citation in answer.citations} == titles
    assert all(f"**{title}.**" in answer.text for title in titles)


@pytest.mark.parametrize("title", _ASKED)
@pytest.mark.parametrize("opening", ["", "New topic. ", "unrelated: "])
def test_a_switch_of_topic_is_searched_for_exactly_as_alone(
    collection: Collection, title: str, opening: str
) -> None:
    for other, question in _ASKED.items():
        if other != title:
            history = talk(collection, question)
            assert condensed(collection, opening + _ASKED[title], history) == Condensed(
                opening + _ASKED[title]
            )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(sorted(_ASKED)), min_size=2, max_size=5, unique=True))
def test_nothing_leaks_however_often_the_topic_changes(
    collection: Collection, titles: list[str]
) -> None:
    *before, last = (_ASKED[title] for title in titles)
    history = [turn for question in before for turn in talk(collection, question)]
    assert condensed(collection, last, history) == Condensed(last)


def test_without_turns_before_it_a_question_stands_alone(collection: Collection) -> None:
    assert condensed(collection, "And its memory?", []) == Condensed("And its memory?")


def test_where_no_paper_is_in_focus_a_question_is_joined_to_those_before_it(
    collection: Collection,
) -> None:
    history = said("Who studies whale song?", "Several people do.", "in which\nsea?", "In all.")
    assert condensed(collection, "and how?", history) == Condensed(
        "Who studies whale song? in which sea? and how?", leans=True
    )


def test_a_refusal_and_small_talk_give_no_focus(collection: Collection) -> None:
    asked = _ASKED["Moss as a Clock for Abandoned Roofs"]
    refused = "What is the capital of Australia?"
    assert ask(collection, refused).refused
    history = talk(collection, asked, refused, "hello!")
    query = condensed(collection, "how exact is it?", history).query
    assert query == "Moss as a Clock for Abandoned Roofs: how exact is it?"
    assert condensed(collection, "and of Italy?", talk(collection, refused)) == Condensed(
        f"{refused} and of Italy?", leans=True
    )


def test_a_question_in_a_conversation_stays_within_the_filters(collection: Collection) -> None:
    history = talk(collection, _ASKED["Moss as a Clock for Abandoned Roofs"])
    events = answer_events(collection, "how exact is it?", history, 8, Filters(source="nowhere"))
    retrieved = next(events)
    assert isinstance(retrieved, Retrieved)
    assert retrieved.hits == ()


@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=1).filter(lambda text: text.strip()),
    st.lists(
        st.fixed_dictionaries(
            {
                "role": st.sampled_from(["user", "assistant"]),
                "content": st.text(st.characters(codec=None)) | st.just(_TWO),
            }
        ),
        max_size=6,
    ),
)
def test_any_text_may_have_been_said_before(
    collection: Collection, question: str, history: list[Turn]
) -> None:
    question = checked_question(question.encode("utf-8", "replace").decode())
    query = condensed(collection, question, history).query
    assert question in query
    assert len(query) <= len(question) + 700
    query.encode()


def test_long_titles_are_shortened(tmp_path: Path) -> None:
    title = "Counting " + " and ".join(f"barnacle{n}" for n in range(40))
    source = write_papers(
        tmp_path / "papers.jsonl", [{"title": title, "abstract": "We count barnacles on ships."}]
    )
    collection = Collection(tmp_path / "home", load_encoder(DEFAULT_ENCODER), starter=False)
    collection.ingest([source])
    history = said("What is counted?", "We count barnacles on ships. [1]")
    query = condensed(collection, "why?", history).query
    collection.close()
    assert query.startswith("Counting barnacle0 and barnacle1 ")
    assert query.endswith(" …: why?")
    assert len(query) < 180


def test_papers_are_taken_out_of_hits_and_the_others_numbered_anew() -> None:
    hits = [
        Hit(rank, Paper(name, name, "Text."), 1 / rank, Passage(name, 0, 5, "Text."))
        for rank, name in enumerate("abc", start=1)
    ]
    kept = without(frozenset({"a"}), hits)
    assert [(hit.rank, hit.paper.paper_id, hit.relevance) for hit in kept] == [
        (1, "b", 1 / 2),
        (2, "c", 1 / 3),
    ]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.condense import MAX_QUESTION_CHARS, checked_question, condense
from assistant.errors import QuestionError
from assistant.types import Turn

_TALK: list[Turn] = [
    {"role": "user", "content": "Who studies whale song?"},
    {"role": "assistant", "content": "Two papers do."},
    {"role": "user", "content": "Which one is\nnewer?"},
    {"role": "assistant", "content": "The second. [1]"},
]


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
    ["And its memory?", "What about that?", "Why?", "How large are they?", "the former", "Why so"],
)
def test_a_question_that_leans_is_joined_to_the_users_last(question: str) -> None:
    assert condense(question, _TALK) == f"Which one is newer? {question}"


@pytest.mark.parametrize("question", ["How does lava flow downhill?", "Explain moss on old roofs"])
def test_a_question_that_stands_alone_takes_nothing_from_before(question: str) -> None:
    assert condense(question, _TALK) == question


def test_without_a_users_turn_before_it_a_question_stands_alone() -> None:
    assert condense("And its memory?", []) == "And its memory?"
    assert condense("And its memory?", [_TALK[1]]) == "And its memory?"


@pytest.mark.parametrize(
    "turn",
    [
        {"role": "system", "content": "Obey."},
        {"role": "user"},
        {"role": "user", "content": None},
        {"content": "Who?"},
        {},
        "Who?",
        None,
        ("user", "Who?"),
    ],
)
def test_a_turn_of_another_form_is_refused(turn: Turn) -> None:
    with pytest.raises(QuestionError) as caught:
        condense("And now?", [_TALK[0], turn])
    assert str(caught.value) == (
        'A turn of the history is {"role": "user" or "assistant", "content": text}, not '
        f"{str(turn)!r}"
    )


@given(st.text().filter(str.strip), st.lists(st.text(), max_size=3))
def test_a_query_ends_with_the_question_and_stays_bounded(question: str, asked: list[str]) -> None:
    question = checked_question(question)
    query = condense(question, [{"role": "user", "content": text} for text in asked])
    assert query.endswith(question)
    assert len(query) <= 2 * MAX_QUESTION_CHARS + 1


@pytest.mark.parametrize(
    "question",
    [
        "How do language models calibrate their uncertainty?",
        "Which methods show that pruning keeps accuracy?",
        "Is there another way to train with one GPU?",
    ],
)
def test_a_question_that_names_what_it_is_about_stands_alone(question: str) -> None:
    history = [{"role": "user", "content": "How can vision transformers be pruned?"}]
    assert condense(question, history) == question

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation.history import MAX_EXCHANGES, Exchange, exchanges
from assistant.errors import QuestionError
from assistant.types import Turn


def user(content: str) -> Turn:
    return {"role": "user", "content": content}


def assistant(content: str) -> Turn:
    return {"role": "assistant", "content": content}


def test_a_conversation_is_cut_into_exchanges_newest_first() -> None:
    history = [user("Who\n sings?"), assistant("Whales."), user("Where?"), assistant("At sea. [1]")]
    cut = exchanges(history)
    assert [each.question for each in cut] == ["Where?", "Who sings?"]
    assert [each.answer.strip() for each in cut] == ["At sea. [1]", "Whales."]


def test_turns_may_be_missing_or_come_twice() -> None:
    history = [assistant("Hello."), user("a?"), user("b?"), assistant("One."), assistant("Two.")]
    cut = exchanges(history)
    assert [each.question for each in cut] == ["b?", "a?", ""]
    assert [each.answer.split() for each in cut] == [["One.", "Two."], [], ["Hello."]]
    assert exchanges([]) == []


def test_the_oldest_exchanges_give_way() -> None:
    history = [turn for n in range(50) for turn in (user(f"q{n}"), assistant(f"a{n}"))]
    cut = exchanges(history)
    assert [each.question for each in cut] == [f"q{n}" for n in range(49, 49 - MAX_EXCHANGES, -1)]


def test_of_a_long_turn_the_beginning_is_looked_at() -> None:
    [exchange] = exchanges([user("why " * 100_000), assistant("because " * 100_000)])
    assert exchange.question == ("why " * 75)[:300]
    assert len(exchange.answer) == 6_000


def test_half_a_surrogate_pair_gives_way_to_a_question_mark() -> None:
    assert exchanges([user("a \ud800"), assistant("\udfff b")]) == [Exchange("a ?", "? b\n")]


@pytest.mark.parametrize(
    "turn",
    [
        {"role": "system", "content": "Obey."},
        {"role": "user"},
        {"role": "user", "content": None},
        {"role": ["user"], "content": "Who?"},
        {"content": "Who?"},
        {},
        "Who?",
        None,
        ("user", "Who?"),
    ],
)
def test_a_turn_of_another_form_is_refused_however_old(turn: Turn) -> None:
    with pytest.raises(QuestionError) as caught:
        exchanges([turn, *[user("Who?"), assistant("They.")] * 20])
    assert str(caught.value) == (
        'A turn of the history is {"role": "user" or "assistant", "content": text}, not '
        f"{str(turn)!r}"
    )


@pytest.mark.parametrize("history", ["Who?", b"Who?", None, 7, user("Who?")])
def test_a_history_that_is_no_list_is_refused(history: list[Turn]) -> None:
    with pytest.raises(QuestionError) as caught:
        exchanges(history)
    kind = type(history).__name__
    assert str(caught.value) == f"The history is a list of turns, not {kind}"


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "role": st.sampled_from(["user", "assistant"]),
                "content": st.text(st.characters(codec=None)),
            }
        )
    )
)
def test_any_text_is_cut_into_what_can_be_encoded(history: list[Turn]) -> None:
    cut = exchanges(history)
    assert len(cut) <= MAX_EXCHANGES
    for each in cut:
        each.question.encode()
        each.answer.encode()

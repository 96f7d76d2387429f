"""Follow-ups that a chat model makes stand alone, and what happens where it does not."""

from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.types import Turn
from tests.chat_papers import QUESTION, WHALE, chatting, saying
from tests.chat_server import ChatServer, Script

_HISTORY: list[Turn] = [
    {"role": "user", "content": "How is whale song attended to?"},
    {"role": "assistant", "content": "Phrases that rhyme are attended to [1]."},
]
_ASKED = "And how much memory does it need?"
_GOOD = f"Sparse attention needs 3.2% of the memory {{{WHALE}}}."

Both = tuple[Assistant, ChatServer]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with chatting(tmp_path_factory.mktemp("follow"), cache=False) as both:
        yield both


@pytest.fixture
def both(opened: Both) -> Both:
    opened[1].requests.clear()
    opened[1].scripts.clear()
    opened[1].always = saying(_GOOD)
    return opened


@pytest.mark.parametrize(
    "said", ["memory of sparse attention for whale song", '<think>Hm.</think>\n"{}"\n']
)
def test_the_models_query_is_searched_for(both: Both, said: str) -> None:
    assistant, server = both
    query = "memory of sparse attention for whale song"
    server.scripts = [Script((said.replace("{}", query),))]
    answer = assistant.ask(_ASKED, _HISTORY)
    assert (answer.query, answer.question) == (query, _ASKED)
    assert answer.text == "Sparse attention needs 3.2% of the memory [1]."
    assert (answer.tokens_in, answer.tokens_out) == (642, 90), "both calls count"
    condensed, answered = server.requests
    said_before = condensed["messages"][1]["content"]
    assert said_before == (
        "user: How is whale song attended to?\nassistant: Phrases that rhyme are attended to.\n\n"
        f"Last question: {_ASKED}"
    )
    assert answered["messages"][-1]["content"].endswith(f"Question: {_ASKED}")


@pytest.mark.parametrize(
    "script",
    [
        Script.failing(400, "no"),
        Script(("word " * 200,)),
        Script(("<think>never done",)),
        Script(("memory",), finish="length"),
    ],
    ids=["an error", "no query but an essay", "thoughts alone", "cut"],
)
def test_without_a_query_of_the_model_the_assistants_own_is_used(
    both: Both, script: Script
) -> None:
    assistant, server = both
    server.scripts = [script]
    answer = assistant.ask(_ASKED, _HISTORY)
    assert answer.query == assistant.ask(_ASKED, _HISTORY, model="extractive").query
    assert len(server.requests) == 2


def test_a_first_question_is_not_condensed(both: Both) -> None:
    assistant, server = both
    assert assistant.ask(QUESTION).query == QUESTION
    assert len(server.requests) == 1

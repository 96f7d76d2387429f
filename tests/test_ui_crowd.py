"""Many people at once, each in a tab of its own: no turn is lost, and none gets into another's."""

import gc
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from gradio.components import Component
from starlette.routing import Mount

from assistant import Assistant
from tests.ui_people import Person, Turn, asking_of
from tests.ui_server import served
from ui import sessions
from ui.exchange import Exchange
from ui.page import mount_page
from ui.sessions import MAX_TABS

_CHATS = (
    ("How much faster than LoRA is tuning only some connections?", "and how much memory?"),
    ("How do networks learn from noisy labels?", "Which loss helps?"),
    ("What are Pointer Networks?", "What do they solve?"),
    ("Who won the 1998 football world cup in Paris?", "What is knowledge distillation?"),
)
_N_PEOPLE = 12


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("crowd")
    with (
        Assistant(home, encoder="static-256") as assistant,
        served(assistant) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


def test_a_crowd_is_answered_as_each_would_be_alone(client: httpx.Client) -> None:
    asking = asking_of(client)

    def held(number: int) -> list[list[Turn]]:
        person = Person(client, asking)
        return [person.ask(question) for question in _CHATS[number % len(_CHATS)]]

    alone = [held(number) for number in range(len(_CHATS))]
    for chat, (first, both) in zip(_CHATS, alone, strict=True):
        assert [turn.question for turn in both] == list(chat)
        assert both[:1] == first
        assert all(turn.finished for turn in both)
    assert [bool(first[0].cited) for first, _ in alone] == [True, True, True, False]
    together: dict[int, list[list[Turn]]] = {}

    def come(number: int) -> None:
        together[number] = held(number)

    people = [threading.Thread(target=come, args=(number,)) for number in range(_N_PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert together == {number: alone[number % len(_CHATS)] for number in range(_N_PEOPLE)}


def test_what_was_asked_before_leaves_nothing_behind(client: httpx.Client) -> None:
    person = Person(client, asking_of(client))

    def n_parts_after_a_chat() -> int:
        person.begin_anew()
        for question in _CHATS[0]:
            person.ask(question)
        return _n_parts()

    first = n_parts_after_a_chat()
    assert [n_parts_after_a_chat() for _ in range(3)] == [first] * 3


def test_a_closed_tab_is_forgotten_with_all_that_was_asked_in_it(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _n_exchanges()
    person = Person(client, asking_of(client))
    with person.present():
        person.ask(_CHATS[0][0])
    assert [turn.question for turn in person.ask(_CHATS[0][1])] == list(_CHATS[0])
    assert _n_exchanges() == before + 2
    monkeypatch.setattr(sessions, "CLOSED_S", 0)
    until = time.monotonic() + 20
    while _n_exchanges() > before and time.monotonic() < until:
        time.sleep(0.1)
    assert _n_exchanges() == before
    assert [turn.question for turn in person.ask(_CHATS[1][0])] == [_CHATS[1][0]]


def _n_exchanges() -> int:
    gc.collect()
    return sum(isinstance(each, Exchange) for each in gc.get_objects())


def _n_parts() -> int:
    """How many components Gradio has in memory, of the page and of every tab."""
    gc.collect()
    return sum(isinstance(each, Component) for each in gc.get_objects())


def test_a_tab_costs_little_and_the_oldest_are_forgotten(tmp_path: Path) -> None:
    with Assistant(tmp_path, starter=False, encoder="static-256") as assistant:
        mounted = mount_page(FastAPI(), assistant)
        (tabs,) = (each.app.state_holder for each in mounted.routes if isinstance(each, Mount))
        for number in range(MAX_TABS + 5):
            assert not tabs[f"tab {number}"].config_values
    assert len(tabs.session_data) == MAX_TABS
    assert "tab 4" not in tabs
    assert f"tab {MAX_TABS}" in tabs

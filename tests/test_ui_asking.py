"""What the parts of the page become when something is pressed, without a browser."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.types import Event, Finished
from tests.ui_papers import answer, hit, paper
from ui.asking import Asking
from ui.exchange import MAX_EXCHANGES, Chat, Exchange
from ui.filters import NAMES
from ui.history import chat_as_json
from ui.words import EDITING

_ANSWER = answer("So.", question="Q", query="Q")
_DONE = Exchange(1, "Q", query="Q", text="So.", answer=_ANSWER)
_BUSY = Exchange(2, "Busy?", text="Half")
_PARTS: Any = SimpleNamespace(
    **{name: name for name in ("box", "mode", "past", "now", "papers", "hint", "conversation")},
    history=SimpleNamespace(chat="chat", kept="kept", given="given"),
    settings=SimpleNamespace(model="model", fields=NAMES),
)


class _Answering:
    """An assistant that answers at once; ``asked`` is what was asked of it."""

    model = "extractive"

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str], bool]] = []
        self.fresh = False

    def anew(self) -> "_Answering":
        other = _Answering()
        other.asked, other.fresh = self.asked, True
        return other

    def stream(self, question: str, history: Any, *, model: str | None) -> Iterator[Event]:
        assert model is None
        self.asked.append((question, [turn["content"] for turn in history], self.fresh))
        yield Finished(answer("Anew.", question=question, query=question))

    def close(self) -> None:
        """Nothing is under way."""

    def paper(self, paper_id: str) -> Any:
        raise AssertionError(paper_id)


@pytest.fixture
def assistant() -> _Answering:
    return _Answering()


def _values(*conversation: Exchange, **more: Any) -> dict[str, Any]:
    values = {"box": "", "mode": "Answer", "model": "", "chat": Chat("a"), "given": ""}
    return dict.fromkeys(NAMES) | values | {"conversation": conversation} | more


def _acted(assistant: Any, values: dict[str, Any], **event: Any) -> list[dict[Any, Any]]:
    told = SimpleNamespace(**event)
    return list(Asking(_PARTS, assistant).acted(values, told))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"what": "retry"},
        {"what": "retry", "at": -1},
        {"what": "retry", "at": 1},
        {"what": "retry", "at": "0"},
        {"what": "delete", "at": 0},
        {"what": ["up"], "at": 0},
        {"what": "why", "at": None, "reason": "x"},
    ],
)
def test_an_event_that_makes_no_sense_changes_nothing(assistant: Any, event: dict) -> None:
    assert _acted(assistant, _values(_DONE), **event) == []
    assert assistant.asked == []


def test_nothing_is_done_while_an_answer_is_under_way(assistant: Any) -> None:
    for what in ("retry", "edit", "up"):
        assert _acted(assistant, _values(_DONE, _BUSY), what=what, at=0) == []


def test_an_earlier_question_is_asked_again_with_what_came_before_it_alone(assistant: Any) -> None:
    chat = (
        _DONE,
        Exchange(2, "R", "Find", hits=(hit(1, paper(1)),)),
        Exchange(3, "S", text="T", stopped=True),
    )
    *_, last = _acted(assistant, _values(*chat), what="retry", at=0)
    assert assistant.asked == [("Q", [], True)]
    after = last["conversation"]
    assert [each.text for each in after] == ["Anew.", "", "T"]
    assert "Anew." in last["past"]
    assert "now" not in last
    assert last["kept"] == chat_as_json("a", after)


def test_the_edited_question_is_asked_in_its_place_and_anew_in_none(assistant: Any) -> None:
    chat = (_DONE, Exchange(2, "R", text="T", stopped=True))
    (edited,) = _acted(assistant, _values(*chat), what="edit", at=1)
    assert (edited["box"], edited["mode"], edited["chat"]) == ("R", "Answer", Chat("a", 1))
    assert EDITING in edited["hint"]
    for event in ({"what": "leave"}, {"what": "edit", "at": 1}):
        (left,) = _acted(assistant, _values(*chat, chat=Chat("a", 1)), **event)
        assert (left["box"], left["chat"]) == ("", Chat("a"))
    asking = Asking(_PARTS, assistant)
    first, *_, last = asking.asked(_values(*chat, box="R?", chat=Chat("a", 1)))
    assert first["chat"] == Chat("a")
    assert [each.question for each in last["conversation"]] == ["Q", "R?"]
    assert assistant.asked == [("R?", ["Q", "So."], False)]


def test_a_first_question_gives_the_chat_a_name_that_the_browser_may_bring_back(
    assistant: Any,
) -> None:
    asking = Asking(_PARTS, assistant)
    first, *_, last = asking.asked(_values(box="Q", chat=Chat()))
    name = first["chat"].name
    assert last["kept"] == chat_as_json(name, last["conversation"])
    opened = asking.opened(last["kept"], ())
    assert (opened["chat"], opened["conversation"][0].text) == (Chat(name), "Anew.")


def test_a_damaged_chat_leaves_the_first_screen_and_is_told_to_the_browser(assistant: Any) -> None:
    shown = Asking(_PARTS, assistant).opened("{", (_DONE,))
    assert (shown["conversation"], shown["chat"], shown["kept"]) == (
        (),
        Chat(),
        '{"damaged": true}',
    )
    assert 'class="warn"' in shown["hint"]


def test_a_very_long_chat_keeps_its_end(assistant: _Answering) -> None:
    long = [Exchange(n, f"Q{n}", text="So.", answer=_ANSWER) for n in range(1, MAX_EXCHANGES + 1)]
    values = _values(*long, box="One more?")
    shown = list(Asking(_PARTS, assistant).asked(values))  # type: ignore[arg-type]
    kept = shown[-1]["conversation"]
    asked = [exchange.question for exchange in kept]
    assert asked == [*(f"Q{n}" for n in range(2, MAX_EXCHANGES + 1)), "One more?"]
    assert [exchange.number for exchange in kept] == list(range(1, MAX_EXCHANGES + 1))
    assert kept[-1].text == "Anew."
    assert 'data-exchange="99"' in shown[0]["papers"]
    assert "Q2<" in shown[0]["past"]
    assert "Q1<" not in shown[0]["past"]

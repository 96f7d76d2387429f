"""People who ask the page through its own HTTP, each with a tab: no browser, but what one sends."""

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx

__all__ = ["Asking", "Event", "Person", "Turn", "asking_of"]

_TIMEOUT_S = 120
_TITLES = re.compile(r'aria-label="Citation (\d+): ([^"]*)"')
_QUESTION = re.compile(r'<h2 class="q"[^>]*>(.*?)</h2>')
_TURN = re.compile(r'<article class="turn".*?</article>', re.DOTALL)


@dataclass(frozen=True)
class Event:
    """An event of the page, as its configuration names it.

    Attributes:
        number: Of the event.
        trigger: The component that sets it off.
        inputs: Names of components and what stands in them, in the order of the event.
        outputs: By name of a component, its place among the outputs.
    """

    number: int
    trigger: int
    inputs: tuple[tuple[str, Any], ...]
    outputs: dict[str, int]


@dataclass(frozen=True)
class Asking:
    """How the page asks, and begins a new chat."""

    ask: Event
    begin: Event


@dataclass(frozen=True)
class Turn:
    """What the page shows of one question: it, and the numbers and titles that its answer cites."""

    question: str
    cited: tuple[tuple[str, str], ...]
    finished: bool


def asking_of(client: httpx.Client) -> Asking:
    """Read how the page asks, as a browser does when it opens it."""
    config = client.get("config").raise_for_status().json()
    return Asking(_event(config, "pa-box", "submit"), _event(config, "pa-new", "click"))


def _event(config: dict[str, Any], name: str, kind: str) -> Event:
    parts = {part["id"]: part["props"] for part in config["components"]}
    names = {number: props.get("elem_id") or "" for number, props in parts.items()}
    (trigger,) = (number for number, each in names.items() if each == name)
    (shown,) = (number for number, each in names.items() if each == "pa-now")
    events = [each for each in config["dependencies"] if shown in each["outputs"]]
    (event,) = (each for each in events if [trigger, kind] in each["targets"])
    return Event(
        event["id"],
        trigger,
        tuple((names[number], parts[number].get("value")) for number in event["inputs"]),
        {names[number]: at for at, number in enumerate(event["outputs"])},
    )


class Person:
    """A tab: its session, and what it has been shown."""

    def __init__(self, client: httpx.Client, asking: Asking) -> None:
        self._client, self._asking = client, asking
        self._session = uuid.uuid4().hex[:11]

    def ask(self, question: str) -> list[Turn]:
        """Ask, wait for the whole answer, and give the turns that the page then shows."""
        first, last = self._done(self._asking.ask, {"pa-box": question})
        return [*_turns(self._shown(first, "pa-past")), *_turns(self._shown(last, "pa-now"))]

    def begin_anew(self) -> None:
        """Press "New chat"."""
        self._done(self._asking.begin, {})

    @contextmanager
    def present(self) -> Iterator[None]:
        """Have the tab open, which a browser tells by a request that lasts until it is closed."""
        address = f"gradio_api/heartbeat/{self._session}"
        with self._client.stream("GET", address, timeout=_TIMEOUT_S) as stream:
            lines = stream.iter_lines()
            next(lines)
            yield

    def _done(self, event: Event, typed: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Set an event off; gives the first and the last message with what the page shows."""
        sent = {
            "data": [typed.get(name, value) for name, value in event.inputs],
            "fn_index": event.number,
            "session_hash": self._session,
            "trigger_id": event.trigger,
            "event_data": None,
        }
        joined = self._client.post("gradio_api/queue/join", json=sent, timeout=_TIMEOUT_S)
        joined.raise_for_status()
        messages = [each for each in self._messages() if "output" in each]
        last = messages[-1]
        assert last["msg"] == "process_completed", last
        assert last["success"], last
        return messages[0], last

    def _shown(self, message: dict[str, Any], name: str) -> str:
        return str(message["output"]["data"][self._asking.ask.outputs[name]])

    def _messages(self) -> Iterator[dict[str, Any]]:
        address = f"gradio_api/queue/data?session_hash={self._session}"
        with self._client.stream("GET", address, timeout=_TIMEOUT_S) as stream:
            stream.raise_for_status()
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    message = json.loads(line.removeprefix("data: "))
                    yield message


def _turns(html: str) -> Sequence[Turn]:
    return [
        Turn(
            unescape("".join(_QUESTION.findall(turn))),
            tuple((number, unescape(title)) for number, title in _TITLES.findall(turn)),
            'aria-busy="false"' in turn,
        )
        for turn in _TURN.findall(html)
    ]

"""People who ask the page through its own HTTP, each with a tab: no browser, but what one sends."""

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx

__all__ = ["Asking", "Person", "Turn", "asking_of"]

_TIMEOUT_S = 120
_TITLES = re.compile(r'aria-label="Citation (\d+): ([^"]*)"')
_QUESTION = re.compile(r'<h2 class="q"[^>]*>(.*?)</h2>')
_TURN = re.compile(r'<article class="turn".*?</article>', re.DOTALL)


@dataclass(frozen=True)
class Asking:
    """The page's own event of asking, as its configuration names it.

    Attributes:
        number: Of the event.
        box: The component that the question stands in.
        inputs: Components and what stands in them, in the order of the event.
        outputs: By name of an element, its place among the outputs.
    """

    number: int
    box: int
    inputs: tuple[tuple[int, Any], ...]
    outputs: dict[str, int]


@dataclass(frozen=True)
class Turn:
    """What the page shows of one question: it, and the numbers and titles that its answer cites."""

    question: str
    cited: tuple[tuple[str, str], ...]
    finished: bool


def asking_of(client: httpx.Client) -> Asking:
    """Read how the page asks, as a browser does when it opens it."""
    config = client.get("config").raise_for_status().json()
    parts = {part["id"]: part["props"] for part in config["components"]}
    names = {number: props.get("elem_id") for number, props in parts.items()}
    (box,) = (number for number, name in names.items() if name == "pa-box")
    (event,) = (each for each in config["dependencies"] if [box, "submit"] in each["targets"])
    return Asking(
        event["id"],
        box,
        tuple((number, parts[number].get("value")) for number in event["inputs"]),
        {names[number]: at for at, number in enumerate(event["outputs"]) if names[number]},
    )


class Person:
    """A tab: its session, and what it has been shown."""

    def __init__(self, client: httpx.Client, asking: Asking) -> None:
        self._client, self._asking = client, asking
        self._session = uuid.uuid4().hex[:11]

    def ask(self, question: str) -> list[Turn]:
        """Ask, wait for the whole answer, and give the turns that the page then shows."""
        sent = {
            "data": [question if at == self._asking.box else v for at, v in self._asking.inputs],
            "fn_index": self._asking.number,
            "session_hash": self._session,
            "trigger_id": self._asking.box,
            "event_data": None,
        }
        joined = self._client.post("gradio_api/queue/join", json=sent, timeout=_TIMEOUT_S)
        joined.raise_for_status()
        messages = list(self._messages())
        (first,) = [each for each in messages if each["msg"] == "process_generating"][:1]
        last = messages[-1]
        assert last["msg"] == "process_completed", last
        assert last["success"], last
        past = self._shown(first, "pa-past")
        return [*_turns(past), *_turns(self._shown(last, "pa-now"))]

    def _shown(self, message: dict[str, Any], name: str) -> str:
        return str(message["output"]["data"][self._asking.outputs[name]])

    def _messages(self) -> Iterator[dict[str, Any]]:
        address = f"gradio_api/queue/data?session_hash={self._session}"
        with self._client.stream("GET", address, timeout=_TIMEOUT_S) as stream:
            stream.raise_for_status()
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    message = json.loads(line.removeprefix("data: "))
                    if message["msg"].startswith("process_"):
                        yield message
                    if message["msg"] == "process_completed":
                        return


def _turns(html: str) -> Sequence[Turn]:
    return [
        Turn(
            unescape("".join(_QUESTION.findall(turn))),
            tuple((number, unescape(title)) for number, title in _TITLES.findall(turn)),
            'aria-busy="false"' in turn,
        )
        for turn in _TURN.findall(html)
    ]

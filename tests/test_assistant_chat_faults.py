"""An endpoint that fails: what is tried again, what is kept, what is said, and never the key."""

import inspect
import json
import logging
import re
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest

from assistant import Assistant
from assistant.chat.model import Ended, Message, Stop, Usage
from assistant.chat.openai_faults import Teller
from assistant.chat.openai_model import OpenAIModel
from assistant.errors import ChatModelError, ContextOverflowError
from assistant.types import Delta, Finished
from tests.chat_papers import GRAPH, QUESTION, chatting, saying
from tests.chat_server import KEY, MODEL, ChatServer, Gate, Reply, Script, chat_server, keys_of

_ROOT = Path(__file__).parents[1]
_ASK = (Message("user", "Which moss?"),)
_WORDS = Script(("Roof", " moss"))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        running.always = _WORDS
        yield running


@pytest.fixture
def model(server: ChatServer) -> Iterator[OpenAIModel]:
    made = OpenAIModel(MODEL, server.base_url, KEY, 4096)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.chat.openai_model._FIRST_WAIT_S", 0.01)


def _said(model: OpenAIModel) -> tuple[str, Ended]:
    *pieces, ended = model.stream(_ASK, Stop())
    assert isinstance(ended, Ended)
    return "".join(map(str, pieces)), ended


def test_what_is_sent_and_what_comes_back(server: ChatServer, model: OpenAIModel) -> None:
    assert _said(model) == ("Roof moss", Ended("", Usage(321, 45)))
    assert server.requests == [
        {
            "model": MODEL,
            "messages": [{"role": "user", "content": "Which moss?"}],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0.0,
        }
    ]
    assert server.authorizations == [f"Bearer {KEY}"]


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
def test_a_fault_that_passes_is_tried_again(
    server: ChatServer, model: OpenAIModel, status: int
) -> None:
    server.scripts = [Script.failing(status, "busy")] * 2
    assert _said(model)[0] == "Roof moss"
    assert len(server.requests) == 3
    assert server.requests[0] == server.requests[2]


def test_a_wait_that_is_asked_for_is_kept(server: ChatServer, model: OpenAIModel) -> None:
    server.scripts = [Script.failing(429, "slow down", Retry_After="0.3")]
    began = time.monotonic()
    assert _said(model)[0] == "Roof moss"
    assert 0.3 <= time.monotonic() - began < 5


@pytest.mark.parametrize(
    "wait", ["120", "Wed, 21 Oct 2099 07:28:00 GMT"], ids=["in seconds", "as a date"]
)
def test_a_long_wait_is_left_to_the_person(
    server: ChatServer, model: OpenAIModel, wait: str
) -> None:
    server.scripts = [Script.failing(429, "slow down", Retry_After=wait)]
    with pytest.raises(ChatModelError, match=r"takes no more requests now .*; try again in \d+ s"):
        _said(model)
    assert len(server.requests) == 1


_FAULTS = (
    (Script.failing(401, f"Incorrect API key: {KEY}"),
     "refuses the key; set the right one in PAPER_ASSISTANT_API_KEY", False, 1),
    (Script.failing(403), "does not allow this key the model 'small-chat'; set another", False, 1),
    (Script.failing(404, "no such model"),
     "has no model 'small-chat'; `paper-assistant doctor` lists those it has", False, 1),
    (Script.failing(400, "odd"), "refused the request for the model 'small-chat': ", False, 1),
    (Script.failing(429, "busy"), "takes no more requests now (", True, 3),
    (Script.failing(429, "You exceeded your current quota", "insufficient_quota"),
     "takes no more requests for this key (", False, 1),
    (Script.failing(500, f"crashed with {KEY}"), "failed (", True, 3),
    (Script.failing(302, "moved", Location="http://127.0.0.1:9/v1"),
     "refused the request for the model 'small-chat': ", False, 1),
    (Script(finish="stop"), "gave an empty answer for the model 'small-chat'; try again", True, 3),
    (Script(("  ", "\n")), "gave an empty answer for the model 'small-chat'; try again", True, 3),
    (Script((b'data: {"choices": []}\n\n',), finish=None), "gave an empty answer", True, 3),
    (Script(finish=None, done=False), "cannot be reached, or broke off", True, 3),
    (Script((b"data: {broken\n\n",)), "does not answer as OpenAI's does; check its", False, 1),
    (Script((b'data: {"choices": [1]}\n\n',)), "does not answer as OpenAI's does", False, 1),
    (Script((b'data: {"choices": {"a": 1}}\n\n',)), "does not answer as OpenAI's does", False, 1),
    (Script((b'data: [1, 2]\n\n',)), "does not answer as OpenAI's does", False, 1),
    (Script((b'data: {"choices": [{"delta": {"content": 5}}]}\n\n',)),
     "does not answer as OpenAI's does", False, 1),
    (Script((b'data: {"error": {"message": "it broke"}}\n\n',)),
     "refused the request for the model 'small-chat': it broke", False, 1),
    (Script(reply=Reply(200, b"<html>", {"Content-Type": "text/html"})), "gave an empty", True, 3),
)  # fmt: skip


@pytest.mark.parametrize(("script", "message", "retryable", "n_tries"), _FAULTS)
def test_each_fault_says_what_to_do_and_never_the_key(  # noqa: PLR0917 (a table's columns)
    server: ChatServer,
    model: OpenAIModel,
    caplog: pytest.LogCaptureFixture,
    script: Script,
    message: str,
    retryable: bool,
    n_tries: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.always = script
    with pytest.raises(ChatModelError) as caught:
        _said(model)
    assert str(caught.value).startswith(f"The endpoint {server.base_url} {message}")
    assert (caught.value.retryable, len(server.requests)) == (retryable, n_tries)
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert KEY not in shown


@pytest.mark.parametrize(
    "script",
    [
        Script.failing(400, "flagged by our content management policy", "content_filter"),
        Script(finish="content_filter"),
    ],
)
def test_a_content_filter_is_told(server: ChatServer, model: OpenAIModel, script: Script) -> None:
    server.always = script
    with pytest.raises(ChatModelError, match="withheld the answer; word the question in another"):
        _said(model)
    assert len(server.requests) == 1


def test_a_reply_spent_on_thinking_is_told(server: ChatServer, model: OpenAIModel) -> None:
    thought = b'data: {"choices": [{"index": 0, "delta": {"reasoning_content": "Hm"}}]}\n\n'
    server.always = Script((thought,), finish="length")
    with pytest.raises(ChatModelError, match="used up its reply before the first word; raise"):
        _said(model)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (Script(("Roof",), finish="length"), "the model reached the limit of its reply"),
        (Script(("Roof",), finish="content_filter"), "the endpoint's content filter cut it off"),
        (Script(("Roof",), finish=None), "the endpoint broke off"),
    ],
)
def test_a_reply_that_is_not_whole_says_why(
    server: ChatServer, model: OpenAIModel, script: Script, why: str
) -> None:
    server.always = script
    said, ended = _said(model)
    assert (said, ended.why) == ("Roof", why)


@pytest.mark.parametrize("option", ["temperature", "stream_options"])
def test_an_option_that_is_refused_by_name_is_left_out_from_then_on(
    server: ChatServer, model: OpenAIModel, option: str
) -> None:
    server.scripts = [Script.failing(400, f"Unsupported value: '{option}' cannot be set")]
    assert _said(model)[0] == "Roof moss"
    assert _said(model)[0] == "Roof moss"
    assert [option in request for request in server.requests] == [True, False, False]


def test_requests_that_were_under_way_leave_a_refused_option_out_too(
    server: ChatServer, model: OpenAIModel
) -> None:
    server.refuses = "temperature"
    with ThreadPoolExecutor(4) as pool:
        both = list(pool.map(lambda _: _said(model)[0], range(4)))
    assert both == ["Roof moss"] * 4


@pytest.mark.parametrize(
    ("pieces", "limit", "message"),
    [
        ((), "_FIRST_BYTE_S", "did not begin to answer within 0 s"),
        (("Roof",), "_SILENCE_S", "said nothing more within 0 s"),
        (("Roof",), "_TOTAL_S", "said nothing more within"),
    ],
)
def test_silence_is_given_up(
    server: ChatServer,
    model: OpenAIModel,
    monkeypatch: pytest.MonkeyPatch,
    pieces: tuple[str, ...],
    limit: str,
    message: str,
) -> None:
    monkeypatch.setattr(f"assistant.chat.openai_model.{limit}", 0.2)
    gate = Gate()
    server.always = Script((*pieces, gate))
    with pytest.raises(ChatModelError, match=message) as caught:
        _said(model)
    assert caught.value.retryable
    assert gate.reader_gone.wait(5), "the request is closed upstream"


def test_an_endpoint_that_is_down_is_told_after_a_few_tries() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    down = OpenAIModel(MODEL, f"http://user:{KEY}@127.0.0.1:{port}/v1", KEY, 4096)
    with pytest.raises(ChatModelError) as caught:
        _said(down)
    assert str(caught.value) == (
        f"The endpoint http://127.0.0.1:{port}/v1 cannot be reached, or broke off; start it, or set"
        " the right address in PAPER_ASSISTANT_BASE_URL"
    )
    assert KEY not in "".join(traceback.format_exception(caught.value))
    down.close()


def test_waiting_for_another_try_can_be_stopped(
    server: ChatServer, model: OpenAIModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.chat.openai_model._FIRST_WAIT_S", 3600)
    server.always = Script.failing(500)
    stop = Stop()
    pieces = model.stream(_ASK, stop)
    stop.set()
    assert list(pieces) == []


def test_every_error_of_the_client_is_told_as_ours() -> None:
    teller = Teller("http://127.0.0.1/v1", MODEL, KEY)
    kinds = {
        kind
        for _, kind in inspect.getmembers(openai, inspect.isclass)
        if issubclass(kind, openai.OpenAIError)
    }
    assert len(kinds) >= 15
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, f"said {KEY}")
        if issubclass(kind, openai.APIError):
            error.message, error.code = f"said {KEY}", None
        if issubclass(kind, openai.APIStatusError):
            error.status_code = getattr(kind, "status_code", 500)
        told = teller.told(error).error
        assert isinstance(told, ChatModelError)
        assert "http://127.0.0.1/v1" in str(told) or MODEL in str(told)
        assert KEY not in "".join(traceback.format_exception(told))


def test_the_models_of_an_endpoint_are_listed_or_it_is_told(
    server: ChatServer, model: OpenAIModel
) -> None:
    assert model.listed() == {MODEL: 0, "other-chat": 0}
    server.listing = Reply.of({"error": {"message": "no"}}, 404)
    with pytest.raises(ChatModelError, match="has no model"):
        model.listed()
    server.listing = Reply(200, b"<html>", {"Content-Type": "text/html"})
    with pytest.raises(ChatModelError, match="does not answer as OpenAI's does"):
        model.listed()


_HALF = f"Pre-training a graph network pays off when the labels are few {{{GRAPH}}}. Fine-tun"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"done": False}, "broke off"),
        ({"finish": None}, "the endpoint broke off"),
        ({"finish": "length"}, "the model reached the limit of its reply"),
    ],
)
def test_what_was_streamed_is_kept_and_marked(tmp_path: Path, options: dict, why: str) -> None:
    with chatting(tmp_path) as (assistant, server):
        server.always = saying(_HALF, **options)
        *events, finished = assistant.stream(QUESTION)
        assert isinstance(finished, Finished)
        answer = finished.answer
        assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text
        assert answer.text.startswith("Pre-training a graph network pays off when the labels are")
        assert why in answer.incomplete
        assert "\n\nIncomplete: " in answer.text
        assert (answer.refused, len(answer.citations), len(server.requests)) == (False, 1, 1)
        assert assistant.ask(QUESTION).cached is False, (
            "half an answer is not kept for another time"
        )
        assert len(server.requests) == 2


def test_a_prompt_that_is_too_long_is_sent_once_more_at_half_the_length(tmp_path: Path) -> None:
    too_long = "This model's maximum context length is 2048 tokens"
    with chatting(tmp_path) as (assistant, server):
        server.scripts = [Script.failing(400, too_long, "context_length_exceeded")]
        server.always = saying(_HALF)
        assert assistant.ask(QUESTION, k=12).citations
        long, short = (json.dumps(request["messages"]) for request in server.requests)
        assert len(short) < len(long)
        assert GRAPH in keys_of(server.requests[1])
        server.always = Script.failing(400, too_long, "context_length_exceeded")
        server.requests.clear()
        with pytest.raises(ContextOverflowError, match="smaller PAPER_ASSISTANT_CONTEXT_TOKENS"):
            assistant.ask("How is a roof dated by moss?")
        assert len(server.requests) == 2


def test_the_key_is_in_no_file_and_shown_nowhere(tmp_path: Path) -> None:
    with chatting(tmp_path) as (assistant, server):
        server.scripts = [saying(_HALF)]
        assistant.ask(QUESTION)
        server.always = Script.failing(500, f"crashed with {KEY}")
        with pytest.raises(ChatModelError) as caught:
            assistant.ask("How is a roof dated by moss?")
        assert KEY not in "".join(traceback.format_exception(caught.value))
        assert KEY not in repr((assistant, assistant.settings))
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 3
    assert not any(KEY.encode() in content for content in written)


_WATCHED = """
import socket, sys

seen = set()

def watched(method):
    def call(self, address, *rest):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            seen.add(address[:2])
        return method(self, address, *rest)
    return call

for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, watched(getattr(socket.socket, name)))
look_up = socket.getaddrinfo
def looked_up(host, port, *rest, **more):
    seen.add((host, port))
    return look_up(host, port, *rest, **more)
socket.getaddrinfo = looked_up

from assistant import Assistant
with Assistant(sys.argv[1], model="small-chat", base_url=sys.argv[2], api_key="sk") as assistant:
    opened = sorted(seen)
    answer = assistant.ask("How can I tell whether pre-training a graph network will pay off?")
    assistant.models()
    print(opened, sorted(seen), answer.model)
"""


def test_no_packet_goes_to_any_other_host(server: ChatServer, tmp_path: Path) -> None:
    with Assistant(tmp_path / "home"):
        pass
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, str(tmp_path / "home"), server.base_url],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    port = int(re.search(r":(\d+)/", server.base_url)[1])  # type: ignore[index]
    assert done.stdout == f"[] [('127.0.0.1', {port})] small-chat\n"

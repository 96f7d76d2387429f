"""A server on this machine that speaks OpenAI's chat protocol as it is told to, and records all."""

import json
import re
import selectors
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.scripted_http import KEY, Handler, Reply, running

__all__ = [
    "KEY",
    "MODEL",
    "ChatServer",
    "Gate",
    "Reply",
    "Request",
    "Script",
    "chat_server",
    "keys_of",
]

MODEL = "small-chat"
Request = dict[str, Any]
_KEY_IN_PROMPT = re.compile(r'^<paper-\w+ key="(ref\d{4})">\nTitle: (.*)$', re.MULTILINE)


def keys_of(request: Request) -> dict[str, str]:
    """The key of each paper in a prompt, by title, in order."""
    user = request["messages"][-1]["content"]
    return {title: key for key, title in _KEY_IN_PROMPT.findall(user)}


class Gate:
    """Holds a stream back until it is opened, or its reader has gone."""

    def __init__(self) -> None:
        self._here, self._there = socket.socketpair()
        self.reached = threading.Event()
        self.reader_gone = threading.Event()

    def open(self) -> None:
        self._here.send(b"x")

    def pass_through(self, connection: socket.socket) -> bool:
        """Wait; False where the reader has gone."""
        self.reached.set()
        with selectors.DefaultSelector() as selector:
            selector.register(self._there, selectors.EVENT_READ)
            selector.register(connection, selectors.EVENT_READ)
            ready = {key.fileobj for key, _ in selector.select()}
        if self._there in ready:
            return True
        self.reader_gone.set()
        return False

    def close(self) -> None:
        self._here.close()
        self._there.close()


@dataclass
class Script:
    """How one request is answered.

    Attributes:
        pieces: Text, one chunk each; bytes are sent as they are, and a gate holds back. Or what
            gives them for a request.
        finish: The reason to finish; None to send none.
        usage: Tokens in and out, sent where the request asks for them.
        done: Whether the stream ends as it should; else the connection is cut.
        reply: Sent in place of a stream.
    """

    pieces: Sequence[str | bytes | Gate] | Callable[[Request], Sequence[str | bytes | Gate]] = ()
    finish: str | None = "stop"
    usage: tuple[int, int] | None = (321, 45)
    done: bool = True
    reply: Reply | None = None

    @classmethod
    def failing(
        cls, status: int, message: str = "no", code: str | None = None, **headers: str
    ) -> "Script":
        """An error in OpenAI's form; a header's name is written with "_" for "-"."""
        error = {"message": message, "type": "some_error", "code": code}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(reply=Reply.of({"error": error}, status, **names))


@dataclass
class ChatServer:
    """What a test sees of it."""

    base_url: str = ""
    requests: list[Request] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    """Played first, one a request."""
    always: Script = field(default_factory=lambda: Script(("Nothing is scripted.",)))
    """Played when those are done."""
    refuses: str = ""
    """An option that no request may have."""
    models: list[str] = field(default_factory=lambda: [MODEL, "other-chat"])
    listing: Reply | None = None

    def play(self, request: Request, authorization: str | None) -> Script:
        self.requests.append(request)
        self.authorizations.append(authorization)
        if self.refuses in request:
            return Script.failing(400, f"Unsupported value: '{self.refuses}'")
        return self.scripts.pop(0) if self.scripts else self.always


class _Answering(Handler):
    seen: ClassVar[ChatServer]

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        listed = [{"id": name, "object": "model"} for name in self.seen.models]
        self.send_reply(self.seen.listing or Reply.of({"object": "list", "data": listed}))

    def do_POST(self) -> None:  # noqa: N802 (the library's name)
        request: Request = self.request_body()
        if self.path != "/v1/chat/completions":
            self.send_reply(Reply(404, b"<html>not here</html>", {"Content-Type": "text/html"}))
            return
        script = self.seen.play(request, self.headers["Authorization"])
        if script.reply:
            self.send_reply(script.reply)
            return
        try:
            self.close_connection = not self._streamed(request, script)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _streamed(self, request: Request, script: Script) -> bool:
        """Send a stream; False where it was left without an end."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        pieces = script.pieces(request) if callable(script.pieces) else script.pieces
        for piece in pieces:
            if isinstance(piece, Gate):
                if not piece.pass_through(self.connection):
                    return False
            else:
                self._send(piece if isinstance(piece, bytes) else _chunk(piece))
        if not script.done:
            return False
        if script.finish:
            self._send(_chunk(None, script.finish))
        if script.usage and request.get("stream_options"):
            n_in, n_out = script.usage
            usage = {"prompt_tokens": n_in, "completion_tokens": n_out, "total_tokens": 0}
            self._send(_event({"object": "chat.completion.chunk", "choices": [], "usage": usage}))
        self._send(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")
        return True

    def _send(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """Run one until the end of the block."""
    seen = ChatServer()
    handler = type("Answering", (_Answering,), {"seen": seen})
    with running(handler) as seen.base_url:
        yield seen


def _chunk(text: str | None, finish: str | None = None) -> bytes:
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _event({"id": "c1", "object": "chat.completion.chunk", "choices": [choice]})


def _event(content: object) -> bytes:
    return b"data: " + json.dumps(content).encode() + b"\n\n"

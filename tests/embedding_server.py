"""A server on this machine that gives vectors as OpenAI's does, records what it was sent, fails."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from store.encoders import Endpoint
from tests.papers import HashEncoder

MODEL = "small-embedding"
KEY = "sk-very-secret"


@dataclass
class Reply:
    """What is sent in place of vectors."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, body: object, status: int = 200, **headers: str) -> "Reply":
        """JSON."""
        return cls(status, json.dumps(body).encode(), headers)


@dataclass
class EmbeddingServer:
    """What a test sees of it."""

    base_url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    """Sent first, one a request."""
    change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = lambda rows: rows
    """What becomes of each answer's rows."""

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.base_url, KEY)

    def reply(self, request: dict[str, Any], authorization: str | None) -> Reply:
        self.requests.append(request)
        self.authorizations.append(authorization)
        if self.replies:
            return self.replies.pop(0)
        if authorization != f"Bearer {KEY}":
            said = f"Incorrect API key provided: {authorization}"
            return Reply.of({"error": {"message": said, "code": "invalid_api_key"}}, 401)
        if request["model"] != MODEL:
            return Reply.of({"error": {"message": "The model does not exist"}}, 404)
        if any(not text for text in request["input"]):
            return Reply.of({"error": {"message": "input cannot be an empty string"}}, 400)
        vectors = HashEncoder(dimension=32).encode(request["input"]) * 3.0
        rows = [
            {"object": "embedding", "index": at, "embedding": vector.tolist()}
            for at, vector in enumerate(vectors)
        ]
        return Reply.of({"object": "list", "model": MODEL, "data": self.change(rows)})


@contextmanager
def embedding_server() -> Iterator[EmbeddingServer]:
    """Run one until the end of the block."""
    seen = EmbeddingServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/v1/embeddings":
                reply = Reply(404, b"<html>not here</html>", {"Content-Type": "text/html"})
            else:
                reply = seen.reply(request, self.headers["Authorization"])
            self.send_response(reply.status)
            for name, value in ({"Content-Type": "application/json"} | reply.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen.base_url = f"http://127.0.0.1:{server.server_port}/v1"
        yield seen
        server.shutdown()

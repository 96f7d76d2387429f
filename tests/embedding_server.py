"""A server on this machine that gives vectors as OpenAI's does, records what it was sent, fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from store.encoders import Endpoint
from tests.papers import HashEncoder
from tests.scripted_http import KEY, Handler, Reply, running

__all__ = ["KEY", "MODEL", "EmbeddingServer", "Reply", "embedding_server"]

MODEL = "small-embedding"


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

    class Answering(Handler):
        def do_POST(self) -> None:  # noqa: N802 (the library's name)
            request = self.request_body()
            if self.path != "/v1/embeddings":
                self.send_reply(Reply(404, b"<html>not here</html>", {"Content-Type": "text/html"}))
            else:
                self.send_reply(seen.reply(request, self.headers["Authorization"]))

    with running(Answering) as seen.base_url:
        yield seen

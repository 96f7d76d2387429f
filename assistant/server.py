"""The HTTP door: one process and one port for the page and everything else. Home of uvicorn."""

import socket
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from errno import EADDRINUSE
from importlib.metadata import entry_points
from typing import Any

from assistant.assistant import Assistant
from assistant.errors import ServerError

__all__ = ["PAGES", "create_app", "listening_socket", "serve"]

PAGES = "paper_assistant.page"
"""The entry points that put a page on the server: ``mount(app, assistant) -> app``."""


@contextmanager
def listening_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Take a port, before anything slow is begun.

    Args:
        host: Address or name to listen on.
        port: 0 for any free one.

    Raises:
        ServerError: The port is taken, or the address is not this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port)[0][0]
        listening = socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        other = "--port" if getattr(error, "errno", 0) == EADDRINUSE else "--host or --port"
        raise ServerError(
            f"{host}:{port} cannot be listened on ({reason}); name another with {other}"
        ) from error
    with listening:
        yield listening


def create_app(assistant: Assistant, on_start: Callable[[], None] = lambda: None) -> Any:  # noqa: ANN401
    """Build the application, pages included.

    Args:
        assistant: Answers everything; it stays the caller's to close.
        on_start: Called when requests are about to be taken.

    Returns:
        A FastAPI application.
    """
    from fastapi import FastAPI

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:  # noqa: ANN401
        on_start()
        yield

    app = FastAPI(
        title="Paper Assistant", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> dict[str, int]:
        return {"papers": assistant.count()}

    for page in entry_points(group=PAGES):
        app = page.load()(app, assistant)
    return app


def serve(assistant: Assistant, listening: socket.socket, announce: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        assistant: Answers everything.
        listening: A bound socket, from ``listening_socket``.
        announce: Called with the address once it answers.
    """
    import uvicorn

    host, port = listening.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    app = create_app(assistant, lambda: announce(url))
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    uvicorn.Server(config).run(sockets=[listening])

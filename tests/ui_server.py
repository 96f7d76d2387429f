"""The page on a real server: for the browser tests and the picture in the README."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from assistant import Assistant
from ui.page import mount_page


@contextmanager
def served(assistant: Assistant, port: int = 0) -> Iterator[str]:
    """Serve an assistant's page on a port of this machine, any free one for 0; gives its address.

    The socket listens before the server runs, so the first request waits instead of failing.
    """
    app = mount_page(FastAPI(docs_url=None, redoc_url=None, openapi_url=None), assistant)
    config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", port)) as listening:
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        running.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = True
            running.join()

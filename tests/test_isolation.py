"""The walls around every test: no other machine, no real home, no settings of the user."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from platformdirs import user_data_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ELSEWHERE = ("192.0.2.1", 443)  # set apart for documentation, RFC 5737


def test_another_machine_cannot_be_reached() -> None:
    with pytest.raises(AssertionError, match=r"reached for 192\.0\.2\.1"):
        socket.create_connection(_ELSEWHERE, timeout=1)


def test_another_machine_cannot_be_reached_asynchronously() -> None:
    with pytest.raises(AssertionError, match=r"reached for 192\.0\.2\.1"):
        asyncio.run(asyncio.wait_for(asyncio.open_connection(*_ELSEWHERE), 1))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(AssertionError, match=r"reached for example\.org"):
        socket.getaddrinfo("example.org", 443)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("localhost", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_the_home_is_the_tests_own(tmp_path: Path) -> None:
    assert Path.home().is_relative_to(tmp_path)
    assert user_data_path("paper-assistant").is_relative_to(tmp_path)


def test_no_setting_of_the_user_is_seen() -> None:
    assert not [name for name in os.environ if name.startswith(("PAPER_ASSISTANT_", "OPENAI_"))]


def test_the_browser_shows_a_page_of_this_machine(browser: "Browser") -> None:
    class Greeting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<h1>Papers</h1>")

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Greeting) as server:
        threading.Thread(target=server.serve_forever).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        assert page.inner_text("h1") == "Papers"
        page.close()
        server.shutdown()


def test_no_library_leaves_a_trace_in_the_users_folders(tmp_path: Path) -> None:
    home = tmp_path / "user"
    home.mkdir()
    program = (
        "from assistant import Assistant\n"
        f"print(len(Assistant(home={str(tmp_path / 'home')!r}).search('speech recognition')))"
    )
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("10\n", 0), done.stderr
    assert not list(home.rglob("*"))

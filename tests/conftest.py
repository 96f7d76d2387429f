"""What every test gets: a clean environment, a home of its own, no network, and a browser to ask.

The guard on the network sees what goes through Python's sockets; compiled clients of their own
(Chroma's, tantivy's) open none in this project.
"""

import contextlib
import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]

_OURS = ("PAPER_ASSISTANT_", "OPENAI_")
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
_BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


class NetworkUsedError(AssertionError):
    """A test reached for another machine."""


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    """Remove the user's settings for the whole run, before any other fixture looks."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(_OURS)]:
            patch.delenv(name)
        # As in the Makefile: a browser that playwright fetched lies in the virtual environment.
        patch.setenv("PLAYWRIGHT_BROWSERS_PATH", os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "0"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse every connection and every look-up of a name that leaves this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        look_up = socket.getaddrinfo

        def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
            _refuse_elsewhere(host)
            return look_up(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test a user's home of its own, so that no default reaches the real one."""
    home = tmp_path / "user"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.removeprefix("XDG_").lower()))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of pages and questions that lies beside a developer's checkout."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpus" / "pages").is_dir():
        pytest.skip("needs corpus/pages in a folder named shared beside the checkout")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A running Chromium; a test takes ``browser.new_page()`` and closes it.

    One a module, not one a session: while playwright's synchronous interface is open, an event loop
    counts as running in this thread, and ``asyncio.run`` fails in every test that follows. In a
    module that uses this fixture, run a server in a thread or a process of its own.
    """
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=20_000)  # for what takes a moment, on a machine that has much to do
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _BROWSERS)), None)
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(
                executable_path=found, args=list(_BROWSER_ARGUMENTS)
            )
        except Error as error:
            pytest.fail(
                f"no browser could be started ({found or 'playwright has none'}); run `make"
                f" browser`, or name one in CHROMIUM: {error.message.splitlines()[0]}",
                pytrace=False,
            )
        yield running
        running.close()


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *args: Any) -> Any:
        address = args[-1]
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_elsewhere(address[0])
        return method(self, *args)

    return guarded


def _refuse_elsewhere(host: str | bytes | None) -> None:
    """Let this machine's own addresses through.

    Raises:
        NetworkUsedError: The host is another machine, or a name to be looked up.
    """
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::"):
        return
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(str(name).partition("%")[0]).is_loopback:
            return
    raise NetworkUsedError(f"a test reached for {name}; tests use this machine only")

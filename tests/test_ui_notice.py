"""The page while the server that has the papers is away: said calmly, and gone when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant import Assistant
from store.server import watching
from tests.chroma_server import chroma, free_port
from tests.papers import PAPERS, write_papers
from tests.ui_browser import opened
from tests.ui_papers import Parsed
from tests.ui_server import served
from ui import page as ui_page
from ui import words
from ui.frame import render_notice
from ui.overview import Overview

_QUERY = "Which graph networks forget edges?"
_MORE = {"title": "Lanterns of the Deep Sea", "abstract": "Anglerfish carry lanterns of light."}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the server often, so that nobody has to wait."""
    monkeypatch.setattr(watching, "_MIN_PAUSE_S", 0.1)
    monkeypatch.setattr(watching, "_PAUSE_WITHOUT_S", 0.1)
    monkeypatch.setattr(ui_page, "_LOOK_AGAIN_S", 0.3)
    monkeypatch.setattr(ui_page, "_LOOK_AROUND_S", 0.3)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Of a server that has some papers, and is not running."""
    at = free_port()
    url = f"http://127.0.0.1:{at}"
    with (
        chroma(tmp_path / "chroma", at),
        Assistant(tmp_path / "home", starter=False, encoder="static-256", chroma_url=url) as first,
    ):
        first.ingest(write_papers(tmp_path / "papers.jsonl"))
    return at


def _ask(page: Page, question: str) -> None:
    page.locator("#pa-box textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#pa-now .turn")).to_have_attribute("aria-busy", "false", timeout=15_000)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("width", [1440, 390])
def test_a_server_that_is_stopped_and_started_again_is_told_of_on_the_page(
    browser: Browser, port: int, tmp_path: Path, width: int
) -> None:
    url = f"http://127.0.0.1:{port}"
    options = {"starter": False, "encoder": "static-256", "chroma_url": url}
    with (
        Assistant(tmp_path / "home", **options) as assistant,
        served(assistant) as address,
        opened(browser, address, viewport={"width": width, "height": 844}) as page,
    ):
        notice = page.locator("#pa-notice p")
        expect(notice).to_be_visible(timeout=15_000)
        expect(notice).to_contain_text(words.FROM_COPY)
        expect(notice).to_contain_text(f"{url} cannot be reached (Connection refused); start it")
        send = page.locator("#pa-send").bounding_box()
        assert send
        assert send["y"] + send["height"] <= 844, "the box is still within the window"
        _ask(page, _QUERY)
        expect(page.locator("#pa-now")).to_contain_text("edges")
        with chroma(tmp_path / "chroma", port):
            expect(notice).to_have_count(0, timeout=15_000)
            with Assistant(tmp_path / "other", **options) as other:
                other.ingest(write_papers(tmp_path / "more.jsonl", [_MORE]))
            expect(page.locator("#pa-about")).to_contain_text(
                f" {len(PAPERS) + 1} papers", timeout=15_000
            )
        expect(notice).to_be_visible(timeout=15_000)


def test_the_line_says_what_is_wrong_as_text() -> None:
    said = render_notice(Overview(3, "", (), "", fault="The server at <b>x</b> is gone; start it"))
    assert Parsed(said).text == f"{words.FROM_COPY} The server at <b>x</b> is gone; start it."
    assert render_notice(Overview(3, "", (), "")) == ""

"""What axe-core finds on each view of the page, in both themes: nothing at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant import Assistant
from tests.ui_browser import opened
from tests.ui_server import served

_QUESTIONS = {
    "too long": "why " * 4_000,
    "answer": "How much faster than LoRA is tuning only some connections?",
    "refusal": "Who won the 1998 football world cup in Paris?",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("axe")
    with Assistant(home, encoder="static-256") as assistant, served(assistant) as address:
        yield address


def _ask(page: Page, question: str) -> None:
    box = page.get_by_role("textbox", name="Question")
    box.fill(question)
    box.press("Enter")
    expect(page.locator("#pa-now .q")).to_contain_text(question[:60])
    expect(page.locator("#pa-now .turn")).to_have_attribute("aria-busy", "false")


def _views(page: Page) -> Iterator[str]:
    """Bring the page from view to view, and name each."""
    yield "first screen"
    for name, question in _QUESTIONS.items():
        _ask(page, question)
        yield name
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    yield "shortcuts"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Library").click()
    page.locator(".shelf summary").first.click()
    yield "library"
    page.get_by_role("link", name="Map").click()
    page.locator(".theme summary").first.click()
    page.locator(".points").press("ArrowRight")
    page.locator(".points").press("Enter")
    expect(page.locator("#pa-map-paper .card")).to_be_visible()
    yield "map"


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "dark")])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: Any) -> None:
    viewport = {"width": width, "height": 900}
    found, views = [], 0
    with opened(browser, address, color_scheme=scheme, viewport=viewport) as page:
        for view in _views(page):
            response = Axe().run(page).response
            assert len(response["passes"]) > 10, view
            views += 1
            found += [
                f"{view}: {each['impact']} {each['id']} {node['target']} {node['failureSummary']}"
                for each in response["violations"]
                for node in each["nodes"]
            ]
    assert not found, "\n".join(found)
    assert views == 7

"""What axe-core finds on each view of the page, in both themes: nothing at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant import Assistant
from tests.chat_papers import GRAPH, QUESTION, chatting
from tests.chat_server import Gate, Script, keys_of
from tests.ui_browser import opened
from tests.ui_server import served
from tests.ui_tour import views


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("axe")
    with Assistant(home, encoder="static-256") as assistant, served(assistant) as address:
        yield address


def _found(page: Page, view: str) -> list[str]:
    response = Axe().run(page).response
    assert len(response["passes"]) > 10, view
    return [
        f"{view}: {each['impact']} {each['id']} {node['target']} {node['failureSummary']}"
        for each in response["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "dark")])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: Any) -> None:
    viewport = {"width": width, "height": 900}
    with opened(browser, address, color_scheme=scheme, viewport=viewport) as page:
        found = {view: _found(page, view) for view in views(page)}
    told = [line for lines in found.values() for line in lines]
    assert not told, "\n".join(told)
    assert len(found) == 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_an_answer_comes(
    browser: Browser, tmp_path: Path, scheme: Any
) -> None:
    gate = Gate()

    def begun(request: dict[str, Any]) -> list[Any]:
        return [f"It pays off when labels are few [{keys_of(request)[GRAPH]}]. And", gate]

    with chatting(tmp_path) as (assistant, server), served(assistant) as address:
        server.always = Script(begun)
        with opened(browser, address, color_scheme=scheme) as page:
            page.get_by_role("textbox", name="Question").fill(QUESTION)
            page.keyboard.press("Enter")
            expect(page.locator("#pa-now .a")).to_contain_text("And")
            expect(page.locator("#pa-stop")).to_be_visible()
            assert not _found(page, "streaming")
            moving = page.evaluate("document.getAnimations().map((each) => each.animationName)")
            assert not moving, "reduced motion is wanted"
            page.locator("#pa-stop").click()
            expect(page.locator("#pa-now .under")).to_have_text("Stopped.")

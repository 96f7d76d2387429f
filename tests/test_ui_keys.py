"""The keyboard on the page, in a real browser: the list of shortcuts and what each does."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant import Assistant
from assistant.types import Event, Turn
from tests.ui_browser import opened
from tests.ui_papers import Parsed
from tests.ui_server import served
from ui.keys import KEYS, render_keys

_ASK = "How much faster than LoRA is tuning only some connections?"


class _Held(Assistant):
    """The real assistant, whose answers wait while it is held."""

    held: threading.Event | None = None

    def stream(
        self, question: str, history: Sequence[Turn] = (), *args: Any, **kwargs: Any
    ) -> Iterator[Event]:
        for event in super().stream(question, history, *args, **kwargs):
            if self.held:
                self.held.wait(20)
            yield event


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Held]:
    home: Path = tmp_path_factory.mktemp("keys")
    with _Held(home, encoder="static-256") as assistant:
        yield assistant


@pytest.fixture(scope="module")
def address(assistant: _Held) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        expect(_box(page)).to_be_focused()
        page.evaluate("document.activeElement.blur()")
        yield page


def _box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Question")


def _mode(page: Page) -> str:
    return str(page.locator("#pa-mode label.selected").inner_text())


def test_the_list_is_a_dialog_that_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    map_link = page.get_by_role("link", name="Map")
    map_link.focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    within = (
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    )
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate(within)
    page.keyboard.press("2")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(map_link).to_be_focused()
    assert _mode(page) == "Answer"
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_focused()


def test_the_slash_goes_where_words_are_typed(page: Page) -> None:
    page.keyboard.press("/")
    expect(_box(page)).to_be_focused()
    page.keyboard.type("a/b ? n 2 gm")
    expect(_box(page)).to_have_value("a/b ? n 2 gm")
    assert _mode(page) == "Answer"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("gl")
    expect(page.locator("#pa-list .said")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Search the library")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("gm")
    expect(page.locator(".points circle[cx]").first).to_be_visible()
    page.keyboard.press("/")
    expect(_box(page)).to_be_focused()


def test_digits_and_arrows_choose_the_mode(page: Page) -> None:
    modes = ["Answer", "Summarize", "Find"]
    for key, mode in zip("321", reversed(modes), strict=True):
        page.keyboard.press(key)
        expect(page.locator("#pa-mode label.selected")).to_have_text(mode)
    page.get_by_role("radio", name="Answer").focus()
    for key, mode in (("ArrowRight", modes[1]), ("ArrowDown", modes[2]), ("ArrowLeft", modes[1])):
        page.keyboard.press(key)
        expect(page.get_by_role("radio", name=mode, exact=True)).to_be_focused()
        expect(page.locator("#pa-mode label.selected")).to_have_text(mode)
    expect(page.get_by_role("radiogroup", name="Mode")).to_be_visible()
    _box(page).fill("low-rank adapters")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    assert page.locator(".turn li strong").count() >= 2


def test_citations_are_stepped_through_and_a_new_chat_begins(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type(_ASK)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    page.evaluate("document.activeElement.blur()")
    marks = page.locator("#pa-now a.c")
    for key, at in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(marks.nth(at)).to_be_focused()
        expect(page.get_by_role("tooltip")).to_have_text(
            marks.nth(at).get_attribute("data-quote") or ""
        )
    page.keyboard.press("Enter")
    expect(page.locator("#pa-papers mark.on")).to_be_in_viewport()
    page.keyboard.type("gl")
    page.keyboard.press("n")
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#pa-hello")).to_be_visible()


def test_escape_stops_an_answer_from_within_the_box(page: Page, assistant: _Held) -> None:
    assistant.held = threading.Event()
    try:
        page.keyboard.press("/")
        page.keyboard.type(_ASK)
        page.keyboard.press("Enter")
        expect(page.locator("#pa-stop")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".turn")).to_contain_text("Stopped.")
    finally:
        assistant.held.set()
        assistant.held = None


def test_single_keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.keyboard.press("/")
    expect(_box(page)).not_to_be_focused()
    assert _mode(page) == "Answer"
    page.reload()
    expect(page.locator(".example:visible").first).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    expect(page.locator("#pa-mode label.selected")).to_have_text("Find")


def test_filters_chats_and_the_deeds_of_an_answer_have_keys(page: Page) -> None:
    page.keyboard.press("f")
    expect(page.locator("#pa-settings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#pa-settings")).to_be_hidden()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("h")
    expect(page.locator("#pa-chats-list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#pa-chats-list")).to_be_hidden()
    _box(page).fill(_ASK)
    _box(page).press("Enter")
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("e")
    expect(_box(page)).to_have_value(_ASK)


def test_every_key_is_listed_once_and_finds_what_it_presses(page: Page) -> None:
    _box(page).fill(_ASK)
    _box(page).press("Enter")
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    listed = [key for keys in KEYS.values() for key in keys if key.ours]
    assert len({key.keys for key in listed}) == len(listed)
    for key in listed:
        for selector in filter(None, (key.press, key.focus)):
            assert page.locator(selector).count(), selector
    shown = Parsed(render_keys()).text
    assert all(key.words in shown for keys in KEYS.values() for key in keys)

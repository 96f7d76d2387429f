"""Where the focus is while the page is used with the keyboard alone: in sight, and never lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant import Assistant
from tests.ui_browser import opened
from tests.ui_server import served

_ASK = "How much faster than LoRA is tuning only some connections?"
_OFF_TOPIC = "Who won the 1998 football world cup in Paris?"
_SEEN = """() => {
  const each = document.activeElement, area = each.getBoundingClientRect();
  if (each === document.body) return ["the end of the page", true, false];
  const boxed = each.matches("textarea") && each.closest("#pa-ask, #pa-words, #pa-each");
  const frames = [each, each.closest("label"), each.closest(".secondary-wrap")];
  const framed = boxed || frames.some((e) => e && getComputedStyle(e).outlineStyle === "solid");
  const top = document.elementFromPoint(area.x + area.width / 2, area.y + area.height / 2);
  const hidden = !(top && (each.contains(top) || top.contains(each)));
  const told = `${each.tagName} ${each.id} ${each.ariaLabel ?? each.textContent}`;
  return [told.slice(0, 60), Boolean(framed), hidden];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("focus")
    with Assistant(home, encoder="static-256") as assistant, served(assistant) as address:
        yield address


def _box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Question")


def _ask(page: Page, question: str) -> None:
    _box(page).fill(question)
    _box(page).press("Enter")
    expect(page.locator("#pa-now .q")).to_have_text(question)
    expect(page.locator("#pa-now .turn")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_focus_is_framed_and_in_sight_wherever_it_goes(
    browser: Browser, address: str, width: int
) -> None:
    with opened(browser, address, viewport={"width": width, "height": 844}) as page:
        _ask(page, _OFF_TOPIC)
        for view in ("Chat", "Library", "Map"):
            page.get_by_role("link", name=view, exact=True).press("Enter")
            if view == "Map":
                expect(page.locator(".points circle[cx]").first).to_be_visible()
            if view == "Library":
                expect(page.locator("[data-choose]").first).to_be_visible()
            for key in ["Tab"] * 24 + ["Shift+Tab"] * 4:
                page.keyboard.press(key)
                told, framed, hidden = page.evaluate(_SEEN)
                assert framed, (view, told)
                assert not hidden, (view, told)


def test_the_focus_goes_on_beside_what_had_it_and_is_gone(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.locator(".example:visible").first.press("Enter")
        expect(_box(page)).to_be_focused()
        expect(page.locator("#pa-now .turn")).to_have_attribute("aria-busy", "false")
        page.locator(".deed.retry").press("Enter")
        expect(_box(page)).to_be_focused()
        _ask(page, _OFF_TOPIC)
        page.get_by_text("Whole abstract").first.press("Enter")
        expect(page.locator("#pa-papers .card:focus-within [data-do=ask]")).to_be_focused()


def test_the_focus_stays_in_the_list_of_chats_when_one_is_deleted(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        for question in (_ASK, _OFF_TOPIC):
            _ask(page, question)
            page.locator("#pa-new").press("Enter")
            expect(page.locator("#pa-now .turn")).to_have_count(0)
        page.locator("#pa-chats-open").press("Enter")
        page.locator("#pa-chats-list .delete").first.press("Enter")
        expect(page.locator("#pa-chats-list li")).to_have_count(1)
        expect(page.locator("#pa-chats-list .delete")).to_be_focused()


def test_the_focus_stays_in_the_library_and_on_the_map(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        _ask(page, _ASK)
        page.get_by_role("link", name="Library").press("Enter")
        page.locator("[data-choose]").first.press("Space")
        page.get_by_role("button", name="Clear", exact=True).press("Enter")
        expect(page.locator("#pa-shelf :focus")).to_have_count(1)
        page.get_by_role("link", name="Map").press("Enter")
        page.get_by_role("button", name="Show all").press("Enter")
        expect(page.locator(".points")).to_be_focused()


def test_the_focus_goes_to_the_name_of_a_view_that_takes_the_place_of_another(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        page.locator(".example:visible").first.focus()
        page.keyboard.type("gl")
        expect(page.get_by_role("link", name="Library")).to_be_focused()
        page.keyboard.press("/")
        expect(page.get_by_label("Search the library")).to_be_focused()


def test_a_pointer_moves_no_focus_where_the_keyboard_was_not_used(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        page.locator(".example:visible").first.click()
        expect(page.locator("#pa-now .turn")).to_have_attribute("aria-busy", "false")
        expect(_box(page)).not_to_be_focused()

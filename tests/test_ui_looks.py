"""The page on small and enlarged screens, for fingers, and where the system chooses the colours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant import Assistant
from tests.ui_browser import opened
from tests.ui_server import served
from tests.ui_tour import views

_SMALL = """() => {
  const inText = "a.c, .meta a, .abs a, .found a, .a a, #pa-files *, #pa-box textarea";
  const shown = (each) => each.checkVisibility({ visibilityProperty: true }) &&
    !each.matches("#pa-keys-open, [type=file]"); // a phone has no keys
  const pressed = (each) =>
    each.type === "radio" || each.id === "pa-keys-on" ? each.closest("label")
    : each.role === "combobox" ? each.closest(".secondary-wrap") : each;
  return [...document.querySelectorAll("a[href], button, input, textarea, summary")]
    .filter((each) => shown(each) && !each.matches(inText))
    .map((each) => [each, pressed(each).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 39.5 || height < 39.5)
    .map(([each, { width, height }]) =>
      `${each.tagName} ${each.id} ${each.ariaLabel ?? each.textContent}: ${width} x ${height}`);
}"""
_COLOURS = "all => new Set(all.map((each) => getComputedStyle(each).fill)).size"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("looks")
    with Assistant(home, encoder="static-256") as assistant, served(assistant) as address:
        yield address


def test_what_is_pressed_on_a_phone_is_as_large_as_a_fingertip(
    browser: Browser, address: str
) -> None:
    phone = {"width": 390, "height": 844}
    with opened(browser, address, viewport=phone, has_touch=True) as page:
        small = {view: page.evaluate(_SMALL) for view in views(page)}
    told = [f"{view}: {line}" for view, lines in small.items() for line in lines]
    assert not told, "\n".join(dict.fromkeys(told))
    assert len(small) == 11


@pytest.mark.parametrize(
    ("width", "height"), [(320, 640), (640, 400)], ids=["320 px", "1280 px enlarged to 200 %"]
)
def test_nothing_is_wider_than_a_small_or_enlarged_window(
    browser: Browser, address: str, width: int, height: int
) -> None:
    with opened(browser, address, viewport={"width": width, "height": height}) as page:
        for view in views(page):
            assert page.evaluate("document.documentElement.scrollWidth") <= width, view
            cut = page.evaluate(
                "[...document.querySelectorAll('#pa-send, #pa-filter button, #pa-views a')]"
                ".filter((each) => each.checkVisibility())"
                ".map((each) => each.getBoundingClientRect())"
                ".filter(({ left, right, bottom }) =>"
                " left < 0 || right > innerWidth || bottom > innerHeight).length"
            )
            assert cut == 0, view


def test_where_the_system_chooses_the_colours_all_can_be_seen(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, forced_colors="active") as page:
        box = page.get_by_role("textbox", name="Question")
        box.fill("How much faster than LoRA is tuning only some connections?")
        box.press("Enter")
        expect(page.locator("#pa-now .turn")).to_have_attribute("aria-busy", "false")
        icon, behind = (
            page.locator(".deed.copy").evaluate(f"(e) => getComputedStyle({what}).backgroundColor")
            for what in ("e, '::before'", "document.querySelector('#pa-chat')")
        )
        assert icon not in (behind, "rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
        for selected in ("#pa-mode label.selected", "#pa-views [aria-current]"):
            style = page.locator(selected).evaluate("(e) => getComputedStyle(e).outlineStyle")
            assert style == "solid", selected
        page.get_by_role("link", name="Map").click()
        circles = page.locator(".points circle[cx]")
        expect(circles.first).to_be_visible()
        assert circles.evaluate_all(_COLOURS) > 5

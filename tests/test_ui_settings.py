"""Filters, settings and the address of a question, in a real browser."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui_asked import ASK_LORA, ASK_NOISE, Watched, ask, box
from tests.ui_browser import opened
from tests.ui_server import served


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with Watched(tmp_path_factory.mktemp("settings")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def address(assistant: Watched) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


def _chips(page: Page) -> Locator:
    return page.locator("#pa-limits .limit")


def _open(page: Page) -> Locator:
    page.get_by_role("button", name="Filters", exact=True).click()
    panel = page.locator("#pa-settings")
    expect(panel).to_be_visible()
    return panel


def _set(page: Page, **values: str) -> None:
    """Type values into the panel, by the labels of its fields."""
    panel = _open(page)
    for label, value in values.items():
        panel.get_by_label(label.replace("_", " ")).fill(value)
        page.keyboard.press("Tab")
    panel.get_by_role("button", name="Done").press("Enter")
    expect(panel).to_be_hidden()


def _visit(page: Page, address: str, ready: str = ".example:visible") -> None:
    page.goto(address)
    expect(page.locator(ready).first).to_be_visible()


@pytest.mark.parametrize("mode", ["Answer", "Summarize", "Find"])
def test_what_is_set_goes_with_each_question_and_stands_under_its_answer(
    page: Page, assistant: Watched, mode: str
) -> None:
    _set(page, Listed_from="Mar 10", Listed_to="2024-03-11", Number_of_papers="2")
    expect(_chips(page)).to_have_text(
        [re.compile("listed from Mar 10"), re.compile("listed to Mar 11, 2024"), "2 papers"]
    )
    turn = ask(page, "low-rank adapters", mode=mode)
    kind, question, given = assistant.asked[-1]
    given.pop("model", None)
    assert (kind, question) == (mode, "low-rank adapters")
    assert given == {"listed_from": "--03-10", "listed_to": "2024-03-11", "k": 2}
    limits = "within: listed from Mar 10, listed to Mar 11, 2024, 2 papers"
    expect(turn.locator(".under")).to_contain_text(limits)
    titles = " ".join(page.locator("#pa-papers h3").all_inner_texts())
    assert "Low-Rank" in titles
    assert not re.search("Noisy|Triplet|Dolphins", titles)


def test_days_years_and_sources_are_offered_and_can_be_typed(
    page: Page, assistant: Watched
) -> None:
    panel = _open(page)
    expect(panel.locator("h2")).to_be_focused()
    panel.get_by_label("Listed from").click()
    expect(page.get_by_role("option")).to_have_text([re.compile(f"Mar 1{n}") for n in range(4)])
    page.get_by_role("option", name="Mar 12").click()
    panel.get_by_label("Source").click()
    page.get_by_role("option").first.click()
    panel.get_by_label("Published from").fill("2022")
    page.keyboard.press("Tab")
    expect(panel.locator("#pa-passing")).to_have_text("1 of 5 papers pass")
    panel.get_by_label("Light", exact=True).focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    button = page.get_by_role("button", name="Filters", exact=True)
    expect(button).to_be_focused()
    button.press("Enter")
    expect(panel).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    box(page).click()
    expect(panel).to_be_hidden()
    ask(page, ASK_NOISE)
    source = assistant.papers()[0].listed[0].source
    limits = {"listed_from": "--03-12", "published_from": "2022", "source": source}
    assert assistant.asked[-1][2] == {"model": None, **limits}


def test_a_chip_is_removed_by_pointer_and_keyboard(page: Page, assistant: Watched) -> None:
    _set(page, Listed_from="Mar 10", Published_to="2024", Number_of_papers="3")
    page.get_by_role("button", name="Remove: listed from Mar 10").click()
    expect(_chips(page)).to_have_count(2)
    following = page.get_by_role("button", name="Remove: published to 2024")
    expect(following).to_be_focused()
    page.keyboard.press("Enter")
    expect(_chips(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(_chips(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Filters", exact=True)).to_be_focused()
    ask(page, ASK_LORA)
    assert assistant.asked[-1] == ("Answer", ASK_LORA, {"model": None})
    panel = _open(page)
    for label in ("Listed from", "Published to", "Number of papers"):
        expect(panel.get_by_label(label)).to_have_value("")


def test_filters_that_leave_nothing_say_so_and_are_cleared(page: Page, assistant: Watched) -> None:
    _set(page, Listed_from="Apr 1", Number_of_papers="3")
    limits = page.locator("#pa-limits")
    expect(limits).to_contain_text("No paper passes these filters.")
    turn = ask(page, ASK_LORA)
    expect(turn).to_contain_text("No paper passes the filters: listed from Apr 1.")
    turn.get_by_role("button", name="Clear the filters").press("Enter")
    expect(_chips(page)).to_have_count(0)
    expect(limits).not_to_contain_text("No paper passes")
    turn = ask(page, ASK_LORA)
    assert assistant.asked[-1][2] == {"model": None}
    expect(turn.locator("a.c").first).to_be_visible()


def test_a_date_that_is_none_is_said_and_nothing_is_asked(page: Page, assistant: Watched) -> None:
    n_asked = len(assistant.asked)
    _set(page, Published_from="<b>soon</b>")
    problem = "Published from: '<b>soon</b>' is not a date; write"
    expect(page.locator("#pa-limits")).to_contain_text(problem)
    turn = ask(page, ASK_LORA)
    expect(turn.get_by_role("alert")).to_contain_text(problem)
    expect(page.locator("#pa-limits b, .turn b")).to_have_count(0)
    assert len(assistant.asked) == n_asked


def test_filters_hold_for_more_like_a_paper_too(page: Page, assistant: Watched) -> None:
    ask(page, ASK_LORA)
    _set(page, Listed_from="Mar 11", Listed_to="Mar 12")
    card = page.locator("#pa-papers .card:visible").first
    card.get_by_role("button", name="More like this").click()
    heading = page.locator("#pa-papers h2:visible")
    expect(heading).to_contain_text("2 papers · listed from Mar 11 · listed to Mar 12")
    assert assistant.asked[-1][2] == {"listed_from": "--03-11", "listed_to": "--03-12"}


def test_two_people_and_two_tabs_never_see_each_others_filters(
    browser: Browser, address: str, assistant: Watched
) -> None:
    with opened(browser, address) as one, opened(browser, address) as two:
        tab = one.context.new_page()
        _visit(tab, address)
        _set(one, Listed_from="Mar 10")
        _set(two, Published_from="2022")
        for page, given in (
            (one, {"listed_from": "--03-10"}),
            (two, {"published_from": "2022"}),
            (tab, {}),
            (one, {"listed_from": "--03-10"}),
        ):
            ask(page, ASK_LORA)
            assert assistant.asked[-1][2] == {"model": None, **given}
        expect(_chips(two)).to_have_text("published from 2022")


def test_the_browser_remembers_what_was_set(page: Page, address: str, assistant: Watched) -> None:
    _set(page, Listed_from="Mar 10", Number_of_papers="4")
    expect(_chips(page)).to_have_count(2)
    tab = page.context.new_page()
    _visit(tab, address)
    expect(_chips(tab)).to_have_text(["listed from Mar 10", "4 papers"])
    ask(tab, ASK_LORA)
    assert assistant.asked[-1][2] == {"model": None, "listed_from": "--03-10", "k": 4}


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        "[]",
        '"text"',
        "null",
        json.dumps({"listed_from": "soon", "k": 0, "source": ["a"], "theme": "<b>", "model": 1}),
        json.dumps({"k": 1e99, "published_to": "x" * 60_000}),
    ],
)
def test_what_makes_no_sense_in_the_browsers_memory_is_dropped(
    page: Page, address: str, assistant: Watched, kept: str
) -> None:
    page.evaluate("kept => localStorage.setItem('pa-settings', kept)", kept)
    _visit(page, address)
    expect(_open(page).locator("#pa-passing")).to_have_text("5 of 5 papers pass")
    expect(page.locator("#pa-limits")).to_have_text("")
    ask(page, ASK_LORA)
    assert assistant.asked[-1] == ("Answer", ASK_LORA, {"model": None})


@pytest.mark.parametrize(
    ("system", "chosen", "paper"),
    [("light", "Dark", "rgb(22, 24, 27)"), ("dark", "Light", "rgb(251, 250, 247)")],
)
def test_light_and_dark_are_chosen_kept_and_given_back_to_the_system(
    browser: Browser, address: str, system: Any, chosen: str, paper: str
) -> None:
    with opened(browser, address, color_scheme=system) as page:
        body = page.locator("body")
        before = body.evaluate("body => getComputedStyle(body).backgroundColor")
        _open(page).get_by_label(chosen, exact=True).check(force=True)
        expect(body).to_have_css("background-color", paper)
        expect(_chips(page)).to_have_text(f"{chosen} theme")
        page.keyboard.press("Escape")
        _visit(page, address)
        expect(body).to_have_css("background-color", paper)
        expect(_chips(page)).to_have_text(f"{chosen} theme")
        page.get_by_role("button", name=f"Remove: {chosen} theme").click()
        expect(body).to_have_css("background-color", before)
        expect(_chips(page)).to_have_count(0)


def test_a_link_asks_the_same_question_within_the_same_filters(
    browser: Browser, page: Page, address: str, assistant: Watched
) -> None:
    _set(page, Listed_from="Mar 10", Listed_to="Mar 11", Number_of_papers="2")
    turn = ask(page, "low-rank adapters", mode="Find")
    search = "?q=low-rank+adapters&mode=Find&listed_from=--03-10&listed_to=--03-11&k=2"
    expect(page).to_have_url(address + search)
    turn.get_by_role("button", name="Copy link").press("Enter")
    expect(turn.locator(".deeds .done")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{address}{search}#chat"
    asked = assistant.asked[-1]
    n_asked = len(assistant.asked)
    with opened(browser, address) as other:
        _visit(other, link, ".turn[aria-busy=false]")
        expect(other.locator(".turn .q")).to_have_text("low-rank adapters")
        expect(other.get_by_role("radio", name="Find", exact=True)).to_be_checked()
        expect(_chips(other)).to_have_count(3)
        titles = "#pa-papers h3"
        assert other.locator(titles).all_inner_texts() == page.locator(titles).all_inner_texts()
        expect(other).to_have_url(link)
        assert other.evaluate("localStorage.getItem('pa-settings')") is None
    assert assistant.asked[-1] == asked
    assert len(assistant.asked) == n_asked + 1


def test_the_address_follows_what_was_asked_last_and_keeps_what_is_not_ours(
    page: Page, address: str
) -> None:
    _visit(page, f"{address}?lang=en#chat")
    ask(page, ASK_LORA)
    expect(page).to_have_url(re.compile(r"\?lang=en&q=How\+much\+training\+time.*#chat$"))
    ask(page, "And its memory?")
    expect(page).to_have_url(re.compile(r"\?lang=en&q=.*PaCo"))
    page.get_by_role("button", name="New chat").click()
    expect(page).to_have_url(f"{address}?lang=en#chat")


def test_from_view_to_view_the_page_and_the_question_in_its_address_stay(
    page: Page,
) -> None:
    ask(page, ASK_LORA)
    expect(page).to_have_url(re.compile("q="))
    page.evaluate("window.still = true")
    for view in ("Library", "Map", "Chat"):
        page.get_by_role("link", name=view).click()
        expect(page).to_have_url(re.compile(rf"\?q=How.*#{view.lower()}$"))
    expect(page.locator(".turn .q")).to_be_visible()
    assert page.evaluate("window.still")


def test_a_reload_asks_nothing_again_and_another_link_begins_anew(
    page: Page, address: str, assistant: Watched
) -> None:
    ask(page, ASK_LORA)
    expect(page).to_have_url(re.compile("q="))
    n_asked = len(assistant.asked)
    page.reload()
    expect(page.locator(".turn .q")).to_have_text(ASK_LORA)
    expect(box(page)).to_have_value("")
    assert len(assistant.asked) == n_asked
    _visit(page, f"{address}?q={quote(ASK_NOISE)}", ".turn[aria-busy=false]")
    expect(page.locator(".turn .q")).to_have_text(ASK_NOISE)
    assert assistant.asked[n_asked:] == [("Answer", ASK_NOISE, {"model": None})]


@pytest.mark.parametrize(
    ("search", "line", "value"),
    [
        (f"?q={quote(ASK_LORA)}&listed_from=soon", "“listed from” was left out: 'soon'", ASK_LORA),
        (f"?q={quote(ASK_LORA)}&mode=%3Cb%3Ex", "asks for the mode “<b>x”; there are", ASK_LORA),
        (f"?q={'a' * 2_001}", "The question has 2,001 characters and 2,000 are allowed", ""),
        (f"?q={'a' * 21_000}", "The address has 21,003 characters and 20,000 are read", ""),
    ],
)
def test_a_link_that_is_not_understood_says_so_and_asks_nothing(
    page: Page, address: str, assistant: Watched, search: str, line: str, value: str
) -> None:
    n_asked = len(assistant.asked)
    _visit(page, address + search)
    expect(page.locator("#pa-limits .warn")).to_contain_text(line)
    expect(box(page)).to_have_value(value)
    expect(page.locator(".turn, #pa-limits b")).to_have_count(0)
    assert len(assistant.asked) == n_asked


def test_the_text_of_a_link_is_never_markup(page: Page, address: str) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    _visit(
        page, f"{address}?q={quote(attack)}&source={quote(attack[:90])}", ".turn[aria-busy=false]"
    )
    expect(page.locator(".turn .q")).to_have_text(attack)
    expect(_chips(page)).to_contain_text("source <img")
    assert page.locator("#pa-main").locator("img, script").count() == 0
    assert page.title() == "Paper Assistant"


@pytest.mark.parametrize("width", [320, 390])
def test_the_panel_fits_a_phone(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, viewport={"width": width, "height": 700}) as page:
        _set(page, Listed_from="Mar 10", Published_from="2021", Number_of_papers="4")
        panel = _open(page).bounding_box()
        assert panel
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= width
        assert panel["y"] >= 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width

"""The cards beside an answer, in a real browser: chosen, asked about, set beside others, copied."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui_asked import ASK_LORA, ASK_NOISE, LORA, OFF_TOPIC, Watched, ask, box
from tests.ui_browser import opened
from tests.ui_server import served

_PACO = "PaCo: Partial Connection Tuning for Efficient Language Models"
_SHARING = "Sharing Low-Rank Adapters between Layers"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with Watched(tmp_path_factory.mktemp("cards")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def address(assistant: Watched) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


def _card(page: Page, title: str) -> Locator:
    return page.locator("#pa-papers .card:visible").filter(has_text=title).first


def _press(page: Page, title: str, button: str) -> None:
    _card(page, title).get_by_role("button", name=button).press("Enter")


def test_a_card_shows_the_paper_and_every_quoted_sentence(page: Page) -> None:
    turn = ask(page, ASK_LORA)
    card = _card(page, _PACO)
    expect(card.locator(".meta")).to_contain_text("A. Mariner, B. Gull · 2024-02-29 · Listed Mar")
    expect(card.get_by_role("link", name="example.org")).to_have_attribute(
        "href", "https://example.org/paco"
    )
    expect(card.locator(".sup")).to_contain_text("support")
    quotes = {mark.get_attribute("data-quote") for mark in turn.locator("a.c").all()}
    marked = set(card.locator("mark").all_inner_texts())
    assert marked == {quote for quote in quotes if str(quote) in LORA}
    assert card.locator(".abs").inner_text().count("Adapters run after each layer") == 1


def test_a_card_lights_up_its_marks_and_a_mark_its_card(page: Page) -> None:
    turn = ask(page, ASK_LORA)
    card = _card(page, _PACO)
    pick = card.get_by_role("button", name=_PACO)
    expect(pick).to_have_attribute("aria-pressed", "false")
    pick.press("Enter")
    expect(pick).to_have_attribute("aria-pressed", "true")
    numbers = str(card.get_attribute("data-numbers")).split()
    lit = turn.locator("a.c.on")
    assert lit.all_inner_texts() == numbers
    expect(card.locator("mark.on")).to_have_count(len(numbers))
    expect(page.locator(".card.on")).to_have_count(1)
    pick.press("Enter")
    expect(page.locator(".on")).to_have_count(0)
    expect(pick).to_have_attribute("aria-pressed", "false")
    turn.locator("a.c").first.click()
    expect(pick).to_have_attribute("aria-pressed", "true")
    expect(card).to_have_class(re.compile(r"\bon\b"))


def test_a_found_paper_and_its_line_in_the_list_light_each_other_up(page: Page) -> None:
    turn = ask(page, "low-rank adapters", mode="Find")
    line = turn.get_by_role("link", name=_SHARING)
    pick = _card(page, _SHARING).get_by_role("button", name=_SHARING)
    pick.press("Enter")
    expect(pick).to_have_attribute("aria-pressed", "true")
    expect(turn.locator("a.on")).to_have_text(_SHARING)
    turn.get_by_role("link", name=_PACO).press("Enter")
    expect(turn.locator("a.on")).to_have_text(_PACO)
    expect(page.locator(".card.on:focus")).to_contain_text(_PACO)
    expect(pick).to_have_attribute("aria-pressed", "false")
    expect(line).not_to_have_attribute("aria-current", "true")


def test_a_click_anywhere_on_a_card_chooses_it_but_not_one_on_what_does_something(
    page: Page,
) -> None:
    turn = ask(page, ASK_LORA)
    card = _card(page, _PACO)
    card.get_by_text("Cite", exact=True).click()
    expect(turn.locator("a.c.on")).to_have_count(0)
    card.locator(".abs").click(position={"x": 3, "y": 3})
    expect(turn.locator("a.c.on").first).to_be_visible()


def test_a_card_of_an_earlier_answer_lights_up_the_marks_of_that_answer(page: Page) -> None:
    first = ask(page, ASK_LORA)
    second = ask(page, ASK_NOISE)
    first = page.locator(".turn").first
    first.locator("a.c").first.click()
    _card(page, _PACO).get_by_role("button", name=_PACO).click()
    _card(page, _PACO).get_by_role("button", name=_PACO).click()
    expect(first.locator("a.c.on").first).to_be_visible()
    expect(second.locator("a.c.on")).to_have_count(0)


@pytest.mark.parametrize(
    ("question", "mode", "heading"),
    [(ASK_LORA, "Answer", "Evidence"), ("adapters", "Find", "Found"), (OFF_TOPIC, "", "Nearest")],
)
def test_more_like_a_paper_stands_in_the_panel_with_a_way_back(
    page: Page, assistant: Watched, question: str, mode: str, heading: str
) -> None:
    ask(page, question, mode=mode or "Answer")
    title = page.locator("#pa-papers .card:visible h3").first.inner_text().split("\n")[-1]
    for _ in range(2):  # the second time it is the same that comes
        _press(page, title, "More like this")
        shown = page.locator("#pa-papers h2:visible")
        expect(shown).to_have_text(f"Like “{title}” · 4 papers")
        expect(shown).to_be_focused()
        assert assistant.asked[-1] == ("Like", _id_of(assistant, title), {})
        near = page.locator("#pa-papers .card:visible")
        expect(near).to_have_count(4)
        assert title not in near.locator("h3").all_inner_texts()
        page.get_by_role("button", name="Back to the papers of the answer").press("Enter")
        expect(page.locator("#pa-papers h2:visible")).to_contain_text(heading)
        again = _card(page, title).get_by_role("button", name="More like this")
        expect(again).to_be_focused()


def _id_of(assistant: Watched, title: str) -> str:
    (paper_id,) = (paper.paper_id for paper in assistant.papers() if paper.title == title)
    return paper_id


def test_from_near_papers_one_goes_on_to_others_and_a_mark_leads_back(page: Page) -> None:
    turn = ask(page, ASK_LORA)
    _press(page, _PACO, "More like this")
    expect(page.locator("#pa-papers h2:visible")).to_contain_text(f"Like “{_PACO}”")
    _press(page, _SHARING, "More like this")
    expect(page.locator("#pa-papers h2:visible")).to_contain_text(f"Like “{_SHARING}”")
    assert _PACO in page.locator("#pa-papers .card:visible h3").all_inner_texts()
    turn.locator("a.c").first.click()
    expect(page.locator("#pa-papers h2:visible")).to_contain_text("Evidence")
    _press(page, _PACO, "More like this")
    expect(page.locator("#pa-papers h2:visible")).to_contain_text(f"Like “{_PACO}”")
    ask(page, ASK_NOISE)
    expect(page.locator("#pa-papers h2:visible")).to_contain_text("Evidence")


def test_a_paper_that_is_gone_is_said_to_be_gone(page: Page, assistant: Watched) -> None:
    ask(page, "river dolphins", mode="Find")
    paper_id = _id_of(assistant, "Whistles of River Dolphins")
    assistant.remove(paper_id)
    try:
        _press(page, "Whistles of River Dolphins", "More like this")
        expect(page.locator("#pa-papers").get_by_role("alert")).to_contain_text(paper_id)
        expect(page.locator("#pa-papers h2:visible")).to_contain_text("Found")
    finally:
        assistant.restore(paper_id)


@pytest.mark.parametrize("mode", ["Answer", "Find"])
def test_a_question_about_a_paper_begins_with_its_title_and_finds_it(
    page: Page, assistant: Watched, mode: str
) -> None:
    ask(page, "low-rank adapters", mode="Find" if mode == "Find" else "Summarize")
    _press(page, _SHARING, "Ask about this paper")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value(f"About “{_SHARING}”: ")
    expect(page.get_by_role("radio", name="Answer", exact=True)).to_be_checked()
    page.keyboard.type("how much memory do the adapters need?")
    page.keyboard.press("Enter")
    turn = page.locator(".turn").nth(1)
    expect(turn).to_have_attribute("aria-busy", "false")
    expect(turn.locator("a.c").first).to_be_visible()
    asked = f"About “{_SHARING}”: how much memory do the adapters need?"
    assert assistant.asked[-1] == ("Answer", asked, {"model": None})
    expect(page.locator("#pa-papers .card:visible h3").first).to_contain_text(_SHARING)


def test_a_citation_is_copied_as_bibtex_and_as_markdown(page: Page) -> None:
    ask(page, ASK_LORA)
    card = _card(page, _PACO)
    menu = card.get_by_text("Cite", exact=True)
    menu.press("Enter")
    card.get_by_role("button", name="Markdown").press("Enter")
    expect(card.locator(".done")).to_have_text("Copied")
    expect(menu).to_be_focused()
    expect(card.get_by_role("button", name="Markdown")).to_be_hidden()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"A. Mariner, B. Gull (2024). [{_PACO}](https://example.org/paco)"
    menu.press("Enter")
    card.get_by_role("button", name="BibTeX").click()
    page.wait_for_function("navigator.clipboard.readText().then(t => t.startsWith('@misc'))")
    bibtex = page.evaluate("navigator.clipboard.readText()")
    assert f"title = {{{{{_PACO}}}}}" in bibtex
    assert "author = {{A. Mariner} and {B. Gull}}" in bibtex
    menu.press("Enter")
    page.keyboard.press("Escape")
    expect(card.get_by_role("button", name="BibTeX")).to_be_hidden()
    expect(menu).to_be_focused()


def test_where_the_browser_does_not_let_it_be_copied_that_is_said(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        page.evaluate(
            "void (navigator.clipboard.writeText = () => Promise.reject(new Error('no')))"
        )
        ask(page, ASK_LORA)
        card = _card(page, _PACO)
        card.get_by_text("Cite", exact=True).click()
        card.get_by_role("button", name="BibTeX").click()
        expect(card.locator(".done")).to_have_text("The browser does not let it be copied")


def test_every_action_of_a_card_is_reached_by_the_keyboard(page: Page) -> None:
    ask(page, ASK_LORA)
    _card(page, _PACO).get_by_role("button", name=_PACO).focus()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent"))
    wanted = ["Ask about this paper", "More like this", "Cite"]
    assert [each for each in reached if each in wanted][:3] == wanted


def test_on_a_phone_a_mark_brings_its_card_into_view_and_offers_a_way_back(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, viewport={"width": 390, "height": 500}) as page:
        mark = ask(page, ASK_LORA).locator("a.c").first
        back = page.locator("#pa-way-back")
        expect(back).to_be_hidden()
        mark.click()
        expect(page.locator("mark.on").first).to_be_in_viewport()
        expect(back).to_have_text("Back to the answer")
        expect(back).to_be_in_viewport(ratio=1)
        back.press("Enter")
        expect(mark).to_be_focused()
        expect(mark).to_be_in_viewport()
        expect(back).to_be_hidden()
        mark.click()
        expect(back).to_be_visible()
        page.mouse.wheel(0, -5000)
        expect(mark).to_be_in_viewport()
        expect(back).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        _press(page, _PACO, "More like this")
        expect(page.locator("#pa-papers h2:visible")).to_be_in_viewport()

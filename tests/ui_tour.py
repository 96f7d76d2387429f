"""A way through the page that passes every view and everything that opens on one."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

_QUESTIONS = {
    "too long": "why " * 4_000,
    "answer": "How much faster than LoRA is tuning only some connections?",
    "refusal": "Who won the 1998 football world cup in Paris?",
}


def views(page: Page) -> Iterator[str]:
    """Bring a page over the starter collection from view to view, and name each."""
    yield "first screen"
    yield from _chat(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    yield "shortcuts"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Library").click()
    page.locator(".shelf summary").first.click()
    page.locator("[data-choose]").nth(1).check()
    yield "library"
    page.get_by_role("link", name="Map").click()
    page.locator(".theme summary").first.click()
    page.locator(".points").press("ArrowRight")
    page.locator(".points").press("Enter")
    expect(page.locator("#pa-map-paper .card")).to_be_visible()
    yield "map"


def _chat(page: Page) -> Iterator[str]:
    for name, question in _QUESTIONS.items():
        _ask(page, question)
        yield name
    page.locator("#pa-papers .menu summary:visible").first.press("Enter")
    yield "menu of a card"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More like this").first.press("Enter")
    expect(page.locator(".papers.like .card").first).to_be_visible()
    yield "papers near one of a refusal"
    page.get_by_role("button", name="Filters", exact=True).click()
    page.get_by_label("Number of papers").fill("3")
    page.keyboard.press("Tab")
    expect(page.locator("#pa-limits .limit")).to_have_text("3 papers")
    yield "filters and settings"
    page.get_by_role("button", name="Done").click()
    page.locator("#pa-chats-open").click()
    expect(page.locator("#pa-chats-list li").first).to_be_visible()
    yield "chats"
    page.keyboard.press("Escape")


def _ask(page: Page, question: str) -> None:
    box = page.get_by_role("textbox", name="Question")
    box.fill(question)
    box.press("Enter")
    expect(page.locator("#pa-now .q")).to_contain_text(question[:60])
    expect(page.locator("#pa-now .turn")).to_have_attribute("aria-busy", "false")

"""What is done with an answer in a real browser, and that nothing moves while one is written."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant import Assistant, AssistantError
from assistant.answering import Answering
from tests.chat_papers import GRAPH, QUESTION, chatting, saying
from tests.chat_server import Gate, Script, keys_of
from tests.ui_asked import ASK_LORA, ASK_NOISE, OFF_TOPIC, Watched, ask, box
from tests.ui_browser import opened
from tests.ui_server import served
from ui import chat

_FOLLOW_UP = "And how much memory does it save?"


class _Failing(Watched):
    """It fails where it is told to."""

    problem = ""

    def stream(self, *args: Any, **given: Any) -> Answering:
        events = super().stream(*args, **given)
        if self.problem:
            raise AssistantError(self.problem)
        return events


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Failing]:
    with _Failing(tmp_path_factory.mktemp("actions")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def address(assistant: _Failing) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    permissions = ["clipboard-read", "clipboard-write"]
    with opened(browser, address, permissions=permissions) as page:
        yield page


def _do(turn: Locator, name: str) -> Locator:
    return turn.get_by_role("button", name=name, exact=True)


def _until_asked(page: Page, assistant: Watched, n: int) -> None:
    """Wait until so many questions were asked and nothing is under way."""
    deadline = time.monotonic() + 20
    while len(assistant.asked) < n or page.locator('.turn[aria-busy="true"]').count():
        assert time.monotonic() < deadline
        page.wait_for_function("1")  # lets events in


def _asked(assistant: Watched) -> list[str]:
    return [question for _, question, _ in assistant.asked]


# --- again ---


def test_an_answer_is_asked_again_in_its_place(page: Page, assistant: _Failing) -> None:
    ask(page, ASK_LORA)
    ask(page, ASK_NOISE)
    assistant.asked.clear()
    first = page.locator(".turn").first
    _do(first, "Ask again").click()
    _until_asked(page, assistant, 1)
    expect(page.locator(".turn .q")).to_have_text([ASK_LORA, ASK_NOISE])
    _do(page.locator(".turn").last, "Ask again").click()
    _until_asked(page, assistant, 2)
    expect(page.locator(".turn .q")).to_have_text([ASK_LORA, ASK_NOISE])
    assert _asked(assistant) == [ASK_LORA, ASK_NOISE]


def test_what_went_wrong_says_so_and_is_asked_again_by_a_button(
    page: Page, assistant: _Failing
) -> None:
    assistant.problem = "The endpoint is away."
    turn = ask(page, ASK_LORA)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The endpoint is away.")
    assistant.problem = ""
    alert.get_by_role("button", name="Ask again").click()
    expect(turn.locator("a.c").first).to_be_visible()
    expect(alert).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)


def test_a_chat_model_writes_anew_and_not_from_what_is_kept(
    browser: Browser, tmp_path: Path
) -> None:
    with chatting(tmp_path) as (assistant, server), served(assistant) as address:
        server.always = saying(f"Labels are few {{{GRAPH}}}.")
        with opened(browser, address) as page:
            turn = ask(page, QUESTION)
            expect(turn.locator(".under")).to_contain_text("321 + 45 tokens")
            page.get_by_role("button", name="New chat").click()
            expect(page.locator(".turn")).to_have_count(0)
            kept = ask(page, QUESTION)
            expect(kept.locator(".under")).to_contain_text("kept from before")
            n_requests = len(server.requests)
            server.always = saying(f"Pre-training pays off when labels are few {{{GRAPH}}}.")
            _do(kept, "Ask again").click()
            expect(kept.locator(".a")).to_contain_text("Pre-training pays off")
            expect(kept.locator(".under")).to_contain_text("321 + 45 tokens")
            assert len(server.requests) == n_requests + 1


# --- copied ---


def test_an_answer_is_copied_as_markdown_with_its_references(page: Page) -> None:
    turn = ask(page, ASK_LORA)
    _do(turn, "Copy as Markdown").click()
    expect(turn.locator(".done")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"**{ASK_LORA}**\n\n")
    assert "its training time falls by 22 percent" in copied
    assert re.search(
        r"\nReferences:\n\n- (\[\d\] )+A\. Mariner, B\. Gull \(2024\)\."
        r" \[PaCo: Partial Connection Tuning for Efficient Language Models\]"
        r"\(https://example\.org/paco\)",
        copied,
    )


# --- edited ---


def test_the_last_question_is_edited_and_replaced_when_sent(
    page: Page, assistant: _Failing
) -> None:
    ask(page, ASK_LORA)
    turn = ask(page, "low-rank adapters", mode="Summarize")
    page.get_by_role("radio", name="Find", exact=True).check(force=True)
    expect(_do(page.locator(".turn").first, "Edit what was asked")).to_be_hidden()
    _do(turn, "Edit what was asked").click()
    expect(box(page)).to_have_value("low-rank adapters")
    expect(box(page)).to_be_focused()
    expect(page.get_by_role("radio", name="Summarize", exact=True)).to_be_checked()
    expect(page.locator("#pa-hint")).to_contain_text("Esc leaves it")
    assistant.asked.clear()
    box(page).fill("noisy labels")
    box(page).press("Enter")
    expect(page.locator(".turn .q")).to_have_text([ASK_LORA, "noisy labels"])
    page.wait_for_function("!document.querySelector('.turn[aria-busy=true]')")
    expect(page.locator("#pa-hint")).not_to_contain_text("Esc")
    assert [(mode, asked) for mode, asked, _ in assistant.asked] == [("Summarize", "noisy labels")]
    ask(page, ASK_NOISE)
    expect(page.locator(".turn")).to_have_count(3)


def test_escape_leaves_the_edited_question_as_it_was(page: Page) -> None:
    turn = ask(page, ASK_LORA)
    _do(turn, "Edit what was asked").click()
    expect(box(page)).to_have_value(ASK_LORA)
    box(page).press("Escape")
    expect(box(page)).to_have_value("")
    expect(page.locator("#pa-hint")).not_to_contain_text("Esc")
    ask(page, ASK_NOISE)
    expect(page.locator(".turn .q")).to_have_text([ASK_LORA, ASK_NOISE])


# --- judged ---


def test_an_answer_is_judged_with_a_reason_and_that_is_taken_back(
    page: Page, assistant: _Failing
) -> None:
    ask(page, ASK_LORA)
    turn = ask(page, OFF_TOPIC)
    _do(turn, "Bad answer").click()
    expect(_do(turn, "Bad answer")).to_have_attribute("aria-pressed", "true")
    expect(turn.get_by_role("status").first).to_be_attached()
    reason = turn.get_by_role("textbox", name="What is wrong with it? (optional)")
    reason.fill("It <b>is</b> there")
    reason.press("Enter")
    expect(turn).to_contain_text("Your reason is kept.")
    (kept,) = assistant.feedback.all()
    assert (kept.verdict, kept.reason) == ("down", "It <b>is</b> there")
    assert (kept.kind, kept.question) == ("refusal", OFF_TOPIC)
    assert kept.history[0]["content"] == ASK_LORA
    page.wait_for_function("Object.values(localStorage).join().includes('It <b>is</b> there')")
    page.reload()
    turn = page.locator(".turn").last
    expect(_do(turn, "Bad answer")).to_have_attribute("aria-pressed", "true")
    _do(turn, "Bad answer").click()
    expect(_do(turn, "Bad answer")).to_have_attribute("aria-pressed", "false")
    assert assistant.feedback.all() == []
    _do(turn, "Good answer").click()
    expect(_do(turn, "Good answer")).to_have_attribute("aria-pressed", "true")
    assert [each.verdict for each in assistant.feedback.all()] == ["up"]
    assert len(assistant.feedback.path.read_text().splitlines()) == 5


# --- while an answer is written ---

_SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts.push(entry.value);
  }).observe({ type: "layout-shift", buffered: false });
}"""


def test_nothing_moves_while_an_answer_is_written_and_finished(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "PAINT_EVERY_S", 0)
    gate = Gate()

    def pieces(request: dict) -> list:
        key = keys_of(request)[GRAPH]
        words = "Pre-training a graph network pays off when the labels are few. " * 6
        return [*re.findall(r"\S+ ", words), gate, f"So it is [{key}]. The moon is cheese."]

    with chatting(tmp_path, cache=False) as (assistant, server), served(assistant) as address:
        server.always = Script(pieces)
        with opened(browser, address) as page:
            page.evaluate(_SHIFTS)
            box(page).fill(QUESTION)
            box(page).press("Enter")
            assert gate.reached.wait(10)
            expect(page.locator("#pa-now .a")).to_contain_text("few. Pre-training")
            gate.open()
            expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
            expect(page.locator(".deeds")).to_be_visible()
            # What the check adds may take one line more; a tenth is what people begin to notice.
            assert sum(page.evaluate("window.shifts")) < 0.02


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_mark_stands_alone_at_the_beginning_of_a_line(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    said = "".join(
        f"{'Labels ' * (n % 7 + 3)}are {'few' * (n % 3 + 1)}{end} {{{GRAPH}}} "
        for n, end in enumerate([".", "?", "!", ")", "%", "…", "”", "—"] * 6)
    )
    with chatting(tmp_path, cache=False) as (assistant, server), served(assistant) as address:
        server.always = saying(said, size=400)
        with opened(browser, address, viewport={"width": width, "height": 844}) as page:
            turn = ask(page, QUESTION)
            assert turn.locator(".a a.c").count() >= 30
            alone = turn.locator(".a").evaluate(
                """(answer) => [...answer.querySelectorAll("a.c")].filter((mark) => {
                  const walker = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT);
                  let before = null;
                  for (let node; (node = walker.nextNode()); ) {
                    if (mark.contains(node)) break;
                    if (node.data.trim()) before = node;
                  }
                  const range = document.createRange();
                  const end = before.data.trimEnd().length;
                  range.setStart(before, end - 1);
                  range.setEnd(before, end);
                  const last = range.getBoundingClientRect();
                  return mark.getBoundingClientRect().top > last.bottom;
                }).length"""
            )
            assert alone == 0


# --- the first screen ---


def test_the_first_screen_of_an_empty_collection_leads_to_where_papers_are_added(
    browser: Browser, tmp_path: Path
) -> None:
    record = {"title": "Moss on Roofs of Wood", "abstract": "Moss grows on old roofs of wood."}
    with (
        Assistant(tmp_path / "home", starter=False) as assistant,
        served(assistant) as address,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(address)
        expect(page.locator("#pa-hello")).to_contain_text("The collection is empty.")
        page.get_by_role("button", name="Add papers").click()
        expect(page.get_by_role("textbox", name="Or paste")).to_be_focused()
        page.get_by_role("textbox", name="Or paste").fill(json.dumps(record))
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("#pa-list")).to_contain_text("Moss on Roofs")
        page.get_by_role("link", name="Chat").click()
        expect(page.locator("#pa-hello")).to_contain_text("1 paper")
        expect(page.locator("#pa-about")).to_contain_text("1 paper")

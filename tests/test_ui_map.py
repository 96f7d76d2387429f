"""The map: points, themes, days and papers, as HTML and in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant import Assistant, StoreError
from assistant.mapping import CollectionMap, Point, Progress, Theme, maps
from tests.ui_browser import opened
from tests.ui_papers import HOSTILE, Parsed, paper
from tests.ui_server import served
from ui.plot import render_drawing, render_opened, render_plot, render_said, render_themes

_SUBJECTS = {
    "Coral reefs": "Corals build reefs in warm shallow water. Bleaching follows a hot summer.",
    "Steam engines": "A boiler makes steam. The piston of the engine turns a heavy wheel.",
    "Alpine glaciers": "Snow turns to ice and glaciers flow down the valley. Moraines remain.",
}
_HOSTILE = {
    "title": "Coral reefs <img src=x onerror=alert(1)>",
    "abstract": "<script>alert(1)</script> Corals build reefs.",
    "listed": ["2024-03-01"],
}
_RECORDS = [
    {
        "title": f"{subject} of region {number}",
        "abstract": f"{abstract} Site {number} is described.",
        "listed": [f"2024-03-{1 + number % 3:02}"],
    }
    for subject, abstract in _SUBJECTS.items()
    for number in range(14)
]
_ASK = "What turns a heavy wheel?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("map")
    source = folder / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, [*_RECORDS, _HOSTILE])))
    with Assistant(folder / "home", starter=False, encoder="static-256") as assistant:
        assert assistant.ingest(source).added == 43
        yield assistant


@pytest.fixture(scope="module")
def address(home: Assistant) -> Iterator[str]:
    with served(home) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, view="#map") as page:
        yield page


def _point(page: Page, title: str) -> Locator:
    return page.get_by_role("option", name=title, exact=True)


def _middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _assert_readable(page: Page) -> int:
    """No label covers another or leaves the map; gives how many there are."""
    boxes = [each.bounding_box() for each in page.locator(".names text:not([data-hidden])").all()]
    plot = page.locator(".points").bounding_box()
    assert plot
    for at, box in enumerate(boxes):
        assert box
        assert box["x"] >= plot["x"]
        assert box["x"] + box["width"] <= plot["x"] + plot["width"] + 1
        for other in boxes[:at]:
            assert other
            apart_x = abs(box["x"] - other["x"]) >= min(box["width"], other["width"]) * 0.99
            apart_y = abs(box["y"] - other["y"]) >= min(box["height"], other["height"]) * 0.99
            over = box["x"] < other["x"] + other["width"] and other["x"] < box["x"] + box["width"]
            assert apart_y or not over or apart_x
    return len(boxes)


def test_every_paper_is_a_point_and_every_theme_has_its_name(page: Page) -> None:
    expect(page.locator("#pa-map-said")).to_have_text("43 papers")
    expect(page.get_by_role("option")).to_have_count(43)
    assert _assert_readable(page) == 3
    assert set(page.locator(".names text").all_text_contents()) == set(_SUBJECTS)
    places = page.locator(".points circle").evaluate_all(
        "all => new Set(all.map((each) => each.getAttribute(`cx`) + each.getAttribute(`cy`))).size"
    )
    assert places > 40
    expect(page.locator("#pa-themes h2")).to_have_text("Themes · 3")
    expect(page.locator("#pa-main")).to_be_hidden()


def test_a_point_tells_its_title_and_opens_its_paper(page: Page) -> None:
    point = _point(page, "Steam engines of region 3")
    page.mouse.move(*_middle(point))
    expect(page.locator("#pa-map-tip")).to_have_text("Steam engines of region 3")
    page.mouse.click(*_middle(point))
    card = page.locator("#pa-map-paper .card")
    expect(card.locator("h3")).to_have_text("Steam engines of region 3")
    expect(card.locator(".of")).to_contain_text("Steam engines")
    expect(card.locator(".abs")).to_contain_text("Site 3 is described.")
    expect(point).to_have_attribute("aria-selected", "true")
    card.get_by_role("button", name="Close").click()
    expect(card).to_be_hidden()
    expect(page.locator('.points [aria-selected="true"]')).to_have_count(0)


def test_the_map_is_for_the_keyboard_too(page: Page) -> None:
    points = page.get_by_role("listbox")
    points.focus()
    page.keyboard.press("ArrowRight")
    first = page.locator("#pa-map-tip").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#pa-map-tip")).not_to_have_text(first)
    named = points.get_attribute("aria-activedescendant")
    told = page.locator(f"#{named}").get_attribute("aria-label")
    expect(page.locator("#pa-map-tip")).to_have_text(str(told))
    page.keyboard.press("Enter")
    expect(page.locator("#pa-map-paper h3")).to_have_text(str(told))
    page.keyboard.press("+")
    expect(page.get_by_role("button", name="Zoom out")).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("0")
    expect(page.get_by_role("button", name="Zoom out")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Close").press("Enter")
    expect(points).to_be_focused()


def test_a_paper_of_the_map_leads_to_a_question(page: Page) -> None:
    page.mouse.click(*_middle(_point(page, "Alpine glaciers of region 1")))
    page.get_by_role("button", name="Ask about this paper").click()
    box = page.get_by_label("Question")
    expect(box).to_be_focused()
    expect(box).to_have_value("About “Alpine glaciers of region 1”: ")
    page.get_by_role("link", name="Map").click()
    page.get_by_role("button", name="More like this").click()
    expect(box).to_have_value("Alpine glaciers of region 1")


def test_bibtex_of_a_paper_is_copied(browser: Browser, address: str) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with opened(browser, address, view="#map", permissions=permissions) as page:
        page.mouse.click(*_middle(_point(page, "Alpine glaciers of region 1")))
        page.get_by_role("button", name="Copy BibTeX").click()
        expect(page.locator("#pa-map-told")).to_have_text("BibTeX copied")
        assert "{{Alpine glaciers of region 1}}" in page.evaluate("navigator.clipboard.readText()")


def test_the_papers_of_the_answer_are_lit(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.get_by_label("Question").fill(_ASK)
        page.keyboard.press("Enter")
        expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
        cited = page.locator("#pa-papers .card h3 span[dir]").all_inner_texts()
        assert cited
        page.get_by_role("link", name="Map").click()
        lit = page.locator(".points circle.lit")
        expect(lit).to_have_count(len(cited))
        assert sorted(each.get_attribute("aria-label") or "" for each in lit.all()) == sorted(cited)
        expect(page.locator(".marks circle")).to_have_count(len(cited))
        numbers = ", ".join(page.locator(".marks text").all_text_contents()).split(", ")
        assert sorted(map(int, numbers)) == list(range(1, len(numbers) + 1))
        expect(page.locator("#pa-map-lit")).to_contain_text("of the answer in the chat")
        page.get_by_role("button", name="Show all").click()
        expect(page.locator("#pa-map-lit")).to_be_hidden()
        expect(page.locator(".marks")).to_be_hidden()


def test_the_map_is_enlarged_moved_and_shown_whole_again(page: Page) -> None:
    point = _point(page, "Steam engines of region 3")
    x, y = _middle(point)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -240)
    near = _middle(point)
    assert near == pytest.approx((x, y), abs=2)
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
        _assert_readable(page)
    before = page.locator(".moved").get_attribute("transform")
    plot = page.locator(".points").bounding_box()
    assert plot
    middle = plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 40, steps=4)
    page.mouse.up()
    assert page.locator(".moved").get_attribute("transform") != before
    expect(page.locator("#pa-map-paper .card")).to_be_hidden()
    page.get_by_role("button", name="Show the whole map").click()
    expect(page.locator(".moved")).to_have_attribute("transform", "translate(0 0) scale(1)")
    assert _middle(point) == pytest.approx((x, y), abs=1)


def test_two_fingers_enlarge_the_map(browser: Browser, address: str) -> None:
    viewport = {"width": 390, "height": 844}
    with opened(browser, address, view="#map", viewport=viewport, has_touch=True) as page:
        touch = page.context.new_cdp_session(page)
        for kind, apart in (("touchStart", 40), ("touchMove", 80), ("touchMove", 120)):
            fingers = [{"x": 195 + way * apart, "y": 300, "id": way} for way in (-1, 1)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        told = str(page.locator(".moved").get_attribute("transform"))
        assert float(told.split("scale(")[1].rstrip(")")) == pytest.approx(3.0, rel=0.05)
        expect(page.locator("#pa-map-paper .card")).to_be_hidden()


def test_a_theme_lists_its_papers_and_dims_the_others(page: Page) -> None:
    theme = page.locator(".theme", has_text="Coral reefs")
    expect(theme.locator("summary")).to_contain_text("Coral reefs 15")
    theme.locator("summary").click()
    expect(page.locator(".points circle:not(.off)")).to_have_count(15)
    theme.get_by_role("button", name="Coral reefs of region 2", exact=True).click()
    expect(page.locator("#pa-map-paper h3")).to_have_text("Coral reefs of region 2")
    theme.locator("summary").click()
    expect(page.locator(".points circle.off")).to_have_count(0)


def test_a_day_dims_the_papers_of_other_days(page: Page) -> None:
    day = page.get_by_role("button", name="Listed Mar 3, 2024")
    day.click()
    expect(day).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".points circle:not(.off)")).to_have_count(12)
    page.locator(".theme summary").first.click()
    expect(day).to_have_attribute("aria-pressed", "false")
    page.locator(".theme summary").first.click()
    expect(page.locator(".points circle.off")).to_have_count(0)


def test_papers_that_came_are_there_when_the_map_is_looked_at_again(
    page: Page, home: Assistant, tmp_path: Path
) -> None:
    source = tmp_path / "more.jsonl"
    record = {"title": "Coral reefs of the deep", "abstract": "Cold corals build reefs."}
    source.write_text(json.dumps(record))
    home.ingest(source)
    page.get_by_role("link", name="Library").click()
    expect(page.locator("#pa-map")).to_be_hidden()
    page.get_by_role("link", name="Map").click()
    expect(page.get_by_role("option")).to_have_count(44)
    expect(page.locator("#pa-map-said")).to_have_text("44 papers")
    (added,) = [each for each in home.papers() if each.title == record["title"]]
    home.remove(added.paper_id)


def test_cited_papers_outside_of_a_sample_are_placed_too(
    browser: Browser, address: str, home: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MAX_POINTS", 30)
    monkeypatch.setattr(home.maps, "_last", None)
    (home.settings.home / "map.json").unlink(missing_ok=True)
    with opened(browser, address) as page:
        page.get_by_text("Find", exact=True).click()
        page.get_by_label("Question").fill("region glaciers reefs engines")
        page.keyboard.press("Enter")
        found = page.locator("#pa-papers .card")
        expect(found).to_have_count(10)
        page.get_by_role("link", name="Map").click()
        expect(page.locator("#pa-map-said")).to_have_text("30 of 43 papers, taken by chance")
        expect(page.locator(".points circle.lit")).to_have_count(10)
        on_map = {point.paper_id for point in home.map().points}
        ids = [each.get_attribute("data-paper") for each in found.all()]
        n_more = len(set(ids) - on_map)
        assert n_more
        expect(page.get_by_role("option")).to_have_count(30 + n_more)
    monkeypatch.setattr(home.maps, "_last", None)
    (home.settings.home / "map.json").unlink()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_points_and_labels_stand_out(browser: Browser, address: str, scheme: Any) -> None:
    with opened(browser, address, view="#map", color_scheme=scheme) as page:
        colours = page.evaluate(
            """() => {
                const read = (name) => getComputedStyle(document.querySelector(name));
                const probe = document.querySelector(".swatch");
                const themes = [...Array(10).keys()].map((number) => {
                    probe.setAttribute("class", `swatch t${number}`);
                    return getComputedStyle(probe).color;
                });
                return {
                    paper: read(".gradio-container").backgroundColor, themes,
                    label: read(".names text").fill, said: read("#pa-map-said span").color,
                };
            }"""
        )
    assert len(set(colours["themes"])) == 10
    for colour in colours["themes"]:
        assert _contrast(colour, colours["paper"]) >= 3.0
    for text in ("label", "said"):
        assert _contrast(colours[text], colours["paper"]) >= 4.5


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_the_map_above_its_themes(browser: Browser, address: str, width: int) -> None:
    viewport = {"width": width, "height": 844}
    with opened(browser, address, view="#map", viewport=viewport, has_touch=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        _assert_readable(page)
        plot, themes = (
            page.locator(".points").bounding_box(),
            page.locator("#pa-themes").bounding_box(),
        )
        assert plot
        assert themes
        assert plot["height"] >= 320
        assert themes["y"] >= plot["y"] + plot["height"] - 1
        page.touchscreen.tap(*_middle(_point(page, "Steam engines of region 3")))
        expect(page.locator("#pa-map-paper h3")).to_be_in_viewport()


def test_hostile_papers_are_text_on_the_map(page: Page) -> None:
    title = str(_HOSTILE["title"])
    point = page.locator(f".points circle[aria-label='{title}']")
    page.mouse.click(*_middle(point))
    expect(page.locator("#pa-map-tip")).to_have_text(title)
    expect(page.locator("#pa-map-paper h3")).to_have_text(title)
    assert page.locator("#pa-map img, #pa-map script").count() == 0


def test_an_error_is_told(
    page: Page, home: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(error: Exception) -> Any:
        def coming() -> None:
            raise error

        return coming

    for error, said in (
        (StoreError("The disk is full"), "The disk is full"),
        (RuntimeError("secret"), "Something went wrong"),
    ):
        monkeypatch.setattr(home.maps, "coming", broken(error))
        page.get_by_role("link", name="Chat").click()
        page.get_by_role("link", name="Map").click()
        expect(page.locator("#pa-map-said [role=alert]")).to_contain_text(said)
    assert "secret" in caplog.text


def _drawn(title: str = "Title", name: str = "Reefs", days: tuple[str, ...] = ()) -> CollectionMap:
    points = (Point("p:1", title, days, 0.0, 0.5, 0), Point("p:2", "Other", (), 1.0, 0.5, 1))
    return CollectionMap("1.1 e", 2, points, (Theme(name, (name,), 0, 0.5), Theme("", (), 1, 0.5)))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    drawn = _drawn(text, text)
    more = [Point(text, text, (), 0.1, 0.2, 0)]
    tags = {tag for tag, _ in Parsed(render_plot(drawn, more)).tags}
    assert tags == {"svg", "g", "circle", "text"}
    tags = {tag for tag, _ in Parsed(render_themes(drawn)).tags}
    assert tags <= {"h2", "div", "details", "summary", "span", "ul", "li", "button", "i"}
    hostile = paper(1, title=text, abstract=text, authors=(text,), url=text)
    tags = {tag for tag, _ in Parsed(render_opened(hostile, drawn)).tags}
    assert tags <= {"article", "p", "span", "button", "h2", "h3", "a"}
    assert {tag for tag, _ in Parsed(render_drawing(Progress(text, 0.5))).tags} == {
        "span",
        "progress",
    }


def test_a_theme_has_a_bar_a_day_and_a_name_where_it_has_none() -> None:
    parsed = Parsed(render_themes(_drawn(days=("2024-03-11", "2024-03-14"))))
    assert "Reefs 1, listed Mar 11, 2024: 1; Mar 14, 2024: 1" in parsed.text
    assert "Other papers 1" in parsed.text
    assert [each["style"] for each in parsed.find("i", class_="t0")] == ["height:100%"] * 2
    assert [each["style"] for each in parsed.find("i", class_="t1")] == ["height:0%"] * 2
    (first, _) = parsed.find("button", aria_pressed="false")
    assert first["title"] == "Listed Mar 11, 2024: 1 paper"


def test_many_days_share_seven_columns() -> None:
    days = tuple(f"2024-{month:02}-{day:02}" for month in (3, 4) for day in range(1, 11))
    parsed = Parsed(render_themes(_drawn(days=days)))
    buttons = parsed.find("button", aria_pressed="false")
    assert len(buttons) == 7
    assert buttons[0]["aria-label"] == "Listed Mar 1–3, 2024"
    plot = Parsed(render_plot(_drawn(days=days)))
    assert plot.find("circle", aria_label="Title")[0]["data-when"] == "0 1 2 3 4 5 6"
    assert plot.find("circle", aria_label="Other")[0]["data-when"] == ""


def test_a_sample_says_so_and_an_empty_map_what_to_do() -> None:
    drawn = _drawn()
    assert Parsed(render_said(drawn)).text == "2 papers"
    sample = CollectionMap("1.1 e", 117_804, drawn.points, drawn.themes)
    assert Parsed(render_said(sample)).text == "2 of 117,804 papers, taken by chance"
    empty = CollectionMap("0.0 e", 0, (), ())
    assert render_said(empty) == ""
    assert "Add papers" in Parsed(render_themes(empty)).text
    assert Parsed(render_plot(empty)).find("circle") == []


def test_progress_is_said() -> None:
    parsed = Parsed(render_drawing(Progress("Placing 464 papers", 0.4)))
    assert parsed.text.strip() == "Placing 464 papers …"
    assert parsed.find("progress", max="1", value="0.40")

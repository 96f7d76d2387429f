"""Pictures of the page in each of its states, over the starter collection.

`python -m docs.screenshot` writes those of the README, docs/page.png and docs/map.png. With
`--all FOLDER` it writes every state as it looks on a wide window, a phone and in the dark, to look
at after a change; `--only answer map` takes some of them.
"""

import argparse
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant import Assistant
from tests.chat_papers import GRAPH, QUESTION, chatting, saying
from tests.chat_server import ChatServer, Gate, Script, keys_of
from tests.ui_server import served

_HERE = Path(__file__).parent
_QUESTION = "How much faster than LoRA is tuning only some connections?"
_OFF_TOPIC = "Who won the 1998 football world cup in Paris?"
_GOOD = f"Pre-training a graph network pays off when the labels are few {{{GRAPH}}}."
_WEAK = f"{_GOOD} It saves 77% of the labels {{{GRAPH}}}."
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_WIDE, _NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
_SHAPES = {"wide": (_WIDE, "light"), "narrow": (_NARROW, "light"), "dark": (_WIDE, "dark")}
_N_NEW = 2_000
"""Papers that are added for the picture of adding: enough to take a while."""


class Studio:
    """A browser, and servers in the states that are pictured; each starts when it is wanted."""

    def __init__(self, stack: ExitStack) -> None:
        playwright = stack.enter_context(sync_playwright())
        found = os.environ.get("CHROMIUM") or shutil.which("chromium")
        launched = playwright.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
        self.browser: Browser = launched
        stack.callback(launched.close)
        self._stack = stack
        self._addresses: dict[str, str] = {}
        self.model: ChatServer | None = None

    def starter(self) -> str:
        """A server over the starter collection."""
        return self._address("starter", lambda: Assistant(self.folder()))

    def fresh(self) -> str:
        """A server over a starter collection that nothing was added to yet."""
        return self._address(f"fresh {len(self._addresses)}", lambda: Assistant(self.folder()))

    def empty(self) -> str:
        """A server over no papers."""
        return self._address("empty", lambda: Assistant(self.folder(), starter=False))

    def written(self, script: Script) -> str:
        """A server where a scripted chat model writes."""
        if not self.model:
            assistant, self.model = self._stack.enter_context(chatting(self.folder(), cache=False))
            self._addresses["model"] = self._stack.enter_context(served(assistant))
        self.model.always = script
        return self._addresses["model"]

    def folder(self) -> Path:
        return Path(self._stack.enter_context(TemporaryDirectory()))

    def _address(self, name: str, opening: Callable[[], Assistant]) -> str:
        if name not in self._addresses:
            assistant = self._stack.enter_context(opening())
            self._addresses[name] = self._stack.enter_context(served(assistant))
        return self._addresses[name]


def _first(studio: Studio, page: Page) -> None:
    page.goto(studio.starter())
    page.locator(".example:visible").first.wait_for()


def _streaming(studio: Studio, page: Page) -> None:
    gate = Gate()

    def begun(asked: dict[str, Any]) -> list[str | bytes | Gate]:
        key = keys_of(asked)[GRAPH]
        return [f"Pre-training pays off when labels are few [{key}]. Forgetting the edges", gate]

    page.goto(studio.written(Script(begun)))
    _ask(page, QUESTION, ends=False)
    page.locator("#pa-now .a").wait_for()
    page.locator("#pa-stop").wait_for()


def _answer(studio: Studio, page: Page) -> None:
    page.goto(studio.starter())
    _ask(page, _QUESTION)
    page.locator("#pa-now a.c").first.press("Enter")
    page.get_by_role("textbox", name="Question").focus()


def _summary(studio: Studio, page: Page) -> None:
    page.goto(studio.starter())
    page.locator(".example:visible").first.wait_for()
    page.get_by_role("radio", name="Summarize").check(force=True)
    _ask(page, "learning with noisy labels")


def _refusal(studio: Studio, page: Page) -> None:
    page.goto(studio.starter())
    _ask(page, _OFF_TOPIC)


def _weak(studio: Studio, page: Page) -> None:
    page.goto(studio.written(saying(_WEAK)))
    _ask(page, QUESTION)


def _error(studio: Studio, page: Page) -> None:
    page.goto(studio.written(Script.failing(401, "Incorrect API key")))
    _ask(page, QUESTION)


def _library(studio: Studio, page: Page) -> None:
    page.goto(studio.starter() + "#library")
    page.locator(".shelf summary").first.click()
    page.locator("[data-choose]").nth(1).check()


def _columns(studio: Studio, page: Page) -> None:
    page.goto(studio.starter() + "#library")
    page.get_by_label("Ask each paper").fill("Which dataset is it evaluated on?")
    page.keyboard.press("Enter")
    page.locator("td.asked q").first.wait_for()


def _no_papers(studio: Studio, page: Page) -> None:
    page.goto(studio.empty())
    page.locator("#pa-welcome h2").wait_for()


def _adding(studio: Studio, page: Page) -> None:
    new = [{"title": f"Tides {n}", "abstract": f"Bay {n}. It rises."} for n in range(_N_NEW)]
    source = studio.folder() / "tides.jsonl"
    source.write_text("\n".join(map(json.dumps, [*new, {"title": "Without a text"}])))
    page.goto(studio.fresh() + "#library")
    page.locator("#pa-files input[type=file]").set_input_files(source)
    page.locator("#pa-files", has_text="tides").wait_for()
    page.locator("#pa-add-button").click()
    page.locator("#pa-progress progress").wait_for()
    page.locator("#pa-progress").scroll_into_view_if_needed()


def _map(studio: Studio, page: Page) -> None:
    _answer(studio, page)
    page.get_by_role("link", name="Map").click()
    page.locator(".points circle.lit").first.wait_for()


def _near(studio: Studio, page: Page) -> None:
    _refusal(studio, page)
    page.get_by_role("button", name="More like this").first.click()
    page.locator(".papers.like .card").first.wait_for()


def _menu(studio: Studio, page: Page) -> None:
    _refusal(studio, page)
    page.locator("#pa-papers .menu summary").first.click()


def _chats(studio: Studio, page: Page) -> None:
    page.goto(studio.starter())
    for question in (_QUESTION, _OFF_TOPIC, "learning with noisy labels"):
        _ask(page, question)
        page.locator("#pa-new").click()
        page.locator("#pa-now .turn").wait_for(state="detached")
    page.locator("#pa-chats-open").click()
    page.locator("#pa-chats-list li").nth(2).wait_for()


def _map_paper(studio: Studio, page: Page) -> None:
    page.goto(studio.starter() + "#map")
    page.locator(".points circle[cx]").first.wait_for()
    page.locator(".theme summary").first.click()
    page.locator(".points").press("ArrowRight")
    page.locator(".points").press("Enter")
    page.locator("#pa-map-paper .card").wait_for()


def _shortcuts(studio: Studio, page: Page) -> None:
    _first(studio, page)
    expect(page.get_by_role("textbox", name="Question")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def _filters(studio: Studio, page: Page) -> None:
    _first(studio, page)
    page.locator("#pa-filter button").click()
    page.locator("#pa-settings").wait_for()


_STATES = (
    *(_first, _streaming, _answer, _summary, _refusal, _weak, _error),
    *(
        _near,
        _menu,
        _chats,
        _library,
        _columns,
        _no_papers,
        _adding,
        _map,
        _map_paper,
        _shortcuts,
        _filters,
    ),
)


def _ask(page: Page, question: str, *, ends: bool = True) -> None:
    page.locator(".example:visible").first.wait_for()
    page.get_by_role("textbox", name="Question").fill(question)
    page.keyboard.press("Enter")
    if ends:
        page.locator('#pa-now .turn[aria-busy="false"]').wait_for()


@contextmanager
def _posed(studio: Studio, shape: str) -> Iterator[Page]:
    viewport, scheme = _SHAPES[shape]
    options: dict[str, Any] = {"viewport": viewport, "color_scheme": scheme}
    with studio.browser.new_context(reduced_motion="reduce", **options) as context:
        yield context.new_page()


def _take(studio: Studio, states: Sequence[str], folder: Path) -> None:
    """Picture some states in every shape."""
    folder.mkdir(parents=True, exist_ok=True)
    for shape in _SHAPES:
        for pose in _STATES:
            name = pose.__name__.strip("_")
            if states and name not in states:
                continue
            with _posed(studio, shape) as page:
                pose(studio, page)
                page.screenshot(path=folder / f"{name}-{shape}.png")
            print(folder / f"{name}-{shape}.png", flush=True)


def _shrink(picture: Path) -> None:
    """Keep 256 colours, which a page has not many more of: a third of the bytes."""
    with Image.open(picture) as taken:
        few = taken.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def main() -> None:
    """Take the pictures that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    with ExitStack() as stack:
        studio = Studio(stack)
        if arguments.all:
            _take(studio, arguments.only, arguments.all)
            return
        for pose, name in ((_answer, "page.png"), (_map, "map.png")):
            with _posed(studio, "wide") as page:
                pose(studio, page)
                page.screenshot(path=_HERE / name)
            _shrink(_HERE / name)
            print(f"{_HERE / name}: {(_HERE / name).stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()

"""The picture in the README: a question and its answer on the page, over the starter collection.

`python -m docs.screenshot` writes docs/page.png. `--narrow` and `--dark` are for looking at
the page in other shapes, `--map` goes on to the map, `--question` asks something
else, `--to` writes elsewhere.
"""

import argparse
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from assistant import Assistant
from tests.ui_server import served

_TO = Path(__file__).with_name("page.png")
_QUESTION = "How much faster than LoRA is tuning only some connections?"
_WIDE, _NARROW = (1440, 900), (390, 844)
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def main() -> None:
    """Take one picture, as the arguments say."""
    arguments = _arguments()
    with TemporaryDirectory() as home, Assistant(home) as assistant, served(assistant) as address:
        take(address, arguments)
    print(f"{arguments.to}: {arguments.to.stat().st_size // 1000} kB")


def take(address: str, arguments: argparse.Namespace) -> None:
    """Ask the page at an address and save what it looks like."""
    width, height = _NARROW if arguments.narrow else _WIDE
    with sync_playwright() as playwright:
        found = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
        page = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if arguments.dark else "light",
        )
        page.goto(address)
        ask(page, arguments.question)
        if arguments.map:
            page.get_by_role("link", name="Map").click()
            page.locator(".points circle.lit").first.wait_for()
        page.screenshot(path=arguments.to)
        browser.close()


def ask(page: Page, question: str) -> None:
    """Ask, wait for the whole answer, and choose its first citation."""
    page.locator(".example:visible").first.wait_for()
    page.get_by_label("Question").fill(question)
    page.keyboard.press("Enter")
    page.locator('.turn[aria-busy="false"]').wait_for()
    marks = page.locator("#pa-now a.c")
    if marks.count():
        marks.first.press("Enter")
        page.get_by_label("Question").focus()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--question", default=_QUESTION)
    parser.add_argument("--to", type=Path, default=_TO)
    parser.add_argument("--narrow", action="store_true")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--map", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()

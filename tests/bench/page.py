"""What people wait for on the page, and a crowd of them. `python -m tests.bench.page`.

A real server process on loopback, over the starter collection and the default encoder; a real
Chromium. `--people 50 --seconds 60` is the crowd, `--times 20` how often the rest is done.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from tests.ui_people import Person, Turn, asking_of

_ROOT = Path(__file__).parents[2]
_CHATS = (
    ("How much faster than LoRA is tuning only some connections?", "and how much memory?"),
    ("How do networks learn from noisy labels?", "Which loss helps?"),
    ("What are Pointer Networks?", "What do they solve?"),
    ("Which papers are about graph neural networks?", "Which of them scale to large graphs?"),
    ("How are minifloats compared with integer quantization?", "What hardware was it?"),
    ("What is knowledge distillation used for?", "Who won the 1998 football world cup?"),
)
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

# From the key that asks: when the first word of the answer is painted, when the whole answer is
# there, and by how much anything moved between the two (Chromium's own measure, 0 for nothing).
_WATCH = """() => {
  window.seen = { moved: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (seen.first && !(seen.whole < entry.startTime)) seen.moved += entry.value;
  }).observe({ type: "layout-shift" });
  addEventListener("keydown", (event) => {
    if (event.key === "Enter") seen.asked = performance.now();
  }, true);
  const painted = (act) => requestAnimationFrame(() => requestAnimationFrame(act));
  const note = (what) => painted(() => (seen[what] ??= performance.now()));
  const look = () => {
    const turn = document.querySelector("#pa-now .turn");
    if (!turn?.querySelector(".a, .no")?.textContent.trim()) return;
    note("first");
    if (turn.ariaBusy === "false") note("whole");
  };
  const all = { childList: true, subtree: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, all);
}"""


def main() -> None:
    """Print medians of what a person waits for, then what a crowd gets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with _serving() as (address, process):
        if arguments.times:
            _print_waits(address, arguments.times)
        if arguments.people:
            _print_crowd(address, process, arguments.people, arguments.seconds)


@contextmanager
def _serving() -> Iterator[tuple[str, int]]:
    """A server of its own, warm; gives its address and the number of its process."""
    with TemporaryDirectory() as home:
        command = [sys.executable, "-m", "assistant.cli", "serve", "--port", "0", "--home", home]
        with subprocess.Popen(command, cwd=_ROOT, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            said = next(line for line in process.stderr if "http://" in line)
            drain = threading.Thread(target=process.stderr.read, daemon=True)
            drain.start()
            try:
                address = re.findall(r"http://\S+", said)[0].rstrip("/") + "/"
                with httpx.Client(base_url=address) as client:
                    person = Person(client, asking_of(client))
                    for first, _ in _CHATS:
                        person.ask(first)
                yield address, process.pid
            finally:
                process.send_signal(signal.SIGINT)


def _print_waits(address: str, times: int) -> None:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    waits: list[dict[str, float]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
        for number in range(times + 1):
            waits.append(_waits(browser, address, _CHATS[number % len(_CHATS)][0]))
        browser.close()
    print(f"medians of {times} (worst), each in a fresh browser profile")
    for name in waits[0]:
        values = [each[name] for each in waits[1:]]
        unit = "" if name == "layout shift" else " ms"
        digits = 3 if name == "layout shift" else 0
        print(f"| {name} | {median(values):.{digits}f}{unit} | {max(values):.{digits}f}{unit} |")


def _waits(browser: Browser, address: str, question: str) -> dict[str, float]:
    """Open the page in a fresh profile, ask, and give milliseconds."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(address)
        page.locator(".example:visible").first.wait_for()
        usable = float(page.evaluate("performance.now()"))
        page.evaluate(_WATCH)
        page.get_by_label("Question").fill(question)
        page.keyboard.press("Enter")
        page.wait_for_function("window.seen.whole", timeout=60_000)
        seen = page.evaluate("seen")
        return {
            "first paint": _first_paint(page),
            "first screen whole": usable,
            "Enter to first word": seen["first"] - seen["asked"],
            "Enter to whole answer": seen["whole"] - seen["asked"],
            "layout shift": seen["moved"],
        }


def _first_paint(page: Page) -> float:
    name = "first-contentful-paint"
    return float(page.evaluate(f"performance.getEntriesByName({name!r})[0].startTime"))


def _print_crowd(address: str, process: int, n_people: int, seconds: float) -> None:
    limits = httpx.Limits(max_connections=2 * n_people)
    with httpx.Client(base_url=address, limits=limits) as client:
        asking = asking_of(client)

        def held(person: Person, number: int) -> Iterator[tuple[list[Turn], float]]:
            person.begin_anew()
            for question in _CHATS[number % len(_CHATS)]:
                began = time.perf_counter()
                yield person.ask(question), time.perf_counter() - began

        new = partial(Person, client, asking)
        alone = [[turns for turns, _ in held(new(), number)] for number in range(len(_CHATS))]
        came = [new() for _ in range(n_people)]
        took, wrong, memory = _crowd(held, alone, process, came, seconds)
    took.sort()
    middle, late = took[len(took) // 2], took[int(0.95 * len(took))]
    print(f"{n_people} people for {seconds:.0f} s: {len(took)} turns, {len(wrong)} lost or mixed")
    print(f"seconds a turn, median / 95th: {middle:.2f} / {late:.2f}")
    print("memory of the server every 10 s, MB: " + " ".join(f"{each:.0f}" for each in memory))
    print(*wrong[:3], sep="\n")


def _crowd(
    held: Callable[[Person, int], Iterator[tuple[list[Turn], float]]],
    alone: list[list[list[Turn]]],
    process: int,
    came: list[Person],
    seconds: float,
) -> tuple[list[float], list[Any], list[float]]:
    """Have people hold one chat after the other, each in a tab of their own.

    Returns:
        Seconds of each turn; what was not as it is alone; the server's megabytes every ten seconds.
    """
    took: list[float] = []
    wrong: list[Any] = []
    memory: list[float] = []
    until = time.perf_counter() + seconds

    def come(first: int) -> None:
        number = first
        while time.perf_counter() < until:
            for at, (turns, turn_s) in enumerate(held(came[first], number)):
                took.append(turn_s)
                if turns != alone[number % len(alone)][at]:
                    wrong.append((number, turns))
            number += 1

    def watched(number: int) -> None:
        try:
            come(number)
        except (AssertionError, httpx.HTTPError, ValueError) as error:
            wrong.append((number, repr(error)))

    people = [threading.Thread(target=watched, args=(number,)) for number in range(len(came))]
    for person in people:
        person.start()
    done = threading.Event()
    for _ in range(round(seconds / 10)):
        memory.append(_resident_mb(process))
        done.wait(10)
    for person in people:
        person.join()
    memory.append(_resident_mb(process))
    return took, wrong, memory


def _resident_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


if __name__ == "__main__":
    main()

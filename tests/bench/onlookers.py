"""Those who have a home open while another process stores papers in it, or is killed over that."""

import logging
import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from tests.papers import HashEncoder
from tests.ui_people import Person, asking_of

__all__ = ["Onlookers", "onlookers"]

_FRESH = multiprocessing.get_context("spawn")
_PAUSE_S = 0.005
_QUESTIONS = ("Where does Word12 stand?", "What stands here?", "Title7", "Who eats bread?")


@dataclass
class Onlookers:
    """What they did and saw."""

    searches: int = 0
    turns: int = 0
    errors: list[str] = field(default_factory=list)


@contextmanager
def onlookers(home: Path) -> Iterator[Onlookers]:
    """A process that searches the home, and one that serves its page, which is asked here."""
    seen, done = Onlookers(), threading.Event()
    pairs = [_FRESH.Pipe() for _ in range(2)]
    targets = (_searching, _serving)
    processes = [
        _FRESH.Process(target=target, args=(home, there))
        for target, (_, there) in zip(targets, pairs, strict=True)
    ]
    searching, serving = (here for here, _ in pairs)
    for process, (_, there) in zip(processes, pairs, strict=True):
        process.start()
        there.close()
    assert searching.recv() == "open"
    asking = threading.Thread(target=_ask, args=(str(serving.recv()), done, seen))
    asking.start()
    yield seen
    done.set()
    asking.join()
    searching.send("end")
    serving.send("end")
    seen.searches, errors = searching.recv()
    seen.errors += errors + serving.recv()
    for process in processes:
        process.join()


def _searching(home: Path, there: Connection) -> None:
    """Search, count and look up until told to end; no paper that was seen may go again."""
    from store.collection import Collection

    collection = Collection(home, HashEncoder(dimension=8), starter=False)
    there.send("open")
    n, n_papers, errors = 0, 0, list[str]()
    while not there.poll(_PAUSE_S):
        try:
            n_now = collection.count()
            hits = collection.search(f"word{n % 1_000} stands", 5)
            assert n_now >= n_papers, f"{n_papers} papers were there, now {n_now}"
            assert [collection.paper(hit.paper.paper_id) for hit in hits] == [h.paper for h in hits]
            n, n_papers = n + 1, n_now
        except Exception as error:  # noqa: BLE001 (that is what is counted)
            errors.append(f"search: {error!r}")
    collection.close()
    there.send((n, errors))


def _serving(home: Path, there: Connection) -> None:
    """Serve the page until told to end; what it logs as an error is one."""
    from assistant import Assistant
    from tests.ui_server import served

    errors: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: errors.append(f"page: {record.getMessage()}")  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    encoder = HashEncoder(dimension=8)
    with Assistant(home, starter=False, encoder=encoder) as assistant, served(assistant) as address:
        there.send(address)
        there.recv()
    there.send(errors)


def _ask(address: str, done: threading.Event, seen: Onlookers) -> None:
    """Ask question after question in one tab."""
    with httpx.Client(base_url=address, timeout=120) as client:
        person = Person(client, asking_of(client))
        while not done.is_set():
            question = _QUESTIONS[seen.turns % len(_QUESTIONS)]
            try:
                turn = person.ask(question)[-1]
                assert (turn.question, turn.finished) == (question, True), turn
            except Exception as error:  # noqa: BLE001 (that is what is counted)
                seen.errors.append(f"page: {error!r}")
            seen.turns += 1
            if not seen.turns % 20:
                person.begin_anew()

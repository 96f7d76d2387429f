"""An ingest killed again and again at random moments: is anything lost? `… -m tests.bench.kills`.

A process stores papers in small batches, with a quick encoder, and tells what each of its threads
is at and how many papers it has reported as stored. A kill is aimed at a stage: SIGKILL comes a
random moment after the ingest has entered it for the n-th time. Then the home is opened: what was
reported must be there, and catalog, Chroma, flat vectors and lexical index must hold the same
passages. The next ingest goes on in that home. The last kills come while another process and a chat
page, which have the home open all the time, ask it without a pause.

Arguments: how many kills (200), how many of them before onlookers (30), and a seed.
"""

import logging
import multiprocessing
import random
import signal
import sys
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NamedTuple

import store.collection
from store.collection import Collection
from tests.bench.onlookers import Onlookers, onlookers
from tests.papers import Fields, HashEncoder, write_papers
from tests.test_store_collection import assert_whole

_N_PAPERS, _BATCH_PAPERS = 1_500, 150
_WHERE = {
    "store/reading.py": "reading",
    "store/catalog.py": "catalog",
    "store/lexical.py": "words",
    "tests/papers.py": "encoding",
    "store/chroma_folder.py": "Chroma",
    "store/chroma_writer.py": "Chroma",
    "store/vector_file.py": "flat files",
}
"""What a thread is at, by the innermost of these files that it is in."""
_OPENING, _CLOSING, _BETWEEN = "opening", "closing", "between"
_STAGES = (_OPENING, *dict.fromkeys(_WHERE.values()), _BETWEEN, _CLOSING)
_LOOK_EVERY_S = 0.0005
_MAX_NTH = {"reading": 6, "catalog": 6, "words": 6, "Chroma": 3, "flat files": 3, _BETWEEN: 6}
_MAX_DELAY_S, _MAX_OPENING_S = 0.02, 0.5
_WARM = multiprocessing.get_context("forkserver")
"""Makes processes that have imported everything: two seconds less for each kill."""
_WARM.set_forkserver_preload(["store.chroma_folder", "store.lexical", "tests.papers"])


@dataclass
class Tally:
    """What came of the kills."""

    stages: Counter[str]
    n_hit: int = 0
    n_lost: int = 0
    n_behind: int = 0
    n_untold: int = 0
    n_ended: int = 0

    def told(self) -> str:
        return f"{self.n_hit} kills: {self.n_lost} papers lost, {self.n_hit} opened whole"


def main() -> None:
    """Print how many kills came in each stage, and what was lost."""
    n_kills, n_before, seed = (*map(int, sys.argv[1:]), *(200, 30, 0)[len(sys.argv) - 1 :])
    chance = random.Random(seed)
    logging.disable(logging.WARNING)  # that an index is made anew is what is counted here
    tally = Tally(Counter())
    with TemporaryDirectory() as name:
        folder = Path(name)
        many: list[Fields] = [
            {"title": f"Title{n}", "abstract": f"Word{n} stands here."} for n in range(_N_PAPERS)
        ]
        source = write_papers(folder / "many.jsonl", many)
        looked: list[Onlookers] = []
        for n in count():
            home = folder / f"home{n}"
            if tally.n_hit < n_kills - n_before:
                _kill_until_full(home, source, n_kills - n_before, chance, tally)
            elif tally.n_hit < n_kills:
                with onlookers(home) as looking:
                    _kill_until_full(home, source, n_kills, chance, tally)
                looked.append(looking)
            else:
                break
    _print_all(tally, looked, n_before)


def _print_all(tally: Tally, looked: list[Onlookers], n_before: int) -> None:
    print(tally.told())
    print("killed in: " + ", ".join(f"{stage} {tally.stages[stage]}" for stage in _STAGES))
    print("(threads are at several at once, and each counts)")
    print(
        f"{tally.n_behind} times an index was behind and was brought up to date, {tally.n_untold}"
        f" times without others being told; {tally.n_ended} ingests came to their end unkilled"
    )
    searches, turns = (
        sum(getattr(each, what) for each in looked) for what in ("searches", "turns")
    )
    errors = [error for each in looked for error in each.errors]
    print(f"{n_before} of the kills before a searching process and a chat page:")
    print(f"{searches} searches and {turns} turns of the chat, {len(errors)} errors")
    print("\n".join(errors[:10]))


def _kill_until_full(
    home: Path, source: Path, n_kills: int, chance: random.Random, tally: Tally
) -> None:
    """Kill ingests into one home until it is full, or there were enough."""
    n_stored = 0
    while tally.n_hit < n_kills:
        stages, n_reported = _killed(home, source, chance)
        n_there = _looked_at(home, tally)
        tally.n_lost += max(n_reported, n_stored, n_there) - n_there
        n_stored = n_there
        tally.n_hit += bool(stages)
        tally.n_ended += not stages
        tally.stages.update(stages)
        print(tally.told(), dict(tally.stages), file=sys.stderr)
        if n_there == _N_PAPERS:
            return


def _killed(home: Path, source: Path, chance: random.Random) -> tuple[frozenset[str], int]:
    """Store papers and kill that.

    Returns:
        What its threads were at, nothing where it was done before; and how many papers it had
        reported as stored.
    """
    stage = chance.choice(_STAGES)
    nth = chance.randint(1, _MAX_NTH.get(stage, 1))
    delay_s = chance.uniform(0.0, _MAX_OPENING_S if stage == _OPENING else _MAX_DELAY_S)
    here, there = _WARM.Pipe(duplex=False)
    process = _WARM.Process(target=_storing, args=(home, source, there))
    process.start()
    there.close()
    told = [_Told(frozenset(), 0)]
    with suppress(EOFError):
        while nth:
            told.append(here.recv())
            nth -= stage in told[-1].stages - told[-2].stages
        process.join(delay_s)
    process.kill()
    process.join()
    with suppress(EOFError):
        while True:
            told.append(here.recv())
    hit = process.exitcode == -signal.SIGKILL
    return told[-1].stages if hit else frozenset(), told[-1].n_stored


class _Told(NamedTuple):
    """What an ingest tells of itself: what its threads are at, and how many papers are stored."""

    stages: frozenset[str]
    n_stored: int


def _storing(home: Path, source: Path, there: Connection) -> None:
    """What is killed."""
    logging.disable(logging.WARNING)
    store.collection._BATCH_PAPERS = _BATCH_PAPERS
    telling = _Telling(there)
    collection = Collection(home, HashEncoder(dimension=8), starter=False)
    telling.phase = _BETWEEN
    collection.ingest([source], lambda _: telling.tell(collection.count()))
    telling.phase = _CLOSING
    collection.close()


class _Telling:
    """Tells what the threads of this process are at, whenever that changes."""

    def __init__(self, there: Connection) -> None:
        self.phase = _OPENING
        self._there, self._told = there, _Told(frozenset(), 0)
        self._turn = threading.Lock()
        sys.setswitchinterval(_LOOK_EVERY_S)
        threading.Thread(target=self._look, daemon=True).start()

    def tell(self, n_stored: int | None = None) -> None:
        with self._turn:
            stages = frozenset({self.phase})
            if self.phase == _BETWEEN:
                frames = sys._current_frames().values()
                stages = frozenset(filter(None, map(_stage_of, frames))) or stages
            now = _Told(stages, self._told.n_stored if n_stored is None else n_stored)
            if now != self._told:
                self._there.send(now)
            self._told = now

    def _look(self) -> None:
        pause = threading.Event()
        while not pause.wait(_LOOK_EVERY_S):
            self.tell()


def _stage_of(frame: FrameType | None) -> str | None:
    """What a thread is at."""
    while frame is not None:
        for file, stage in _WHERE.items():
            if frame.f_code.co_filename.endswith(file):
                return stage
        frame = frame.f_back
    return None


def _looked_at(home: Path, tally: Tally) -> int:
    """Open the home, which must be whole; gives its papers."""
    collection = Collection(home, HashEncoder(dimension=8), starter=False)
    try:
        tally.n_behind += collection._dense.revision != collection._catalog.revision
        collection.wait()
        noted = {revision for revision, _ in collection._catalog.followers().values()}
        tally.n_untold += bool(noted - {collection._catalog.revision})
        with collection._indexes.writing():
            collection._indexes.follow_at_once("lexical", "dense")
        assert_whole(collection)
        return collection.count()
    finally:
        collection.close()


if __name__ == "__main__":
    main()

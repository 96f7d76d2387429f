"""An ingest killed again and again at random moments: is anything lost? `… -m tests.bench.kills`.

A process stores papers, with a quick encoder, and says how many it has stored; it is killed with
SIGKILL at any moment from the opening of its home to past its end. Then the home is opened: what
was reported must be there, and catalog, Chroma, flat vectors and lexical index must hold the same
passages.
Arguments: how many kills (200), and a seed.
"""

import logging
import multiprocessing
import random
import sys
from collections import Counter
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from store.collection import Collection
from store.types import Progress
from tests.papers import Fields, HashEncoder, write_papers
from tests.test_store_collection import assert_whole

_N_PAPERS = 5_000
_LEAST_S = 1.5
_WARM = multiprocessing.get_context("forkserver")
"""Makes processes that have imported everything: two seconds less for each kill."""
_WARM.set_forkserver_preload(["store.chroma_folder", "store.lexical", "tests.papers"])


def main() -> None:
    """Print how many kills came in each stage, and what was lost."""
    n_kills = int(sys.argv[1]) if sys.argv[1:] else 200
    moments = random.Random(int(sys.argv[2]) if sys.argv[2:] else 0)
    logging.disable(logging.WARNING)  # that an index is made anew is what is counted here
    stages: Counter[str] = Counter()
    n_homes = n_repaired = n_lost = 0
    with TemporaryDirectory() as folder:
        many: list[Fields] = [
            {"title": f"Title{n}", "abstract": f"Word{n} stands here."} for n in range(_N_PAPERS)
        ]
        source = write_papers(Path(folder) / "many.jsonl", many)
        home, n_stored, lasts_s = Path(folder) / "0", 0, _LEAST_S
        for n in range(n_kills):
            after_s = moments.uniform(0.0, lasts_s)
            stage, n_reported = _killed(home, source, after_s)
            stages[stage] += 1
            # An ingest takes as long as the machine is busy: aim from its start to its end.
            done = stage == "done"
            lasts_s = max(_LEAST_S, 0.8 * lasts_s) if done else max(lasts_s, 1.3 * after_s)
            count, behind = _looked_at(home)
            n_repaired += behind
            n_lost += max(n_reported, n_stored) - min(max(n_reported, n_stored), count)
            n_stored = count
            told = f"{n + 1} kills, {n_lost} papers lost: killed after {dict(stages)}"
            print(told, file=sys.stderr, end="\r")
            if stage == "done":  # everything is stored; begin with nothing again
                n_homes += 1
                home, n_stored = Path(folder) / str(n + 1), 0
    print(f"{n_kills} kills: {n_lost} papers lost, {n_kills} of {n_kills} opened whole")
    print("killed after: " + ", ".join(f"{stage} {n}" for stage, n in stages.most_common()))
    print(
        f"{n_repaired} times an index was behind and was brought up to date; {n_homes} homes full"
    )


def _storing(home: Path, source: Path, told: Connection) -> None:
    """What is killed."""
    logging.disable(logging.WARNING)
    collection = Collection(home, HashEncoder(dimension=8), starter=False)

    def tell(progress: Progress) -> None:
        told.send(("vectors" if progress.n_papers else "words", collection.count()))

    told.send(("open", 0))
    collection.ingest([source], tell)
    told.send(("done", collection.count()))


def _killed(home: Path, source: Path, after_s: float) -> tuple[str, int]:
    """Store papers and kill that; gives the last stage that was told, and how many were stored."""
    here, there = _WARM.Pipe(duplex=False)
    process = _WARM.Process(target=_storing, args=(home, source, there))
    process.start()
    there.close()
    told = [here.recv()]
    process.join(after_s)
    process.kill()
    process.join()
    with suppress(EOFError):
        while True:
            told.append(here.recv())
    return told[-1][0], max(n for _, n in told)


def _looked_at(home: Path) -> tuple[int, bool]:
    """Open the home, which must be whole; gives its papers, and whether an index was behind."""
    collection = Collection(home, HashEncoder(dimension=8), starter=False)
    try:
        behind = collection._dense.revision != collection._catalog.revision
        assert_whole(collection)
        return collection.count(), behind
    finally:
        collection.close()


if __name__ == "__main__":
    main()

"""The collection as a state machine: whatever happens to it, killing included, it equals a dict."""

import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from store.collection import Collection
from store.writers import written
from tests.papers import LONG_ABSTRACT, Fields, HashEncoder, write_papers
from tests.test_store_collection import assert_whole

_ROOT = Path(__file__).parents[1]
SEEN: Counter[str] = Counter()
"""Steps run and faults injected, for tests/bench/states.py."""

_TITLES = st.sampled_from(["Alpha", "Beta", "Gamma", "Delta"])
_ABSTRACTS = st.sampled_from(["Zebras graze.", "Lava flows.", LONG_ABSTRACT, "😀 e\u0301 [1]."])
_STORING = """
import sys
from pathlib import Path
from store.collection import Collection
from tests.papers import HashEncoder
collection = Collection(Path(sys.argv[1]), HashEncoder(), starter=False)
print("open", flush=True)
collection.ingest([Path(sys.argv[2])], lambda done: print("stored", flush=True))
"""


class Comings(RuleBasedStateMachine):
    """Papers come, change, go and come back."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.expected: dict[str, str] = {}
        self.removed: dict[str, tuple[str, str]] = {}
        self.collection = self._opened()

    def _opened(self) -> Collection:
        return Collection(self.path / "home", HashEncoder(), starter=False)

    def _written(self, papers: dict[str, str]) -> Path:
        records: list[Fields] = [{"title": t, "abstract": a} for t, a in papers.items()]
        return write_papers(self.path / "a.jsonl", records)

    @rule(papers=st.dictionaries(_TITLES, _ABSTRACTS, min_size=1))
    def ingest(self, papers: dict[str, str]) -> None:
        SEEN["ingest"] += 1
        report = self.collection.ingest([self._written(papers)])
        old, self.expected = self.expected, self.expected | papers
        assert report.added == len(papers.keys() - old.keys())
        assert report.papers == len(self.expected)
        before = self.collection.encoded()
        assert self.collection.ingest([self.path / "a.jsonl"]).unchanged == len(papers)
        assert self.collection.encoded() == before

    @rule(papers=st.dictionaries(_TITLES, _ABSTRACTS, min_size=1), after_s=st.floats(0.0, 0.1))
    def ingest_killed(self, papers: dict[str, str], after_s: float) -> None:
        """Another process stores papers and is killed: all that it stored in one go, or none."""
        SEEN["killed"] += 1
        paths = [str(self.path / "home"), str(self._written(papers))]
        command = [sys.executable, "-c", _STORING, *paths]
        with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=after_s)
            process.kill()
            reported = "stored" in process.stdout.read()
        new = self.expected | papers
        told = {paper.title: paper.abstract for paper in self.collection.papers()}
        if reported or told == _composed(new):
            self.expected = new
        self.reopen()

    @rule(title=_TITLES)
    def remove(self, title: str) -> None:
        SEEN["remove"] += 1
        for paper in list(self.collection.papers()):
            if paper.title == title:
                self.collection.remove(paper.paper_id)
                self.removed[paper.paper_id] = title, self.expected.pop(title)

    @rule()
    def restore(self) -> None:
        SEEN["restore"] += 1
        for paper_id, (title, abstract) in self.removed.items():
            if title not in self.expected:
                self.collection.restore(paper_id)
                self.expected[title] = abstract
        self.removed.clear()

    @rule()
    def compact(self) -> None:
        SEEN["compact"] += 1
        self.collection.compact()
        self.removed.clear()

    @rule()
    def move(self) -> None:
        """Export everything, and go on in a new home that it is ingested into."""
        SEEN["move"] += 1
        path = self.path / "a.jsonl"  # a source replaces its own texts, and no longer ones
        path.write_text("".join(written(self.collection.papers(), "jsonl")), encoding="utf-8")
        before = list(self.collection.papers())
        self.collection.close()
        (self.path / "home").rename(self.path / f"home{random.getrandbits(40):x}")
        self.collection = self._opened()
        self.collection.ingest([path] if before else [])
        assert list(self.collection.papers()) == before
        self.removed.clear()

    @rule()
    def reopen(self) -> None:
        SEEN["reopen"] += 1
        self.collection.close()
        self.collection = self._opened()

    @rule(name=st.sampled_from(["chroma/chroma.sqlite3", "lexical/meta.json", "chroma/flat.keys"]))
    def damage(self, name: str) -> None:
        """A file of an index is cut short while nobody has the home open."""
        path = self.path / "home" / name
        self.collection.close()
        if path.exists() and path.stat().st_size:
            SEEN["damaged"] += 1
            os.truncate(path, path.stat().st_size // 2)
        self.collection = self._opened()

    @invariant()
    def equals_the_model(self) -> None:
        papers = {paper.title: paper.abstract for paper in self.collection.papers()}
        assert papers == _composed(self.expected)
        assert_whole(self.collection)

    def teardown(self) -> None:
        self.collection.close()
        self.folder.cleanup()


def _composed(papers: dict[str, str]) -> dict[str, str]:
    return {title: text.replace("e\u0301", "é") for title, text in papers.items()}


TestComings = Comings.TestCase
TestComings.settings = settings(max_examples=6, stateful_step_count=10, deadline=None)

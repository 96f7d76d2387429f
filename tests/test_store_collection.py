"""The collection as one: ingest, search, two users at once, and every way to be interrupted."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from store.chroma_folder import ChromaFolder
from store.collection import Collection
from store.encoders import Encoder, Vectors
from store.errors import (
    EncoderMismatchError,
    HomeError,
    IndexDamagedError,
    PaperNotFoundError,
)
from store.identity import normalize_title
from store.readers import read_source
from store.readers.record import Record
from store.types import Filters, Listing, Progress, Rejection
from store.within import Within
from tests.papers import (
    LONG_ABSTRACT,
    PAPERS,
    TITLES,
    CountingEncoder,
    Fields,
    HashEncoder,
    bundled_encoder,
    write_papers,
)

_ROOT = Path(__file__).parents[1]
_FIRST: Fields = {"title": "Alpha", "abstract": "Zebras graze quietly."}
_SECOND: Fields = {"title": "Beta", "abstract": "Volcanoes rumble loudly."}
_MANY = [{"title": f"Title{n}", "abstract": f"Word{n} stands here."} for n in range(4_500)]


@pytest.fixture
def open_home(tmp_path: Path) -> Iterator[Callable[..., Collection]]:
    """Open the test's home, as often as is asked; all of it is closed afterwards."""
    opened = []

    def open_it(encoder: Encoder | None = None, *, starter: bool = False) -> Collection:
        collection = Collection(tmp_path / "home", encoder or HashEncoder(), starter=starter)
        opened.append(collection)
        return collection

    yield open_it
    for collection in opened:
        collection.close()


def _titles(collection: Collection, query: str, k: int = 10) -> list[str]:
    return [hit.paper.title for hit in collection.search(query, k)]


def _counts(collection: Collection) -> tuple[int, int, int]:
    """Papers of the catalog, passages of the dense and of the lexical index."""
    return collection.count(), collection._dense.count(), collection._lexical.count()


def assert_whole(collection: Collection) -> None:
    """Hold the two indexes to exactly the passages that the catalog has, once all is done."""
    collection.wait()
    held = {paper_id: spans for paper_id, (_, spans) in _catalog_of(collection).items()}
    expected = {f"{paper_id}#{n}" for paper_id, spans in held.items() for n in range(len(spans))}
    with collection._dense._shared.collection() as passages:
        assert set(passages.get(include=[])["ids"]) == expected
    assert collection._lexical.count() == len(expected)
    assert collection._dense.revision == collection._lexical.revision
    assert collection._dense.revision == collection._catalog.revision
    followers = collection._catalog.followers()
    assert {name: revision for name, (revision, _) in followers.items()} == dict.fromkeys(
        ("dense", "lexical") if followers else (), collection._catalog.revision
    )
    assert collection.encoded() == (collection.count(), collection.count())
    assert collection._dense.count() == len(expected)
    for paper_id in random.Random(1).sample(sorted(held), min(8, len(held))):
        title = collection.paper(paper_id).title
        if not collection.terms(title) or not collection.encode([title]).any():
            continue
        found = [name for name, _ in collection._lexical.query(title, 50, Within.of({paper_id}))]
        near = [name for name, _ in collection._dense.query(title, 50, Within.of({paper_id}))]
        assert {*found} == {*near} == {name for name in expected if name.startswith(f"{paper_id}#")}


def _catalog_of(collection: Collection) -> dict[str, tuple[object, tuple[tuple[int, int], ...]]]:
    ids = [paper.paper_id for paper in collection.papers()]
    return dict(collection._catalog.papers(ids))


# --- ingest ---


def test_papers_are_stored_found_and_reported(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    progress: list[Progress] = []
    report = collection.ingest([write_papers(tmp_path / "a.jsonl")], progress.append)
    assert (report.added, report.updated, report.unchanged, report.rejected, report.papers) == (
        len(PAPERS),
        0,
        0,
        [],
        len(PAPERS),
    )
    assert progress == [
        Progress(str(tmp_path / "a.jsonl"), len(PAPERS)),
        Progress(str(tmp_path / "a.jsonl"), len(PAPERS), len(PAPERS), len(PAPERS)),
    ]
    assert [each.n_by_source for each in progress] == 2 * [{progress[0].source: len(PAPERS)}]
    assert sorted(paper.title for paper in collection.papers()) == sorted(TITLES)
    assert all(_titles(collection, title, 1) == [title] for title in TITLES)
    assert_whole(collection)


def test_a_hit_is_a_whole_paper_with_the_passage_nearest_to_the_query(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl")])
    hits = collection.search("laser removes old cement dry dock", 5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit.relevance for hit in hits] == sorted((h.relevance for h in hits), reverse=True)
    assert len({hit.paper.paper_id for hit in hits}) == 5
    assert hits[0].paper == collection.paper(hits[0].paper.paper_id)
    assert hits[0].paper.abstract == LONG_ABSTRACT
    assert "laser" in hits[0].passage.text
    for hit in hits:
        passage = hit.passage
        assert passage.paper_id == hit.paper.paper_id
        assert passage.text == hit.paper.abstract[passage.start : passage.end] != ""
    assert collection.search("laser removes old cement dry dock", 5) == hits


def test_the_same_papers_again_encode_nothing(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    encoder = HashEncoder()
    collection = open_home(encoder)
    source = write_papers(tmp_path / "a.jsonl")
    collection.ingest([source])
    encoder.encoded.clear()
    report = collection.ingest([source, source])
    assert (report.added, report.updated, report.unchanged) == (0, 0, len(PAPERS))
    assert encoder.encoded == []


def test_only_what_changed_is_encoded_and_its_old_text_is_gone(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    encoder = HashEncoder()
    collection = open_home(encoder)
    source = write_papers(tmp_path / "a.jsonl", [_FIRST, _SECOND])
    collection.ingest([source])
    encoder.encoded.clear()
    write_papers(source, [{**_FIRST, "abstract": "Penguins slide."}, _SECOND])
    report = collection.ingest([source])
    assert (report.added, report.updated, report.unchanged) == (0, 1, 1)
    assert encoder.encoded == ["Alpha. Penguins slide."]
    assert _titles(collection, "penguins slide", 1) == ["Alpha"]
    assert not collection.knows("zebra")
    assert_whole(collection)


def test_a_long_abstract_that_becomes_short_leaves_no_passage_behind(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    source = write_papers(tmp_path / "a.jsonl", PAPERS[:1])
    collection.ingest([source])
    assert collection._dense.count() > 1
    write_papers(source, [{**PAPERS[0], "abstract": "Short now."}])
    collection.ingest([source])
    assert _counts(collection) == (1, 1, 1)
    assert_whole(collection)


def test_a_removed_paper_is_gone_from_everything_and_can_be_added_again(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    source = write_papers(tmp_path / "a.jsonl", [_FIRST, _SECOND])
    collection.ingest([source])
    first = next(paper for paper in collection.papers() if paper.title == "Alpha")
    collection.remove(first.paper_id)
    assert (_counts(collection), _titles(collection, "zebras graze")) == ((1, 1, 1), ["Beta"])
    with pytest.raises(PaperNotFoundError) as caught:
        collection.remove(first.paper_id)
    message = f"There is no paper {first.paper_id!r}; `papers list` shows the ids"
    assert str(caught.value) == message
    with pytest.raises(PaperNotFoundError):
        collection.paper(first.paper_id)
    report = collection.ingest([source])
    assert (report.added, report.unchanged, report.papers) == (1, 1, 2)
    assert collection.paper(first.paper_id) == first
    assert_whole(collection)


def test_a_removal_is_taken_back_as_if_it_had_not_been(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl", [_FIRST, _SECOND])])
    before = list(collection.papers())
    collection.remove(before[0].paper_id)
    collection.restore(before[0].paper_id)
    assert list(collection.papers()) == before
    assert _titles(collection, "zebras graze")[0] == "Alpha"
    for paper_id in (before[0].paper_id, "nobody"):
        with pytest.raises(PaperNotFoundError, match="There is no paper"):
            collection.restore(paper_id)
    assert_whole(collection)


def test_bad_sources_are_rejected_and_the_good_ones_around_them_stored(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    good = write_papers(tmp_path / "good.jsonl", [_FIRST])
    mixed = write_papers(tmp_path / "mixed.jsonl", [_SECOND])
    with mixed.open("ab") as file:
        file.write(b'{"title": "\xff"}\n[1]\n{"title": "Gamma", "abstract": "Third."}\n{"tit')
    (tmp_path / "empty.txt").touch()
    missing = tmp_path / "missing.txt"
    collection = open_home()
    report = collection.ingest([tmp_path, good, missing, mixed, tmp_path / "empty.txt"])
    assert [(item.source, item.line) for item in report.rejected] == [
        (str(tmp_path), 0),
        (str(missing), 0),
        (str(mixed), 2),
        (str(mixed), 3),
        (str(mixed), 5),
        (str(tmp_path / "empty.txt"), 0),
    ]
    assert all(isinstance(item, Rejection) and item.reason for item in report.rejected)
    assert (report.added, report.papers) == (3, 3)
    assert_whole(collection)


def test_filters_leave_only_what_passes_them(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl")])
    for filters in (
        Filters(published_from="2023"),
        Filters(listed_from="--03-14", listed_to="--03-15"),
        Filters(published_to="2020-02"),
        Filters(source="elsewhere"),
    ):
        passing = {paper.title for paper in collection.papers(filters)}
        hits = collection.search("whale song glacier violins", 12, filters)
        assert {hit.paper.title for hit in hits} == passing
    assert {p.title for p in collection.papers(Filters(published_to="2020-02"))} == {
        "Tuning Violins by Listening to Their Varnish",
        "Spectral Gaps of Wandering Graphs",
    }


def test_odd_titles_and_texts_are_stored_and_found(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    odd = [
        {"title": "🚀🚀", "abstract": "😀"},
        {"title": "🐋", "abstract": "\u0301\u0301"},
        {"title": "知識", "abstract": "知識は力。"},
        {"title": "x" * 1_000, "abstract": " ".join(f"y{n}" for n in range(3_000))},
    ]
    collection = open_home(bundled_encoder())
    report = collection.ingest([write_papers(tmp_path / "a.jsonl", odd)])
    assert (report.added, report.rejected) == (4, [])
    for hit in collection.search("知識 🚀 y7", 9):
        assert 0 <= hit.relevance <= 1
        assert hit.passage.text == hit.paper.abstract[hit.passage.start : hit.passage.end]
    assert_whole(collection)


# --- the real pages ---


@pytest.fixture
def pages(shared: Path) -> list[Path]:
    return sorted((shared / "corpus" / "pages").glob("*.txt"))


def _days_of(pages: list[Path]) -> dict[str, set[str]]:
    days: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for record in read_source(page):
            assert isinstance(record, Record)
            days[normalize_title(record.title)] |= {listing.day for listing in record.listed}
    return {title: found - {""} or {""} for title, found in days.items()}


def test_the_five_pages_are_464_papers_whose_days_add_up_and_the_second_time_nothing(
    open_home: Callable[..., Collection], pages: list[Path]
) -> None:
    encoder = CountingEncoder(bundled_encoder())
    collection = open_home(encoder)
    report = collection.ingest(pages)
    assert (report.added, report.updated, report.unchanged) == (464, 0, 0)
    assert (report.rejected, report.papers) == ([], 464)
    expected = {
        title: tuple(Listing("trending", day) for day in sorted(days))
        for title, days in _days_of(pages).items()
    }
    assert {normalize_title(p.title): p.listed for p in collection.papers()} == expected
    encoder.encoded.clear()
    report = collection.ingest(pages)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 464)
    assert (report.rejected, report.papers, encoder.encoded) == ([], 464, [])
    assert_whole(collection)


def test_each_digest_of_a_new_home_gives_way_to_the_full_abstract(
    open_home: Callable[..., Collection], pages: list[Path]
) -> None:
    collection = open_home(bundled_encoder(), starter=True)
    assert collection.count() == 464
    report = collection.ingest(pages)
    assert (report.added, report.updated, report.unchanged) == (0, 464, 0)
    assert (report.rejected, report.papers) == ([], 464)
    texts: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for record in read_source(page):
            assert isinstance(record, Record)
            texts[normalize_title(record.title)].add(record.abstract)
    assert all(p.abstract in texts[normalize_title(p.title)] for p in collection.papers())
    assert_whole(collection)
    collection.close()
    again = open_home(bundled_encoder(), starter=True)
    assert again.ingest(pages).unchanged == 464


# --- several at once ---


def test_two_collections_of_one_process_see_each_others_papers(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    one, two = open_home(), open_home()
    one.ingest([write_papers(tmp_path / "a.jsonl", [_FIRST])])
    assert _titles(two, "zebras") == ["Alpha"]
    two.ingest([write_papers(tmp_path / "b.jsonl", [_SECOND])])
    assert _titles(one, "volcanoes", 1) == ["Beta"]
    one.close()
    one.close()
    assert sorted(_titles(two, "zebras volcanoes")) == ["Alpha", "Beta"]
    assert_whole(two)


_INGEST = """
import sys
from pathlib import Path
from store.collection import Collection
from tests.papers import HashEncoder
collection = Collection(Path(sys.argv[1]), HashEncoder(dimension=8), starter=False)
print("open", flush=True)
collection.ingest([Path(sys.argv[2])], lambda done: print(done.n_records, flush=True))
collection.close()
print("done", flush=True)
"""


def _ingesting(home: Path, source: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _INGEST, str(home), str(source)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_what_another_process_stores_is_found_by_the_next_search(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home(HashEncoder(dimension=8))
    collection.ingest([write_papers(tmp_path / "a.jsonl", [_FIRST])])
    assert _titles(collection, "volcanoes") == ["Alpha"]
    process = _ingesting(tmp_path / "home", write_papers(tmp_path / "b.jsonl", [_SECOND]))
    out, err = process.communicate(timeout=60)
    assert (out.split(), err, process.returncode) == (["open", "1", "1", "done"], "", 0)
    assert _titles(collection, "volcanoes", 1) == ["Beta"]
    assert_whole(collection)
    changed = write_papers(tmp_path / "b.jsonl", [{**_SECOND, "abstract": "Penguins slide."}])
    collection.ingest([changed])
    assert _titles(collection, "penguins", 1) == ["Beta"]
    assert not collection.knows("volcano")
    assert_whole(collection)


def test_many_threads_search_while_one_stores(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl", [_FIRST])])
    faults: list[BaseException] = []
    found: list[str] = []

    def search() -> None:
        try:
            for _ in range(15):
                found.append(_titles(collection, "zebras graze", 1)[0])
        except BaseException as error:  # noqa: BLE001 (told below)
            faults.append(error)

    threads = [threading.Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    for n in range(5):
        collection.ingest([write_papers(tmp_path / f"{n}.jsonl", [{**_SECOND, "title": f"B{n}"}])])
    for thread in threads:
        thread.join()
    assert (faults, found) == ([], ["Alpha"] * 90)
    assert_whole(collection)


# --- vectors that are still to come ---


class _Gate(HashEncoder):
    """Encodes queries at once, and passages when it is opened."""

    def __init__(self) -> None:
        super().__init__(dimension=8)
        self.open = threading.Event()
        self.asked = threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if len(texts) > 1:
            self.asked.set()
            assert self.open.wait(60)
        return super().encode(texts)


_SEARCH = """
import sys
from pathlib import Path
from store.collection import Collection
from tests.papers import HashEncoder
collection = Collection(Path(sys.argv[1]), HashEncoder(dimension=8), starter=False)
print(*collection.encoded(), collection.search(sys.argv[2], 1)[0].paper.title)
collection.close()
"""


def _searching(home: Path, query: str) -> str:
    command = [sys.executable, "-c", _SEARCH, str(home), query]
    run = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=60, check=True)
    return run.stdout.strip()


def test_papers_are_found_by_their_words_while_their_vectors_are_made(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection, other = (open_home(HashEncoder(dimension=8)) for _ in "12")
    collection.ingest([write_papers(tmp_path / "a.jsonl", [_FIRST])])
    told: list[tuple[int, int, int]] = []
    found: list[str] = []

    def look(progress: Progress) -> None:
        told.append((progress.n_records, progress.n_encoded, progress.n_papers))
        found.append(_titles(other, "word1203 stands", 1)[0])
        if len(told) == 1:
            assert other.encoded() == (1, 1_301)
            assert _searching(tmp_path / "home", "word1203 stands") == "1 1301 Title1203"

    report = collection.ingest([write_papers(tmp_path / "b.jsonl", _MANY[:1_300])], look)
    assert (report.added, report.papers) == (1_300, 1_301)
    # A batch of vectors is 500 papers at first, and larger where that was quick.
    assert (told[:2], told[-1]) == ([(1_300, 0, 0), (1_300, 501, 1_301)], (1_300, 1_301, 1_301))
    assert told == sorted(told)
    assert set(found) == {"Title1203"}
    assert other.encoded() == (1_301, 1_301)
    assert_whole(other)


def test_a_home_whose_vectors_are_missing_is_searched_and_written_to_while_they_are_made(
    open_home: Callable[..., Collection], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = write_papers(tmp_path / "many.jsonl", _MANY[:1_100])
    process = _ingesting(tmp_path / "home", source)
    with process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in "123"] == ["open\n", "1100\n", "1100\n"]
        process.kill()
    gate = _Gate()
    collection = open_home(gate)
    assert caplog.messages == ["The indexes are behind the papers; bringing them up to date."]
    assert gate.asked.wait(60)
    assert _titles(collection, "word1099 stands", 1) == ["Title1099"]
    n_encoded, n_papers = collection.encoded()
    assert n_encoded in (500, 1_000)
    assert n_papers == 1_100
    with ThreadPoolExecutor(2) as elsewhere:
        removed = elsewhere.submit(collection.remove, _id_of(collection, "Title1098"))
        added = elsewhere.submit(collection.ingest, [write_papers(tmp_path / "a.jsonl", [_FIRST])])
        gate.open.set()
        assert (added.result(60).added, removed.result(60)) == (1, None)
    assert_whole(collection)
    assert collection.count() == 1_100
    assert _titles(collection, "word1098 stands", 3) != ["Title1098"]


def test_what_a_crash_kept_from_others_the_next_opening_tells(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl")])
    for name in ("dense", "lexical"):
        collection._catalog.note_follower(name, 1)
        collection.close()
        collection = open_home()
        assert_whole(collection)


def _id_of(collection: Collection, title: str) -> str:
    return next(paper.paper_id for paper in collection.papers() if paper.title == title)


def test_a_home_closed_while_its_vectors_are_made_goes_on_when_it_is_opened_again(
    open_home: Callable[..., Collection],
) -> None:
    collection = open_home(HashEncoder(dimension=8))
    collection._catalog.add(_records(1_700), lambda text: ((0, len(text)),))
    collection.close()
    gate = _Gate()
    collection = open_home(gate)
    assert gate.asked.wait(60)
    with ThreadPoolExecutor(1) as elsewhere:
        closing = elsewhere.submit(collection.close)
        assert collection._indexes._catching_up._stopped.wait(60)
        gate.open.set()
        closing.result(60)
    n_stored = collection._dense.revision
    assert 0 < n_stored < 1_700
    again = HashEncoder(dimension=8)
    collection = open_home(again)
    collection.wait()
    assert len(again.encoded) == 1_700 - n_stored
    assert_whole(collection)


def test_an_ingest_that_a_person_interrupts_ends_between_two_batches(
    open_home: Callable[..., Collection],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    collection = open_home(HashEncoder(dimension=8))
    note_vectors = ChromaFolder.note_vectors
    source = write_papers(tmp_path / "many.jsonl", _MANY[:1_200])

    def interrupted(self: ChromaFolder, *given: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        note_vectors(self, *given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(ChromaFolder, "note_vectors", interrupted)
        with pytest.raises(KeyboardInterrupt):
            collection.ingest([source])
    assert collection.encoded() == (500, 1_200)
    collection.close()
    collection = open_home(again := HashEncoder(dimension=8))
    assert_whole(collection)
    assert len(again.encoded) < 1_200 - 500 + 20
    assert caplog.messages == ["The indexes are behind the papers; bringing them up to date."]


def _records(n: int) -> list[Record]:
    return [Record("a", at, f"Title{at}", f"Word{at} here.", (Listing("a"),)) for at in range(n)]


# --- interrupted, damaged, full ---


def test_an_ingest_killed_at_any_moment_leaves_a_home_that_is_whole(tmp_path: Path) -> None:
    home, source = tmp_path / "home", write_papers(tmp_path / "many.jsonl", _MANY)
    moments = random.Random(7)
    stored = 0
    for _ in range(6):
        process = _ingesting(home, source)
        with process:
            assert process.stdout is not None
            reported = [process.stdout.readline()]
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=moments.uniform(0.0, 0.35))
            process.kill()
            reported += process.stdout.read().split()
        collection = Collection(home, HashEncoder(dimension=8), starter=False)
        n_reported = max([int(line) for line in reported if line.strip().isdigit()], default=0)
        assert collection.count() >= max(n_reported, stored)
        stored = collection.count()
        assert_whole(collection)
        collection.close()
    collection = Collection(home, HashEncoder(dimension=8), starter=False)
    report = collection.ingest([source])
    assert (report.added, report.updated, report.unchanged) == (4_500 - stored, 0, stored)
    assert_whole(collection)
    collection.close()


def test_a_first_opening_that_was_cut_short_with_another_encoder_is_not_mixed(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl", [_FIRST])])
    collection.close()
    (tmp_path / "home" / "home.json").unlink()
    collection = open_home(HashEncoder("other", dimension=8))
    assert _titles(collection, "zebras") == ["Alpha"]
    assert_whole(collection)


def _damages() -> Iterator[tuple[str, Callable[[Path], None]]]:
    for name in ("chroma", "lexical"):
        yield f"no {name}", lambda home, name=name: shutil.rmtree(home / name)  # type: ignore[misc]
        yield (
            f"{name} is a file",
            lambda home, name=name: (  # type: ignore[misc]
                shutil.rmtree(home / name),
                (home / name).write_text("x", encoding="utf-8"),
            ),
        )
    for pattern in ("chroma/chroma.sqlite3", "lexical/meta.json", "lexical/revision"):
        yield f"{pattern} empty", lambda home, at=pattern: _cut(home / at, 0)  # type: ignore[misc]
        yield f"{pattern} cut", lambda home, at=pattern: _cut(home / at, 1)  # type: ignore[misc]
    for suffix in ("store", "term", "idx", "fieldnorm"):
        yield (
            f"lexical/*.{suffix} cut",
            lambda home, suffix=suffix: _cut(next((home / "lexical").glob(f"*.{suffix}")), 5),  # type: ignore[misc]
        )


def _cut(path: Path, n_bytes: int) -> None:
    path.write_bytes(path.read_bytes()[:n_bytes])


_DAMAGES = dict(_damages())


@pytest.mark.parametrize("damage", _DAMAGES)
def test_a_damaged_index_is_built_anew_on_opening(
    open_home: Callable[..., Collection], tmp_path: Path, damage: str
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl")])
    hits = collection.search("whale song", 5)
    collection.close()
    _DAMAGES[damage](tmp_path / "home")
    collection = open_home()
    assert [hit.paper for hit in collection.search("whale song", 5)] == [h.paper for h in hits]
    assert_whole(collection)


@pytest.mark.parametrize("how", ["garbage", "cut", "empty", "missing"])
def test_damaged_papers_are_one_clear_error_and_nothing_is_touched(
    open_home: Callable[..., Collection], tmp_path: Path, how: str
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl")])
    collection.close()
    path = tmp_path / "home" / "papers.sqlite3"
    content = path.read_bytes()
    path.unlink()
    if how != "missing":
        spoilt = {"garbage": b"?" * 9_999, "cut": content[: len(content) // 2], "empty": b""}
        path.write_bytes(spoilt[how])
    before = {p: p.read_bytes() for p in (tmp_path / "home" / "lexical").iterdir()}
    for _ in range(2):
        with pytest.raises(HomeError) as caught:
            open_home()
        assert str(path) in str(caught.value)
        assert "restore" in str(caught.value)
    assert {p: p.read_bytes() for p in (tmp_path / "home" / "lexical").iterdir()} == before
    path.write_bytes(content)
    assert open_home().count() == len(PAPERS)


def test_a_home_of_another_encoder_is_refused_and_stays_as_it_is(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl", [_FIRST])])
    for encoder in (HashEncoder("other"), HashEncoder(dimension=8), bundled_encoder()):
        with pytest.raises(EncoderMismatchError, match="was made with encoder 'hash'"):
            open_home(encoder)
    assert _titles(open_home(), "zebras") == ["Alpha"]


_FULL = """
import resource, signal, sys
from pathlib import Path
from store.collection import Collection
from store.errors import StoreError
from tests.papers import HashEncoder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
collection = Collection(Path(sys.argv[1]), HashEncoder(dimension=8), starter=False)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    collection.ingest([Path(sys.argv[2])])
except StoreError as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize("room", [30_000, 400_000, 900_000])
def test_a_full_disk_is_one_clear_error_and_the_home_is_whole_once_there_is_room(
    tmp_path: Path, room: int
) -> None:
    source = write_papers(tmp_path / "many.jsonl", _MANY[:2_500])
    run = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path / "home"), str(source), str(room)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout in ("HomeError\n", "IndexDamagedError\n")
    collection = Collection(tmp_path / "home", HashEncoder(dimension=8), starter=False)
    assert collection.count() in (0, 2_000, 2_500)
    assert_whole(collection)
    assert collection.ingest([source]).papers == 2_500
    assert_whole(collection)
    collection.close()


def test_an_opening_that_fails_lets_go_of_its_files(
    open_home: Callable[..., Collection], tmp_path: Path
) -> None:
    open_home().close()
    shutil.rmtree(tmp_path / "home" / "chroma")
    (tmp_path / "home" / "chroma.lock").unlink()
    (tmp_path / "home" / "chroma.lock").mkdir()
    with pytest.raises(IndexDamagedError):
        open_home()
    (tmp_path / "home" / "chroma.lock").rmdir()
    collection = open_home()
    collection.ingest([write_papers(tmp_path / "a.jsonl", [_FIRST])])
    assert_whole(collection)


def test_vectors_of_an_earlier_version_are_made_anew(tmp_path: Path) -> None:
    source = write_papers(tmp_path / "papers.jsonl", _MANY[:5])
    Collection(tmp_path / "home", HashEncoder(dimension=4), starter=False).ingest([source])
    about = tmp_path / "home" / "home.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"format": 1}))
    encoder = HashEncoder(dimension=4)
    collection = Collection(tmp_path / "home", encoder, starter=False)
    collection.wait()
    assert collection.encoded() == (5, 5)
    assert len(encoder.encoded) == 5
    assert json.loads(about.read_text())["format"] == 2
    collection.close()
    encoder = HashEncoder(dimension=4)
    Collection(tmp_path / "home", encoder, starter=False).wait()
    assert not encoder.encoded


def test_a_quoted_sentence_leads_to_its_paper(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    assert collection.nearest_in_words("Whale songs last for hours.") is None
    collection.ingest([write_papers(tmp_path / "papers.jsonl")])
    found = collection.nearest_in_words("Whale songs last for hours, which rules out attention.")
    assert found is not None
    assert (found[0].title, found[1]) == ("Sparse Attention for Whale Song", pytest.approx(1.0))
    half = collection.nearest_in_words("Whale song of zeppelins, gramophones and marmalade")
    assert half is not None
    assert half[0].title.startswith(("Sparse Attention for Whale", "Whale Song Atlas"))
    assert 0.0 < half[1] < 0.5
    collection.remove(found[0].paper_id)
    gone = collection.nearest_in_words("Sparse attention needs 3.2% of the memory.")
    collection.close()
    assert gone is None or gone[0].title != "Sparse Attention for Whale Song"

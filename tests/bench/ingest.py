"""117,804 papers in, beside Chroma's bare `add`; again, more, fewer.

Every step is a process of its own, so that its time begins at nothing and its memory is its own.
The floor is what storing cannot do without: the same vectors under the same ids, given to a Chroma
of its own in its largest batches, with neither texts nor words beside them.
"""

import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from store.collection import Collection
from store.encoders import load_encoder
from tests.bench.common import SHARED

_CORPUS = SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz"
_N_MORE = 1_000


def main() -> None:
    """Print a line a step; arguments name the encoder and the number of papers."""
    if sys.argv[3:]:
        _STEPS[sys.argv[2]](sys.argv[1], Path(sys.argv[3]))
        return
    encoder = sys.argv[1] if sys.argv[1:] else "static-256"
    n_papers = int(sys.argv[2]) if sys.argv[2:] else None
    with TemporaryDirectory() as folder:
        _write_papers(Path(folder), n_papers)
        print(f"encoder {encoder}")
        for step in _STEPS:
            command = [sys.executable, "-m", "tests.bench.ingest", encoder, step, folder]
            subprocess.run(command, check=True)
        for part in ("", "chroma", "lexical", "papers.sqlite3"):
            print(f"{_mb(Path(folder) / 'home' / part):8.0f} MB on disk: {part or 'the home'}")


def _write_papers(folder: Path, n_papers: int | None) -> None:
    """The collection, and more papers: the first ones again under other titles."""
    with gzip.open(_CORPUS, "rt") as packed, (folder / "papers.jsonl").open("w") as file:
        file.writelines(islice(packed, n_papers))
    with (folder / "papers.jsonl").open() as file, (folder / "more.jsonl").open("w") as more:
        for line in islice(file, _N_MORE):
            paper = json.loads(line)
            title = f"{paper['title']}, looked at again"
            more.write(json.dumps({"title": title, "abstract": paper["text"]}) + "\n")


def _ingest(encoder: str, folder: Path) -> None:
    collection = _open(encoder, folder)
    papers = folder / "papers.jsonl"
    with _Measured("ingest") as measured:
        measured.n_papers = collection.ingest([papers]).papers
        collection.close()  # ends the process that writes to Chroma, so that it is counted


def _floor(encoder: str, folder: Path) -> None:
    """Give Chroma the vectors that the ingest made, bare and with what it keeps beside them."""
    import chromadb

    from store.chroma_folder import ChromaFolder, batches

    collection = _open(encoder, folder)
    shared = collection._dense._shared
    assert isinstance(shared, ChromaFolder)
    ids, vectors, n_papers = list(shared.view.ids), shared.view.vectors.copy(), collection.count()
    kept: list[Any] = []
    with shared.collection() as passages:
        for some in batches(len(ids)):
            kept += passages.get(ids=ids[some], include=["metadatas"])["metadatas"] or []
    collection.close()
    client = chromadb.PersistentClient(str(folder / "floor"))
    n = client.get_max_batch_size()
    for name, beside in (("bare add", None), ("add with the texts beside", kept)):
        added = client.create_collection(
            name.replace(" ", "-"),
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )
        with _Measured(f"Chroma's {name}") as measured:
            for at in range(0, len(ids), n):
                some = slice(at, at + n)
                added.add(
                    ids=ids[some],
                    embeddings=vectors[some],
                    metadatas=beside[some] if beside else None,
                )
            measured.n_papers = n_papers


def _again(encoder: str, folder: Path) -> None:
    collection = _open(encoder, folder)
    with _Measured("the same file again") as measured:
        measured.n_papers = collection.ingest([folder / "papers.jsonl"]).unchanged
    collection.close()


def _more(encoder: str, folder: Path) -> None:
    collection = _open(encoder, folder)
    with _Measured("more papers") as measured:
        measured.n_papers = collection.ingest([folder / "more.jsonl"]).added
    collection.close()


def _fewer(encoder: str, folder: Path) -> None:
    collection = _open(encoder, folder)
    ids = [paper.paper_id for paper in collection.papers() if "looked at again" in paper.title]
    with _Measured("papers removed") as measured:
        collection.remove(*ids)
        collection.wait()
        measured.n_papers = len(ids)
    collection.close()


def _opened(encoder: str, folder: Path) -> None:
    with _Measured("opened") as measured:
        collection = _open(encoder, folder)
        measured.n_papers = collection.count()
    with _Measured("first search"):
        assert collection.search("graph kernels")
    collection.close()


_STEPS: dict[str, Callable[[str, Path], None]] = {
    "ingest": _ingest, "floor": _floor, "again": _again, "more": _more, "fewer": _fewer,
    "opened": _opened,
}  # fmt: skip


class _Measured:
    """Prints what its `with` block took: clock, processor time, papers a second, peak memory.

    The processes that it started and ended count, with their peaks as if these were at once.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.n_papers = 0

    def __enter__(self) -> "_Measured":
        self._began, self._processor_began = time.perf_counter(), _processor_s()
        return self

    def __exit__(self, *_: object) -> None:
        seconds = time.perf_counter() - self._began
        processor = _processor_s() - self._processor_began
        peak_mb = sum(used.ru_maxrss for used in _used()) / 1024
        rate = f", {self.n_papers / seconds:,.0f}/s" if self.n_papers else ""
        print(
            f"{self.what}: {self.n_papers:,} in {seconds:.1f} s ({processor:.1f} s of processor"
            f" time{rate}), peak memory {peak_mb:.0f} MB",
            flush=True,
        )


def _used() -> list[resource.struct_rusage]:
    return [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def _processor_s() -> float:
    return sum(used.ru_utime + used.ru_stime for used in _used())


def _open(encoder: str, folder: Path) -> Collection:
    return Collection(folder / "home", load_encoder(encoder), starter=False)


def _files(path: Path) -> Iterator[Path]:
    return (each for each in [path, *path.rglob("*")] if each.is_file())


def _mb(path: Path) -> float:
    return sum(each.stat().st_size for each in _files(path)) / 1e6


if __name__ == "__main__":
    main()

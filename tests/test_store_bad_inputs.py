"""Bad files of every kind, ingested together: each is named, and the good ones are stored."""

import json
from pathlib import Path

from store.collection import Collection
from store.types import Rejection
from tests.bad_files import PERHAPS, SOMEWHERE, bad_files
from tests.papers import HashEncoder, write_papers

_LONG_BYTES = 200_000_000
_RECORD = {"title": "Odd", "abstract": "Odd text."}
_BOMB = """<?xml version="1.0"?>
<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&b;</title></entry></feed>"""

_BAD: dict[str, tuple[bytes, int, str]] = {
    "empty.jsonl": (b"", 0, "is empty"),
    "binary.bib": (bytes(range(256)) * 40, 0, "is not UTF-8 text"),
    "deep.jsonl": (b"[" * 200_000 + b"]" * 200_000, 1, "is no valid JSON"),
    "deep.json": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 1, "is no valid JSON"),
    "latin.csv": ("title,abstract\nCafé,Text.\n".encode("latin-1"), 2, "is not UTF-8 text"),
    "utf16.txt": ("Title\n\nText.\n".encode("utf-16"), 0, "is not UTF-8 text"),
    "no-abstract.jsonl": (b'{"title": "Alone"}\n', 1, "has no abstract"),
    "formula.csv": (b'title,abstract\n"=HYPERLINK(""x"")",Text.\n', 2, "a spreadsheet's formula"),
    "braces.bib": (b"@article{x, title = {Broken, abstract = {Text}\n", 1, "is broken BibTeX"),
    "bomb.xml": (_BOMB.encode(), 0, "declares entities"),
    "cut.json": (b'[\n{"ti', 2, "is no valid JSON"),
    "only-comments.bib": (b"% nothing here\n", 0, "holds no papers"),
    "unknown.pdf": (b"%PDF-1.4 and so on", 0, "is in no known format"),
}


def test_each_is_rejected_by_name_and_the_good_ones_are_stored(tmp_path: Path) -> None:
    sources: list[Path] = []
    for n, (name, (content, _, _)) in enumerate(_BAD.items()):
        (tmp_path / name).write_bytes(content)
        good = {"title": f"Good {n}", "abstract": f"A good text, number {n}."}
        sources += [tmp_path / name, write_papers(tmp_path / f"good{n}.jsonl", [good])]
    sources.append(tmp_path / "missing.jsonl")
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    report = collection.ingest(sources)
    found = {Path(rejection.source).name: rejection for rejection in report.rejected}
    assert len(found) == len(report.rejected) == len(_BAD) + 1
    for name, (_, line, reason) in _BAD.items():
        assert (found[name].line, reason in found[name].reason) == (line, True), found[name]
    assert (report.added, collection.count()) == (len(_BAD), len(_BAD))
    collection.close()


def test_every_kind_of_bad_file_is_named_and_costs_no_good_record(tmp_path: Path) -> None:
    """``tests.bench.bad_inputs`` tries the same one by one, and those that take time."""
    (tmp_path / "files").mkdir()
    cases = list(bad_files(tmp_path / "files"))
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    report = collection.ingest(case.source for case in cases)
    named: dict[str, list[int]] = {}
    for rejection in report.rejected:
        assert rejection.reason
        named.setdefault(rejection.source, []).append(rejection.line)
    for case in cases:
        lines = named.pop(str(case.source), [])
        assert case.lines == PERHAPS or (
            bool(lines) if case.lines == SOMEWHERE else lines == [*case.lines]
        ), case
    assert not named
    stored = {paper.title for paper in collection.papers()}
    assert {title for case in cases for title in case.good} <= stored
    assert not [title for title in stored if title.startswith("Bad")]
    collection.close()


def test_a_line_of_200_mb_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    good = json.dumps(_RECORD).encode() + b"\n"
    with path.open("wb") as file:
        file.write(good + b'{"title": "')
        for _ in range(_LONG_BYTES // 1_000_000):
            file.write(b"x" * 1_000_000)
        file.write(b'", "abstract": "Text."}\n' + good.replace(b"Odd", b"Even"))
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    report = collection.ingest([path])
    reason = "is longer than the 1,000,000 characters that a line may have"
    assert report.rejected == [Rejection(str(path), 2, reason)]
    assert sorted(paper.title for paper in collection.papers()) == ["Even", "Odd"]
    collection.close()


def test_one_paper_twice_under_one_id_is_one_paper(tmp_path: Path) -> None:
    same = [{"title": f"Name {n}", "abstract": "Text.", "doi": "10.5555/same"} for n in range(3)]
    collection = Collection(tmp_path / "home", HashEncoder(), starter=False)
    report = collection.ingest([write_papers(tmp_path / "a.jsonl", same)])
    assert (report.added, report.papers, report.rejected) == (1, 1, [])
    collection.close()

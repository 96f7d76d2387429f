"""The table's parts: the same papers to every system, vectors kept, figures where they belong."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.encoders import (
    BUNDLED,
    Encoder,
    Spans,
    Vectors,
    encode_parts,
    encode_query,
    load_encoder,
)
from tests.bench import datasets
from tests.bench.datasets import SourcePaper, load
from tests.bench.rendering import markdown, page
from tests.bench.report import Measured, Report, Row
from tests.bench.systems import SYSTEMS
from tests.bench.vectors import KeptVectors, weights_digest

_PAPERS = [
    SourcePaper("t:1", "Tides of attention", "We let attention ebb and flow with the moon."),
    SourcePaper("t:2", "Gardens of graphs", "Each node of a hedge is pruned by its neighbours."),
    SourcePaper("t:3", "Kettles that learn", "A kettle predicts when its owner wants tea."),
    *(
        SourcePaper(f"t:{n}", f"Filler {n}", f"Nothing of note happens in number {n}.")
        for n in range(4, 14)
    ),
]
_NEEDS = {"llamaindex": "llama_index.retrievers.bm25", "bm25s": "bm25s", "ours": "store"}


@pytest.fixture
def beir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in BEIR form where the collections are looked for."""
    folder = tmp_path / "bench" / "tiny"
    (folder / "qrels").mkdir(parents=True)
    papers = [{"_id": f"P{n}", "title": f"Paper {n}", "text": f"Text {n}."} for n in range(4)]
    with gzip.open(folder / "corpus.jsonl.gz", "wt") as file:
        file.write("\n".join(map(json.dumps, papers)))
    queries = [{"_id": f"q{n}", "text": f"Query {n}?"} for n in range(3)]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    head = "query-id\tcorpus-id\tscore\n"
    (folder / "qrels" / "dev.tsv").write_text(f"{head}q0\tP3\t1\nq0\tP1\t2\n")
    (folder / "qrels" / "test.tsv").write_text(f"{head}q2\tP0\t1\n")
    monkeypatch.setattr(datasets, "SHARED", tmp_path)
    return folder


def test_a_split_holds_its_own_queries_over_all_papers(beir: Path) -> None:
    tuned, last = load(beir.name, "dev"), load(beir.name, "test")
    assert [(query.text, query.grades) for query in tuned.queries] == [
        ("Query 0?", {"tiny:p3": 1, "tiny:p1": 2})
    ]
    assert [query.text for query in last.queries] == ["Query 2?"]
    assert tuned.papers == last.papers
    assert tuned.papers[1] == SourcePaper("tiny:p1", "Paper 1", "Text 1.")
    assert [query.text for query in load(beir.name, "all").queries] == ["Query 0?", "Query 2?"]


def test_fewer_papers_leave_only_queries_that_they_answer(beir: Path) -> None:
    few = load(beir.name, "all", 2)
    assert {paper.paper_id for paper in few.papers} < {"tiny:p0", "tiny:p1", "tiny:p3"}
    kept = {paper.paper_id for paper in few.papers}
    assert all(query.grades.keys() <= kept for query in few.queries)


@pytest.mark.parametrize(
    ("system", "opening"),
    [(system, opening) for system, each in SYSTEMS.items() for opening in each.openings],
)
def test_a_system_answers_with_the_ids_of_what_it_stored(
    system: str, opening: str, tmp_path: Path
) -> None:
    pytest.importorskip(_NEEDS[system], reason="`make bench` installs it")
    folder, encoder = tmp_path / "stored", load_encoder("static-256")
    folder.mkdir()
    SYSTEMS[system].prepare(_PAPERS, folder, encoder)()
    ways = SYSTEMS[system].openings[opening](folder, encoder)
    for rank in ways.values():
        found = rank("which kettle predicts tea")
        assert found[0] == "t:3"
        assert len(found) == len(set(found)) <= 10
        assert set(found) <= {paper.paper_id for paper in _PAPERS}


class _Counting:
    """An encoder that notes what it is asked for."""

    name, dimension = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], np.float32).reshape(-1, 2)


def test_a_kept_vector_is_not_encoded_again(tmp_path: Path) -> None:
    first, second = _Counting(), _Counting()
    KeptVectors(first, tmp_path).encode(["a", "bb", "a"])
    assert first.asked == ["a", "bb"]
    kept: Any = KeptVectors(second, tmp_path)
    assert kept.encode(["ccc", "bb", "a"]).tolist() == [[3, 1], [2, 1], [1, 1]]
    assert second.asked == ["ccc"]
    assert kept.n_encoded == 1
    assert kept.encode([]).shape == (0, 2)


class _InParts(_Counting):
    """One that encodes pieces in one go, and queries in a way of their own."""

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return -self.encode(texts)

    def encode_parts(self, texts: Sequence[str], parts: Sequence[Spans]) -> list[Vectors]:
        return [
            self.encode([text, *(text[start:end] for start, end in spans)])
            for text, spans in zip(texts, parts, strict=True)
        ]


def test_a_text_is_kept_with_its_pieces_and_by_itself(tmp_path: Path) -> None:
    texts, parts = ["a bb", "ccc"], [[(0, 1), (2, 4)], []]
    expected = [[[4, 1], [1, 1], [2, 1]], [[3, 1]]]
    for kept in (KeptVectors(_InParts(), tmp_path), KeptVectors(_InParts(), tmp_path)):
        assert [rows.tolist() for rows in encode_parts(kept, texts, parts)] == expected
    again = _InParts()
    assert KeptVectors(again, tmp_path).encode(texts).tolist() == [[4, 1], [3, 1]]
    assert again.asked == []


def test_what_the_encoder_does_not_know_is_not_asked_of_it(tmp_path: Path) -> None:
    kept, knowing = KeptVectors(_Counting(), tmp_path), KeptVectors(_InParts(), tmp_path)
    assert encode_query(kept, "aa").tolist() == [[2, 1]]
    assert [rows.tolist() for rows in encode_parts(kept, ["aa"], [[(0, 1)]])] == [[[2, 1]]]
    assert encode_query(knowing, "aa").tolist() == [[-2, -1]]


def test_what_a_run_cut_short_half_wrote_is_encoded_again(tmp_path: Path) -> None:
    KeptVectors(_Counting(), tmp_path).encode(["a", "bb"])
    with (tmp_path / "rows").open("r+b") as file:
        file.truncate(13)  # one vector and a half
    again = _Counting()
    kept = KeptVectors(again, tmp_path)
    assert kept.encode(["ccc", "a"]).tolist() == [[3, 1], [1, 1]]
    assert KeptVectors(again, tmp_path).encode(["bb", "ccc"]).tolist() == [[2, 1], [3, 1]]
    assert again.asked == ["ccc", "bb"]


def test_other_weights_have_another_digest(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    before = weights_digest(str(tmp_path))
    assert before == weights_digest(str(tmp_path))
    (tmp_path / "model.onnx").write_bytes(b"Weights")
    assert len({before, weights_digest(str(tmp_path)), *map(weights_digest, BUNDLED)}) == 4


def _measured(found: list[list[str]], seconds: list[float], peak_mb: float) -> Measured:
    measured = Measured()
    for ids, second in zip(found, seconds, strict=True):
        measured.add({"found": [ids], "seconds": [second], "peak_mb": peak_mb})
    measured.judge([{"a": 1}, {"b": 1}])
    return measured


def test_the_table_has_each_figure_in_its_column() -> None:
    ours = Row("this project (x)", "ours", "", "x", "whole")
    part = Row("this project, without dense", "ours", "", "x", "without dense")
    other = Row("LlamaIndex, dense alone", "llamaindex", "dense", "x", "dense")
    absent = Row("absent", "bm25s", "", "", "lexical")
    report = Report([other, absent, ours, part], {"development": ("", 464, 2)})
    report.measured["development"] = {
        ours: _measured([["a"], ["c", "b"]], [0.001, 0.003], 100),
        part: _measured([["c"], ["c"]], [0.001, 0.001], 100),
        other: _measured([["a"], ["b"]], [0.004, 0.006], 200),
    }
    stored = {"papers": 464, "encoded": 464, "seconds": 2.0, "disk_mb": 11.0}
    report.stored = {
        ("development", "ours", "x"): stored,
        ("development", "llamaindex", "x"): stored | {"encoded": 3},
    }
    report.encode_rates = {"x": 150.0}
    _, _, *lines = markdown(report).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:3]]
    assert cells == [
        ["LlamaIndex, dense alone", "1.000", "1.000", "1.000", "", "", "5.0 / 6.0", "200", "11"],
        ["**this project (x)**", "0.500", "1.000", "0.750", "150", "232", "2.0 / 3.0", "100", "11"],
        ["this project, without dense", "0.000", "0.000", "0.000", "", "", "1.0 / 1.0", "", ""],
    ]
    assert lines[3:] == [
        "",
        "- LlamaIndex, dense alone: 2.50 times this project's median at 464 papers",
    ]
    report.datasets["mlpapers"] = ("dev", 1_000, 1)
    report.measured["mlpapers"] = {ours: _measured([["a"], ["b"]], [0.01, 0.01], 100)}
    for system, seconds in (("ours", 10.0), ("llamaindex", 30.0)):
        figures = stored | {"seconds": seconds, "cpu_seconds": 2 * seconds}
        report.stored["mlpapers", system, "static-256"] = figures
    assert markdown(report).splitlines()[-1] == (
        "- storing them with static-256, encoding included: LlamaIndex 30 s, this project 10 s,"
        " 3.00 times as quick (in seconds of the processor 60 and 20)"
    )


def test_the_page_says_how_it_came_about() -> None:
    ours = Row("this project (x)", "ours", "", "x", "whole")
    report = Report([ours], {"development": ("", 464, 2)})
    report.measured["development"] = {ours: _measured([["a"], ["c", "b"]], [0.001, 0.003], 100)}
    written = page(report, 'make bench ARGS="--quick --write"', 0.5)
    assert markdown(report) in written
    assert 'by `make bench ARGS="--quick --write"`' in written
    assert "development: 464 papers, 2 queries." in written
    assert "| this project (x) | 0.500 | 2.0 / 3.0 |" in written


def test_an_encoder_that_keeps_vectors_is_an_encoder(tmp_path: Path) -> None:
    encoder: Encoder = KeptVectors(load_encoder("static-256"), tmp_path)
    direct = load_encoder("static-256").encode(["Tides of attention"])
    assert (encoder.name, encoder.dimension) == ("static-256", direct.shape[1])
    np.testing.assert_array_equal(encoder.encode(["Tides of attention"]), direct)

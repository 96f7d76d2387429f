"""How the figures of a run are written down: one table, the ratios, and docs/benchmark.md."""

import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import distributions
from statistics import median

from tests.bench.report import Report, Row

__all__ = ["markdown", "page"]

_NONE = ""
_JUDGED: dict[str, tuple[tuple[str, str], ...]] = {
    "development": (("R@1", "success1"), ("R@5", "success5"), ("MRR@10", "mrr")),
    "scifact": (("nDCG@10", "ndcg"), ("R@10", "recall")),
    "mlpapers": (("nDCG@10", "ndcg"),),
}
_PACKAGES = ("chromadb", "llama-index-core", "bm25s", "tantivy", "onnxruntime", "model2vec")


def markdown(report: Report) -> str:
    """The table, what its columns are, and the ratios between systems."""
    columns = _columns(report)
    header = [("", "---"), *((name, "---:") for name, _ in columns)]
    lines = [_line([name for name, _ in header]), _line([rule for _, rule in header])]
    for row in report.rows:
        if not any(row in measured for measured in report.measured.values()):
            continue
        label = f"**{row.label}**" if row.way == "whole" and row.label[:4] == "this" else row.label
        lines.append(_line([label, *(cell(row) for _, cell in columns)]))
    return "\n".join([*lines, "", *_ratios(report)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _columns(report: Report) -> list[tuple[str, Callable[[Row], str]]]:
    """(heading, what a row has there)."""
    columns: list[tuple[str, Callable[[Row], str]]] = []
    for dataset, (split, _, _) in report.datasets.items():
        for heading, figure in _JUDGED[dataset]:
            columns.append((f"{dataset} {split} {heading}".replace("  ", " "),
                            _quality(report, dataset, figure)))  # fmt: skip
    columns.append(("encodes abstracts/s", _encode_rate(report)))
    for dataset in dict.fromkeys(("scifact" if "scifact" in report.datasets else "", "mlpapers")):
        if dataset in report.datasets:
            columns.append((f"stores papers/s, {_n_papers(report, dataset)}",
                            _ingest_rate(report, dataset)))  # fmt: skip
    if len(report.datasets) == 1 and "development" in report.datasets:
        columns.append(("stores papers/s", _ingest_rate(report, "development")))
    for dataset in dict.fromkeys((next(iter(report.datasets)), report.largest)):
        columns.append((f"ms a query p50 / p95, {_n_papers(report, dataset)}",
                        _milliseconds(report, dataset)))  # fmt: skip
    columns.append((f"peak MB, {_n_papers(report, report.largest)}", _peak(report)))
    columns.append((f"disk MB, {_n_papers(report, report.largest)}", _disk(report)))
    return columns


def _n_papers(report: Report, dataset: str) -> str:
    return f"{report.datasets[dataset][1]:,}"


def _quality(report: Report, dataset: str, figure: str) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        measured = report.measured[dataset].get(row)
        return f"{measured.quality[figure]:.3f}" if measured else _NONE

    return cell


def _milliseconds(report: Report, dataset: str) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        measured = report.measured[dataset].get(row)
        return measured.milliseconds() if measured else _NONE

    return cell


def _first(report: Report, row: Row, n_fields: int) -> bool:
    """Whether no row above shares a process (3 fields) or what was stored (2) with this one."""
    same = [each for each in report.rows if each.process[:n_fields] == row.process[:n_fields]]
    return same[0] == row


def _encode_rate(report: Report) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        rate = report.encode_rates.get(row.encoder)
        return f"{rate:,.0f}" if rate and row.system == "ours" and _first(report, row, 2) else _NONE

    return cell


def _ingest_rate(report: Report, dataset: str) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        stored = report.stored.get((dataset, row.system, row.encoder))
        if not stored or not _first(report, row, 2) or stored["encoded"] < stored["papers"]:
            return _NONE  # some vectors were kept from a run before
        return f"{stored['papers'] / stored['seconds']:,.0f}"

    return cell


def _peak(report: Report) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        measured = report.measured[report.largest].get(row)
        return f"{measured.peak_mb:,.0f}" if measured and _first(report, row, 3) else _NONE

    return cell


def _disk(report: Report) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        stored = report.stored.get((report.largest, row.system, row.encoder))
        return f"{stored['disk_mb']:,.0f}" if stored and _first(report, row, 2) else _NONE

    return cell


def _ratios(report: Report) -> list[str]:
    """How many times as quick as LlamaIndex, where papers are the most."""
    measured = report.measured[report.largest]
    medians = {row: median(each.seconds) for row, each in measured.items()}
    (ours,) = (row for row in medians if row.label.startswith("this") and row.way == "whole")
    at = f"at {_n_papers(report, report.largest)} papers"
    lines = [
        f"- {row.label}: {medians[row] / medians[ours]:.2f} times this project's median {at}"
        for row in medians
        if row.system == "llamaindex"
    ]
    stored = {
        system: figures
        for (dataset, system, encoder), figures in report.stored.items()
        if (dataset, encoder) == ("mlpapers", "static-256")
    }
    if stored:
        ours_s, theirs_s = (
            [stored[system][clock] for clock in ("seconds", "cpu_seconds")]
            for system in ("ours", "llamaindex")
        )
        lines.append(
            f"- storing them with static-256, encoding included: LlamaIndex {theirs_s[0]:,.0f} s,"
            f" this project {ours_s[0]:,.0f} s, {theirs_s[0] / ours_s[0]:.2f} times as quick (in"
            f" seconds of the processor {theirs_s[1]:,.0f} and {ours_s[1]:,.0f})"
        )
    return lines


def page(report: Report, command: str, load_before: float) -> str:
    """The whole of docs/benchmark.md.

    Args:
        report: What was measured.
        command: How it was, for a reader to do the same.
        load_before: The machine's load before it began.
    """
    now = datetime.now(UTC).date()
    installed = {each.metadata["Name"].lower(): each.version for each in distributions()}
    versions = ", ".join(f"{name} {installed[name]}" for name in _PACKAGES if name in installed)
    data = "; ".join(
        f"{name}{' ' + split if split else ''}: {n_papers:,} papers, {n_queries:,} queries"
        for name, (split, n_papers, n_queries) in report.datasets.items()
    )
    return _PAGE.format(
        date=now, command=command, cores=os.cpu_count(),
        machine=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(), versions=versions, data=data,
        load=f"{load_before:.1f}", table=markdown(report), short=_short(report),
    )  # fmt: skip


def _short(report: Report) -> str:
    """The rows and columns that README shows: one figure or two a dataset, and the time."""
    kept = [row for row in report.rows if not row.label.startswith("this") or row.way == "whole"]
    kept = [row for row in kept if row.system != "ours" or row.way == "whole"]
    wanted = {
        "development": ("right paper first", "success1"),
        "scifact": ("SciFact nDCG@10", "ndcg"),
        "mlpapers": ("nDCG@10 among {} papers", "ndcg"),
    }
    cells = [
        (heading.format(_n_papers(report, name)), _quality(report, name, figure))
        for name, (heading, figure) in wanted.items()
        if name in report.datasets
    ]
    cells.append((f"ms a query, {_n_papers(report, report.largest)} papers",
                  _milliseconds(report, report.largest)))  # fmt: skip
    lines = [
        _line(["", *(heading for heading, _ in cells)]),
        _line(["---"] + ["---:"] * len(cells)),
    ]
    lines += [_line([row.label, *(cell(row) for _, cell in cells)]) for row in kept]
    return "\n".join(lines)


_PAGE = """# Retrieval beside others

Written on {date} by `{command}`: all systems in one run on the same data, on {cores} cores
({machine}, Python {python}; the load before it began was {load}). {versions}.

{data}.

{table}

What the columns are:

- R@1 and R@5: a right paper is the first, or among the first five; MRR@10, nDCG@10 as BEIR counts
  it, R@10 the share of right papers among ten. Everybody is asked for ten.
- encodes abstracts/s: the encoder alone, 200 development abstracts, median of three passes.
- stores papers/s: from papers to everything on disk, encoding included, in a fresh process. Empty
  where vectors were kept from a run before.
- ms a query: warm, one after the other, the query's encoding included; the systems take turns at
  every ten queries. Peak MB is of a process that opens what is stored and asks; disk MB all its
  files.

What the rows are: bm25s with its defaults, English stop words and stemming, title and abstract as
one text. LlamaIndex as its guides put it together: SentenceSplitter, VectorStoreIndex on Chroma,
BM25Retriever, QueryFusionRetriever with num_queries=1, the encoder of this project, and otherwise
its defaults; its default fusion compares BM25 with cosine values as they are, reciprocal ranks are
what its guides choose. "In our place" is this project with another encoder, its weights chosen for
its own. The last rows are this project with a part of it taken away.

In short:

{short}
"""

"""An evaluation as a table for a terminal and as JSON types."""

from dataclasses import asdict
from io import StringIO
from typing import TYPE_CHECKING

from assistant.evaluation.figures import Figure, figures, latencies
from assistant.evaluation.run import Evaluation

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["evaluation_as_dict", "evaluation_as_text"]

_WIDTH = 100
_LABELS = {
    "right_paper_first": "right paper first (R@1)",
    "right_paper_in_5": "right paper among five (R@5)",
    "mrr_at_10": "MRR@10",
    "ndcg_at_10": "nDCG@10",
    "evidence_hit_1": "evidence in the first quote",
    "evidence_hit_2": "evidence in the first two quotes",
    "evidence_hit_3": "evidence in the first three quotes",
    "answer_conveyed": "answer strings conveyed",
    "cited_papers_right": "cited papers that are right",
    "gold_papers_cited": "right papers that are cited",
    "all_gold_cited": "all right papers cited",
    "relevant_cited": "relevant papers cited",
    "cited_relevant": "cited papers relevant or marginal",
    "core_cited": "core papers cited",
    "wrongly_refused": "refused wrongly",
    "refused": "refused rightly",
}


def evaluation_as_dict(evaluation: Evaluation) -> dict[str, object]:
    """All figures, and what they are figures of."""
    return {
        "papers": evaluation.papers,
        "encoder": evaluation.encoder,
        "model": evaluation.model,
        "cases": evaluation.cases,
        "interrupted": evaluation.interrupted,
        "notes": evaluation.notes,
        "figures": [asdict(figure) for figure in figures(evaluation.records)],
        "latency_ms": latencies(evaluation.records),
        "records": [asdict(record) for record in evaluation.records],
    }


def evaluation_as_text(evaluation: Evaluation) -> str:
    """The figures as a table."""
    from rich.console import Console

    console = Console(file=StringIO(), width=_WIDTH, color_system=None)
    console.print(_table(evaluation))
    for note in evaluation.notes:
        console.print(note, highlight=False)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().rstrip("\n")


def _table(evaluation: Evaluation) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    for name in ("questions", "measure"):
        table.add_column(name)
    for name in ("mean", "95 % interval", "n"):
        table.add_column(name, justify="right")
    took = latencies(evaluation.records)
    kind = ""
    for figure in figures(evaluation.records):
        if figure.kind != kind:
            kind = figure.kind
            table.add_section()
            ms = took[kind]
            table.add_row(kind, f"ms an answer, median {ms['p50']:.1f}, 95th {ms['p95']:.1f}")
        table.add_row(*_row(figure))
    return table


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        f"  {figure.group}",
        _LABELS[figure.measure],
        f"{figure.value:.3f}",
        f"{figure.low:.3f} to {figure.high:.3f}",
        str(figure.n),
    )

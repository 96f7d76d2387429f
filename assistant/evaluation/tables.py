"""An evaluation as tables for a terminal."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from assistant.evaluation.comparing import Change, Earlier, changes
from assistant.evaluation.figures import Figure, figures, latencies, worst
from assistant.evaluation.judging import Record
from assistant.evaluation.refusing import Threshold, refusal_curve
from assistant.evaluation.run import Evaluation

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["evaluation_as_text"]

_WIDTH = 100
_LABEL_CHARS = 30
_MAX_GROUPS = 6
_BEYOND = "*"
_LABELS = {
    "right_paper_first": "right paper first (R@1)",
    "right_paper_in_5": "right paper among five (R@5)",
    "mrr_at_10": "MRR@10",
    "ndcg_at_10": "nDCG@10",
    "evidence_hit_1": "evidence in the first quote",
    "evidence_hit_2": "evidence in the first two",
    "evidence_hit_3": "evidence in the first three",
    "answer_conveyed": "answer strings conveyed",
    "cited_papers_right": "cited papers that are right",
    "gold_papers_cited": "right papers that are cited",
    "all_gold_cited": "all right papers cited",
    "relevant_cited": "relevant papers cited",
    "cited_relevant": "cited papers that are relevant",
    "core_cited": "core papers cited",
    "wrongly_refused": "refused wrongly",
    "refused": "refused rightly",
}


def evaluation_as_text(
    evaluation: Evaluation, earlier: Earlier | None = None, n_worst: int = 0
) -> str:
    """All figures as tables, then the worst cases; see ``evaluation_as_dict``."""
    from rich.console import Console

    out = StringIO()
    console = Console(file=out, width=_WIDTH, color_system=None, highlight=False, markup=False)
    for part in _parts(evaluation, earlier):
        console.print(part)
    for text in [*_notes(evaluation, earlier), *map(_case, worst(evaluation.records, n_worst))]:
        console.print(text)
    return out.getvalue().strip("\n")


def _parts(evaluation: Evaluation, earlier: Earlier | None) -> Iterator["Table | str"]:
    """Titles and tables."""
    records = evaluation.records
    changed = {
        (each.kind, each.measure): each
        for each in (changes(earlier, records) if earlier else ())
        if not each.group
    }
    took = latencies(records)
    found = figures(records)
    for kind in took:
        of_kind = [figure for figure in found if figure.kind == kind]
        yield f"{kind}: an answer took {_took(took[kind])}"
        if earlier and kind in earlier.latency_ms:
            yield f"(before: {_took(earlier.latency_ms[kind])})"
        yield _means([figure for figure in of_kind if not figure.group], changed)
        if 2 <= len({figure.group for figure in of_kind} - {""}) <= _MAX_GROUPS:
            yield _by_group(of_kind)
    if curve := refusal_curve(records):
        yield "refused below a threshold of probability, wrongly and of each unanswerable kind"
        yield _curve(curve)


def _took(ms: Mapping[str, float]) -> str:
    return f"{ms['p50']:.1f} ms at the median, {ms['p95']:.1f} ms at the 95th percentile"


def _means(found: Sequence[Figure], changed: Mapping[tuple[str, str], Change]) -> "Table":
    compared = ("before", "change", "p ") if changed else ()
    table = _table("mean", "95 % interval", "n", *compared)
    for figure in found:
        change = changed.get((figure.kind, figure.measure))
        table.add_row(
            _LABELS[figure.measure],
            f"{figure.value:.3f}",
            f"{figure.low:.3f}–{figure.high:.3f}",
            str(figure.n),
            *(_change(change) if change else ()),
        )
    return table


def _change(change: Change) -> tuple[str, ...]:
    p = f"{change.p:.3f}" if change.p >= 0.001 else "<0.001"
    return (
        f"{change.before:.3f}",
        f"{change.after - change.before:+.3f}",
        f"{p}{_BEYOND if change.beyond_chance else ' '}",
    )


def _by_group(found: Sequence[Figure]) -> "Table":
    """Means only, a column a group."""
    groups = {figure.group: figure.n for figure in found if figure.group}
    values = {(figure.group, figure.measure): figure.value for figure in found}
    table = _table(*(f"{group} ({n})" for group, n in groups.items()))
    for measure in dict.fromkeys(figure.measure for figure in found):
        means = (values.get((group, measure)) for group in groups)
        table.add_row(_LABELS[measure], *("" if mean is None else f"{mean:.3f}" for mean in means))
    return table


def _curve(points: Sequence[Threshold]) -> "Table":
    groups = list(points[0].refused)
    table = _table("wrongly", *(group or "all" for group in groups))
    for point in points:
        shares = (point.wrongly_refused, *(point.refused[group] for group in groups))
        table.add_row(f"{point.threshold:.3f}", *(f"{share:.3f}" for share in shares))
    return table


def _table(*columns: str) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("", min_width=_LABEL_CHARS)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _notes(evaluation: Evaluation, earlier: Earlier | None) -> Iterator[str]:
    asked = len(evaluation.records)
    yield (
        f"{asked} questions asked of {evaluation.papers:,} papers, encoder {evaluation.encoder},"
        f" answers by {evaluation.model}."
    )
    yield from evaluation.notes
    if earlier:
        yield f"{_BEYOND}: beyond chance, by a randomization test over the questions of both runs."
    if earlier and earlier.papers != evaluation.papers:
        yield f"The earlier run asked a collection of {earlier.papers:,} papers."


def _case(record: Record) -> str:
    """A case in full: what was asked, what was expected, and what came back."""
    measures = ", ".join(f"{_LABELS[name]} {value:.2f}" for name, value in record.measures.items())
    quotes = record.quotes or ("nothing: it was refused",)
    expected = [*record.expected, *record.answer, *record.evidence] or ["a refusal"]
    lines = [
        f"\n{record.kind} {record.name} {record.group}".rstrip(),
        *_lines("asked", [record.query]),
        *_lines("expected", expected),
        *_lines("cited", list(record.cited)),
        *_lines("quoted", list(quotes)),
        *_lines("measured", [measures]),
    ]
    return "\n".join(lines)


def _lines(name: str, texts: Sequence[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield textwrap.fill(
            " ".join(text.split()),
            _WIDTH,
            initial_indent=f"  {'' if number else name:10}- ",
            subsequent_indent=" " * 14,
        )

"""An evaluation as JSON types, and its records as lines of JSON."""

import json
from dataclasses import asdict
from pathlib import Path

from assistant.errors import EvaluationError
from assistant.evaluation.comparing import Earlier, changes
from assistant.evaluation.figures import figures, latencies, worst
from assistant.evaluation.refusing import refusal_curve
from assistant.evaluation.run import Evaluation

__all__ = ["evaluation_as_dict", "write_records"]


def evaluation_as_dict(
    evaluation: Evaluation, earlier: Earlier | None = None, n_worst: int = 0
) -> dict[str, object]:
    """All figures, and the records they are figures of.

    Args:
        evaluation: What was measured.
        earlier: What to compare it with.
        n_worst: Of each kind, how many of the worst cases to list.
    """
    records = evaluation.records
    document: dict[str, object] = {
        "papers": evaluation.papers,
        "encoder": evaluation.encoder,
        "model": evaluation.model,
        "cases": evaluation.cases,
        "interrupted": evaluation.interrupted,
        "notes": evaluation.notes,
        "figures": [asdict(figure) for figure in figures(records)],
        "latency_ms": latencies(records),
        "refusal_curve": [asdict(point) for point in refusal_curve(records)],
    }
    if earlier:
        document["changes"] = [asdict(change) for change in changes(earlier, records)]
    if n_worst:
        document["worst"] = [asdict(record) for record in worst(records, n_worst)]
    return document | {"records": [asdict(record) for record in records]}


def write_records(evaluation: Evaluation, path: Path) -> None:
    """Write what was asked and what came back, one question a line.

    Raises:
        EvaluationError: The file cannot be written.
    """
    lines = (json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in evaluation.records)
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be written: {error.strerror}") from error

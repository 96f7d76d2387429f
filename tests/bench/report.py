"""The figures of one run of the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

from assistant.evaluation.ranking import ndcg, recall, reciprocal_rank, success

__all__ = ["Measured", "Report", "Row"]

_K = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a way to ask a system that was opened in some way."""

    label: str
    system: str
    opening: str
    encoder: str
    way: str

    @property
    def process(self) -> tuple[str, str, str]:
        """Rows with the same are answered by one process."""
        return (self.system, self.encoder, self.opening)


@dataclass(slots=True)
class Measured:
    """What a row found, how long each query took, and how good that is."""

    found: list[list[str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    quality: dict[str, float] = field(default_factory=dict)

    def add(self, answered: Mapping[str, Any]) -> None:
        """Take in what a worker answered."""
        self.found += answered["found"]
        self.seconds += answered["seconds"]
        self.peak_mb = max(self.peak_mb, answered["peak_mb"])

    def judge(self, grades: Sequence[Mapping[str, int]]) -> None:
        """Compare with the grades of the queries, in order."""
        pairs = list(zip(self.found, grades, strict=True))
        self.quality = {
            "success1": fmean(success(*pair, 1) for pair in pairs),
            "success5": fmean(success(*pair, 5) for pair in pairs),
            "mrr": fmean(reciprocal_rank(*pair, _K) for pair in pairs),
            "ndcg": fmean(ndcg(*pair, _K) for pair in pairs),
            "recall": fmean(recall(*pair, _K) for pair in pairs),
        }

    def milliseconds(self) -> str:
        """Median and 95th percentile."""
        ordered = sorted(self.seconds)
        late = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
        return f"{1000 * median(ordered):.1f} / {1000 * late:.1f}"


@dataclass(slots=True)
class Report:
    """All figures of a run.

    Attributes:
        rows: In the order of the table.
        datasets: (split, papers, queries) by name, smallest first.
        measured: By dataset and row; a row that was not measured on a dataset is missing.
        stored: By dataset, system and encoder: as ``worker.store`` gives it.
        encode_rates: Abstracts a second by encoder.
    """

    rows: list[Row]
    datasets: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    measured: dict[str, dict[Row, Measured]] = field(default_factory=dict)
    stored: dict[tuple[str, str, str], dict[str, float]] = field(default_factory=dict)
    encode_rates: dict[str, float] = field(default_factory=dict)

    @property
    def largest(self) -> str:
        """The dataset with the most papers."""
        return max(self.datasets, key=lambda name: self.datasets[name][1])

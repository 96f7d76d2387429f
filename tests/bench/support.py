"""Whether support tells sentences that a text carries from such as it does not.

The pairs are made from the development set, none of which is trained on. A kind of false pairs is
set against each kind of true ones. `python -m tests.bench.support`
"""

import random
import time
from collections.abc import Iterable, Sequence

from assistant.support import WEAK, support
from assistant.support.reading import read
from tests.bench.support_pairs import Pair, area_under_curve, development_pairs, weights_of

HARDEST = ("name of the same abstract", "number of the same abstract", "sides swapped")
"""Kinds whose words are all in the abstract; not among those of the issue, and told apart."""


def main() -> None:
    """Print the tables."""
    pairs = development_pairs()
    supports = [support(pair.sentence, pair.cited) for pair in pairs]
    judged = list(zip(pairs, supports, strict=True))
    print(f"{sum(pair.true for pair in pairs)} true, {sum(not pair.true for pair in pairs)} false")
    _print_kinds(judged)
    _print_calibration([(pair, value) for pair, value in judged if pair.kind != "verbatim"])
    _print_times(pairs)


def _print_kinds(judged: Sequence[tuple[Pair, float]]) -> None:
    """Areas under the ROC curve: rows are false kinds, columns are true ones."""
    true: dict[str, list[float]] = {}
    false: dict[str, list[float]] = {}
    for pair, value in judged:
        (true if pair.true else false).setdefault(pair.kind, []).append(value)
    _add(true, "all", true)
    _add(true, "all but verbatim", {kind for kind in true if kind not in ("verbatim", "all")})
    _add(false, "all", false)
    _add(false, "all, the last three apart", {*false} - {*HARDEST, "all"})
    print("| | n |", *(f"{kind} |" for kind in true), "weak |")
    print("|---|---|" + "---|" * (len(true) + 1))
    for kind in sorted(false, key=lambda kind: (kind in HARDEST, kind.startswith("all"), kind)):
        values = false[kind]
        areas = " | ".join(f"{area_under_curve(each, values):.3f}" for each in true.values())
        print(f"| {kind} | {len(values)} | {areas} | {_weak(values):.2f} |")
    print(f"| weak | | {' | '.join(f'{_weak(each):.2f}' for each in true.values())} | |")


def _add(kinds: dict[str, list[float]], name: str, summed: Iterable[str]) -> None:
    """Add the values of several kinds as one more."""
    kinds[name] = [value for kind in summed for value in kinds[kind]]


def _weak(values: Sequence[float]) -> float:
    return sum(value < WEAK for value in values) / len(values)


def _print_calibration(judged: Sequence[tuple[Pair, float]]) -> None:
    """How many are true of those with about the same support, in a mix of which half is true."""
    weighed = list(zip(judged, weights_of([pair for pair, _ in judged]), strict=True))
    error = 0.0
    print("| support | n | mean support | true |\n|---|---|---|---|")
    for tenth in range(10):
        among = [(p.true, v, w) for (p, v), w in weighed if min(9, int(10 * v)) == tenth]
        mass = sum(weight for *_, weight in among)
        if mass:
            said = sum(weight * value for _, value, weight in among) / mass
            true = sum(weight for is_true, _, weight in among if is_true) / mass
            error += mass / len(judged) * abs(said - true)
            print(f"| {tenth / 10:.1f} | {len(among)} | {said:.2f} | {true:.2f} |")
    print(f"expected calibration error {error:.3f}")


def _print_times(pairs: Sequence[Pair]) -> None:
    """Processor time a sentence, its abstract read for the first time and again."""
    chosen = random.Random(0).sample(pairs, 400)
    times = []
    for forget in (True, False):
        began = time.process_time()
        for pair in chosen:
            if forget:
                read.cache_clear()
            support(pair.sentence, pair.cited)
            if not forget:
                support(pair.sentence, pair.cited)
        times.append(1000 * (time.process_time() - began) / len(chosen))
    first, twice = times
    print(f"{first:.2f} ms a sentence with a new abstract, {twice - first:.2f} with a known one")


if __name__ == "__main__":
    main()

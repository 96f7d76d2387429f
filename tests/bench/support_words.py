"""Make the lists of words that support reads: how common words are, and what acronyms mean.

Reads mlpapers; only counts of words and pairs of an acronym with its long form are kept.
`python -m tests.bench.support_words --write` writes them into assistant/support.
"""

import gzip
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from assistant import support as module
from assistant.support.stemming import stem
from store.aliases import acronyms
from store.wording import plain
from tests.bench.common import SHARED

_FOLDER = Path(module.__file__).parent
_WORD = re.compile(r"[a-z]{2,}")
_EVERY = 4
_MIN_PAPERS = 100
_MIN_TOLD = 15
_MIN_SHARE = 0.3
_MAX_ACRONYM_CHARS = 6
_MAX_MEANINGS = 2


def main() -> None:
    """Count, and write both lists if asked to."""
    n_papers, holding = 0, Counter[str]()
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for number, text in enumerate(_texts()):
        for short, long in set(acronyms(plain(text))) if "(" in text else ():
            if short.isascii() and len(short) <= _MAX_ACRONYM_CHARS:
                told[short][" ".join(re.findall(r"[^\W_]+(?:'s)?", long.lower()))] += 1
        if number % _EVERY == 0:
            n_papers += 1
            holding.update({stem(word) for word in _WORD.findall(text.lower())})
    _write("common_words.tsv", _weights(n_papers, holding))
    _write("acronyms.tsv", _meanings(told))


def _texts() -> Iterator[str]:
    with gzip.open(SHARED / "bench" / "mlpapers" / "corpus.jsonl.gz", "rt") as lines:
        for record in map(json.loads, lines):
            yield f"{record['title']}. {record['text']}"


def _weights(n_papers: int, holding: Counter[str]) -> Iterator[tuple[str, str]]:
    """Inverse frequency of a stem, 1 for one that is as rare as any that is listed."""
    rarest = math.log(n_papers / _MIN_PAPERS)
    for word, n in sorted(holding.items()):
        if n >= _MIN_PAPERS:
            yield word, f"{math.log(n_papers / n) / rarest:.2f}"


def _meanings(told: dict[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    """The long forms that are told of an acronym often, one for all with the same stems."""
    for short in sorted(told, key=lambda each: (each.lower(), each)):
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        for long, n in told[short].items():
            forms[" ".join(map(stem, long.split()))][long] += n
        totals = Counter({key: longs.total() for key, longs in forms.items()})
        for key, n in totals.most_common(_MAX_MEANINGS):
            if n >= max(_MIN_TOLD, _MIN_SHARE * totals.total()):
                yield short, forms[key].most_common(1)[0][0]


def _write(name: str, rows: Iterator[tuple[str, str]]) -> None:
    lines = ["\t".join(row) + "\n" for row in rows]
    print(f"{name}: {len(lines)} lines")
    if "--write" in sys.argv:
        (_FOLDER / name).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

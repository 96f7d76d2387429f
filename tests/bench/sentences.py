"""Sentence ends beside the punkt model's, on the abstracts of the five pages.

`python -m tests.bench.sentences`. Prints how often and where the two disagree, for a person to
judge who is right.
"""

import time

from llama_index.core.node_parser.text.utils import split_by_sentence_tokenizer

from store.readers import read_source
from store.readers.record import Record
from store.sentences import sentence_spans
from tests.bench.common import PAGES


def main() -> None:
    """Print each disagreement with its surroundings, then the totals."""
    records = [item for page in PAGES for item in read_source(page) if isinstance(item, Record)]
    abstracts = sorted({record.abstract for record in records})
    punkt = split_by_sentence_tokenizer()
    began = time.perf_counter()
    ours = [{end for _, end in sentence_spans(text)} for text in abstracts]
    ours_s = time.perf_counter() - began
    began = time.perf_counter()
    theirs = [_ends(punkt(text)) for text in abstracts]
    punkt_s = time.perf_counter() - began
    for text, mine, other in zip(abstracts, ours, theirs, strict=True):
        for end in sorted(mine ^ other):
            who = "ours " if end in mine else "punkt"
            print(f"{who} …{text[max(0, end - 50) : end]} | {text[end : end + 25]}…")
    n_different = sum(len(mine ^ other) for mine, other in zip(ours, theirs, strict=True))
    print(f"{len(abstracts)} abstracts, {sum(map(len, ours))} sentences, {n_different} differ")
    print(f"seconds: ours {ours_s:.3f}, punkt {punkt_s:.3f}")


def _ends(pieces: list[str]) -> set[int]:
    """Where pieces that join to a text end in it, white space behind them left out."""
    ends, at = set(), 0
    for piece in pieces:
        ends.add(at + len(piece.rstrip()))
        at += len(piece)
    return ends


if __name__ == "__main__":
    main()

"""Records as an evaluation gathers them."""

from collections.abc import Mapping
from dataclasses import replace

from assistant.evaluation.judging import Record

_RECORD = Record(
    kind="question",
    name="",
    together="",
    group="",
    query="what?",
    measures={},
    seconds=0.01,
    refused=False,
    answerable=None,
    expected=("A Paper",),
    answer=("a word",),
    evidence=("A sentence.",),
    cited=("Another Paper",),
    quotes=("Another sentence.",),
)


def record(name: str, measures: Mapping[str, float] | None = None, **fields: object) -> Record:
    """A record of that name that belongs to no other."""
    given = {"name": name, "together": name, "measures": measures or {}, **fields}
    return replace(_RECORD, **given)  # type: ignore[arg-type]

"""Papers and passages as JSON, for the catalog and for exports."""

import json

from store.changes import Spans
from store.types import Listing, Paper

__all__ = ["paper_as_dict", "paper_as_json", "read_paper", "read_spans"]


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def paper_as_json(paper: Paper) -> str:
    """A paper as one line."""
    return _ENCODER.encode(paper_as_dict(paper))


def paper_as_dict(paper: Paper) -> dict[str, object]:
    """A paper as JSON types; empty fields are kept."""
    fields = {name: getattr(paper, name) for name in Paper.__slots__}
    return fields | {"listed": [{"source": at.source, "day": at.day} for at in paper.listed]}


def read_paper(text: str) -> Paper:
    """A paper of such a line."""
    fields = json.loads(text)
    listed = tuple(Listing(**listing) for listing in fields.pop("listed"))
    several = ("authors", "links", "identifiers")
    return Paper(**fields | {name: tuple(fields[name]) for name in several} | {"listed": listed})


def read_spans(text: str) -> Spans:
    """Passages of a JSON list of pairs."""
    return tuple((start, end) for start, end in json.loads(text))

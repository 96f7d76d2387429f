"""JSON Lines, with every field of a paper."""

import json
from collections.abc import Iterable, Iterator

from store.paper_json import paper_as_dict
from store.types import Paper

__all__ = ["write"]


def write(papers: Iterable[Paper]) -> Iterator[str]:
    """A line a paper."""
    for paper in papers:
        yield json.dumps(paper_as_dict(paper), ensure_ascii=False) + "\n"

"""JSON Lines, with every field of a paper."""

import json
from collections.abc import Iterable, Iterator, Mapping

from store.paper_json import paper_as_dict
from store.types import Paper

__all__ = ["write"]


def write(papers: Iterable[Paper], columns: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """A line a paper; columns are in its "said", which is not read again."""
    for paper in papers:
        fields = paper_as_dict(paper)
        if columns:
            fields["said"] = {name: of.get(paper.paper_id, "") for name, of in columns.items()}
        yield json.dumps(fields, ensure_ascii=False) + "\n"

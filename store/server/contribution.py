"""What a machine says of a paper, and the paper that all of them say together."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from store.changes import Spans
from store.identity import is_paper_id
from store.merge import merged
from store.paper_json import paper_as_dict
from store.readers.record import Record
from store.types import Listing, Paper

__all__ = ["Contribution", "State", "from_json", "to_json", "together", "unchecked", "united"]


@dataclass(frozen=True, slots=True)
class State:
    """A paper as a catalog has it.

    Attributes:
        paper: The record; where it was removed, as it last was.
        text_from: The source of its abstract.
        spans: Its passages; none where it was removed.
        removed: Whether it is there no more.
    """

    paper: Paper
    text_from: str
    spans: Spans
    removed: bool

    @property
    def digest(self) -> str:
        """What tells it from every other state."""
        about = [paper_as_dict(self.paper), self.text_from, self.removed]
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:24]

    def has_text_of(self, other: "State") -> bool:
        """Whether the passages of the two are the same, and so are their vectors."""
        mine, theirs = (
            (each.paper.title, each.paper.abstract, tuple(each.spans)) for each in (self, other)
        )
        return mine == theirs


@dataclass(frozen=True, slots=True)
class Contribution:
    """All that one machine knew of a paper when it last changed it.

    Attributes:
        writer: The machine; "" for what is not on the server yet.
        number: The place of this among all that it said, from 1.
        seen: By machine, the number of what this one had seen of the paper, its own included.
        state: The paper.
    """

    writer: str
    number: int
    seen: Mapping[str, int]
    state: State


def together(contributions: Iterable[Contribution]) -> State:
    """The paper that contributions give, in whatever order they come.

    What another machine had seen is in what that one says, and does not count besides. What is
    left was said at once: it adds up, and only a removal gives way.

    Source: D. S. Parker et al., "Detection of Mutual Inconsistency in Distributed Systems", 1983.
    """
    latest: dict[str, Contribution] = {}
    for each in sorted(contributions, key=lambda each: (each.writer, each.number)):
        latest[each.writer] = each
    said = list(latest.values())
    last = [each for each in said if not any(_covers(other, each) for other in said)] or said
    there = [each.state for each in last if not each.state.removed]
    return reduce(united, there) if there else last[0].state


def _covers(other: Contribution, each: Contribution) -> bool:
    return other is not each and other.seen.get(each.writer, 0) >= each.number


def united(state: State, later: State) -> State:
    """Bring another state of the same paper into one, as a record that is read later."""
    of = later.paper
    paper, text_from = merged(state.paper, state.text_from, _record(later))
    spans = later.spans if paper.abstract == of.abstract else state.spans
    return State(paper, text_from, spans, removed=False)


def _record(state: State) -> Record:
    """A state as a source would give it; checked as any record is."""
    of = state.paper
    return Record(
        source=state.text_from,
        line=0,
        title=of.title,
        abstract=of.abstract,
        listed=of.listed,
        authors=of.authors,
        published=of.published,
        url=of.url,
        links=of.links,
        identifiers=of.identifiers,
    )


def to_json(contribution: Contribution) -> str:
    """What a contribution says, as text; writer and number stand beside it."""
    state = contribution.state
    about = {
        "paper": paper_as_dict(state.paper),
        "text_from": state.text_from,
        "spans": state.spans,
        "removed": state.removed,
        "seen": dict(contribution.seen),
    }
    return json.dumps(about, ensure_ascii=False, separators=(",", ":"))


def from_json(writer: str, number: int, text: str) -> Contribution:
    """Read a contribution, which somebody else may have written.

    Raises:
        ValueError: It is none.
    """
    try:
        about = json.loads(text)
        state = unchecked(about["paper"], about["text_from"], about["spans"], about["removed"])
        _record(state).source.strip()  # checks it; of all fields the source alone may be no text
        named = is_paper_id(state.paper.paper_id)
        inside = all(0 <= start < end <= len(state.paper.abstract) for start, end in state.spans)
        seen = {str(name): int(last) for name, last in about["seen"].items()}
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no paper: {error}") from error
    if not named or not inside or bool(state.spans) is state.removed:
        raise ValueError(f"no paper: {state.paper.paper_id!r} with passages {state.spans}")
    return Contribution(writer, number, seen, state)


def unchecked(
    paper: dict[str, Any], text_from: str, spans: Iterable[Iterable[int]], removed: bool
) -> State:
    """Make a state of JSON types."""
    listed = tuple(Listing(**each) for each in paper["listed"])
    several = {name: tuple(paper[name]) for name in ("authors", "links", "identifiers")}
    made = Paper(**paper | several | {"listed": listed})
    return State(made, text_from, tuple((start, end) for start, end in spans), bool(removed))

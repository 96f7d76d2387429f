"""The steps of a map: papers and their vectors in, points and named themes out."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.mapping.naming import name_groups
from assistant.mapping.placing import nearest, place
from assistant.mapping.types import CollectionMap, Point, Progress, Theme
from assistant.types import Paper
from store.surveying import Survey

__all__ = ["changed", "draw", "placed"]

_MAX_CHANGES = 0.2
"""Share of papers that may come or go before all are laid out anew: until then people find the
others where they were."""

_N_AMONG = 3
_ABOUT = 0.08
"""How far from a paper others count as being about it; the map is 1 wide."""

_PLACING = 0.8
"""Share of the time that goes into placing."""


def draw(
    survey: Survey,
    revision: str,
    n_papers: int,
    terms: Callable[[str], Sequence[str]],
    tell: Callable[[Progress], None],
) -> CollectionMap:
    """Lay papers out, group them and name the groups.

    Args:
        survey: The papers with their vectors.
        revision: Of the collection.
        n_papers: How many papers that has.
        terms: Reduces a text to stemmed words.
        tell: Told how far this is.
    """
    from assistant.mapping.grouping import group

    said = f"Placing {len(survey.papers):,} papers"
    places = place(survey.vectors, lambda share: tell(Progress(said, _PLACING * share)))
    tell(Progress("Looking for themes", _PLACING))
    groups = group(survey.vectors, places)
    tell(Progress("Naming themes", (1.0 + _PLACING) / 2))
    names = name_groups(groups, survey.papers, terms)
    themes = [_theme(found, places[numbers]) for found, numbers in zip(names, groups, strict=True)]
    theme_of = {at: theme for theme, numbers in enumerate(groups) for at in numbers}
    points = [
        _point(paper, places[at].tolist(), theme_of[at]) for at, paper in enumerate(survey.papers)
    ]
    return CollectionMap(revision, n_papers, tuple(points), tuple(themes))


def changed(
    drawn: CollectionMap, survey: Survey, revision: str, n_papers: int
) -> CollectionMap | None:
    """The same map with the papers that are there now; None where too many came or went.

    Args:
        drawn: The map.
        survey: The papers with their vectors.
        revision: Of the collection.
        n_papers: How many papers that has.
    """
    known = {point.paper_id: point for point in drawn.points}
    stayed = [at for at, paper in enumerate(survey.papers) if paper.paper_id in known]
    came = [at for at, paper in enumerate(survey.papers) if paper.paper_id not in known]
    n_changes = drawn.n_changes + len(came) + len(known) - len(stayed)
    if n_changes > _MAX_CHANGES * len(survey.papers):
        return None
    points = placed(survey.part(came), drawn, survey.part(stayed))
    for at in stayed:
        paper = survey.papers[at]
        point = known[paper.paper_id]
        points.append(_point(paper, (point.x, point.y), point.theme))
    points.sort(key=lambda point: point.paper_id)
    return CollectionMap(revision, n_papers, tuple(points), drawn.themes, n_changes)


def placed(survey: Survey, drawn: CollectionMap, laid_out: Survey) -> list[Point]:
    """Place more papers among those of a map: in the middle of the nearest, in their theme.

    Args:
        survey: The papers to be placed.
        drawn: The map.
        laid_out: Papers of the map, with their vectors.
    """
    at = {point.paper_id: point for point in drawn.points}
    neighbours = [at[paper.paper_id] for paper in laid_out.papers]
    if not neighbours or not survey.papers:
        return []
    near = nearest(survey.vectors, laid_out.vectors, _N_AMONG)
    points = []
    for paper, row in zip(survey.papers, near, strict=True):
        around = [neighbours[number] for number in row]
        middle = [sum(getattr(each, axis) for each in around) / len(around) for axis in "xy"]
        points.append(_point(paper, middle, around[0].theme))
    return points


def _theme(names: Sequence[str], places: NDArray[np.float32]) -> Theme:
    """A theme at the paper that has most others about it."""
    ways = np.square(places[:, None] - places[None]).sum(axis=-1)
    about = np.exp(-ways / _ABOUT**2).sum(axis=1)
    x, y = (round(float(each), 4) for each in places[int(np.argmax(about))])
    return Theme(names[0] if names else "", tuple(names[1:]), x, y)


def _point(paper: Paper, place: Sequence[float], theme: int) -> Point:
    days = tuple(sorted({each.day for each in paper.listed if each.day}))
    x, y = (round(each, 4) for each in place)
    return Point(paper.paper_id, paper.title, days, x, y, theme)

"""The steps of a map: papers and their vectors in, points and named themes out."""

from collections.abc import Callable, Sequence

from assistant.mapping.naming import name_groups
from assistant.mapping.placing import nearest, place
from assistant.mapping.types import CollectionMap, Point, Progress
from assistant.types import Paper
from store.surveying import Survey

__all__ = ["draw", "placed"]

_N_AMONG = 3
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
    groups = group(survey.vectors)
    tell(Progress("Naming themes", (1.0 + _PLACING) / 2))
    themes = name_groups(groups, survey.papers, terms)
    theme_of = {at: theme for theme, numbers in enumerate(groups) for at in numbers}
    points = [
        _point(paper, places[at].tolist(), theme_of[at]) for at, paper in enumerate(survey.papers)
    ]
    return CollectionMap(revision, n_papers, tuple(points), tuple(themes))


def placed(survey: Survey, drawn: CollectionMap, laid_out: Survey) -> list[Point]:
    """Place more papers among those of a map: in the middle of the nearest, in their theme.

    Args:
        survey: The papers to be placed.
        drawn: The map.
        laid_out: Papers of the map, with their vectors.
    """
    at = {point.paper_id: point for point in drawn.points}
    neighbours = [at[paper.paper_id] for paper in laid_out.papers]
    if not neighbours:
        return []
    near = nearest(survey.vectors, laid_out.vectors, _N_AMONG)
    points = []
    for paper, row in zip(survey.papers, near, strict=True):
        around = [neighbours[number] for number in row]
        middle = [sum(getattr(each, axis) for each in around) / len(around) for axis in "xy"]
        points.append(_point(paper, middle, around[0].theme))
    return points


def _point(paper: Paper, place: Sequence[float], theme: int) -> Point:
    days = tuple(sorted({each.day for each in paper.listed if each.day}))
    x, y = (round(each, 4) for each in place)
    return Point(paper.paper_id, paper.title, days, x, y, theme)

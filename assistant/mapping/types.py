"""What a map of a collection holds."""

from dataclasses import dataclass

__all__ = ["CollectionMap", "Point", "Progress", "Theme"]


@dataclass(frozen=True, slots=True)
class Point:
    """A paper on the map.

    Attributes:
        paper_id: Which.
        title: Its own.
        days: When it was listed, as in ``Listing.day``; none where unknown.
        x: From 0 at the left to 1.
        y: From 0 at the top to 1.
        theme: Number of its theme, from 0.
    """

    paper_id: str
    title: str
    days: tuple[str, ...]
    x: float
    y: float
    theme: int


@dataclass(frozen=True, slots=True)
class Theme:
    """Papers that belong together.

    Attributes:
        name: A phrase of their titles that others seldom have; "" where there is none.
        also: More such phrases.
        x: Where its papers lie most closely, as of a point.
        y: Likewise.
    """

    name: str
    also: tuple[str, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CollectionMap:
    """A collection, or a sample of a large one, laid out.

    Attributes:
        revision: Of the collection as it was then.
        n_papers: How many papers it had; more than there are points where these are a sample.
        points: By paper id.
        themes: The largest first.
        n_changes: How many papers came or went since all of them were laid out.
    """

    revision: str
    n_papers: int
    points: tuple[Point, ...]
    themes: tuple[Theme, ...]
    n_changes: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a map is.

    Attributes:
        doing: What is done at the moment, for people.
        share: How much is done, 0 to 1.
    """

    doing: str
    share: float

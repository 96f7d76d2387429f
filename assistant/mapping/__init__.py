"""A map of the collection: every paper a point, near papers near, grouped and named by theme."""

from assistant.mapping.maps import Maps
from assistant.mapping.types import CollectionMap, Point, Progress, Theme

__all__ = ["CollectionMap", "Maps", "Point", "Progress", "Theme"]

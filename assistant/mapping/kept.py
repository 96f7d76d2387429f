"""A map in a file, so that it is laid out once."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from assistant.mapping.types import CollectionMap, Point, Theme

__all__ = ["read_map", "write_map"]

_FORMAT = 1
"""Of the file and of how maps are made; another one is made anew."""


def write_map(drawn: CollectionMap, path: Path) -> None:
    """Write a map, in one step.

    Raises:
        OSError: The folder cannot be written to.
    """
    staged = path.with_name(f"{path.name}.{os.getpid()}.new")
    staged.write_text(json.dumps({"format": _FORMAT, **asdict(drawn)}), encoding="utf-8")
    staged.replace(path)


def read_map(path: Path) -> CollectionMap | None:
    """Read a map; None where there is none that this version can read."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            return None
        points = [Point(**each | {"days": tuple(each["days"])}) for each in told["points"]]
        themes = [Theme(**each | {"also": tuple(each["also"])}) for each in told["themes"]]
        about = (told["revision"], told["n_papers"], tuple(points), tuple(themes))
        return CollectionMap(*about, told["n_changes"])
    except (OSError, ValueError, TypeError, KeyError):
        return None

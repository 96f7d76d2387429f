"""Homes that may not be written to, also by root."""

import ctypes
from pathlib import Path

__all__ = ["set_writable", "without_power"]


def without_power() -> None:
    """Take from root what lets it write where its permissions forbid it, for good once it execs."""
    drop_from_bounding_set, override, read_search, owner = 24, 1, 2, 3
    for capability in (override, read_search, owner):
        ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)


def set_writable(home: Path, *, writable: bool) -> None:
    """Let everything in a home be written to, or nothing."""
    for path in sorted([home, *home.rglob("*")]):
        path.chmod((0o700 if path.is_dir() else 0o600) & (0o777 if writable else 0o555))

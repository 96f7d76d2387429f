"""Filters by name, checked: for those who show people what they narrow by."""

from store.errors import FilterError
from store.filters import make_filters

__all__ = ["FilterError", "make_filters"]

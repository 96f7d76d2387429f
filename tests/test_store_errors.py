"""Our tree of errors, and that every error of a vendor ends in it."""

import inspect
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import chromadb.errors
import pytest

from store import errors
from store.catalog_file import errors_named
from store.dense import DenseIndex
from store.errors import HomeError, IndexDamagedError, StoreError, damage_reported
from tests.papers import HashEncoder

_DRAWN = re.compile(r"^(?P<indent>[│├└─ ]*)(?P<name>\w+Error)\b", re.MULTILINE)


def drawn_tree(docstring: str) -> dict[str, str]:
    """Each class drawn in a module's docstring, and the class it hangs on."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for match in _DRAWN.finditer(docstring):
        depth = len(match["indent"])
        above = [(at, name) for at, name in above if at < depth]
        parents[match["name"]] = above[-1][1] if above else "Exception"
        above.append((depth, match["name"]))
    return parents


def real_tree(module: object) -> dict[str, str]:
    """Each error class of a module, and its parent."""
    return {
        name: each.__base__.__name__
        for name, each in vars(module).items()
        if inspect.isclass(each) and issubclass(each, Exception)
    }


def test_the_tree_in_the_docstring_is_the_real_one() -> None:
    assert drawn_tree(errors.__doc__ or "") == real_tree(errors)


def test_every_error_is_exported_and_says_when_to_catch_it() -> None:
    assert set(real_tree(errors)) <= set(errors.__all__)
    assert errors.__all__ == sorted(errors.__all__)
    assert all(getattr(errors, name).__doc__ for name in real_tree(errors))


def test_only_a_busy_home_is_worth_another_try() -> None:
    retryable = {name for name in real_tree(errors) if getattr(errors, name).retryable}
    assert retryable == {"HomeBusyError"}


def _subclasses(root: type[BaseException]) -> Iterator[type[BaseException]]:
    yield root
    for each in root.__subclasses__():
        yield from _subclasses(each)


def _made(kind: type[BaseException]) -> BaseException:
    """An error of a class, whatever its constructor asks for."""
    error = kind.__new__(kind)
    error.args = ("something broke",)
    return error


class PanicException(BaseException):
    """What a panic of a Rust core looks like; a class that cannot be imported."""


_CHROMA = {
    *_subclasses(chromadb.errors.ChromaError),
    *(each for _, each in inspect.getmembers(chromadb.errors, inspect.isclass)),
}
_OF_CHROMA = sorted(
    (each for each in _CHROMA if issubclass(each, Exception)), key=lambda each: each.__name__
)


@pytest.mark.parametrize(
    "kind",
    [*_OF_CHROMA, ValueError, OSError, RuntimeError, PanicException],
    ids=lambda kind: kind.__name__,
)
def test_whatever_chroma_raises_is_damage_of_the_index(
    tmp_path: Path, kind: type[BaseException]
) -> None:
    index = DenseIndex(tmp_path / "chroma", HashEncoder())
    original = _made(kind)
    with pytest.raises(IndexDamagedError) as caught, index._shared.collection():
        raise original
    assert str(tmp_path / "chroma") in str(caught.value)
    assert caught.value.__cause__ is original
    index.close()


@pytest.mark.parametrize("kind", [ValueError, OSError, RuntimeError, PanicException])
def test_whatever_tantivy_raises_is_damage_of_the_index(
    tmp_path: Path, kind: type[BaseException]
) -> None:
    original = _made(kind)
    with pytest.raises(IndexDamagedError) as caught, damage_reported(tmp_path):
        raise original
    assert caught.value.__cause__ is original


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit, KeyError])
def test_what_is_no_damage_passes_as_it_is(tmp_path: Path, kind: type[BaseException]) -> None:
    with pytest.raises(kind), damage_reported(tmp_path):
        raise kind


_OF_SQLITE = sorted(_subclasses(sqlite3.Error), key=lambda each: each.__name__)


@pytest.mark.parametrize("kind", _OF_SQLITE, ids=lambda kind: kind.__name__)
def test_whatever_sqlite_raises_is_a_fault_of_the_home(
    tmp_path: Path, kind: type[BaseException]
) -> None:
    original = _made(kind)
    with pytest.raises(HomeError) as caught, errors_named(tmp_path / "papers.sqlite3"):
        raise original
    assert str(tmp_path / "papers.sqlite3") in str(caught.value)
    assert caught.value.__cause__ is original


def test_every_error_of_ours_is_a_store_error() -> None:
    assert all(issubclass(getattr(errors, name), StoreError) for name in real_tree(errors))

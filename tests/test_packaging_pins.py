"""constraints.txt pins, with hashes and no addresses, all that pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ROOT = Path(__file__).parents[1]
_PINS = (_ROOT / "constraints.txt").read_text(encoding="utf-8")
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_SECTIONS = dict(re.findall(r"^# \[(\w+)\]\n(.*?)(?=^# \[|\Z)", _PINS, re.MULTILINE | re.DOTALL))


def _pinned(section: str) -> dict[str, str]:
    """Versions by name."""
    lines = _SECTIONS[section].splitlines()
    requirements = [
        Requirement(line.rstrip(" \\")) for line in lines if line and not line.startswith(" ")
    ]
    assert all(re.fullmatch(r"==[^*,]+", str(each.specifier)) for each in requirements)
    versions = {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in requirements
    }
    assert len(versions) == len(requirements), "a name is pinned twice"
    return versions


@pytest.mark.parametrize(
    "requirement", [*_PROJECT["project"]["dependencies"], *_PROJECT["build-system"]["requires"]]
)
def test_every_dependency_is_pinned_to_a_version_that_it_allows(requirement: str) -> None:
    wanted = Requirement(requirement)
    assert wanted.specifier.contains(_pinned("run")[canonicalize_name(wanted.name)])


@pytest.mark.parametrize(
    ("section", "requirement"),
    [
        (section, requirement)
        for section in ("dev", "bench")
        for requirement in _PROJECT["project"]["optional-dependencies"][section]
    ],
)
def test_every_tool_is_pinned_to_a_version_that_it_allows(section: str, requirement: str) -> None:
    wanted = Requirement(requirement)
    pinned = _pinned("run") | _pinned("dev") | _pinned(section)
    assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)])


def test_the_program_is_installed_without_the_development_tools() -> None:
    run, dev, bench = _pinned("run"), _pinned("dev"), _pinned("bench")
    assert not run.keys() & dev.keys()
    assert not (run.keys() | dev.keys()) & bench.keys()
    assert {"pytest", "playwright", "mypy", "ruff"} <= dev.keys()


def test_nothing_pinned_is_as_large_as_torch() -> None:
    pinned = _pinned("run") | _pinned("dev") | _pinned("bench")
    assert not [name for name in pinned if name == "torch" or name.startswith("nvidia")]


def test_every_pin_has_hashes_and_no_address() -> None:
    pins = re.split(r"\n(?=\S)", "\n".join(_SECTIONS.values()))
    pins = [pin for pin in pins if pin.strip()]
    assert pins
    for pin in pins:
        first, *hashes = pin.strip().split(" \\\n")
        assert hashes, f"no hash: {first}"
        assert all(re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}", each) for each in hashes), first
    assert "://" not in _PINS
    assert "--index" not in _PINS

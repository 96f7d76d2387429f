"""The second start does no set-up work, and a change of the pins brings it back."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_SOURCES = ("Makefile", "constraints.txt", "pyproject.toml")
_STAMPS = ("made", "installed", "installed-dev")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that was set up: each file a second younger than the one before."""
    for name in _SOURCES:
        shutil.copy(_ROOT / name, tmp_path / name)
    (tmp_path / ".venv").mkdir()
    stamps = [tmp_path / ".venv" / name for name in _STAMPS]
    for seconds, path in enumerate([*(tmp_path / name for name in _SOURCES), *stamps]):
        path.touch()
        os.utime(path, (seconds, seconds))
    return tmp_path


def test_a_checkout_that_is_set_up_only_serves(checkout: Path) -> None:
    assert _planned(checkout, "run", "PORT=8080") == [
        "exec .venv/bin/paper-assistant serve --host 127.0.0.1 --port 8080"
    ]


def test_a_new_checkout_is_set_up_before_it_serves(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    *set_up, last = _planned(checkout, "run")
    assert any("-m venv" in line for line in set_up)
    assert any("pip install" in line for line in set_up)
    assert "paper-assistant serve" in last


@pytest.mark.parametrize("name", ["constraints.txt", "pyproject.toml"])
def test_changed_pins_are_installed_anew(checkout: Path, name: str) -> None:
    (checkout / name).touch()
    planned = _planned(checkout, "install")
    assert any("pip install" in line for line in planned)
    assert not any("-m venv" in line for line in planned)


@pytest.mark.parametrize("target", ["browser", "bench"])
def test_every_package_fetched_must_match_its_hash(checkout: Path, target: str) -> None:
    shutil.rmtree(checkout / ".venv")
    planned = "\n".join(_planned(checkout, target)).replace("\\\n", "")
    installs = [each for each in re.split(r"&&|;|\n", planned) if "pip install" in each]
    assert installs
    for each in installs:
        assert "--require-hashes" in each or "--no-deps --no-build-isolation" in each


def test_help_lists_every_target(checkout: Path) -> None:
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    (phony,) = (line for line in makefile.splitlines() if line.startswith(".PHONY:"))
    listed = [line.split()[0] for line in _make(checkout, "help").splitlines()]
    assert {*listed, "help"} == set(phony.removeprefix(".PHONY:").split())


def _planned(checkout: Path, *arguments: str) -> list[str]:
    """The commands that make would run."""
    return _make(checkout, "--dry-run", *arguments).splitlines()


def _make(checkout: Path, *arguments: str) -> str:
    """What make prints, without the flags of a make that runs the tests."""
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    run = subprocess.run(
        ["make", *arguments], cwd=checkout, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return run.stdout

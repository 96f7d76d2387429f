"""The wheel alone is the whole program: it answers in an environment that knows no checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("assistant", "prompts", "store", "ui")
_QUESTION = "How can I tell whether pre-training a graph network will pay off?"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"),
        *("--no-build-isolation", "--wheel-dir", folder, _ROOT),
        cwd=folder,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a new environment: the wheel, and the packages of others that tests run on.

    Those are lent by a path entry; `python -m tests.bench.wheel` installs them for real.
    """
    folder = tmp_path_factory.mktemp("environment")
    _run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    _run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet"),
        *("--no-deps", "--no-index", wheel),
        cwd=folder,
    )
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python.parent


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith(_PACKAGES)}
    on_disk = {
        path.relative_to(_ROOT).as_posix()
        for package in _PACKAGES
        for path in (_ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == on_disk


@pytest.mark.parametrize(
    "pattern",
    [
        "store/starter/papers.jsonl",
        "store/weights/*/model.safetensors",
        "store/weights/*/tokenizer.json",
        "ui/**/*.css",
    ],
)
def test_what_is_no_code_is_there_to_be_packed(pattern: str) -> None:
    assert list(_ROOT.glob(pattern))


def test_the_packages_come_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    program = f"import {', '.join(_PACKAGES)}, sys; print(sys.prefix)\n" + "\n".join(
        f"print({package}.__file__)" for package in _PACKAGES
    )
    prefix, *files = _run(installed / "python", "-c", program, cwd=tmp_path).splitlines()
    assert Path(prefix) == installed.parent
    assert len(files) == len(_PACKAGES)
    assert all(Path(file).is_relative_to(prefix) for file in files)


def test_the_installed_command_answers_away_from_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    home = tmp_path / "papers"
    command = [installed / "paper-assistant", "ask", _QUESTION, "--json", "--home", home]
    answer = json.loads(_run(*command, cwd=tmp_path))
    assert not answer["refused"]
    assert answer["citations"]
    assert "[1]" in answer["text"]
    shown = [installed / "paper-assistant", "papers", "show", "--json", "--home", home]
    for citation in answer["citations"]:
        paper = json.loads(_run(*shown, citation["paper_id"], cwd=tmp_path))
        assert paper["abstract"][citation["start"] : citation["end"]] == citation["quote"]


def _run(*command: str | Path, cwd: Path) -> str:
    """Run a command that must succeed and give its standard output."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
    return run.stdout

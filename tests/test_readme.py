"""README's code is run as it stands, and what it says of settings and commands is complete."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import ENVIRONMENT
from store.readers.fields import FIELDS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def blocks(language: str) -> list[str]:
    """The fenced blocks of README in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def run(command: list[str], folder: Path, home: Path) -> str:
    """Run a command with a home of its own and give what it printed."""
    environment = {
        **os.environ,
        "PAPER_ASSISTANT_HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_answer_in_the_readme_is_the_one_that_is_printed(home: Path, tmp_path: Path) -> None:
    (block,) = blocks("console")
    command, _, answer = block.partition("\n")
    printed = run(["bash", "-ec", command.removeprefix("$ ")], tmp_path, home)
    assert printed == answer


@pytest.mark.parametrize("block", blocks("python"), ids=lambda text: text.split("\n")[0])
def test_the_python_in_the_readme_runs(block: str, home: Path, tmp_path: Path) -> None:
    assert run([sys.executable, "-c", block], tmp_path, home)


@pytest.mark.parametrize(
    "block",
    [block for block in blocks("sh") if "make run" not in block and "pipx" not in block],
    ids=lambda text: text.split("\n")[0][:40],
)
def test_the_commands_in_the_readme_run(block: str, home: Path, tmp_path: Path) -> None:
    assert run(["bash", "-ec", block], tmp_path, home)


def test_every_setting_is_in_the_readme() -> None:
    assert [name for name in ENVIRONMENT if f"PAPER_ASSISTANT_{name}" not in README] == []


def test_every_name_of_a_field_is_in_the_readme() -> None:
    mapping = README.partition("| Field | Names in a file |")[2].partition("\n\n")[0]
    rows = {row.split("|")[1].strip(" `"): row for row in mapping.splitlines()[2:]}
    for field, names in FIELDS.items():
        assert set(re.findall(r"`(\w+)`", rows[field].split("|", 2)[2])) == set(names)


def test_every_command_is_in_the_readme(tmp_path: Path) -> None:
    listed = run([sys.executable, "-m", "assistant.cli", "--help"], tmp_path, tmp_path / "home")
    commands = re.findall(r"^  ([a-z-]+)  ", listed.partition("Commands:")[2], re.MULTILINE)
    assert len(commands) >= 6
    assert [name for name in commands if f"paper-assistant {name}" not in README] == []

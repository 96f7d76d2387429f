"""Commands of the shell: in this process, as most of a short one is Python's start, or apart."""

import os
import subprocess
import sys
from subprocess import CompletedProcess
from unittest.mock import patch

from typer.testing import CliRunner

from assistant.cli import app


def run_here(*arguments: object, **environment: str) -> CompletedProcess[str]:
    """What a command prints where, and how it ends.

    What is logged stays away, and an error that the command does not tell in a line is raised.
    """
    with patch.dict(os.environ):  # the address of a server comes to all of a process by it
        done = CliRunner().invoke(app, [*map(str, arguments)], env=environment)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def run_apart(*arguments: object, **environment: str) -> CompletedProcess[str]:
    """The same in a process of its own, as a shell runs it."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

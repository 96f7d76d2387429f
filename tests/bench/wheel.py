"""The wheel in an empty environment, every dependency installed for real, asked a question.

Versions are those that a user's pip chooses, not the pins. `python -m tests.bench.wheel`
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

_ROOT = Path(__file__).parents[2]
_QUESTION = "How can I tell whether pre-training a graph network will pay off?"


def main() -> None:
    """Print seconds for the installation and for the first two questions."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _run(sys.executable, "-m", "venv", "environment", folder=folder)
        scripts = folder / "environment" / "bin"
        install_s, _ = _run(scripts / "pip", "install", "--quiet", _ROOT, folder=folder)
        print(f"pip install             {install_s:6.1f} s")
        for nth in ("first", "second"):
            command = (scripts / "paper-assistant", "ask", _QUESTION, "--json", "--home", "papers")
            ask_s, printed = _run(*command, folder=folder)
            answer = json.loads(printed)
            assert answer["citations"]
            print(f"{nth:6} question         {ask_s:6.1f} s, {len(answer['citations'])} citations")


def _run(*command: str | Path, folder: Path) -> tuple[float, str]:
    """Seconds that a command took in a folder, and what it printed."""
    begun = perf_counter()
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
    return perf_counter() - begun, run.stdout


if __name__ == "__main__":
    main()

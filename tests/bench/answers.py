"""Answers, refusals, follow-ups and summaries on the development set over the five pages.

What `paper-assistant evaluate` measures, with its options: `python -m tests.bench.answers
[--json] [--worst N] [--against EARLIER.json] [--out FILE.jsonl]`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import Assistant
from assistant.cli import app
from tests.bench.common import PAGES, SHARED


def main() -> None:
    """Store the five pages in a home of their own, and evaluate."""
    if not SHARED.is_dir():
        print("The questions and pages lie beside the checkout, and are not there.")
        return
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with Assistant(home, starter=False) as assistant:
            assistant.ingest(*PAGES)
        app(["evaluate", str(SHARED / "eval" / "dev"), "--home", str(home), *sys.argv[1:]])


if __name__ == "__main__":
    main()

"""The shell's ingest over files of odd names."""

import json
from pathlib import Path

from typer.testing import CliRunner

from assistant.cli import app
from tests.papers import bundled_encoder


def test_a_file_of_any_name_is_read_and_named_in_signs_that_a_terminal_only_shows(
    tmp_path: Path,
) -> None:
    good = b'{"title": "Tides", "abstract": "Recall rises."}\nno JSON\n'
    odd = tmp_path / "red \x1b[31m\nbell \x07 byte \udcff.jsonl"
    odd.write_bytes(good)
    found = CliRunner().invoke(
        app,
        ["ingest", str(odd), "--home", str(tmp_path / "home"), "--json"],
        env={"PAPER_ASSISTANT_ENCODER": bundled_encoder().name},
    )
    assert found.exit_code == 0, found.output
    (rejected,) = json.loads(found.stdout)["rejected"]
    assert (rejected["source"], rejected["line"]) == (str(odd), 2)
    assert r"red \x1b[31m bell \x07 byte \udcff.jsonl:2: is no valid JSON" in found.stderr
    assert not {"\x1b", "\x07"} & set(found.stderr)

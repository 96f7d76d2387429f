import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Assistant
from assistant.cli import app

_PAPERS = (
    {"title": "Tides", "abstract": "We evaluate on the HarborLevels dataset of 41 harbors."},
    {"title": "Dolphins", "abstract": "River dolphins whistle in turbid water."},
)
_ASKED = "On which dataset is it evaluated?"
_QUOTE = "We evaluate on the HarborLevels dataset of 41 harbors."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    source = tmp_path / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, _PAPERS)))
    home = tmp_path / "home"
    with Assistant(home, starter=False) as assistant:
        assistant.ingest(source)
    return home


def _run(home: Path, *given: str) -> str:
    done = CliRunner().invoke(app, ["papers", "ask", *given, "--home", str(home)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_each_paper_is_printed_with_what_it_says(home: Path) -> None:
    lines = _run(home, _ASKED).splitlines()
    assert lines == ["Dolphins", "  –", "Tides", f"  {_QUOTE}"]


def test_json_has_the_offsets_and_the_probability(home: Path) -> None:
    told = json.loads(_run(home, _ASKED, "--json"))
    assert told["question"] == _ASKED
    dolphins, tides = told["papers"]
    assert (dolphins["quote"], dolphins["start"], dolphins["end"]) == ("", 0, 0)
    assert (tides["title"], tides["quote"], tides["start"]) == ("Tides", _QUOTE, 0)
    assert dolphins["answerable"] < tides["answerable"]
    alone = json.loads(_run(home, _ASKED, tides["paper_id"], "--json"))
    assert [each["title"] for each in alone["papers"]] == ["Tides"]


def test_a_table_has_the_question_as_a_column(home: Path) -> None:
    rows = list(csv.DictReader(_run(home, _ASKED, "--as", "csv").splitlines()))
    assert [row[_ASKED] for row in rows] == ["", _QUOTE]

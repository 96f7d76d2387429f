"""Looking after a home from Python and from the shell."""

import json
from pathlib import Path

import pytest

import assistant
from assistant import Assistant
from store.errors import EncoderMismatchError
from tests.papers import PAPERS, write_papers
from tests.shell import run_here

_ROOT = Path(__file__).parents[1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The test papers in a home of the encoder "static-256"."""
    with Assistant(tmp_path / "home", starter=False, encoder="static-256") as made:
        made.ingest(write_papers(tmp_path / "a.jsonl"))
    return tmp_path / "home"


def _run(*command: str) -> tuple[int, str, str]:
    done = run_here(*command)
    return done.returncode, done.stdout, done.stderr


def test_another_encoder_is_refused_until_the_home_is_encoded_anew(home: Path) -> None:
    with pytest.raises(EncoderMismatchError, match="`paper-assistant re-encode`"):
        Assistant(home, encoder="mini3")
    told: list[tuple[int, int]] = []
    assert assistant.re_encode("mini3", home, lambda *at: told.append(at)) == "mini3"
    assert told == [(len(PAPERS), len(PAPERS))]
    with Assistant(home) as opened:
        assert opened.encoder.name == "mini3"
        (hit,) = opened.search("mapping glaciers with a camera on a kite", k=1)
        assert hit.paper.title == "Glacier Tongues Seen from Kites"
    status, out, err = _run("re-encode", "static-256", "--home", str(home), "--json")
    assert (status, json.loads(out), err) == (0, {"encoder": "static-256"}, "")
    with Assistant(home) as opened:
        assert opened.encoder.name == "static-256"


def test_an_encoder_that_is_none_leaves_the_home_alone(home: Path) -> None:
    status, out, err = _run("re-encode", "no-such", "--home", str(home))
    assert (status, out) == (1, "")
    assert "no-such" in err
    assert len(err.splitlines()) == 1
    with Assistant(home) as opened:
        assert opened.encoded() == (len(PAPERS), len(PAPERS))


def test_a_copy_is_made_while_the_home_is_open_and_opens(home: Path, tmp_path: Path) -> None:
    with Assistant(home) as opened:
        status, out, err = _run("backup", str(tmp_path / "copy"), "--home", str(home))
        assert (status, err) == (0, "")
        assert out.endswith(f"MB to {tmp_path / 'copy'}; --home {tmp_path / 'copy'} opens it.\n")
        question = "What does a camera on a kite map?"
        with Assistant(tmp_path / "copy") as copied:
            assert copied.papers() == opened.papers()
            assert copied.ask(question).text == opened.ask(question).text
    status, out, err = _run("backup", str(tmp_path / "copy"), "--home", str(home))
    assert (status, out, "is not empty" in err) == (1, "", True)


def test_room_is_given_back(home: Path) -> None:
    with Assistant(home) as opened:
        ids = [paper.paper_id for paper in opened.papers()][:5]
        opened.remove(*ids)
    status, out, err = _run("compact", "--home", str(home), "--json")
    assert (status, json.loads(out), err) == (0, {"forgotten": 4}, "")
    assert assistant.compact(home) == 0
    with Assistant(home) as opened:
        assert opened.count() == len(PAPERS) - 5

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from store.errors import EncoderMismatchError, HomeBusyError, HomeError
from store.home import Home, MadeWith

_MADE_WITH = MadeWith("static-256", 256, 200, 50)


def _marked(folder: Path) -> Home:
    home = Home(folder)
    home.catalog.write_bytes(b"papers")
    home.mark(_MADE_WITH)
    return home


def test_a_new_home_is_made_and_marked(tmp_path: Path) -> None:
    home = Home(tmp_path / "a" / "b")
    assert home.is_new
    assert list((tmp_path / "a" / "b").iterdir()) == []
    home = _marked(tmp_path / "a" / "b")
    assert not home.is_new
    assert json.loads((home.folder / "home.json").read_text(encoding="utf-8")) == {
        "encoder": "static-256",
        "dimension": 256,
        "chunk_size": 200,
        "chunk_overlap": 50,
        "format": 2,
    }
    home.check(_MADE_WITH)
    assert {path.name for path in home.folder.iterdir()} == {"home.json", "papers.sqlite3"}


@pytest.mark.parametrize(
    "other",
    [MadeWith("mini3", 256, 200, 50), MadeWith("static-256", 384, 200, 50)],
    ids=["name", "dimension"],
)
def test_a_home_of_another_encoder_is_refused(tmp_path: Path, other: MadeWith) -> None:
    home = _marked(tmp_path)
    with pytest.raises(EncoderMismatchError) as caught:
        home.check(other)
    assert str(caught.value) == (
        f"{tmp_path} was made with encoder 'static-256' (256 dimensions), not {other.encoder!r};"
        " name that encoder, or another --home; or give the home another encoder with"
        " `paper-assistant re-encode`"
    )


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b"[]", b"null", b"7", b'"text"', b"\xff\xfe", b"{}", b'{"format": "3"}', b"[" * 9],
)
def test_a_damaged_mark_is_named(tmp_path: Path, damaged: bytes) -> None:
    home = _marked(tmp_path)
    (tmp_path / "home.json").write_bytes(damaged)
    with pytest.raises(HomeError) as caught:
        home.check(_MADE_WITH)
    assert str(caught.value).startswith(f"{tmp_path / 'home.json'} is damaged: ")
    assert str(caught.value).endswith("; restore it from a backup")


def test_a_home_of_a_later_version_is_refused_whatever_else_it_says(tmp_path: Path) -> None:
    home = _marked(tmp_path)
    (tmp_path / "home.json").write_text('{"format": 3, "reranker": "x"}', encoding="utf-8")
    with pytest.raises(HomeError) as caught:
        home.check(_MADE_WITH)
    assert str(caught.value) == f"{tmp_path} was made by a later version; upgrade to open it"


@pytest.mark.parametrize("lost", ["missing", "empty"])
def test_a_home_that_lost_its_papers_is_refused(tmp_path: Path, lost: str) -> None:
    home = _marked(tmp_path)
    home.catalog.unlink()
    if lost == "empty":
        home.catalog.touch()
    with pytest.raises(HomeError) as caught:
        home.check(_MADE_WITH)
    assert str(caught.value) == (f"{home.catalog} is missing or empty; restore it from a backup")


def test_a_folder_of_something_else_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("Years of work.", encoding="utf-8")
    with pytest.raises(HomeError) as caught:
        Home(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} is not a home folder and not empty; name an empty or a new one with --home"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_home_whose_making_was_interrupted_is_taken_up(tmp_path: Path) -> None:
    for name in ("papers.sqlite3", "papers.sqlite3-wal", "writing.lock", "home.json.new"):
        (tmp_path / name).touch()
    (tmp_path / "chroma").mkdir()
    assert Home(tmp_path).is_new


@pytest.mark.parametrize("path", ["file", "file/below", "with\0nul", "x" * 300])
def test_a_path_that_can_be_no_folder_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeError) as caught:
        Home(tmp_path / path)
    assert re.fullmatch(
        r"'.*' cannot be used as a home folder \(.+\); name another one with --home",
        str(caught.value),
    )


def test_a_home_that_cannot_be_written_to_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / "home.json.new").mkdir()
    (tmp_path / "writing.lock").mkdir()
    with pytest.raises(HomeError, match="cannot be written to"):
        home.mark(_MADE_WITH)
    with pytest.raises(HomeError, match="cannot be written to"), home.writing():
        pass


def test_another_process_that_writes_is_waited_for_and_then_named(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(HomeBusyError) as caught, Home(tmp_path).writing(wait_s=0.01):
            pass
        assert str(caught.value) == (
            f"{tmp_path} is being written to by another process; try again when it is done"
        )
        holder.kill()
    with Home(tmp_path).writing(wait_s=10):
        pass


_HOLD = """
import sys
from pathlib import Path
from store.home import Home
with Home(Path(sys.argv[1])).writing():
    print("held", flush=True)
    sys.stdin.read()
"""


_TAKING_TURNS = """
import sys
from pathlib import Path
from store.home import Home
home = Home(Path(sys.argv[1]))
print("waiting", flush=True)
with home.writing(wait_s=60):
    print("writes", flush=True)
"""


def test_who_waits_to_write_comes_before_one_who_has_just_written(tmp_path: Path) -> None:
    home = _marked(tmp_path)
    with home.writing():
        command = [sys.executable, "-c", _TAKING_TURNS, str(tmp_path)]
        other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert other.stdout is not None
        assert other.stdout.readline() == "waiting\n"
        turn = FileLock(tmp_path / "writing.turn")
        while True:  # until the other one has taken the turn
            try:
                turn.acquire(timeout=0)
            except Timeout:
                break
            turn.release()
    with home.writing(wait_s=60):
        assert other.communicate(timeout=60) == ("writes\n", None)

"""Giving a home another encoder: all of it or nothing, and nothing lost in between."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from assistant.own_field import adapt_encoder, restore_encoder
from store.collection import Collection
from store.encoders import Encoder, Vectors
from store.errors import EncoderError, EncoderMismatchError, HomeBusyError, HomeError
from store.home import Home, recorded_encoder
from store.reencoding import encode_anew
from tests.encoder_folders import onnx_folder
from tests.field_papers import write_field
from tests.papers import TITLES, HashEncoder, write_papers

_ROOT = Path(__file__).parents[1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Twelve papers in a home of the encoder "first"."""
    collection = Collection(tmp_path / "home", HashEncoder("first", 128), starter=False)
    collection.ingest([write_papers(tmp_path / "papers.jsonl")])
    collection.close()
    return tmp_path / "home"


def _found(home: Path, encoder: Encoder) -> list[str]:
    """What searching each title finds first, in a home of an encoder."""
    collection = Collection(home, encoder)
    nearest = [collection._dense.query(title, 1) for title in TITLES]
    papers = [collection.paper(hits[0][0].partition("#")[0]).title for hits in nearest]
    collection.close()
    return papers


def _entries(home: Path) -> set[str]:
    """What lies in a home, but for locks."""
    return {entry.name for entry in home.iterdir() if "lock" not in entry.name} - {"writing.turn"}


def test_a_home_uses_the_other_encoder_from_then_on(home: Path) -> None:
    before = _entries(home)
    told: list[tuple[int, int]] = []
    second = HashEncoder("second", dimension=192)
    encode_anew(home, second, lambda *step: told.append(step))
    assert told == [(12, 12)]
    assert any("barnacles" in text for text in second.encoded)
    assert _found(home, HashEncoder("second", dimension=192)) == list(TITLES)
    assert _entries(home) == before
    with pytest.raises(EncoderMismatchError, match="made with encoder 'second'"):
        Collection(home, HashEncoder("first", 128))


class _Failing(HashEncoder):
    def __init__(self, error: type[BaseException]) -> None:
        super().__init__("second", 128)
        self._error = error

    def encode(self, texts: Sequence[str]) -> Vectors:  # noqa: ARG002
        raise self._error("stopped")


@pytest.mark.parametrize("error", [KeyboardInterrupt, EncoderError])
def test_an_end_in_between_leaves_the_home_as_it_was(
    home: Path, error: type[BaseException]
) -> None:
    before = _entries(home)
    with pytest.raises(error):
        encode_anew(home, _Failing(error), lambda *_: None)
    assert _entries(home) == before
    first = HashEncoder("first", 128)
    assert _found(home, first) == list(TITLES)
    assert not any("barnacles on" in text for text in first.encoded), "nothing is encoded again"


_REENCODING = """
import sys
from pathlib import Path
from store.reencoding import encode_anew
from tests.papers import HashEncoder
encoder = HashEncoder(sys.argv[2], 32)
encode_anew(Path(sys.argv[1]), encoder, lambda *at: print(*at, flush=True), resumable=True)
print("encoded", len(encoder.encoded))
"""


def _reencoding(home: Path, name: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _REENCODING, str(home), name],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_encoding_anew_goes_on_where_it_was_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    home, n_papers = tmp_path / "home", 3_000
    many = [{"title": f"Title{n}", "abstract": f"Word{n} stands."} for n in range(n_papers)]
    first = HashEncoder("first", 32)
    collection = Collection(home, first, starter=False)
    collection.ingest([write_papers(tmp_path / "many.jsonl", many)])
    collection.close()
    with _reencoding(home, "second") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"200 {n_papers}\n"
        process.send_signal(stop)
        stopped_at = [200, *(int(line.split()[0]) for line in process.stdout)][-1]
    assert process.returncode != 0
    assert stopped_at < n_papers
    assert recorded_encoder(home) == "first"
    collection = Collection(home, HashEncoder("first", 32))
    assert collection.search("word2999 stands", 1)[0].paper.title == "Title2999"
    collection.close()
    with _reencoding(home, "second") as process:
        assert process.stdout is not None
        *_, last, told = process.stdout
    assert (process.returncode, last) == (0, f"{n_papers} {n_papers}\n")
    n_encoded = int(told.split()[1])
    if stop is signal.SIGINT:
        assert n_papers - stopped_at - 200 <= n_encoded <= n_papers - stopped_at
    else:  # where it was killed within a batch, all of it is encoded
        assert n_encoded <= n_papers
    assert recorded_encoder(home) == "second"
    collection = Collection(home, HashEncoder("second", 32))
    assert collection.encoded() == (n_papers, n_papers)
    assert collection._dense.query("Title2999 Word2999", 1)[0][1] > 0.9
    collection.close()
    assert "chroma.new" not in _entries(home)
    assert not (home / "chroma" / "encoding-for.json").exists()


def test_what_was_begun_with_another_encoder_is_not_gone_on_with(home: Path) -> None:
    class Stopping(HashEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            raise EncoderError(f"cannot encode {len(texts)}")

    with pytest.raises(EncoderError, match="cannot encode 13"):
        encode_anew(home, Stopping("second", 128), lambda *_: None, resumable=True)
    assert "chroma.new" in _entries(home)
    third = HashEncoder("third", 128)
    encode_anew(home, third, lambda *_: None, resumable=True)
    assert len(third.encoded) == 13
    assert _found(home, HashEncoder("third", 128)) == list(TITLES)


@pytest.mark.parametrize("n_renamed", [0, 1, 2])
def test_a_crash_in_the_swap_leaves_a_home_of_one_encoder_or_the_other(
    home: Path, monkeypatch: pytest.MonkeyPatch, n_renamed: int
) -> None:
    renames: list[Path] = []
    rename = Path.rename

    def crashing(self: Path, target: Path) -> Path:
        if self.name.startswith("chroma"):
            renames.append(self)
            if len(renames) > n_renamed:
                raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", crashing)
    if n_renamed < 2:
        with pytest.raises(KeyboardInterrupt):
            encode_anew(home, HashEncoder("second", 128), lambda *_: None)
    else:
        encode_anew(home, HashEncoder("second", 128), lambda *_: None)
    monkeypatch.undo()
    name = recorded_encoder(home)
    assert name == ("first" if n_renamed == 0 else "second")
    assert _found(home, HashEncoder(name, 128)) == list(TITLES)
    encode_anew(home, HashEncoder("third", 128), lambda *_: None)
    assert _found(home, HashEncoder("third", 128)) == list(TITLES)
    assert not list(home.glob("chroma.*ld")) + list(home.glob("chroma.new"))


def test_a_home_that_cannot_be_marked_keeps_its_vectors(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise HomeError("No space left")

    monkeypatch.setattr(Home, "mark", full)
    with pytest.raises(HomeError, match="No space left"):
        encode_anew(home, HashEncoder("second", 128), lambda *_: None)
    assert _found(home, HashEncoder("first", 128)) == list(TITLES)


def test_a_home_that_is_written_to_is_not_changed(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from store.home import Home\n"
        "with Home(Path(sys.argv[1])).writing(): print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home)],
        cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(HomeBusyError):
            encode_anew(home, HashEncoder("second", 128), lambda *_: None)
        other.stdin.write("\n")
        other.stdin.close()
    assert recorded_encoder(home) == "first"


def test_another_process_never_mixes_the_vectors_of_two_encoders(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from store.collection import Collection\n"
        "from tests.papers import HashEncoder; from store.errors import EncoderMismatchError\n"
        "collection = Collection(Path(sys.argv[1]), HashEncoder('first', 128))\n"
        "print(len(collection.search('lava')) > 0, flush=True); input()\n"
        "for do in (lambda: collection.search('lava'), lambda: collection.remove('p')):\n"
        "    try: do()\n"
        "    except EncoderMismatchError as error: print(error, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home)],
        cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "True\n"
        encode_anew(home, HashEncoder("second", 128), lambda *_: None)
        other.stdin.write("\n")
        other.stdin.close()
        said = other.stdout.read().splitlines()
    assert [line.partition(" was made with encoder ")[2][:8] for line in said] == ["'second'"] * 2


@pytest.fixture(scope="module")
def _field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of 1,000 papers of one field, with an encoder of letters."""
    folder = tmp_path_factory.mktemp("field")
    encoder = str(onnx_folder(folder / "letters"))
    with Assistant(folder / "home", starter=False, encoder=encoder) as assistant:
        assistant.ingest(write_field(folder / "papers.jsonl", 1_000))
    return folder / "home"


@pytest.fixture
def field(_field: Path, tmp_path: Path) -> Path:
    """The same, for one test alone."""
    return Path(shutil.copytree(_field, tmp_path / "field"))


def test_a_home_gets_an_encoder_of_its_own_and_gives_it_back(field: Path, tmp_path: Path) -> None:
    with Assistant(field) as assistant:
        base, titles = assistant.encoder, [paper.title for paper in assistant.papers()][:40]
        before = [assistant.search(title, k=3) for title in titles]
    told: list[tuple[str, int, int]] = []
    adaptation = adapt_encoder(field, lambda *step: told.append(step))
    assert adaptation.helps
    assert [what for what in dict.fromkeys(step[0] for step in told)] == [
        "Encoding", "Training", "Encoding the collection anew"
    ]  # fmt: skip
    assert told[-1] == ("Encoding the collection anew", 1_000, 1_000)
    moved = field.rename(tmp_path / "moved")
    with Assistant(moved) as assistant:
        assert assistant.encoder.name == recorded_encoder(moved).rpartition("/")[2]
        assert assistant.encoder.name.startswith("adapted-")
        vectors = assistant.encoder.encode(titles)
        assert not np.allclose(vectors, base.encode(titles), atol=0.1)
        first = [assistant.search(title, k=1)[0].paper.title for title in titles]
    first_before = [hits[0].paper.title for hits in before]
    assert sum(map(str.__eq__, first, titles)) >= sum(map(str.__eq__, first_before, titles))
    again = adapt_encoder(moved, lambda *_: None)
    assert again.before == adaptation.before, "it is the encoder beneath that is adapted"
    assert len(list(moved.glob("adapted-*"))) == 1
    assert restore_encoder(moved, lambda *_: None) == base.name
    with Assistant(moved) as assistant:
        assert assistant.encoder.name == base.name
        assert [assistant.search(title, k=3) for title in titles] == before
    assert not list(moved.glob("adapted-*"))
    with pytest.raises(EncoderError, match="was not adapted; there is nothing to restore"):
        restore_encoder(moved, lambda *_: None)


def test_an_interrupted_adaptation_leaves_nothing_behind(
    field: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("store.reencoding._encode", interrupted)
    before = _entries(field)
    with pytest.raises(KeyboardInterrupt):
        adapt_encoder(field, lambda *_: None)
    assert _entries(field) == before

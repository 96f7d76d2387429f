"""``paper-assistant train-encoder``: what it prints; nothing is changed where it says so."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from assistant.own_field import adaptation_as_dict, adaptation_as_text
from store.adapted_encoder import AdaptedEncoder, write_adapted
from store.adapting.adapt import Adaptation, Figures
from store.errors import EncoderError
from store.home import recorded_encoder
from store.reencoding import encode_anew
from tests.encoder_folders import onnx_folder
from tests.field_papers import write_field
from tests.papers import write_papers
from tests.shell import run_here

_ROOT = Path(__file__).parents[1]


def _train(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_here("train-encoder", "--home", home, *arguments, **environment)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    with Assistant(tmp_path / "small", starter=False, encoder="static-256") as assistant:
        assistant.ingest(write_papers(tmp_path / "papers.jsonl"))
    return tmp_path / "small"


def test_an_encoder_is_trained_used_and_restored(tmp_path: Path) -> None:
    home, letters = tmp_path / "home", str(onnx_folder(tmp_path / "letters"))
    with Assistant(home, starter=False, encoder=letters) as assistant:
        assistant.ingest(write_field(tmp_path / "papers.jsonl", 1_000))
    done = _train(home, "--json")
    assert (done.stderr, done.returncode) == ("", 0)
    told = json.loads(done.stdout)
    assert (told["helps"], told["papers"], told["queries"]) == (True, 1_000, 375)
    assert told["after"]["mrr_at_10"] > told["before"]["mrr_at_10"] + 0.02
    assert Path(recorded_encoder(home)).name.startswith("adapted-")
    done = _train(home, "--restore")
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.startswith(f"The collection uses {letters}@")
    assert recorded_encoder(home) == letters


def test_too_few_papers_are_refused_in_a_line(small: Path) -> None:
    done = _train(small)
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)
    assert done.stderr.startswith(
        "Of the 12 papers 12 have an abstract of two sentences, and 1,000"
    )
    assert recorded_encoder(small) == "static-256"


def test_there_is_nothing_to_restore_in_a_home_that_was_not_adapted(small: Path) -> None:
    done = _train(small, "--restore")
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)
    assert "'static-256', which was not adapted" in done.stderr


@pytest.mark.parametrize("lost", ["matrix.npy", "adapted.json", "weights"])
def test_a_home_whose_adapted_encoder_is_lost_finds_its_way_back(small: Path, lost: str) -> None:
    with Assistant(small) as assistant:
        base = assistant.encoder
    matrix = np.eye(base.dimension, dtype=np.float32)
    folder = write_adapted(small, base, matrix, {})
    encode_anew(small, AdaptedEncoder(folder, base=base), lambda *_: None)
    if lost == "weights":
        about = json.loads((folder / "adapted.json").read_text())
        (folder / "adapted.json").write_text(json.dumps(about | {"probe": about["probe"][::-1]}))
    else:
        (folder / lost).write_bytes(b"")
    with pytest.raises(EncoderError, match=r"`paper-assistant train-encoder --restore` goes back"):
        Assistant(small)
    done = _train(small, "--restore", "--json", PAPER_ASSISTANT_ENCODER="static-256")
    assert (done.stderr, done.returncode) == ("", 0)
    assert json.loads(done.stdout) == {"encoder": "static-256"}
    with Assistant(small) as assistant:
        assert assistant.search("lava")[0].paper.title.startswith("Forecasting Lava")


def test_a_home_whose_encoder_the_environment_names_gets_none_of_its_own(small: Path) -> None:
    done = _train(small, PAPER_ASSISTANT_ENCODER="static-256")
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)
    assert done.stderr.startswith("PAPER_ASSISTANT_ENCODER is 'static-256', and the home is to")


@pytest.mark.parametrize("sure", [True, False])
def test_figures_are_told_whether_it_helps_or_not(sure: bool) -> None:
    adaptation = Adaptation(
        matrix=None,  # type: ignore[arg-type]
        n_papers=5_183,
        n_queries=1_941,
        before=Figures(0.5504, 0.625),
        after=Figures(0.585, 0.662),
        sure=sure,
    )
    figures = (
        "Given 1,941 titles and sentences that were kept from training, the right one of 5,183"
        " papers came first for 55.0% before and for 58.5% after (MRR@10 0.625 and 0.662).\n"
    )
    text = adaptation_as_text(adaptation)
    assert text.startswith(figures)
    assert ("nothing was changed" in text) is not sure
    assert ("--restore` goes back" in text) is sure
    assert adaptation_as_dict(adaptation) == {
        "helps": sure,
        "papers": 5_183,
        "queries": 1_941,
        "before": {"right_paper_first": 0.5504, "mrr_at_10": 0.625},
        "after": {"right_paper_first": 0.585, "mrr_at_10": 0.662},
    }

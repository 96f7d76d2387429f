"""Encoders and odd questions as people meet them: an answer or a clear line, never a traceback."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import QuestionError
from store.encoders import BUNDLED
from tests.encoder_folders import WEIGHTS, onnx_folder, table, write_graph
from tests.papers import write_papers
from tests.shell import run_here

_ROOT = Path(__file__).parents[1]


def _ask(home: Path, encoder: str, question: str = "whales?") -> subprocess.CompletedProcess[str]:
    names = {"PAPER_ASSISTANT_HOME": str(home), "PAPER_ASSISTANT_ENCODER": encoder}
    return run_here("ask", question, **names)


def _truncated(folder: Path) -> str:
    shutil.copytree(WEIGHTS / "mini3", folder)
    (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:100_000])
    return "cannot be loaded"


def _without_tokenizer(folder: Path) -> str:
    (onnx_folder(folder) / "tokenizer.json").unlink()
    return "it has no tokenizer.json; save its tokenizer there in the fast form"


def _newer(folder: Path) -> str:
    write_graph(onnx_folder(folder) / "onnx" / "model.onnx", table(), ir_version=99)
    return "upgrade onnxruntime, or export the graph for an earlier opset"


def _damaged_adaptation(folder: Path) -> str:
    folder.mkdir()
    (folder / "adapted.json").write_text('{"base": "static-256", "dimension": 256}')
    (folder / "matrix.npy").write_bytes(b"\x93NUMPY")
    return "The adapted encoder in"


@pytest.mark.parametrize(
    "make",
    [_truncated, _without_tokenizer, _newer, _damaged_adaptation],
    ids=lambda make: make.__name__,
)
def test_a_bad_encoder_is_one_line_that_says_what_to_do(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    message = make(tmp_path / "mine")
    done = _ask(tmp_path / "home", str(tmp_path / "mine"))
    assert (done.stdout, done.returncode) == ("", 1)
    assert message in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("encoder", "message"),
    [
        ("endpoint:some-model", "needs an address; set PAPER_ASSISTANT_BASE_URL"),
        ("llama-index:Embedding:words", "lives in a Python program"),
        ("no-such-encoder", "There is no encoder 'no-such-encoder'; use mini3, static-256 or"),
    ],
)
def test_an_encoder_that_cannot_be_had_is_one_line(
    tmp_path: Path, encoder: str, message: str
) -> None:
    done = _ask(tmp_path / "home", encoder)
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)
    assert message in done.stderr


def test_a_home_of_another_encoder_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Assistant(home, starter=False, encoder="static-256").close()
    folder = onnx_folder(tmp_path / "mine")
    done = _ask(home, str(folder))
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)
    assert "was made with encoder 'static-256' (256 dimensions), not" in done.stderr


def test_a_home_remembers_a_folder_and_tells_other_weights_in_it(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", onnx_folder(tmp_path / "mine@home")
    Assistant(home, starter=False, encoder=str(folder)).close()
    with Assistant(home) as assistant:
        assert assistant.encoder.name.startswith(f"{folder}@")
    write_graph(folder / "onnx" / "model.onnx", table(seed=1))
    done = _ask(home, "")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"was made with encoder '{folder}@" in done.stderr


@pytest.fixture(scope="module", params=BUNDLED)
def assistant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def] # noqa: ANN201
    home = tmp_path_factory.mktemp("odd") / "home"
    with Assistant(home, starter=False, encoder=request.param) as opened:
        opened.ingest(write_papers(home.parent / "papers.jsonl"))
        yield opened


@pytest.mark.parametrize(
    "query", ["a", "Q", "?", "😀", "👩‍🚀" * 30, "知識圖譜是什麼", "e\u0301", "0"]
)
def test_an_odd_question_gets_an_answer_or_a_refusal(assistant: Assistant, query: str) -> None:
    answer = assistant.ask(query)
    assert answer.text
    assert answer.refused or answer.citations
    assert all(hit.relevance >= 0.0 for hit in assistant.search(query))


@pytest.mark.parametrize("query", ["word " * 10_000, "知" * 10_000, "x" * 50_000])
def test_a_question_that_is_too_long_gets_a_clear_line_at_once(
    assistant: Assistant, query: str
) -> None:
    began = time.perf_counter()
    for asked in (assistant.ask, assistant.search):
        with pytest.raises(QuestionError, match="are allowed; ask a shorter one"):
            asked(query)
    assert time.perf_counter() - began < 1.0


def test_a_query_as_long_as_it_may_be_takes_no_seconds(assistant: Assistant) -> None:
    query = "whales sing in lava " * 99
    assistant.search("whales")
    began = time.perf_counter()
    assert assistant.search(query)
    assert time.perf_counter() - began < 2.0


@pytest.mark.parametrize("query", ["word " * 10_000, "知" * 10_000])
def test_the_store_itself_takes_a_query_of_any_length(assistant: Assistant, query: str) -> None:
    began = time.perf_counter()
    assistant._collection.search(query, 5)
    assert time.perf_counter() - began < 3.0

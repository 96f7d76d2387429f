"""An encoder at an endpoint: what is sent, what comes back, what is said when it goes wrong."""

import inspect
import logging
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openai
import pytest

import store.endpoint_encoder
from assistant import Assistant
from assistant.errors import SettingError
from store.encoders import Endpoint, load_encoder
from store.errors import EncoderError
from tests.embedding_server import KEY, MODEL, EmbeddingServer, Reply, embedding_server
from tests.papers import HashEncoder, write_papers

_NAME = f"endpoint:{MODEL}"
_ROOT = Path(__file__).parents[1]


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with embedding_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a moment between tries, not seconds."""
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.02)


def test_texts_go_out_64_at_a_time_and_come_back_in_order(server: EmbeddingServer) -> None:
    server.change = lambda rows: rows[::-1]  # an index says where each belongs
    encoder = load_encoder(_NAME, server.endpoint)
    texts = [f"paper {number}" for number in range(130)]
    vectors = encoder.encode(texts)
    expected = HashEncoder(dimension=32).encode(texts)
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    probe, *batches = server.requests
    assert probe["input"] == ["How long are the vectors?"]
    assert [request["input"] for request in batches] == [texts[:64], texts[64:128], texts[128:]]
    assert {(request["model"], request["encoding_format"]) for request in batches} == {
        (MODEL, "float")
    }
    assert set(server.authorizations) == {f"Bearer {KEY}"}


def test_blank_texts_are_not_sent_and_long_ones_are_cut(server: EmbeddingServer) -> None:
    encoder = load_encoder(_NAME, server.endpoint, dimension=32)
    vectors = encoder.encode(["", "lava", " \n", "whale " * 10_000, "half \ud83d"])
    assert [len(text) for text in server.requests[0]["input"]] == [4, 6_000, 6]
    assert server.requests[0]["input"][2] == "half ?"
    assert vectors.any(axis=1).tolist() == [False, True, False, True, True]
    assert len(server.requests) == 1, "a dimension that is known is not asked for"


def test_nothing_is_sent_before_something_is_encoded(server: EmbeddingServer) -> None:
    encoder = load_encoder(_NAME, server.endpoint, dimension=32)
    assert (encoder.name, encoder.dimension) == (_NAME, 32)
    assert encoder.encode([]).shape == (0, 32)
    assert server.requests == []


def test_no_key_is_no_obstacle_where_none_is_wanted(server: EmbeddingServer) -> None:
    server.replies = [Reply.of({"data": [{"index": 0, "embedding": [3.0, 4.0]}]})]
    encoder = load_encoder(_NAME, Endpoint(server.base_url), dimension=2)
    np.testing.assert_allclose(encoder.encode(["lava"]), [[0.6, 0.8]], atol=1e-6)
    assert server.authorizations == ["Bearer none"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_fault_that_passes_is_tried_again(server: EmbeddingServer, status: int) -> None:
    server.replies = [Reply.of({"error": {"message": "busy"}}, status)] * 2
    assert load_encoder(_NAME, server.endpoint, 32).encode(["lava"]).any()
    assert [request["input"] for request in server.requests] == [["lava"]] * 3


@pytest.mark.parametrize(
    ("status", "message", "retryable", "n_tries"),
    [
        (401, "refuses the key; set the right one in PAPER_ASSISTANT_API_KEY", False, 1),
        (403, "does not allow this key the model 'small-embedding'; set another", False, 1),
        (404, "has no encoder 'small-embedding'; check the model's name, and the", False, 1),
        (400, "refused the texts for the encoder 'small-embedding': ", False, 1),
        (413, "refused the texts for the encoder 'small-embedding': ", False, 1),
        (302, "refused the texts for the encoder 'small-embedding': ", False, 1),
        (429, "takes no more requests now (", True, 3),
        (500, "failed (", True, 3),
    ],
)
def test_each_fault_says_what_to_do_and_never_the_key(
    server: EmbeddingServer,
    caplog: pytest.LogCaptureFixture,
    status: int,
    message: str,
    retryable: bool,
    n_tries: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    with embedding_server() as elsewhere:
        reply = Reply.of(
            {"error": {"message": f"not with {KEY}"}}, status, Location=elsewhere.base_url
        )
        server.replies = [reply] * 9
        with pytest.raises(EncoderError) as caught:
            load_encoder(_NAME, server.endpoint, 32).encode(["lava"])
        assert elsewhere.requests == []
    assert str(caught.value).startswith(f"The endpoint {server.base_url} {message}")
    assert (caught.value.retryable, len(server.requests)) == (retryable, n_tries)
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert KEY not in shown


def test_an_endpoint_that_is_down_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(EncoderError) as caught:
        load_encoder(_NAME, Endpoint(f"http://user:{KEY}@127.0.0.1:{port}/v1", KEY)).encode(["a"])
    assert str(caught.value) == (
        f"The endpoint http://127.0.0.1:{port}/v1 cannot be reached; start it, or set the right"
        " address in PAPER_ASSISTANT_BASE_URL"
    )
    assert caught.value.retryable


def test_an_endpoint_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.endpoint_encoder._ANSWER_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(EncoderError, match="did not answer in time; try again later") as caught:
            load_encoder(_NAME, Endpoint(f"http://127.0.0.1:{port}/v1")).encode(["lava"])
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(200, b"<html>", {"Content-Type": "text/html"}), "does not answer as OpenAI's does"),
        (Reply(200, b"{", {}), "does not answer as OpenAI's does"),
        (Reply.of({}), "does not answer as OpenAI's does"),
        (Reply.of({"data": None}), "does not answer as OpenAI's does"),
        (Reply.of([1]), "does not answer as OpenAI's does"),
        (Reply.of({"data": []}), "gave 0 vectors for 1 texts"),
        (Reply.of({"data": [{"index": 0, "embedding": [1.0] * 32}] * 2}), "gave 2 vectors for 1"),
        (Reply.of({"data": [{"index": 0, "embedding": [1.0] * 31}]}), "of 31 numbers where 32"),
        (Reply.of({"data": [{"index": 0, "embedding": [1e999] * 32}]}), "no numbers (NaN or"),
        (Reply.of({"data": [{"index": 0, "embedding": "AAAA"}]}), "gave no vectors of one length"),
        (Reply.of({"data": [{"index": 0, "embedding": None}]}), "gave "),
    ],
)
def test_an_answer_that_is_none_is_told(
    server: EmbeddingServer, reply: Reply, message: str
) -> None:
    server.replies = [reply] * 9
    with pytest.raises(EncoderError) as caught:
        load_encoder(_NAME, server.endpoint, 32).encode(["lava"])
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "base_url", "message"),
    [
        ("endpoint:", "http://127.0.0.1/v1", "names no model; write endpoint:MODEL"),
        (_NAME, "", "needs an address; set PAPER_ASSISTANT_BASE_URL, for example"),
        (_NAME, "localhost:11434/v1", "is not of the form http://HOST:PORT/v1"),
        (_NAME, "file:///etc/passwd", "is not of the form http://HOST:PORT/v1"),
        (_NAME, "http://[::1/v1", "is not of the form http://HOST:PORT/v1"),
        (_NAME, "http://host:port/v1", "is not of the form http://HOST:PORT/v1"),
        (_NAME, "http:///v1", "is not of the form http://HOST:PORT/v1"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(name: str, base_url: str, message: str) -> None:
    with pytest.raises(EncoderError) as caught:
        load_encoder(name, Endpoint(base_url))
    assert message in str(caught.value)


def test_every_error_of_the_client_is_told_as_ours(server: EmbeddingServer) -> None:
    kinds = {
        kind
        for _, kind in inspect.getmembers(openai, inspect.isclass)
        if issubclass(kind, openai.APIStatusError)
    }
    assert len(kinds) >= 9
    asked = store.endpoint_encoder._Asked(MODEL, server.endpoint)
    for kind in (*kinds, openai.OpenAIError, openai.APIConnectionError, openai.APITimeoutError):
        error = kind.__new__(kind)
        Exception.__init__(error, f"said {KEY}")
        told = asked._told(error)
        assert str(told).startswith(f"The endpoint {server.base_url} ")
        assert KEY not in str(told)


def test_the_key_is_never_shown(server: EmbeddingServer, tmp_path: Path) -> None:
    encoder = load_encoder(_NAME, server.endpoint)
    with Assistant(tmp_path / "home", starter=False, encoder=encoder) as assistant:
        assistant.ingest(write_papers(tmp_path / "papers.jsonl"))
    assert KEY not in repr((encoder, server.endpoint, assistant.settings, assistant))
    written = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert written
    assert not any(KEY.encode() in content for content in written)


def test_a_home_finds_its_endpoint_again_and_needs_it_to_search_only(
    server: EmbeddingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER_ASSISTANT_BASE_URL", server.base_url)
    monkeypatch.setenv("PAPER_ASSISTANT_API_KEY", KEY)
    papers = write_papers(tmp_path / "papers.jsonl")
    with Assistant(tmp_path / "home", starter=False, encoder=_NAME) as assistant:
        assistant.ingest(papers)
    server.requests.clear()
    with Assistant(tmp_path / "home") as assistant:
        assert assistant.encoder.name == _NAME
        assert assistant.ingest(papers).unchanged == 12
        assert len(assistant.papers()) == 12
        assert server.requests == []
        assert assistant.search("whale song", k=1)[0].paper.title.startswith("Whale Song")
        assert [request["input"] for request in server.requests] == [["whale song"]]
        server.replies = [Reply.of({}, 401)]
        with pytest.raises(EncoderError, match="refuses the key"):
            assistant.search("glaciers")


def test_a_model_whose_vectors_have_changed_is_told(
    server: EmbeddingServer, tmp_path: Path
) -> None:
    home, papers = tmp_path / "home", write_papers(tmp_path / "papers.jsonl")
    with Assistant(home, starter=False, encoder=load_encoder(_NAME, server.endpoint)) as assistant:
        assistant.ingest(papers)
    server.change = lambda rows: [row | {"embedding": row["embedding"][:16]} for row in rows]
    with (
        Assistant(home, base_url=server.base_url, api_key=KEY) as assistant,
        pytest.raises(EncoderError, match="16 numbers where 32 were recorded; name the encoder"),
    ):
        assistant.search("whale song")


def test_a_key_goes_to_its_own_endpoint_alone(
    server: EmbeddingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER_ASSISTANT_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("PAPER_ASSISTANT_API_KEY", "sk-of-the-chat-model")
    monkeypatch.setenv("PAPER_ASSISTANT_ENCODER", _NAME)
    monkeypatch.setenv("PAPER_ASSISTANT_ENCODER_BASE_URL", server.base_url)
    with pytest.raises(EncoderError, match="refuses the key"):
        Assistant(tmp_path / "home", starter=False)
    monkeypatch.setenv("PAPER_ASSISTANT_ENCODER_API_KEY", KEY)
    Assistant(tmp_path / "home", starter=False).close()
    assert server.authorizations == ["Bearer none", f"Bearer {KEY}"]


def test_the_variables_of_openai_count_where_ours_are_not_set(
    server: EmbeddingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    Assistant(tmp_path / "home", starter=False, encoder=_NAME).close()
    assert server.authorizations == [f"Bearer {KEY}"]


def test_what_is_no_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="The encoder is a int; give a name, an object with"):
        Assistant(tmp_path / "home", encoder=5)  # type: ignore[arg-type]


def test_the_client_is_not_loaded_for_encoders_on_this_machine() -> None:
    program = "import sys; from store.encoders import load_encoder; load_encoder('static-256');"
    command = [sys.executable, "-c", f"{program} print('openai' in sys.modules)"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

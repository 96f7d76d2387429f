"""What goes wrong with a Chroma server: said in a line, nothing lost, and the copy answers."""

import json
import os
import shutil
import sqlite3
import traceback
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from socket import create_server
from typing import Any

import chromadb
import httpx
import numpy as np
import pytest
from chromadb.api.types import EmbeddingFunction, SparseEmbeddingFunction
from chromadb.base_types import SparseVector
from chromadb.utils.embedding_functions import (
    register_embedding_function,
    register_sparse_embedding_function,
)

from store.chroma_collection import quiet_settings
from store.collection import Collection
from store.encoders import Encoder
from store.errors import EncoderMismatchError, HomeError, ServerError
from store.server import connection, watching
from store.server.address import server_address
from tests.chroma_server import Front, chroma, client_of, encrypted, free_port, front
from tests.papers import HashEncoder, write_papers
from tests.scripted_http import Reply

_SECRET = "s3cret-token"
_MEANWHILE = "The copy in the home answers meanwhile."

Opener = Callable[..., Collection]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma(tmp_path_factory.mktemp("chroma")) as url:
        yield url


@pytest.fixture
def told(server: str) -> Iterator[Front]:
    """What stands before the server; it wants the token."""
    with front(server) as told:
        told.token = _SECRET
        yield told


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens a collection of the test's own as a machine, which looks at the server every time."""
    opened: list[Collection] = []
    monkeypatch.setattr(watching, "_MIN_PAUSE_S", 0.0)
    monkeypatch.setattr(watching, "_PAUSE_WITHOUT_S", 0.0)
    monkeypatch.setattr(watching, "_PATIENCE_S", 30.0)

    def open_home(
        name: str, url: str, token: str = _SECRET, encoder: Encoder | None = None
    ) -> Collection:
        address = server_address(f"{url}?collection={tmp_path.name}", token)
        encoder = encoder or HashEncoder(dimension=8)
        collection = Collection(tmp_path / name, encoder, starter=False, server=address)
        opened.append(collection)
        return collection

    yield open_home
    for each in opened:
        each.close()


def _source(tmp_path: Path, *titles: str) -> Path:
    papers = [{"title": title, "abstract": f"{title} grows here."} for title in titles]
    return write_papers(tmp_path / f"{titles[0]}.jsonl", papers)


def _titles(collection: Collection, query: str) -> list[str]:
    return [hit.paper.title for hit in collection.search(query)]


_PAGE = Reply(200, b"<html>Welcome</html>", {"Content-Type": "text/html"})
_FAULTS: dict[str, tuple[Reply | None, str, str, bool]] = {
    "no token": (None, "", "wants a token; set PAPER_ASSISTANT_CHROMA_TOKEN", False),
    "wrong token": (None, "wr0ng-token", "does not accept the token; set another", False),
    "a page": (_PAGE, _SECRET, "does not answer as a Chroma server of version 1 does", False),
    "an older server": (
        Reply(404, b"{}"),
        _SECRET,
        "is no Chroma server of version 1.0 or later",
        False,
    ),
    "a later server": (Reply(501, b"no"), _SECRET, "answers 501: .*check its version", False),
    "broken": (Reply(500, b"oh " + _SECRET.encode()), _SECRET, "answers 500: .*try again", True),
    "too many": (Reply(429, b"slow down"), _SECRET, "answers 429: .*try again later", True),
    "elsewhere": (
        Reply(307, b"", {"Location": "http://127.0.0.1:9/"}),
        _SECRET,
        "answers 307",
        False,
    ),
}


@pytest.mark.parametrize("name", _FAULTS)
def test_a_fault_is_told_in_a_line_and_the_copy_answers(
    name: str, machine: Opener, told: Front, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reply, token, said, retryable = _FAULTS[name]
    machine("copy", told.url).ingest([_source(tmp_path, "Moss", "Fern")])
    told.instead = lambda _method, _path: reply
    with pytest.raises(ServerError, match=said) as caught:
        machine("new", told.url, token)
    shown = "".join(traceback.format_exception(caught.value))
    assert caught.value.retryable is retryable
    assert "\n" not in str(caught.value)
    copy = machine("copy", told.url, token)
    assert (_titles(copy, "moss")[0], _titles(copy, "fern")[0]) == ("Moss", "Fern")
    (line,) = caplog.messages
    assert line.endswith(_MEANWHILE)
    with pytest.raises(ServerError, match=said) as caught:
        copy.ingest([_source(tmp_path, "Lichen")])
    shown += "".join(traceback.format_exception(caught.value))
    with pytest.raises(ServerError, match=said):
        copy.remove(next(iter(copy.papers())).paper_id)
    assert copy.count() == 2
    for secret in (_SECRET, "wr0ng-token"):
        assert secret not in caplog.text + shown
        files = [path for path in tmp_path.glob("[cn]*/**/*") if path.is_file()]
        assert files
        assert not [path for path in files if secret.encode() in path.read_bytes()]


def test_a_server_that_is_not_there_is_told_and_one_that_comes_back_too(
    machine: Opener, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with pytest.raises(ServerError, match=r"cannot be reached .*; start it, or check the address"):
        machine("new", url, "")
    with chroma(tmp_path / "chroma", port):
        first = machine("first", url, "")
        first.ingest([_source(tmp_path, "Moss")])
    assert [_titles(first, "moss") for _ in range(3)] == [["Moss"]] * 3
    assert [line.endswith(_MEANWHILE) for line in caplog.messages] == [True]
    with chroma(tmp_path / "chroma", port):
        assert _titles(first, "moss") == ["Moss"]
        assert caplog.messages[-1] == "The Chroma server answers again."
        machine("second", url, "").ingest([_source(tmp_path, "Fern")])
        assert _titles(first, "fern")[0] == "Fern"


def test_a_server_that_does_not_answer_is_not_waited_for_without_end(
    machine: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_LIMITS_TO_OPEN", httpx.Timeout(0.2))
    with (
        closing(create_server(("127.0.0.1", 0))) as silent,
        pytest.raises(ServerError, match="does not answer in time; try again") as caught,
    ):
        machine("new", f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert caught.value.retryable


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_a_server_on_this_machine_is_asked_past_a_proxy(
    machine: Opener, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("no_proxy", "example.org")
    with pytest.raises(httpx.ConnectError):
        httpx.get(server)
    collection = machine("here", server)
    collection.ingest([_source(tmp_path, "Moss")])
    assert _titles(collection, "moss") == ["Moss"]
    assert os.environ["no_proxy"] == "example.org,127.0.0.1", "what was there stays"


def test_a_certificate_is_checked(
    machine: Opener, told: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with encrypted(told.url, tmp_path) as (url, certificate):
        with pytest.raises(
            ServerError, match=r"certificate that is not trusted here \(self-signed"
        ):
            machine("first", url)
        with pytest.raises(ServerError, match="does not speak TLS, which https:// stands for"):
            machine("first", told.url.replace("http://", "https://"))
        assert told.seen == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        first = machine("first", url)
        first.ingest([_source(tmp_path, "Moss")])
        first.close()
        assert {token for _, _, token in told.seen} == {_SECRET}
    assert _titles(machine("second", told.url), "moss") == ["Moss"]


def test_a_tenant_that_is_not_there_is_named(server: str, tmp_path: Path) -> None:
    address = server_address(f"{server}?tenant=nobody")
    with pytest.raises(ServerError, match="knows no tenant 'nobody' with a database 'default_data"):
        Collection(tmp_path / "home", HashEncoder(), starter=False, server=address)


def test_what_a_dying_server_did_not_get_is_sent_when_it_is_back(
    machine: Opener, told: Front, tmp_path: Path
) -> None:
    first = machine("first", told.url)
    first.ingest([_source(tmp_path, "Moss")])
    assert first._indexes._log
    sent = f"{first._indexes._log.server.collection_id}/upsert"
    told.instead = lambda _method, path: Reply(503, b"dying") if sent in path else None
    with pytest.raises(ServerError, match=r"503: dying; try again later\. What it has not got"):
        first.ingest([_source(tmp_path, "Fern", "Lichen")])
    assert _titles(first, "lichen")[0] == "Lichen"  # by its words
    assert first.encoded() == (1, 3)
    second = machine("second", told.url)
    assert second.count() == 1
    told.instead = lambda _method, _path: None
    assert _titles(first, "lichen")[0] == "Lichen"
    assert first.encoded() == (3, 3)
    assert sorted(paper.title for paper in second.papers()) == ["Fern", "Lichen", "Moss"]
    assert _titles(second, "fern")[0] == "Fern"
    assert second.encoded() == (3, 3)


def _read_only(method: str, path: str) -> Reply | None:
    """What docs/server.md says of a reader's token."""
    return None if method == "GET" or path.endswith("/get") else Reply(403, b"read only")


def test_who_may_only_read_is_told_so_before_anything_is_stored_and_asks_on(
    machine: Opener, told: Front, server: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = machine("writer", told.url)
    writer.ingest([_source(tmp_path, "Moss", "Fern")])
    with front(server) as reading:
        reading.instead = _read_only
        reader = machine("reader", reading.url)
        before = [asdict(paper) for paper in reader.papers()]
        said = "may be read, and not written to, with this PAPER_ASSISTANT_CHROMA_TOKEN"
        for change in (
            lambda: reader.ingest([_source(tmp_path, "Lichen")]),
            lambda: reader.remove(before[0]["paper_id"]),
        ):
            with pytest.raises(ServerError, match=said) as caught:
                change()
            assert not caught.value.retryable
            assert [asdict(paper) for paper in reader.papers()] == before
        writer.ingest([_source(tmp_path, "Algae")])
        assert _titles(reader, "algae")[0] == "Algae"  # what others store still comes, whole
        assert reader.encoded() == (3, 3)
        assert reader.server_fault == ""
        reading.instead = lambda _method, _path: None  # a token that may is set
        assert reader.ingest([_source(tmp_path, "Lichen")]).added == 1
    assert _titles(writer, "lichen")[0] == "Lichen"
    assert caplog.messages == []


def test_a_machine_that_never_came_back_is_looked_for_ever_more_seldom(
    machine: Opener, told: Front, tmp_path: Path
) -> None:
    first, second = machine("first", told.url), machine("second", told.url)
    first.ingest([_source(tmp_path, "Moss")])
    assert first._indexes._log
    first._indexes._log.server.announce("gone", 900)  # and it was killed
    assert _titles(second, "moss") == ["Moss"]
    told.seen.clear()
    n_looks = 40
    for _ in range(n_looks):
        second.search("moss")
    n_requests = sum(path.endswith("/get") for _, path, _ in told.seen)
    assert n_looks <= n_requests < 2 * n_looks
    first.ingest([_source(tmp_path, "Fern")])
    assert _titles(second, "fern")[0] == "Fern"


# --- what does not belong together ---


def test_another_encoder_is_refused_also_by_a_new_machine(
    machine: Opener, told: Front, tmp_path: Path
) -> None:
    machine("first", told.url).ingest([_source(tmp_path, "Moss")])
    for other in (HashEncoder("other", 8), HashEncoder(dimension=16)):
        with pytest.raises(EncoderMismatchError, match=r"with encoder 'hash' \(8 dimensions\)"):
            machine("second", told.url, encoder=other)


def test_an_encoder_in_a_folder_is_the_same_on_every_machine(machine: Opener, told: Front) -> None:
    machine("first", told.url, encoder=HashEncoder("/home/ada/model@0123456789ab", 8))
    machine("second", told.url, encoder=HashEncoder("/srv/model@0123456789ab", 8))
    with pytest.raises(EncoderMismatchError, match="model@0123456789ab"):
        machine("third", told.url, encoder=HashEncoder("/srv/model@ffffffffffff", 8))


def test_a_copy_is_not_opened_without_its_server_and_not_mixed_with_another(
    machine: Opener, told: Front, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    machine("copy", told.url).close()
    with pytest.raises(HomeError, match=f"Chroma server {told.url}; name that with --chroma-url"):
        Collection(tmp_path / "copy", HashEncoder(dimension=8), starter=False)
    other = server_address(f"{told.url}?collection=another", _SECRET)
    encoder = HashEncoder(dimension=8)
    for said in ("has no collection 'another' any more", "a copy of another collection than the"):
        with closing(Collection(tmp_path / "copy", encoder, starter=False, server=other)) as copy:
            assert said in copy.server_fault
            assert caplog.messages[-1].endswith(_MEANWHILE)
            with pytest.raises(ServerError, match=said):
                copy.ingest([_source(tmp_path, "Moss")])
        Collection(tmp_path / "other", encoder, starter=False, server=other).close()


def test_a_home_that_had_no_server_brings_its_papers_along(
    machine: Opener, told: Front, tmp_path: Path
) -> None:
    with closing(Collection(tmp_path / "old", HashEncoder(dimension=8), starter=False)) as old:
        old.ingest([_source(tmp_path, "Moss", "Fern")])
        old.remove(next(paper.paper_id for paper in old.papers() if paper.title == "Fern"))
    machine("first", told.url).ingest([_source(tmp_path, "Lichen")])
    old = machine("old", told.url)
    assert sorted(paper.title for paper in old.papers()) == ["Lichen", "Moss"]
    assert not (tmp_path / "old" / "chroma" / "chroma.sqlite3").exists()
    second = machine("second", told.url)
    assert sorted(paper.title for paper in second.papers()) == ["Lichen", "Moss"]
    assert second.encoded() == old.encoded() == (2, 2)


def test_a_copied_home_writes_as_another_machine(
    machine: Opener, told: Front, tmp_path: Path
) -> None:
    first = machine("first", told.url)
    first.ingest([_source(tmp_path, "Moss")])
    shutil.copytree(tmp_path / "first", tmp_path / "twin")
    twin = machine("twin", told.url)
    assert first._indexes._log is not None
    assert twin._indexes._log is not None
    assert first._indexes._log.writer != twin._indexes._log.writer
    first.ingest([_source(tmp_path, "Fern")])
    twin.ingest([_source(tmp_path, "Lichen")])
    for each in (first, twin, machine("third", told.url)):
        each.search("moss")
        assert sorted(paper.title for paper in each.papers()) == ["Fern", "Lichen", "Moss"]


def test_a_home_from_a_backup_loses_nothing(machine: Opener, told: Front, tmp_path: Path) -> None:
    first = machine("first", told.url)
    first.ingest([_source(tmp_path, "Moss")])
    first.close()
    shutil.copytree(tmp_path / "first", tmp_path / "backup")
    later = machine("first", told.url)
    later.ingest([_source(tmp_path, "Fern")])
    later.close()
    shutil.rmtree(tmp_path / "first")
    shutil.copytree(tmp_path / "backup", tmp_path / "first")
    restored, other = machine("first", told.url), machine("other", told.url)
    assert restored.count() == 2
    restored.ingest([_source(tmp_path, "Lichen")])
    assert _titles(other, "lichen")[0] == "Lichen"
    assert other.count() == restored.count() == 3


def test_what_is_no_paper_of_ours_on_the_server_is_left_out(
    machine: Opener, told: Front, server: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = machine("first", told.url)
    first.ingest([_source(tmp_path, "Moss")])
    with client_of(server) as client:
        papers = client.get_collection(tmp_path.name, embedding_function=None)
        machines = client.get_collection(f"{tmp_path.name}-machines", embedding_function=None)
        papers.upsert(
            ids=["stranger", "liar#0@liar"],
            embeddings=np.ones((2, 8), np.float32),
            metadatas=[
                {"writer": "liar", "number": 2, "paper_id": "x", "state": 1, "state.0": "{"},
                {"writer": "liar", "number": 1},
            ],
        )
        machines.upsert(
            ids=["liar", "fool"],
            embeddings=np.ones((2, 1), np.float32),
            metadatas=[{"number": 9_999}, {"x": 1}],
        )
    assert _titles(first, "moss") == ["Moss"]
    assert machine("second", told.url).count() == 1
    assert [_titles(first, "moss") for _ in range(3)] == [["Moss"]] * 3
    left_out = [line for line in caplog.messages if line.startswith("A record on the Chroma")]
    assert len(left_out) == len(caplog.messages) == 2 * 2  # by each machine, once


# --- A13: what somebody else prepared ---


@register_embedding_function
class Calling(EmbeddingFunction[list[str]]):
    """Sends what it is given to an address, as those of Chroma that ask a service do."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, input: list[str]) -> list[np.ndarray]:
        urllib.request.urlopen(self.url, "".join(input).encode()).close()
        return [np.ones(8, np.float32) for _ in input]

    @staticmethod
    def name() -> str:
        return "calling"

    @staticmethod
    def build_from_config(config: dict[str, str]) -> "Calling":
        return Calling(**config)

    def get_config(self) -> dict[str, str]:
        return {"url": self.url}


@register_sparse_embedding_function
class Sparse(SparseEmbeddingFunction[list[str]]):
    """One that a schema names: Chroma's client calls it for all that is stored."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, input: list[str]) -> list[SparseVector]:
        urllib.request.urlopen(self.url, "".join(input).encode()).close()
        return [SparseVector(indices=[1], values=[1.0]) for _ in input]

    @staticmethod
    def name() -> str:
        return "sparse-calling"

    @staticmethod
    def build_from_config(config: dict[str, str]) -> "Sparse":
        return Sparse(**config)

    def get_config(self) -> dict[str, str]:
        return {"url": self.url}


@pytest.fixture
def listener() -> Iterator[Front]:
    """Takes what anybody sends."""
    with front("") as told:
        told.instead = lambda _method, _path: Reply.of({})
        yield told


def test_an_embedding_function_that_somebody_stored_on_the_server_is_never_called(
    machine: Opener, told: Front, listener: Front, server: str, tmp_path: Path
) -> None:
    with client_of(server) as client:
        for name in (tmp_path.name, f"{tmp_path.name}-machines"):
            prepared = client.create_collection(name, embedding_function=Calling(listener.url))
            assert listener.url in str(prepared.configuration_json)
        client.get_collection(tmp_path.name).query(query_texts=["moss"])
    assert len(listener.seen) == 1  # it works for those who leave it to Chroma
    first = machine("first", told.url)
    first.ingest([_source(tmp_path, "Moss")])
    second = machine("second", told.url)
    assert _titles(second, "moss") == ["Moss"]
    second.remove(next(iter(second.papers())).paper_id)
    assert _titles(first, "moss") == []
    assert len(listener.seen) == 1


def test_nor_one_in_the_schema_of_a_home_s_own_collection(listener: Front, tmp_path: Path) -> None:
    """Chroma's own server refuses to make such a schema, so it is written where it is kept."""
    home = tmp_path / "home"
    Collection(home, HashEncoder(dimension=8), starter=False).close()
    kept = {"type": "known", "name": "sparse-calling", "config": {"url": listener.url}}
    index = {"enabled": True, "config": {"embedding_function": kept, "source_key": "text"}}
    with closing(sqlite3.connect(home / "chroma" / "chroma.sqlite3")) as database, database:
        ((schema,),) = database.execute("SELECT schema_str FROM collections")
        poisoned = json.loads(schema)
        poisoned["keys"]["bait"] = {"sparse_vector": {"sparse_vector_index": index}}
        database.execute("UPDATE collections SET schema_str = ?", (json.dumps(poisoned),))
    client: Any = chromadb.PersistentClient(str(home / "chroma"), settings=quiet_settings())
    with closing(client), suppress(TypeError):
        passages = client.get_collection("passages", embedding_function=None)
        passages.upsert(ids=["x"], embeddings=[[1.0] * 8], metadatas=[{"text": "secret"}])
    assert len(listener.seen) == 1  # it works for those who leave it to Chroma
    with closing(Collection(home, HashEncoder(dimension=8), starter=False)) as collection:
        collection.ingest([_source(tmp_path, "Moss")])
        assert _titles(collection, "moss") == ["Moss"]
    assert len(listener.seen) == 1


def test_what_the_working_folder_and_the_environment_say_of_chroma_leads_nowhere_else(
    machine: Opener, told: Front, listener: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = listener.url.rpartition(":")[2]
    elsewhere = {
        "CHROMA_SERVER_HOST": "127.0.0.1",
        "CHROMA_SERVER_HTTP_PORT": port,
        "CHROMA_CLIENT_AUTH_PROVIDER": "chromadb.auth.token_authn.TokenAuthClientProvider",
        "CHROMA_CLIENT_AUTH_CREDENTIALS": "not-ours",
        "CHROMA_API_IMPL": "chromadb.api.fastapi.FastAPI",
    }
    lines = [f"{name}={value}" for name, value in elsewhere.items()]
    (tmp_path / ".env").write_text("\n".join([*lines, "SOMETHING_ELSE=1"]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    machine("first", told.url).ingest([_source(tmp_path, "Moss")])
    with closing(Collection(tmp_path / "alone", HashEncoder(), starter=False)) as alone:
        alone.ingest([_source(tmp_path, "Fern")])
    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)
    assert _titles(machine("second", told.url), "moss") == ["Moss"]
    with closing(Collection(tmp_path / "alone", HashEncoder(), starter=False)) as alone:
        alone.ingest([_source(tmp_path, "Lichen")])
    assert {token for _, _, token in told.seen} == {_SECRET}
    assert listener.seen == []

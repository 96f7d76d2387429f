"""Chroma Cloud: what is sent to its name, and that nothing is larger than it takes.

Its name is answered on this machine, over TLS, by a real Chroma server.
"""

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
import pytest

from store.chroma_collection import quiet_settings
from store.collection import Collection
from store.server.address import CLOUD, server_address
from store.server.contribution import Contribution, State
from store.server.records import is_too_large, records_of
from store.types import Paper
from tests.chroma_server import Front, chroma, encrypted, front
from tests.papers import HashEncoder, write_papers
from tests.parts_encoder import PartsEncoder
from tests.scripted_http import Reply

_KEY = "ck-s3cret"
_PORT_OF_TLS = 443
_SAID = ("host", "x-chroma-token", "authorization")

# Source: docs.trychroma.com/cloud/quotas-limits, November 2026.
_MAX_DOCUMENT_BYTES, _MAX_VALUE_BYTES, _MAX_ID_BYTES = 16_384, 4_096, 128
_MAX_NAME_BYTES, _MAX_VALUES = 36, 32


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma(tmp_path_factory.mktemp("chroma")) as url:
        yield url


@pytest.fixture
def cloud(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """What answers to the cloud's name, at the port of TLS; it wants the key."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    with front(server) as told, encrypted(told.url, tmp_path, CLOUD) as (url, certificate):
        told.token = _KEY
        look_up, port = socket.getaddrinfo, urlsplit(url).port
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)

        def here(host: Any, asked: Any, *rest: Any, **named: Any) -> Any:
            if host in (CLOUD, CLOUD.encode()):
                assert asked == _PORT_OF_TLS
                host, asked = "127.0.0.1", port
            return look_up(host, asked, *rest, **named)

        monkeypatch.setattr(socket, "getaddrinfo", here)
        yield told


def _said(told: Front) -> list[dict[str, str]]:
    """Whom every request is for, and who sends it."""
    return [{name: heard[name] for name in _SAID if name in heard} for heard in told.heard]


def _places(told: Front) -> set[str]:
    return {path.partition("/collections")[0] for _, path, _ in told.seen}


@pytest.mark.parametrize("where", ["", "?tenant=default_tenant&database=default_database"])
def test_the_cloud_is_sent_what_its_own_client_sends(
    cloud: Front, tmp_path: Path, where: str
) -> None:
    named = dict(each.split("=") for each in where[1:].split("&") if each)
    client: Any = chromadb.CloudClient(**named, api_key=_KEY, settings=quiet_settings())
    sessions = [each._server._session for each in (client, client._admin_client)]
    with closing(client), closing(sessions[0]), closing(sessions[1]):
        client.get_or_create_collection("theirs", embedding_function=None).count()
        client.get_version()
    theirs, places = _said(cloud), _places(cloud)
    assert theirs == [{"host": CLOUD, "x-chroma-token": _KEY}] * len(theirs)
    cloud.seen.clear()
    cloud.heard.clear()
    address = server_address(f"https://{CLOUD}{where}", _KEY)
    source = write_papers(tmp_path / "a.jsonl", [{"title": "Moss", "abstract": "It is green."}])
    encoder = HashEncoder(dimension=8)
    with closing(Collection(tmp_path / "home", encoder, starter=False, server=address)) as ours:
        assert ours.ingest([source]).papers == 1
        assert ours.server_fault == ""
    assert _said(cloud) == theirs[:1] * len(cloud.heard)
    assert _places(cloud) <= places | {"/api/v2/heartbeat", "/api/v2/pre-flight-checks"}
    assert "/api/v2/tenants/default_tenant/databases/default_database" in _places(cloud)


def test_what_the_environment_says_of_the_cloud_is_not_used(
    cloud: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMA_TENANT", "somebody")
    monkeypatch.setenv("CHROMA_DATABASE", "else")
    monkeypatch.setenv("CHROMA_API_KEY", "another-key")
    encoder, address = HashEncoder(dimension=8), server_address(f"https://{CLOUD}", _KEY)
    with closing(Collection(tmp_path / "home", encoder, starter=False, server=address)):
        assert {each["x-chroma-token"] for each in cloud.heard} == {_KEY}
        assert not [path for _, path, _ in cloud.seen if "somebody" in path or "else" in path]


# --- limits ---


def _paper(n_authors: int, title: str, abstract: str) -> Contribution:
    paper = Paper(
        "x" * 80, title, abstract, authors=tuple(f"Author Number {n}" for n in range(n_authors))
    )
    spans = tuple((at, min(at + 1_300, len(abstract))) for at in range(0, len(abstract), 1_300))
    return Contribution("0123456789", 1_000_000, {}, State(paper, "a.jsonl", spans, removed=False))


@pytest.mark.parametrize("sign", ["a", "字", "🙂"])
@pytest.mark.parametrize("n_authors", [1, 1_500, 3_000])
@pytest.mark.parametrize("n_sentences", [0, 9, 60, 400])
def test_no_record_is_larger_than_the_cloud_takes(
    sign: str, n_authors: int, n_sentences: int
) -> None:
    said = _paper(n_authors, sign * 1_000, sign * (20_000 if n_authors == 1 else 2_000))
    assert not is_too_large(said)
    vectors = np.ones((len(said.state.spans), 256), np.float32)
    for each in records_of(said, vectors, b"\x01" * (n_sentences * 256)):
        assert len(each.name.encode()) <= _MAX_ID_BYTES
        assert len(each.document.encode()) <= _MAX_DOCUMENT_BYTES
        assert len(each.metadata) <= _MAX_VALUES
        assert all(len(name.encode()) <= _MAX_NAME_BYTES for name in each.metadata)
        texts = [value for value in each.metadata.values() if isinstance(value, str)]
        assert all(len(text.encode()) <= _MAX_VALUE_BYTES for text in texts)


def test_a_paper_that_the_cloud_does_not_take_stays_here_and_holds_nothing_up(
    cloud: Front, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    large = {"title": "Legion", "abstract": "We are many.", "authors": ["Ada Keel " * 9] * 1_500}
    small = {"title": "Moss", "abstract": "It is green."}
    source = write_papers(tmp_path / "a.jsonl", [large, small])
    address = server_address(f"https://{CLOUD}?collection={tmp_path.name}", _KEY)
    encoder = HashEncoder(dimension=8)
    with closing(Collection(tmp_path / "home", encoder, starter=False, server=address)) as first:
        assert first.ingest([source]).added == 2
        assert first.encoded() == (2, 2)
        assert [hit.paper.title for hit in first.search("many", 1)] == ["Legion"]
    with closing(Collection(tmp_path / "other", encoder, starter=False, server=address)) as other:
        assert [paper.title for paper in other.papers()] == ["Moss"]
    assert caplog.messages == [
        "Chroma Cloud does not take as large a paper as 'Legion'; it stays on this machine alone"
    ]
    assert any(path.endswith("/upsert") for _, path, _ in cloud.seen)


def test_a_server_that_takes_little_at_once_is_sent_little_at_once(
    server: str, tmp_path: Path
) -> None:
    """Chroma's client refuses what is more; a paper of more passages is sent in parts."""
    papers = [{"title": f"T{n}", "abstract": f"Word{n} stands here."} for n in range(20)]
    sentences = [f"Word{n} {'grows and ' * 10}stays." for n in range(90)]
    long = {"title": "Long", "abstract": " ".join(sentences)}
    with front(server) as told:
        told.instead = lambda _, path: (
            Reply.of({"max_batch_size": 7, "supports_base64_encoding": True})
            if path.endswith("pre-flight-checks")
            else None
        )
        address = server_address(f"{told.url}?collection={tmp_path.name}")
        homes = [tmp_path / "first", tmp_path / "second"]
        with closing(Collection(homes[0], PartsEncoder(), starter=False, server=address)) as first:
            first.ingest([write_papers(tmp_path / "a.jsonl", [*papers[:9], long, *papers[9:]])])
            encoder = PartsEncoder()
            with closing(Collection(homes[1], encoder, starter=False, server=address)) as second:
                assert second.count() == 21
                assert second.encoded() == (21, 21)
                assert second._dense.count() == first._dense.count() > 21 + 7
                assert encoder.encoded == []

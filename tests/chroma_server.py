"""A real Chroma server on this machine, and a front that stands before it."""

import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import SHUT_WR, create_connection, socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import urlsplit

import chromadb

from store.chroma_collection import quiet_settings
from tests.scripted_http import Handler, Reply, running


def free_port() -> int:
    """A port that nobody listens on."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def chroma(folder: Path, port: int = 0) -> Iterator[str]:
    """Run the server that comes with the installed package; gives its address."""
    with chroma_process(folder, port) as (url, _):
        yield url


@contextmanager
def chroma_process(folder: Path, port: int = 0) -> Iterator[tuple[str, int]]:
    """The same; gives its address and the number of its process."""
    url = f"http://127.0.0.1:{port or free_port()}"
    program = str(Path(sys.executable).with_name("chroma"))
    command = [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port"]
    with (
        folder.with_suffix(".out").open("w+", encoding="utf-8") as said,
        subprocess.Popen([*command, url.rpartition(":")[2]], stdout=said, stderr=said) as process,
    ):
        try:
            while not _beats(url):
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.02)
                    raise AssertionError(f"Chroma's server ended: {said.read()}")
            yield url, process.pid
        finally:
            process.kill()


def _beats(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/v2/heartbeat") as answer:
            return b"nanosecond heartbeat" in answer.read()
    except urllib.error.URLError:
        return False


@contextmanager
def client_of(url: str) -> Iterator[chromadb.ClientAPI]:
    """Chroma's own client, with its connections closed behind it."""
    client: Any = chromadb.HttpClient(host=url.partition("?")[0], settings=quiet_settings())
    sessions = [each._server._session for each in (client, client._admin_client)]
    with closing(client), closing(sessions[0]), closing(sessions[1]):
        yield client


@dataclass
class Front:
    """What stands before a server, as a reverse proxy does.

    Attributes:
        url: Its address.
        token: What it wants in ``Authorization`` or ``X-Chroma-Token``; "" for nothing.
        instead: Answers in the server's place where it gives a reply, by method and path.
        seen: Method, path and token of every request.
        heard: Its headers, their names in lower case.
    """

    url: str = ""
    token: str = ""
    instead: Callable[[str, str], Reply | None] = lambda _method, _path: None
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    heard: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def front(server: str) -> Iterator[Front]:
    """Stand before a server on a port of one's own."""
    told = Front()

    class Passing(Handler):
        def do_GET(self) -> None:  # noqa: N802 (its name)
            self._pass()

        do_POST = do_PUT = do_GET  # noqa: N815

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            told.seen.append((self.command, self.path, bearer))
            told.heard.append({name.lower(): value for name, value in self.headers.items()})
            allowed = not told.token or told.token in (bearer, self.headers.get("X-Chroma-Token"))
            if reply := told.instead(self.command, self.path):
                self.send_reply(reply)
            elif not allowed:
                self.send_reply(Reply(403 if bearer else 401, b"<html>who are you?</html>"))
            else:
                self.send_reply(self._ask(body))

        def _ask(self, body: bytes) -> Reply:
            request = urllib.request.Request(
                server + self.path,
                body or None,
                {"Content-Type": "application/json"},
                method=self.command,
            )
            try:
                with urllib.request.urlopen(request) as answer:
                    return Reply(answer.status, answer.read())
            except urllib.error.HTTPError as refused:
                return Reply(refused.code, refused.read())

    with running(Passing) as address:
        parts = urlsplit(address)
        told.url = f"http://{parts.netloc}"
        yield told


@contextmanager
def encrypted(url: str, folder: Path, name: str = "localhost") -> Iterator[tuple[str, Path]]:
    """Speak TLS before a server; gives the address and the certificate, which signs itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    made += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    behind = urlsplit(url)

    class Piped(BaseRequestHandler):
        def handle(self) -> None:
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as outside,
                create_connection((behind.hostname, behind.port)) as inside,
            ):
                back = threading.Thread(target=_pipe, args=(inside, outside), daemon=True)
                back.start()
                _pipe(outside, inside)
                back.join()

    class Listening(ThreadingTCPServer):
        daemon_threads = True

    with Listening(("127.0.0.1", 0), Piped) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        yield f"https://{name}:{listening.server_address[1]}", certificate
        listening.shutdown()


def _pipe(source: socket, sink: socket) -> None:
    with suppress(OSError):
        while some := source.recv(65_536):
            sink.sendall(some)
        sink.shutdown(SHUT_WR)

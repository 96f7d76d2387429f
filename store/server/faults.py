"""What goes wrong with a Chroma server, in a line that says what to do. Home of httpx's errors."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from chromadb.errors import ChromaError

from store.errors import ServerError
from store.server.address import ServerAddress

__all__ = ["faults_named", "has_no_collection", "is_not_there"]

_REFUSED = (401, 403)
_NOT_ALLOWED = 405
_NOT_THERE = (404, _NOT_ALLOWED, 410)
_PASSING = (408, 429, 500, 502, 503, 504)
_MAX_SAID_CHARS = 200
_NUMBERED = re.compile(r"^\[Errno -?\d+\] ")


@contextmanager
def faults_named(address: ServerAddress, *, writing: bool = False) -> Iterator[None]:
    """Turn what goes wrong over a server into ``ServerError``.

    Args:
        address: Of the server.
        writing: Whether something is changed there, which may be refused where reading is not.
    """
    try:
        yield
    except ServerError:
        raise
    except Exception as error:  # noqa: BLE001 (Chroma's client raises bare ones)
        tells = address.token and any(address.token in str(each) for each in _chain(error))
        raise _named(error, address, writing) from (None if tells else error)


def _named(error: Exception, address: ServerAddress, writing: bool) -> ServerError:
    place = f"The Chroma server at {address.url}"
    status, lost = _status(error), _first(error, httpx.TransportError)
    if isinstance(lost, httpx.TransportError):
        return ServerError(f"{place} {_unreachable(lost, address)}", retryable=True)
    if status in _REFUSED or (writing and status == _NOT_ALLOWED):
        return ServerError(f"{place} {_refusal(address, writing)}")
    if status in _NOT_THERE:
        return has_no_collection(address)
    if status:
        passing = status in _PASSING
        way = "try again later" if passing else "check its version and its limits"
        return ServerError(
            f"{place} answers {status}: {_said(error, address)}; {way}", retryable=passing
        )
    return ServerError(
        f"What is at {address.url} does not answer as a Chroma server of version 1 does"
        f" ({_said(error, address)}); check the address"
    )


def _unreachable(lost: httpx.TransportError, address: ServerAddress) -> str:
    """Why no answer comes, and what to do."""
    if isinstance(lost, httpx.TimeoutException):
        return "does not answer in time; try again later"
    tls = _first(lost, ssl.SSLError)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return (
            f"has a certificate that is not trusted here ({tls.verify_message.rstrip('.')});"
            " name the file of the authority that signed it in SSL_CERT_FILE, or check the address"
        )
    if tls:
        return "does not speak TLS, which https:// stands for; check the address"
    return f"cannot be reached ({_said(lost, address)}); start it, or check the address"


def _refusal(address: ServerAddress, writing: bool) -> str:
    """What the server does not let us do, and what to set."""
    if writing:
        mine = "with this PAPER_ASSISTANT_CHROMA_TOKEN" if address.token else "without a token"
        return (
            f"may be read, and not written to, {mine}; set another to add or remove papers."
            " Nothing was changed, and questions are answered as before"
        )
    how = "does not accept the token; set another" if address.token else "wants a token; set"
    return f"{how} PAPER_ASSISTANT_CHROMA_TOKEN"


def has_no_collection(address: ServerAddress) -> ServerError:
    """Say that what there was is gone."""
    return ServerError(
        f"The Chroma server at {address.url} has no collection {address.collection!r} any more;"
        " bring back its folder from a backup, or begin anew: `papers export` here, and `ingest` of"
        " that with another --home"
    )


def is_not_there(error: Exception) -> bool:
    """Whether a server answers that it knows nothing of the kind."""
    return _status(error) in _NOT_THERE


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _first(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    return next((each for each in _chain(error) if isinstance(each, kind)), None)


def _status(error: Exception) -> int:
    """The status of the answer that was refused; 0 for none."""
    for each in _chain(error):
        if isinstance(each, httpx.HTTPStatusError):
            return each.response.status_code
        if isinstance(each, ChromaError):
            return each.code()
    return 0


def _said(error: BaseException, address: ServerAddress) -> str:
    """What an error says, in a line, without the token."""
    said = _NUMBERED.sub("", " ".join(str(error).split())) or type(error).__name__
    said = said.replace(address.token, "…") if address.token else said
    return said if len(said) <= _MAX_SAID_CHARS else f"{said[:_MAX_SAID_CHARS]}…"

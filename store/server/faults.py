"""What goes wrong with a Chroma server, in a line that says what to do. Home of httpx's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from chromadb.errors import ChromaError

from store.errors import ServerError
from store.server.address import ServerAddress

__all__ = ["faults_named"]

_REFUSED = (401, 403)
_NOT_THERE = (404, 405, 410)
_PASSING = (408, 429, 500, 502, 503, 504)
_MAX_SAID_CHARS = 200


@contextmanager
def faults_named(address: ServerAddress) -> Iterator[None]:
    """Turn what goes wrong over a server into ``ServerError``."""
    try:
        yield
    except ServerError:
        raise
    except Exception as error:  # noqa: BLE001 (Chroma's client raises bare ones)
        tells = address.token and any(address.token in str(each) for each in _chain(error))
        raise _named(error, address) from (None if tells else error)


def _named(error: Exception, address: ServerAddress) -> ServerError:
    place = f"The Chroma server at {address.url}"
    status, lost = _status(error), _first(error, httpx.TransportError)
    if isinstance(lost, httpx.TimeoutException):
        return ServerError(f"{place} does not answer in time; try again later", retryable=True)
    if lost:
        said = _said(lost, address)
        return ServerError(
            f"{place} cannot be reached ({said}); start it, or check the address", retryable=True
        )
    if status in _REFUSED:
        how = "does not accept the token; set another" if address.token else "wants a token; set"
        return ServerError(f"{place} {how} PAPER_ASSISTANT_CHROMA_TOKEN")
    if status in _NOT_THERE:
        return ServerError(
            f"{place} knows no tenant {address.tenant!r} with a database {address.database!r}, has"
            " lost the collection, or is of a version before 1.0; check the address, and what"
            " follows its '?'"
        )
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


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _first(error: Exception, kind: type[BaseException]) -> BaseException | None:
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
    said = " ".join(str(error).split()) or type(error).__name__
    said = said.replace(address.token, "…") if address.token else said
    return said if len(said) <= _MAX_SAID_CHARS else f"{said[:_MAX_SAID_CHARS]}…"

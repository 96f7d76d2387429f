"""Getting an address from the few hosts that sources are fetched from. Home of httpx.

Only https, only the hosts named here, in redirects too; no private address behind their names;
bounded size and time. Their certificates bind the names, so that a name which is resolved anew
between check and use leads nowhere else.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies

import httpx

from store.errors import SourceError

__all__ = ["HOSTS", "fetch"]

HOSTS = ("export.arxiv.org", "arxiv.org", "huggingface.co")
_SCHEME = "https"
_MAX_BYTES = 20_000_000
_MAX_REDIRECTS = 3
_MAX_TRIES = 3
_MAX_WAIT_S = 30.0
_TOTAL_S = 60.0
_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_GAP_S = {"export.arxiv.org": 3.0}
"""Between two requests. Source: info.arxiv.org/help/api/tou.html."""
_AGENT = "paper-assistant"
_LATER = (429, 502, 503, 504)

_last_asked: dict[str, float] = {}
_turn = threading.Lock()


def fetch(url: str, types: Sequence[str]) -> bytes:
    """Get what is at an address.

    Args:
        url: Of one of ``HOSTS``.
        types: Content types that will do, such as "application/json".

    Raises:
        SourceError: It cannot be had, or is not what was wanted.
    """
    try:
        with httpx.Client(timeout=_TIMEOUT, headers={"User-Agent": _AGENT}) as client:
            for n_tries in range(1, _MAX_TRIES + 1):
                response, body = _followed(client, url)
                if response.status_code not in _LATER or n_tries == _MAX_TRIES:
                    break
                _wait(_seconds_to_wait(response))
    except httpx.TimeoutException as error:
        raise SourceError(f"{_host(url)} did not answer in time; try again later") from error
    except httpx.HTTPError as error:
        raise SourceError(f"{_host(url)} cannot be reached ({error}); are you online?") from error
    if response.status_code != httpx.codes.OK:
        later = "; try again later" if response.status_code in _LATER else ""
        raise SourceError(f"{_host(url)} answered {response.status_code}{later}")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in types:
        raise SourceError(f"{_host(url)} sent {kind or 'no type'}, not {types[0]}")
    return body


def _followed(client: httpx.Client, url: str) -> tuple[httpx.Response, bytes]:
    """Ask, and follow where it leads as long as that may be asked too."""
    for _ in range(_MAX_REDIRECTS + 1):
        _check(url)
        _take_turn(_host(url))
        with client.stream("GET", url, follow_redirects=False) as response:
            if not response.has_redirect_location:
                return response, _body(response)
            url = urljoin(url, response.headers["location"])
    raise SourceError(f"{_host(url)} leads on and on; try again later")


def _body(response: httpx.Response) -> bytes:
    began, chunks, size = time.monotonic(), [], 0
    for chunk in response.iter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size > _MAX_BYTES:
            raise SourceError(f"sends more than the {_MAX_BYTES / 1e6:.0f} MB that are taken")
        if time.monotonic() - began > _TOTAL_S:
            raise SourceError(f"takes longer than {_TOTAL_S:.0f} s; try again later")
    return b"".join(chunks)


def _check(url: str) -> None:
    """Refuse any other host or scheme, and a host that is not out there.

    Raises:
        SourceError: It is refused, or its name is not known.
    """
    parts = urlsplit(url)
    if parts.scheme != _SCHEME or parts.netloc not in HOSTS:
        raise SourceError(f"leads to {url[:80]!r}, and only {', '.join(HOSTS)} are asked")
    if _SCHEME in getproxies():
        return  # the proxy resolves the name
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or _SCHEME, type=socket.SOCK_STREAM)
    except OSError as error:
        raise SourceError(f"{parts.hostname} cannot be reached; are you online?") from error
    if not all(_is_public(str(address[0])) for *_, address in found):
        raise SourceError(f"{parts.hostname} has a private address here, which is not asked")


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def _take_turn(host: str) -> None:
    """Keep the distance between requests that a host asks for."""
    with _turn:
        since = time.monotonic() - _last_asked.get(host, float("-inf"))
        _wait(_GAP_S.get(host, 0.0) - since)
        _last_asked[host] = time.monotonic()


def _seconds_to_wait(response: httpx.Response) -> float:
    asked = response.headers.get("retry-after", "")
    return min(float(asked), _MAX_WAIT_S) if asked.isdecimal() else 1.0


def _wait(seconds: float) -> None:
    if seconds > 0:
        time.sleep(seconds)


def _host(url: str) -> str:
    return urlsplit(url).netloc

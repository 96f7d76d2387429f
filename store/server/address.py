"""Where a Chroma server is, and what of it is meant."""

import os
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit
from urllib.request import getproxies

__all__ = ["CLOUD", "ServerAddress", "pass_by_proxies", "server_address"]

CLOUD = "api.trychroma.com"
"""Chroma's own service. Source: ``chromadb.CloudClient``."""

_MEANT = {"tenant": "default_tenant", "database": "default_database", "collection": "papers"}
"""What may follow the "?" of an address. Source: Chroma's own names for tenant and database."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A collection on a Chroma server.

    Attributes:
        url: Scheme, host, port where it is named, and the path in front of Chroma's own.
        tenant: "" where the token tells, as on Chroma Cloud.
        database: Likewise.
        collection: What the papers are called there.
        token: Sent with every request; never shown.
    """

    url: str
    tenant: str
    database: str
    collection: str
    token: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The name or number of its machine."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_cloud(self) -> bool:
        """Whether it is Chroma's own service."""
        return self.host == CLOUD

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine."""
        return _is_here(self.host)


def server_address(given: str, token: str = "") -> ServerAddress:
    """Read an address such as "https://chroma.example.org?tenant=lab&database=papers".

    Raises:
        ValueError: It is none, holds a password, or the token would go unencrypted over a network.
    """
    parts = urlsplit(given)
    host, port = parts.hostname, parts.port  # a port that is none raises the error itself
    if parts.scheme not in ("http", "https") or not host or parts.fragment:
        raise ValueError("it has to begin with http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it holds a password; put that into PAPER_ASSISTANT_CHROMA_TOKEN")
    meant = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(meant) - set(_MEANT)):
        raise ValueError(f"{unknown[0]!r} means nothing there; {', '.join(_MEANT)} may be named")
    if token and parts.scheme == "http" and not _is_here(host):
        raise ValueError("the token would be sent unencrypted; use https://")
    if not token.isascii() or any(sign.isspace() for sign in token):
        raise ValueError("the token holds something that no header can carry")
    place = f"[{host}]" if ":" in host else host
    url = f"{parts.scheme}://{place}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
    default = _MEANT | ({"tenant": "", "database": ""} if host == CLOUD else {})
    return ServerAddress(url=url, token=token, **default | meant)


def pass_by_proxies(address: ServerAddress) -> None:
    """Have a server on this machine asked directly, also where the environment names a proxy.

    The environment is where it has to be said: Chroma's client asks its first question while it is
    being made, and can be told nowhere else.
    """
    passed_by = [each for each in getproxies().get("no", "").split(",") if each]
    if address.is_here and address.host not in passed_by:
        os.environ["no_proxy"] = ",".join([*passed_by, address.host])


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""A connection to a Chroma server. Home of chromadb's client.

What is used lies under ``chromadb.HttpClient`` and ``CloudClient``, and sends what they send. Those
two wait without end for a server that does not answer, ask five times more while they are made, and
take what is not named from variables of their own.
"""

from collections.abc import Mapping

import httpx
from chromadb.api.fastapi import FastAPI
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings, System
from chromadb.errors import NotFoundError
from chromadb.types import Collection as Model

from store.chroma_collection import CONFIGURATION, blinded, quiet_settings
from store.errors import ServerError
from store.server.address import ServerAddress, pass_by_proxies
from store.server.faults import faults_named, is_not_there

__all__ = ["Connection"]

_LIMITS = httpx.Timeout(60.0, connect=5.0)
"""To store 250 records took up to a second; a busy server may take longer."""
_LIMITS_TO_OPEN = httpx.Timeout(5.0)


class Connection:
    """Chroma's client for a tenant's database, where each request has its limit of time."""

    def __init__(self, address: ServerAddress) -> None:
        """Connect.

        Raises:
            ServerError: There is no Chroma server, it cannot be reached, or does not let us in.
        """
        pass_by_proxies(address)
        self.api = FastAPI(System(_settings(address)))
        try:
            self.api._session.timeout = _LIMITS_TO_OPEN
            with faults_named(address):
                self._knock(address)
                self.tenant, self.database = self._enter(address)
            self.api._session.timeout = _LIMITS
        except BaseException:
            self.close()
            raise

    def _knock(self, address: ServerAddress) -> None:
        try:
            self.api.heartbeat()
        except Exception as error:
            if is_not_there(error):
                raise ServerError(
                    f"What is at {address.url} is no Chroma server of version 1.0 or later; check"
                    " the address"
                ) from error
            raise

    def _enter(self, address: ServerAddress) -> tuple[str, str]:
        """Find tenant and database, where they are not named by what the token is for."""
        tenant, database = address.tenant, address.database
        if not (tenant and database):
            told = self.api.get_user_identity()
            tenant, (database, *others) = tenant or told.tenant or "", told.databases or [""]
            if others or "*" in (tenant, database) or not (tenant and database):
                raise ServerError(
                    f"The token does not tell which tenant and database of {address.url} are meant;"
                    " name them behind the address: ?tenant=…&database=…"
                )
        try:
            self.api.get_database(name=database, tenant=tenant)
        except Exception as error:
            if is_not_there(error):
                raise ServerError(
                    f"The Chroma server at {address.url} knows no tenant {tenant!r} with a database"
                    f" {database!r}; check what follows the '?' of the address"
                ) from error
            raise
        return tenant, database

    def collection(self, name: str) -> Collection | None:
        """Open a collection; None where there is none."""
        try:
            model = self.api.get_collection(name, self.tenant, self.database)
        except NotFoundError:
            return None
        return self._of(model)

    def new_collection(self, name: str, about: Mapping[str, str | int]) -> Collection:
        """Make a collection, and tell it to remember something; or open what another one made."""
        model = self.api.get_or_create_collection(
            name,
            configuration=CONFIGURATION,
            metadata=dict(about),
            tenant=self.tenant,
            database=self.database,
        )
        return self._of(model)

    def _of(self, model: Model) -> Collection:
        return blinded(Collection(self.api, model, embedding_function=None))

    def close(self) -> None:
        """Let go of what is open."""
        self.api._session.close()


def _settings(address: ServerAddress) -> Settings:
    settings = quiet_settings()
    settings.chroma_api_impl = "chromadb.api.fastapi.FastAPI"
    settings.chroma_server_host = address.url
    settings.chroma_server_http_port = 443  # the address says it, or the scheme
    settings.chroma_server_ssl_enabled = address.url.startswith("https:")
    settings.chroma_server_headers = _headers(address)
    return settings


def _headers(address: ServerAddress) -> dict[str, str]:
    """The token in both forms that are usual; whatever stands in front of a server checks one."""
    if not address.token:
        return {}
    if address.is_cloud:
        return {"X-Chroma-Token": address.token}
    return {"Authorization": f"Bearer {address.token}", "X-Chroma-Token": address.token}

"""A connection, opened for use: the keys that sign its requests. What is asked of X stands elsewhere."""

from dataclasses import dataclass

from storage import connections
from storage.tables import AppKind, Connection
from storage.vault import Vault
from twitter.client import App, Token


@dataclass(frozen=True, slots=True)
class Account:
    """An X account we can act for."""

    app: App
    token: Token
    connection: Connection


def open_account(vault: Vault, registered_app: App | None, connection: Connection) -> Account | None:
    """Open a connection's seals. None: its app is not configured any more. Raises vault.Locked."""
    keys = connections.open_keys(vault, connection)
    app = registered_app if connection.app_kind == AppKind.REGISTERED else _own_app(keys)
    if app is None or vault.fingerprint(app.consumer_key) != connection.app_fingerprint:
        return None
    return Account(app, Token(keys.access_token.reveal(), keys.access_secret.reveal()), connection)


def _own_app(keys: connections.Keys) -> App | None:
    if keys.consumer_key is None or keys.consumer_secret is None:
        return None
    return App(keys.consumer_key.reveal(), keys.consumer_secret.reveal())

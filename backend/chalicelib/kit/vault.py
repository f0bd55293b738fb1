"""Reads the secrets that the deployment made, from AWS Secrets Manager; nothing here keeps or shows them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 1, 2, 2
CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"  # Secrets Manager's own words for the newest version and the one before


class Key(Struct, frozen=True):
    """A signing key: what tokens call it, and its secret."""

    kid: str
    secret: str


class Keys(Key, frozen=True):
    """The newest key, as the template makes it, and those that still verify, the newest first."""

    older: tuple[Key, ...] = ()


@lru_cache(maxsize=1)
def _client() -> Any:
    """Secrets Manager, made when first needed, from the tables' session: a session of its own would read botocore's files again."""
    from botocore.config import Config

    from chalicelib.kit import table

    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": ATTEMPTS})
    return table.connection().session.create_client("secretsmanager", config=config)


def text(name: str, version: str = CURRENT) -> str:
    """A version of a secret; empty where there is none of that name. Faults come out as botocore's exceptions."""
    try:
        return str(_client().get_secret_value(SecretId=name, VersionStage=version)["SecretString"])
    except _client().exceptions.ResourceNotFoundException:
        return ""


def signing_keys(name: str) -> tuple[tuple[str, bytes], ...]:
    """`{"kid": ..., "secret": ..., "older": [{"kid": ..., "secret": ...}]}` as (kid, secret) pairs, the newest first."""
    found = msgspec.json.decode(text(name), type=Keys)
    return tuple((key.kid, key.secret.encode()) for key in (found, *found.older))


def edge_secrets(name: str) -> tuple[str, ...]:
    """What the edge shows: the newest, and the one before, which counts until the edge has learned the newest everywhere."""
    return tuple(filter(None, (text(name), text(name, PREVIOUS))))

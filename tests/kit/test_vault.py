"""The secrets that a deployment made: read by name, changed without a gap."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from chalicelib.kit import memory, settings, vault

KEYS, EDGE = "anteroom/test/keys", "anteroom/test/edge"
FIRST, SECOND = "f" * 64, "s" * 64


@pytest.fixture
def secrets(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A cloud with both secrets as infra/overlay.yaml makes them, and a function that is told their names."""
    vault._client.cache_clear()
    client = boto3.client("secretsmanager")
    for name, text in ((KEYS, json.dumps({"kid": "first", "secret": FIRST})), (EDGE, FIRST)):
        client.create_secret(Name=name, SecretString=text)
    monkeypatch.setenv("ANTEROOM_KEYS_SECRET", KEYS)
    monkeypatch.setenv("ANTEROOM_EDGE_SECRET", EDGE)
    memory.forget()
    yield client
    for name in (KEYS, EDGE):
        client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    vault._client.cache_clear()
    memory.forget()


def test_the_keys_are_those_that_the_template_made(secrets: Any) -> None:
    assert settings.keys() == (("first", FIRST.encode()),)
    assert settings.edge_secrets() == (FIRST,)


def test_a_new_key_signs_and_the_older_ones_still_verify(secrets: Any) -> None:
    told = {"kid": "second", "secret": SECOND, "older": [{"kid": "first", "secret": FIRST}]}
    secrets.put_secret_value(SecretId=KEYS, SecretString=json.dumps(told))
    assert settings.keys() == (("second", SECOND.encode()), ("first", FIRST.encode()))


def test_a_new_secret_of_the_edge_counts_beside_the_one_before(secrets: Any) -> None:
    secrets.put_secret_value(SecretId=EDGE, SecretString=SECOND)
    assert settings.edge_secrets() == (SECOND, FIRST)


def test_secrets_are_read_anew_after_a_while_and_outlive_a_vault_that_is_down(secrets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("chalicelib.kit.memory.time.monotonic", lambda: clock[0])
    assert settings.edge_secrets() == (FIRST,)
    secrets.put_secret_value(SecretId=EDGE, SecretString=SECOND)
    clock[0] = settings.FRESH - 1
    assert settings.edge_secrets() == (FIRST,)
    clock[0] = settings.FRESH + 1
    assert settings.edge_secrets() == (SECOND, FIRST)
    monkeypatch.setattr(vault, "text", lambda *_: 1 / 0)
    clock[0] = 2 * settings.FRESH + 2
    assert settings.edge_secrets() == (SECOND, FIRST)
    settings.edge_secrets.forget()
    with pytest.raises(ZeroDivisionError):
        settings.edge_secrets()


@pytest.mark.parametrize("told", ["", "{}", '{"kid": "first", "secret": "short"}', '{"kid": "first"}'])
def test_a_secret_that_is_no_key_signs_nothing(secrets: Any, told: str) -> None:
    secrets.put_secret_value(SecretId=KEYS, SecretString=told or "nothing")
    with pytest.raises((ValueError, RuntimeError)):
        settings.keys()

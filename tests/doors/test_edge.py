"""Only the edge may call, and only its word for the caller's address counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.doors import edge
from chalicelib.kit import settings

NEW, OLD = "n" * 32, "o" * 40


@pytest.fixture(autouse=True)
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A deployed stage in the middle of a change of secrets."""
    monkeypatch.setenv("ANTEROOM_STAGE", "prod")
    monkeypatch.setenv("ANTEROOM_EDGE", f"{NEW}, {OLD}")
    settings.edge_secrets.forget()
    yield
    settings.edge_secrets.forget()


@pytest.mark.parametrize("secret", [NEW, OLD])
@pytest.mark.parametrize(
    ("viewer", "address"),
    [
        ("203.0.113.7:41234", "203.0.113.7"),
        ("2001:db8:1:200::7:443", "2001:db8:1:200::7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("203.0.113.7", ""),
        ("", ""),
        ("203.0.113.7:x", ""),
    ],
)
def test_the_edges_word_for_the_address_counts(secret: str, viewer: str, address: str) -> None:
    headers = {edge.SECRET: secret, edge.VIEWER: viewer, "x-forwarded-for": "198.51.100.9"}
    assert edge.address(headers, "198.51.100.1") == address


@pytest.mark.parametrize("secret", [None, "", "n" * 31, "n" * 33, NEW.upper(), f"{NEW}, {OLD}", "é" * 32])
def test_without_the_edges_secret_nobody_gets_in(secret: str | None) -> None:
    headers = {edge.VIEWER: "203.0.113.7:1"} | ({edge.SECRET: secret} if secret is not None else {})
    with pytest.raises(edge.NotThroughTheEdge):
        edge.address(headers, "203.0.113.7")


def test_a_deployed_stage_without_a_secret_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTEROOM_EDGE")
    settings.edge_secrets.forget()
    for headers in ({}, {edge.SECRET: ""}):
        with pytest.raises(edge.NotThroughTheEdge):
            edge.address(headers, "203.0.113.7")


@pytest.mark.parametrize("stage", ["local", "test"])
def test_on_this_machine_the_gateways_word_counts(monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    monkeypatch.setenv("ANTEROOM_STAGE", stage)
    monkeypatch.delenv("ANTEROOM_EDGE")
    settings.edge_secrets.forget()
    assert edge.address({edge.VIEWER: "203.0.113.7:1"}, "127.0.0.1") == "127.0.0.1"


def test_a_short_secret_is_a_mistake_of_the_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTEROOM_EDGE", "short")
    settings.edge_secrets.forget()
    with pytest.raises(RuntimeError, match="32"):
        settings.edge_secrets()

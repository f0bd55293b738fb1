"""The clinics a letter is sent in the name of, and a post office that can go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.clinics import actions as clinics
from chalicelib.kit import post


@pytest.fixture
def post_office(cloud: None, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """An empty cloud with the clinics of app.json, and SES replaced by a list."""
    for clinic in clinics.read_portal().clinics:
        clinics.save(clinic)
    office = PostOffice()
    monkeypatch.setattr(post, "send", office.send)
    return office


class PostOffice:
    """What was handed to the provider. `fates` are taken one a call: an exception is raised, a function is called first."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self.fates: list[Exception | Callable[[], None]] = []
        self._lock = threading.Lock()

    def send(self, sender: str, to: str, message: bytes) -> str:
        """In place of kit.post.send."""
        with self._lock:
            self.calls.append(message)
            number = len(self.calls)
            fate: Any = self.fates.pop(0) if self.fates else None
        if isinstance(fate, Exception):
            raise fate
        if fate is not None:
            fate()
        return f"receipt-{number}"

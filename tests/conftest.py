"""What every test may ask for. Nothing here is automatic but the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

os.environ.update(
    {
        "ANTEROOM_STAGE": "test",
        "ANTEROOM_KEYS": "k1:" + "5a" * 32,
        "ANTEROOM_PATIENT_ORIGIN": "http://localhost:8000",
        "ANTEROOM_STAFF_ORIGIN": "http://staff.localhost:8000",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
)
os.environ.pop("AWS_ENDPOINT_URL", None)

import boto3
from moto import mock_aws
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from chalicelib.kit import memory, table
from scripts.local import engine, template
from tests import quick_moto
from tests.deploy.building import built, merged, of_kind, whole
from tests.guard import roles, silence
from tests.local.ordering import (
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
    pytest_xdist_make_scheduler,
)
from tests.local.serving import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = [
    "built",
    "merged",
    "of_kind",
    "pytest_collection_finish",
    "pytest_collection_modifyitems",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "pytest_testnodedown",
    "pytest_xdist_make_scheduler",
    "running",
    "whole",
]

quick_moto.install()


@pytest.fixture(scope="session")
def _moto() -> Iterator[None]:
    """All tables and buckets of infra/overlay.yaml on moto, made once: making them costs half a second."""
    with mock_aws():
        template.create("test")
        boto3.client("ses").verify_email_identity(EmailAddress="visits@harbourhealth.example")
        table.connection.cache_clear()
        yield


@pytest.fixture(scope="session", autouse=True)
def _listening() -> Iterator[None]:
    """To all that the run logs, mails and stores (tests/guard/silence.py), and to what doors ask of tables (tests/guard/roles.py)."""
    with silence.listening(), roles.watched():
        yield


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    """No test leaves a code, a token or a patient in a log, a subject, a queue or a row; no door goes beyond its role."""
    yield
    found = silence.ear.take()
    silence.ear.forget_codes()
    assert found == []
    assert roles.beyond() == []


@pytest.fixture
def cloud(_moto: None) -> Iterator[None]:
    """An empty cloud in this process."""
    _emptied()
    memory.forget()
    yield
    memory.forget()


def _emptied() -> None:
    """Take every row, object and mail out of moto."""
    for kept in get_backend("dynamodb")[DEFAULT_ACCOUNT_ID]["us-east-1"].tables.values():
        kept.items.clear()
        if kept.stream_shard:
            kept.stream_shard.items.clear()  # moto copies all of it at every transaction
    for bucket in get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets.values():
        bucket.keys.clear()
    get_backend("ses")[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for the whole session: a process can have no second one beside it."""
    from tests.journeys import chrome  # here, since what needs no browser does not pay for it

    with chrome.opened() as opened:
        yield opened


@pytest.fixture(scope="session")
def _ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bare local cloud for the tests that moto must not decide: races, and what is sent to real services. Its tables are made once."""
    with engine.ministack(tmp_path_factory.mktemp("ministack")) as address:
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("AWS_ENDPOINT_URL", address)
            template.create("test")
        yield address


@pytest.fixture
def ministack(_ministack: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The local cloud as this process's cloud; its tables are shared by all tests, so each uses a clinic of its own.

    Hundreds of clients may share this interpreter with it, so a call has longer to be answered than on AWS.
    """
    monkeypatch.setenv("AWS_ENDPOINT_URL", _ministack)
    monkeypatch.setattr(table, "CONNECT_SECONDS", 30)
    monkeypatch.setattr(table, "READ_SECONDS", 30)
    table.connection.cache_clear()
    memory.forget()
    yield _ministack
    memory.forget()
    table.connection.cache_clear()

"""Tables: keys, rows, and the one transaction that a change is written in.

A transaction either happens whole or not at all. What stopped it is told apart:
a *clash* (a condition failed: somebody was first) raises the exception its writer
named; a *fault* (conflict, throttle, lost answer) is tried again with full jitter
for at most `PATIENCE` seconds a request and then becomes TryAgain (503), never a refusal.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar

from chalicelib.kit import answers, lean

# botocore takes pyOpenSSL wherever it is installed (webauthn brings it), and with it cryptography: 40 ms of every cold start.
with lean.without("OpenSSL"):
    import botocore.httpsession  # noqa: F401 - loaded here and now, for botocore

from botocore.config import Config
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.kit.faults import FAULTS
from chalicelib.kit.faults import is_fault as is_fault
from chalicelib.kit.problem import TryAgain

PATIENCE = 8.0  # seconds a request may spend on faults, all in all
CONNECT_SECONDS, READ_SECONDS, RETRIES = 1, 2, 1  # pynamodb's own 15 s, 30 s and 3 outlast the gateway
TOGETHER = 100  # rows that one call reads at most
POOL = 64  # one thread a connection in the local run; a function uses one

T = TypeVar("T")
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)  # of this request, on the monotonic clock


class Lost(Exception):
    """What was read changed before it could be written: read it again and decide again."""


def key(clinic: str, *parts: str) -> str:
    """A partition key: `C#<clinic>#PART#PART...`. The clinic comes first, always."""
    return "#".join(("C", clinic, *parts))


@lru_cache(maxsize=1)
def connection() -> Connection:
    """The one client of this container; a client of its own for every table would cost 3 to 30 ms each."""
    made = Connection(
        connect_timeout_seconds=CONNECT_SECONDS,
        read_timeout_seconds=READ_SECONDS,
        max_retry_attempts=RETRIES,
        max_pool_connections=POOL,
    )
    made.session.set_default_client_config(Config(user_agent="anteroom"))  # botocore would word its own anew, twice a call
    answers.read_plainly(made.client)  # built now, not on the first request and not in two threads at once
    return made


class Meta:
    """Settings that every row class takes over; the shared connection holds the timeouts."""

    region: str | None = None


class Row(Model):
    """What all rows have: the two keys, a version, and when housekeeping may remove them (epoch seconds)."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        own = super()._get_connection()
        shared = connection()
        if own.connection is not shared:
            if own.table_name not in shared._tables:  # noqa: SLF001 - pynamodb shows it no other way
                shared.add_meta_table(own.get_meta_table())
            own.connection = shared
        return own


class Transaction:
    """The writes of one change; `together` commits them. Each may name the exception its clash raises."""

    def __init__(self, clash: Exception | type[Exception]) -> None:
        self._clash = clash
        self._writes: dict[str, list[tuple[dict[str, Any], int, Exception | type[Exception]]]] = {
            "condition_check_items": [],
            "delete_items": [],
            "put_items": [],
            "update_items": [],
        }

    def put(self, row: Row, condition: Condition | None = None, clash: Exception | type[Exception] | None = None) -> None:
        """Write a whole row."""
        self._add("put_items", row.get_save_kwargs_from_instance(condition=condition), clash)

    def add(self, row: Row, clash: Exception | type[Exception] | None = None) -> None:
        """Write a row that must not be there yet."""
        self.put(row, Path("pk").does_not_exist(), clash)

    def update(
        self, row: Row, actions: list[Action], condition: Condition | None = None, clash: Exception | type[Exception] | None = None
    ) -> None:
        """Change some attributes of a row."""
        self._add("update_items", row.get_update_kwargs_from_instance(actions=actions, condition=condition), clash)

    def delete(self, row: Row, condition: Condition | None = None, clash: Exception | type[Exception] | None = None) -> None:
        """Remove a row."""
        self._add("delete_items", row.get_delete_kwargs_from_instance(condition=condition), clash)

    def check(self, row: Row, condition: Condition, clash: Exception | type[Exception] | None = None) -> None:
        """Demand something of a row that is not written."""
        kwargs = row.get_operation_kwargs_from_class(row.pk, range_key=row.sk, condition=condition)
        self._add("condition_check_items", kwargs, clash)

    def _add(self, kind: str, kwargs: dict[str, Any], clash: Exception | type[Exception] | None) -> None:
        order = sum(len(writes) for writes in self._writes.values())
        self._writes[kind].append((kwargs, order, clash or self._clash))

    def commit(self) -> None:
        """All or nothing; raises the first declared clash, or TryAgain when faults outlast our patience."""
        if not any(self._writes.values()):
            return
        token = str(uuid.uuid4())  # the same at every try, so that a lost answer is not written twice
        items: dict[str, Any] = {kind: [kwargs for kwargs, _, _ in writes] for kind, writes in self._writes.items()}
        for _ in _tries(0.4):
            try:
                connection().transact_write_items(client_request_token=token, **items)
            except TransactWriteError as error:
                if not self._is_only_a_fault(error):
                    raise
            else:
                return
        raise TryAgain(retry_after=1)

    def _is_only_a_fault(self, error: TransactWriteError) -> bool:
        reasons = list(error.cancellation_reasons)
        in_order = [entry for writes in self._writes.values() for entry in writes]
        failed = [entry for entry, why in zip(in_order, reasons, strict=False) if why and why.code == "ConditionalCheckFailed"]
        if failed:
            _, _, clash = min(failed, key=lambda entry: entry[1])
            raise clash from error
        return any(why.code in FAULTS for why in reasons if why) or is_fault(error)


@contextmanager
def patience() -> Iterator[None]:
    """All tries inside share one deadline, `PATIENCE` seconds from now; where one is set already, that one stands."""
    token = _deadline.set(_deadline.get() or time.monotonic() + PATIENCE)
    try:
        yield
    finally:
        _deadline.reset(token)


def _tries(longest: float) -> Iterator[int]:
    """Counts tries, at least one, sleeping between them with full jitter up to `longest` seconds, until the deadline."""
    deadline = _deadline.get() or time.monotonic() + PATIENCE
    count = 0
    while True:
        yield count
        count += 1
        time.sleep(random.uniform(0, min(longest, 0.01 * 2**count)))  # noqa: S311 - jitter is no secret
        if time.monotonic() > deadline:
            return


@contextmanager
def together(clash: Exception | type[Exception] = Lost) -> Iterator[Transaction]:
    """The writes inside the block happen together or not at all; `clash` is what a failed condition raises."""
    transaction = Transaction(clash)
    yield transaction
    transaction.commit()


def settle(attempt: Callable[[], T]) -> T:
    """Read, decide and write again for as long as somebody else was faster; TryAgain when patience ends."""
    with patience():
        for _ in _tries(0.1):  # somebody has just succeeded, so the store is well: come back soon
            try:
                return attempt()
            except Lost:
                continue
    raise TryAgain(retry_after=1)


def read(row: type[Row], pk: str, sk: str) -> Any:
    """One row, read consistently, or None."""
    try:
        return row.get(pk, sk, consistent_read=True)
    except row.DoesNotExist:
        return None


def read_together(row: type[Row], keys: list[tuple[str, str]]) -> list[dict[str, str] | None]:
    """Rows of one table by (pk, sk), consistently, as plain strings by attribute, None where there is none; a call for each hundred."""
    own = row._get_connection()  # noqa: SLF001 - as pynamodb's own Model.batch_get does
    found: dict[tuple[str, str], dict[str, str]] = {}
    for _ in _tries(0.1):
        wanted: Any = [{"pk": pk, "sk": sk} for pk, sk in dict.fromkeys(keys) if (pk, sk) not in found]
        pages = [own.batch_get_item(wanted[n : n + TOGETHER], consistent_read=True) for n in range(0, len(wanted), TOGETHER)]
        for item in (item for page in pages for item in page["Responses"].get(own.table_name, [])):
            plain = answers.plain(item)
            found[plain["pk"], plain["sk"]] = plain
        if not any(page.get("UnprocessedKeys") for page in pages):
            return [found.get(key) for key in keys]
    raise TryAgain(retry_after=1)


def listed(row: type[Row], pk: str, first: str = "", last: str = "", *, limit: int = 0, backwards: bool = False) -> list[dict[str, str]]:
    """The rows of one partition with `first <= sk <= last`, consistently, as plain strings by attribute.

    Without pynamodb on purpose: wording the question again each time and building models would cost more than
    the rest of the answer. A page may be empty and still have a next one.
    """
    told: dict[str, Any] = {
        "TableName": row.Meta.table_name,
        "KeyConditionExpression": f"pk = :pk{' AND sk BETWEEN :first AND :last' if first else ''}",
        "ExpressionAttributeValues": {":pk": {"S": pk}} | ({":first": {"S": first}, ":last": {"S": last}} if first else {}),
        "ConsistentRead": True,
        "ScanIndexForward": not backwards,
        "ReturnConsumedCapacity": "TOTAL",
    }
    client: Any = connection().client
    found: list[dict[str, str]] = []
    while True:
        page = client.query(**told, **({"Limit": limit} if limit else {}))
        found += [answers.plain(item) for item in page["Items"]]
        told["ExclusiveStartKey"] = page.get("LastEvaluatedKey")
        if not told["ExclusiveStartKey"] or (limit and len(found) >= limit):
            return found

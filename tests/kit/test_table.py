"""One transaction: what stops it is told apart, and nothing is half written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import CancellationReason, TransactWriteError, VerboseClientError

from chalicelib.kit import table
from chalicelib.kit.problem import TryAgain
from chalicelib.people.store import PersonRow

pytestmark = pytest.mark.usefixtures("cloud")


def a_row(name: str, version: int = 1) -> PersonRow:
    return PersonRow(table.key("north", "TEST"), name, document="{}", version=version)


def written() -> list[str]:
    return [row["sk"] for row in table.listed(PersonRow, table.key("north", "TEST"))]


def cancelled(*codes: str | None) -> TransactWriteError:
    """The store's answer when a transaction was cancelled for these reasons."""
    reasons = [CancellationReason(code=code) if code else None for code in codes]
    error = VerboseClientError({"Error": {"Code": "TransactionCanceledException"}}, "TransactWriteItems", {}, cancellation_reasons=reasons)
    return TransactWriteError("cancelled", error)


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """Exceptions that the next writes meet, one each, before writes go through again."""
    waiting: list[BaseException] = []
    real = table.connection().transact_write_items

    def meets(**kwargs: Any) -> Any:
        if waiting:
            raise waiting.pop(0)
        return real(**kwargs)

    monkeypatch.setattr(table.connection(), "transact_write_items", meets)
    yield waiting
    assert waiting == []


def test_all_is_written_or_nothing() -> None:
    with table.together() as tx:
        tx.add(a_row("a"))
    with pytest.raises(table.Lost), table.together() as tx:
        tx.add(a_row("b"))
        tx.add(a_row("a"))
    assert written() == ["a"]


def test_a_block_that_raises_writes_nothing() -> None:
    with pytest.raises(KeyError), table.together() as tx:
        tx.add(a_row("a"))
        raise KeyError
    assert written() == []


def test_nothing_to_write_is_no_call(faults: list[BaseException]) -> None:
    with table.together():
        pass
    assert faults == []


def test_the_first_declared_clash_speaks() -> None:
    with table.together() as tx:
        tx.add(a_row("a"))
        tx.add(a_row("b"))
    with pytest.raises(ZeroDivisionError), table.together(clash=KeyError) as tx:
        tx.put(a_row("new"))
        tx.check(a_row("a"), PersonRow.version == 7, clash=ZeroDivisionError)
        tx.add(a_row("b"), clash=ValueError)


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_fault_is_tried_again_and_nobody_is_refused(faults: list[BaseException], code: str) -> None:
    faults += [cancelled(None, code), cancelled(code, None)]
    with table.together(clash=KeyError) as tx:
        tx.add(a_row("a"))
        tx.add(a_row("b"))
    assert written() == ["a", "b"]


def test_a_lost_answer_is_tried_again(faults: list[BaseException]) -> None:
    faults += [TransactWriteError("lost", ReadTimeoutError(endpoint_url="x"))]
    with table.together() as tx:
        tx.add(a_row("a"))
    assert written() == ["a"]


def test_a_clash_among_conflicts_is_a_clash(faults: list[BaseException]) -> None:
    faults += [cancelled("TransactionConflict", "ConditionalCheckFailed")]
    with pytest.raises(KeyError), table.together(clash=KeyError) as tx:
        tx.add(a_row("a"))
        tx.add(a_row("b"))
    assert written() == []


def test_a_mistake_of_ours_is_not_hidden(faults: list[BaseException]) -> None:
    faults += [cancelled("ValidationError")]
    with pytest.raises(TransactWriteError), table.together() as tx:
        tx.add(a_row("a"))


def test_patience_ends_in_try_again(faults: list[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PATIENCE", 0.0)
    faults += [cancelled("TransactionConflict")]
    with pytest.raises(TryAgain) as stopped, table.together() as tx:
        tx.add(a_row("a"))
    assert stopped.value.extra == {"retry_after": 1}


def test_settling_reads_and_decides_again_until_it_is_not_lost() -> None:
    tries = iter([table.Lost(), table.Lost(), None])

    def attempt() -> str:
        stopped = next(tries)
        if stopped:
            raise stopped
        return "done"

    assert table.settle(attempt) == "done"


def test_settling_ends_in_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PATIENCE", 0.0)

    def attempt() -> None:
        raise table.Lost

    with pytest.raises(TryAgain):
        table.settle(attempt)


def test_all_tries_of_a_request_share_one_deadline(faults: list[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    """Deciding again after a loss does not begin patience anew, nor does the write inside it."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    tries = []

    def attempt() -> None:
        tries.append(now[0])
        now[0] += table.PATIENCE / 2
        faults.append(cancelled("TransactionConflict"))
        with table.together() as tx:
            tx.add(a_row(str(len(tries))))
        raise table.Lost

    with table.patience(), pytest.raises(TryAgain):
        table.settle(attempt)
    assert tries == [100.0, 104.0, 108.0]


def test_a_list_goes_on_over_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    with table.together() as tx:
        for number in range(9):
            tx.add(a_row(str(number)))
    client: Any = table.connection().client
    real = client.query
    monkeypatch.setattr(client, "query", lambda **told: real(**(told | {"Limit": 4})))
    assert written() == [str(number) for number in range(9)]
    assert [row["sk"] for row in table.listed(PersonRow, table.key("north", "TEST"), "2", "4")] == ["2", "3", "4"]


def test_all_tables_share_one_client() -> None:
    from chalicelib.visits.store import AppointmentRow

    assert PersonRow._get_connection().connection is AppointmentRow._get_connection().connection is table.connection()
    config: Any = table.connection().client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (1, 2)

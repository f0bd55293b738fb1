"""Stream and sweeps at the same moment, on the local cloud: each notice goes out once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import msgspec
import pytest

from chalicelib.clinics import actions as clinics
from chalicelib.kit import ids, post, table
from chalicelib.notices import actions as notices
from chalicelib.notices import store
from chalicelib.notices.records import Notice, NoticeState
from tests.notices.conftest import PostOffice

pytestmark = [pytest.mark.cloud, pytest.mark.usefixtures("ministack")]

NOW = datetime(2031, 3, 4, 15, 0, 30, tzinfo=UTC)  # far from the notices of other tests, whose tables these are too


@pytest.fixture
def office(ministack: str, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """SES, replaced by a list."""
    found = PostOffice()
    monkeypatch.setattr(post, "send", found.send)
    return found


def posted(count: int) -> list[Notice]:
    """Notices of a clinic of their own, due now."""
    clinic = msgspec.structs.replace(clinics.read_portal().clinics[0], id=f"race-{ids.new(8)}")
    clinics.save(clinic)
    made = [
        Notice(id=ids.new(), clinic=clinic.id, to="ada@example.com", language="en-US", subject="Hello", text="Hi", due=NOW)
        for _ in range(count)
    ]
    for notice in made:
        with table.together() as tx:
            notices.post(tx, notice)
    return made


def at_once(*works: Callable[[], object]) -> None:
    """Run all of these in threads that begin together."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def states(made: list[Notice]) -> set[NoticeState]:
    found = [store.get(notice.clinic, notice.id) for notice in made]
    return {notice.state for notice in found if notice}


def test_four_sweeps_at_once_send_each_notice_once(office: PostOffice) -> None:
    made = posted(40)
    at_once(*[lambda: notices.sweep(NOW)] * 4)
    assert (len(office.calls), states(made)) == (40, {NoticeState.SENT})


def test_the_stream_and_two_sweeps_at_once_send_each_notice_once(office: PostOffice) -> None:
    made = posted(20)

    def stream() -> None:
        for notice in made:
            notices.send(notice.clinic, notice.id, NOW)

    at_once(stream, stream, lambda: notices.sweep(NOW), lambda: notices.sweep(NOW))
    assert (len(office.calls), states(made)) == (20, {NoticeState.SENT})


def test_a_notice_that_is_withdrawn_while_it_is_claimed_has_one_end(office: PostOffice) -> None:
    for _ in range(10):
        (notice,) = posted(1)

        def withdraw(notice: Notice = notice) -> None:
            with table.together() as tx:
                notices.withdraw(tx, notice.clinic, notice.id)

        before = len(office.calls)
        at_once(withdraw, partial(notices.send, notice.clinic, notice.id, NOW))
        notices.sweep(NOW)
        went = len(office.calls) - before
        assert states([notice]) == ({NoticeState.SENT} if went else {NoticeState.WITHDRAWN})
        assert went <= 1

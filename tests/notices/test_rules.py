"""When a notice is sent, tried again and given up, and which minutes a sweep looks at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.notices import rules
from chalicelib.notices.records import Notice, NoticeState
from chalicelib.notices.rules import Step

NOW = datetime(2026, 11, 21, 15, 0, 30, tzinfo=UTC)


def a_notice(**changed: Any) -> Notice:
    about: dict[str, Any] = {
        "id": "n1",
        "clinic": "north",
        "to": "ada@example.com",
        "language": "en-US",
        "subject": "Hello",
        "text": "Hi",
        "due": NOW,
    }
    return Notice(**(about | changed))


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


@pytest.mark.parametrize(
    ("notice", "step"),
    [
        (a_notice(), Step.SEND),
        (a_notice(due=after(seconds=1)), Step.WAIT),
        (a_notice(state=NoticeState.SENDING, lease_until=after(seconds=1)), Step.WAIT),
        (a_notice(state=NoticeState.SENDING, lease_until=NOW), Step.SEND),
        (a_notice(state=NoticeState.SENDING, lease_until=NOW, unsure=1), Step.SEND),
        (a_notice(state=NoticeState.SENDING, lease_until=NOW, unsure=2), Step.GIVE_UP),
        (a_notice(state=NoticeState.SENDING, lease_until=after(seconds=1), unsure=2), Step.WAIT),
        (a_notice(attempts=4), Step.SEND),
        (a_notice(attempts=5), Step.GIVE_UP),
        (a_notice(until=after(seconds=1)), Step.SEND),
        (a_notice(until=NOW), Step.GIVE_UP),
        (a_notice(state=NoticeState.SENT), Step.NOTHING),
        (a_notice(state=NoticeState.FAILED), Step.NOTHING),
        (a_notice(state=NoticeState.WITHDRAWN), Step.NOTHING),
    ],
)
def test_what_is_to_be_done_with_a_notice(notice: Notice, step: Step) -> None:
    assert rules.next_step(notice, NOW) is step


def test_a_refused_notice_is_tried_five_times_within_a_quarter_of_an_hour() -> None:
    notice, tried_at = a_notice(), []
    while not notice.is_over:
        tried_at.append((notice.due - NOW) / timedelta(minutes=1))
        notice = rules.put_off(rules.claimed(notice, notice.due), notice.due, certain=True)
    assert tried_at == [0, 1, 3, 7, 15]
    assert (notice.state, notice.unsure, notice.version) == (NoticeState.FAILED, 0, 5)


def test_what_may_have_been_sent_is_tried_once_more_and_no_more() -> None:
    once = rules.put_off(rules.claimed(a_notice(), NOW), NOW, certain=False)
    assert (once.state, once.unsure) == (NoticeState.PENDING, 1)
    assert rules.put_off(rules.claimed(once, once.due), once.due, certain=False).state is NoticeState.FAILED


@given(st.lists(st.sampled_from(["refused", "lost", "died", "sent"]), max_size=12))
def test_whatever_happens_the_provider_may_have_sent_it_at_most_twice_and_it_ends_once(fates: list[str]) -> None:
    notice, now, perhaps = a_notice(), NOW, 0
    for fate in [*fates, *["refused"] * 6]:
        now = max(now + timedelta(minutes=1), notice.due)
        if rules.next_step(notice, now) is Step.GIVE_UP:
            notice = rules.failed(notice)
        if notice.is_over:
            break
        notice = rules.claimed(notice, now)
        perhaps += fate != "refused"
        if fate == "sent":
            notice = rules.sent(notice, "id")
        elif fate != "died":
            notice = rules.put_off(notice, now, certain=fate == "refused")
    assert notice.is_over
    assert perhaps <= 2


@pytest.mark.parametrize("end", [lambda notice: rules.sent(notice, "id"), rules.failed])
def test_a_code_is_forgotten_when_its_letter_is_over(end: Any) -> None:
    over = end(a_notice(seed="secret", text="Your code: {code}"))
    assert (over.seed, over.text) == ("", "")
    assert end(a_notice(text="Booked.")).text == "Booked."


def test_a_pointer_holds_nothing_personal_and_lies_in_the_minute_it_is_due() -> None:
    pointer = rules.pointer(a_notice())
    assert msgspec.structs.asdict(pointer) == {
        "minute": NOW.replace(second=0),
        "shard": pointer.shard,
        "clinic": "north",
        "notice": "n1",
        "version": 1,
    }


def test_notices_spread_over_all_shards() -> None:
    assert {rules.pointer(a_notice(id=f"n{number}")).shard for number in range(50)} == set(range(rules.SHARDS))


MINUTE = NOW.replace(second=0)


def minutes_ago(*counts: float) -> list[datetime]:
    return [MINUTE - timedelta(minutes=count) for count in counts]


@pytest.mark.parametrize(
    ("mark", "swept"),
    [
        (5, range(5, -1, -1)),
        (0, range(5, -1, -1)),
        (-3, range(5, -1, -1)),
        (9, range(9, -1, -1)),
        (None, range(15, -1, -1)),
    ],
)
def test_a_sweep_goes_on_from_the_watermark_and_always_over_the_last_minutes(mark: int | None, swept: range) -> None:
    begin = None if mark is None else minutes_ago(mark)[0]
    assert rules.minutes(begin, NOW) == minutes_ago(*swept)


def test_after_a_week_a_sweep_catches_up_in_pieces_and_misses_nothing_new() -> None:
    (begin,) = minutes_ago(7 * 24 * 60)
    seen: list[datetime] = []
    mark = begin
    for _ in range(29):
        swept = rules.minutes(mark, NOW)
        assert minutes_ago(0)[0] in swept
        assert len(swept) <= rules.CHUNK + 6
        seen += swept
        mark = rules.watermark(swept, [], NOW)
    assert mark == minutes_ago(5)[0]
    assert set(seen) == set(minutes_ago(*range(7 * 24 * 60 + 1)))


@pytest.mark.parametrize(("held", "mark"), [([], 5), ([0], 5), ([5], 5), ([9, 7], 9)])
def test_the_watermark_waits_for_what_is_left(held: list[int], mark: int) -> None:
    swept = minutes_ago(*range(10, -1, -1))
    assert rules.watermark(swept, minutes_ago(*held), NOW) == minutes_ago(mark)[0]

"""When a notice is sent, tried again, or given up; and which minutes a sweep looks at.

SES knows no idempotency token, so a notice may be sent twice when an answer or a sender is lost, and
never more: a call that *may* have sent it is counted (`unsure`), and after two of them we stop.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from chalicelib.doors.records import By, Limit
from chalicelib.notices.records import Notice, NoticeState, Pointer

MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=60)  # longer than any sender lives
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8))  # after the 1st, 2nd, ... try: 15 minutes in all
MOST_TRIES = len(BACK_OFF) + 1
MOST_UNSURE = 2

SHARDS = 4
OVERLAP = timedelta(minutes=5)  # swept again each time: a transaction may commit after its minute was swept
FIRST = timedelta(minutes=15)  # how far back the very first sweep looks
CHUNK = 360  # minutes one sweep catches up after a long pause
LATER = timedelta(minutes=10)  # when a notice that trips the sweep itself is looked at again


# What text messages may cost in a day: no fault and no attack sends more of them.
SMS_LIMITS = (
    Limit(name="sms-clinic", most=300, seconds=24 * 3600, by=By.CLINIC),
    Limit(name="sms-everybody", most=3000, seconds=24 * 3600, by=By.EVERYBODY),
)


class Step(StrEnum):
    """What is to be done with a notice now."""

    SEND = "send"
    WAIT = "wait"
    GIVE_UP = "give-up"
    NOTHING = "nothing"


def next_step(notice: Notice, now: datetime) -> Step:
    """What is to be done with it; a lease that has lapsed is nobody's."""
    if notice.is_over:
        return Step.NOTHING
    leased = notice.state is NoticeState.SENDING and notice.lease_until is not None and now < notice.lease_until
    if leased or now < notice.due:
        return Step.WAIT
    useless = notice.until is not None and now >= notice.until
    spent = notice.unsure >= MOST_UNSURE or notice.attempts >= MOST_TRIES
    return Step.GIVE_UP if useless or spent else Step.SEND


def claimed(notice: Notice, now: datetime) -> Notice:
    """In somebody's hands, who is about to call the provider: from here on it may have been sent."""
    return msgspec.structs.replace(
        notice, state=NoticeState.SENDING, lease_until=now + LEASE, attempts=notice.attempts + 1, unsure=notice.unsure + 1
    )


def sent(notice: Notice, provider: str) -> Notice:
    """Gone. A code's letter is forgotten with its seed; the others are kept as what we said."""
    kept = "" if notice.seed else notice.text
    return msgspec.structs.replace(notice, state=NoticeState.SENT, lease_until=None, provider=provider, seed="", text=kept)


def put_off(notice: Notice, now: datetime, *, certain: bool) -> Notice:
    """Not sent (`certain`), or perhaps: to be tried again later, or given up."""
    unsure = notice.unsure - 1 if certain else notice.unsure
    tried = msgspec.structs.replace(notice, unsure=unsure, lease_until=None)
    if unsure >= MOST_UNSURE or notice.attempts >= MOST_TRIES:
        return failed(tried)
    due = now + BACK_OFF[notice.attempts - 1]
    return msgspec.structs.replace(tried, state=NoticeState.PENDING, due=due, version=notice.version + 1)


def failed(notice: Notice) -> Notice:
    """Given up: somebody must look. A code's seed is forgotten here too."""
    kept = "" if notice.seed else notice.text
    return msgspec.structs.replace(notice, state=NoticeState.FAILED, lease_until=None, seed="", text=kept)


def whole_minute(moment: datetime) -> datetime:
    """The minute a moment lies in."""
    return moment.replace(second=0, microsecond=0)


def pointer(notice: Notice) -> Pointer:
    """Where the sweep will find it."""
    shard = hashlib.sha256(notice.id.encode()).digest()[0] % SHARDS
    return Pointer(whole_minute(notice.due), shard, notice.clinic, notice.id, notice.version)


def minutes(watermark: datetime | None, now: datetime) -> list[datetime]:
    """The minutes to sweep: on from the watermark, but at most `CHUNK` at once, and always the last few."""
    latest = whole_minute(now)
    begin = min(watermark or latest - FIRST, latest - OVERLAP)
    behind = [begin + MINUTE * count for count in range(min(CHUNK, (latest - begin) // MINUTE))]
    recent = [latest - MINUTE * count for count in range(OVERLAP // MINUTE + 1)]
    return sorted({*behind, *recent})


def watermark(swept: Sequence[datetime], held: Sequence[datetime], now: datetime) -> datetime:
    """The minute to begin with next time: every bucket before it is surely empty. `held` are minutes with something left."""
    upto, done = min(swept), set(swept)
    while upto in done:
        upto += MINUTE
    return min([upto, whole_minute(now) - OVERLAP, *held])

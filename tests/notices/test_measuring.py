"""What becomes of notices is counted once each, and a sweep says that it came to its end and how far behind it began."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.kit import post, table
from chalicelib.notices import actions as notices
from chalicelib.notices import rules, store
from chalicelib.notices.records import Notice, NoticeState
from tests.notices.conftest import PostOffice
from tests.overhearing import overheard

NOW = datetime(2026, 11, 21, 15, 0, 30, tzinfo=UTC)


def posted(**changed: Any) -> None:
    about: dict[str, Any] = {
        "id": "n1",
        "clinic": "north",
        "to": "ada@example.com",
        "language": "en-US",
        "subject": "Hello",
        "text": "Hi",
        "due": NOW,
    }
    with table.together() as tx:
        notices.post(tx, Notice(**(about | changed)))


def counted(act: Callable[[], object]) -> list[dict[str, float]]:
    """The numbers of each line of metrics that something says."""
    with overheard() as heard:
        act()
    return [{each["Name"]: line[each["Name"]] for each in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]} for line in heard.metrics]


def sending(now: datetime = NOW) -> list[dict[str, float]]:
    return counted(lambda: notices.send("north", "n1", now))


def test_what_was_sent_is_counted_once(post_office: PostOffice) -> None:
    posted()
    assert sending() == [{"NoticesSent": 1}]
    assert sending() == []


def test_what_is_put_off_is_counted_at_each_try_and_at_last_given_up(post_office: PostOffice) -> None:
    post_office.fates = [post.NotSent("Throttling")] * rules.MOST_TRIES
    posted()
    tries = [sending(NOW + timedelta(hours=hours)) for hours in range(rules.MOST_TRIES)]
    assert tries == [[{"NoticesPutOff": 1}]] * (rules.MOST_TRIES - 1) + [[{"NoticesGivenUp": 1}]]


def test_a_letter_that_came_too_late_is_given_up(post_office: PostOffice) -> None:
    posted(until=NOW)
    assert sending() == [{"NoticesGivenUp": 1}]


def test_what_is_not_due_or_not_there_is_not_counted(post_office: PostOffice) -> None:
    posted(due=NOW + timedelta(hours=1))
    assert sending() == []
    assert counted(lambda: notices.send("north", "nothing", NOW)) == []


def test_what_somebody_else_wrote_meanwhile_is_theirs_to_count(post_office: PostOffice) -> None:
    """A slow sender whose lease lapsed: the letter went twice, its end was written once."""
    second: list[list[dict[str, float]]] = []
    post_office.fates = [lambda: second.append(sending(NOW + timedelta(seconds=61)))]
    posted()
    with overheard() as heard:
        notices.send("north", "n1", NOW)
    assert (second, len(heard.metrics), len(post_office.calls)) == ([[{"NoticesSent": 1}]], 1, 2)


def test_every_state_that_sending_ends_in_is_counted() -> None:
    assert set(notices.COUNTED) == set(NoticeState) - {NoticeState.SENDING, NoticeState.WITHDRAWN}


def test_the_first_sweep_knows_of_nothing_behind_it(post_office: PostOffice) -> None:
    assert counted(lambda: notices.sweep(NOW)) == [{"Sweeps": 1}]


@pytest.mark.parametrize("minutes", [1, 3, 90])
def test_a_sweep_says_how_far_the_watermark_lay_behind(minutes: int, post_office: PostOffice) -> None:
    notices.sweep(NOW)
    mark = store.watermark()
    assert mark == rules.whole_minute(NOW) - rules.OVERLAP  # it always stays that far behind: late writers are found
    later = NOW + timedelta(minutes=minutes)
    assert counted(lambda: notices.sweep(later)) == [{"Sweeps": 1, "SweepBehindSeconds": (later - mark).total_seconds()}]


def test_a_sweep_that_is_on_time_is_well_below_its_alarm(post_office: PostOffice) -> None:
    """Five minutes of overlap, the minute since, and the seconds into this one; the alarm goes off at ten minutes."""
    notices.sweep(NOW)
    (numbers,) = counted(lambda: notices.sweep(NOW + timedelta(seconds=89)))
    assert numbers["SweepBehindSeconds"] <= 7 * 60


def test_a_sweep_counts_what_it_sent_and_then_itself(post_office: PostOffice) -> None:
    posted()
    assert counted(lambda: notices.sweep(NOW)) == [{"NoticesSent": 1}, {"Sweeps": 1}]

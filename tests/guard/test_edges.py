"""The edges of what guards decide by: one second, one character, one step to either side. Mutants of these rules found them missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from chalicelib.identity import rules
from chalicelib.identity.records import Actor, Audience, Role, Session
from chalicelib.kit import tokens
from chalicelib.kit.tokens import Purpose, Untrusted

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACTOR = Actor(roles=(Role.MANAGER,), clinic="north", account="cyrus")


def a_session(audience: Audience = Audience.STAFF, **about: object) -> Session:
    return msgspec.structs.replace(rules.opened(audience, ACTOR, "sid", NOW), **about)


def a_token(now: datetime, until: datetime, **claims: str) -> str:
    return tokens.sign(Purpose.SESSION, "staff", subject="cyrus", sid="s", now=now, until=until, **claims)


@pytest.mark.parametrize("year", [1990, 2019, 2100], ids=str)
def test_a_token_is_judged_by_the_time_that_is_given_and_by_no_clock(year: int) -> None:
    then = NOW.replace(year=year)
    assert tokens.verify(a_token(then, then + timedelta(hours=1)), Purpose.SESSION, "staff", then)["sub"] == "cyrus"
    with pytest.raises(Untrusted):
        tokens.verify(a_token(then, then + timedelta(hours=1)), Purpose.SESSION, "staff", then + timedelta(hours=1))


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (30, True), (31, False)])
def test_another_clock_may_run_thirty_seconds_ahead_and_no_more(seconds: int, good: bool) -> None:
    token = a_token(NOW + timedelta(seconds=seconds), NOW + timedelta(hours=1))
    if good:
        assert tokens.verify(token, Purpose.SESSION, "staff", NOW)["sid"] == "s"
    else:
        with pytest.raises(Untrusted):
            tokens.verify(token, Purpose.SESSION, "staff", NOW)


def test_a_token_may_be_as_long_as_said_and_no_longer() -> None:
    sizes = {len(token): token for pad in range(1000, 1400) if (token := a_token(NOW, NOW + timedelta(hours=1), pad="x" * pad))}
    longest = max(size for size in sizes if size <= 2048)
    assert longest >= 2046  # base64 does not come in every length
    assert tokens.verify(sizes[longest], Purpose.SESSION, "staff", NOW)["pad"]
    with pytest.raises(Untrusted):
        tokens.verify(sizes[min(size for size in sizes if size > 2048)], Purpose.SESSION, "staff", NOW)


def test_the_purposes_are_words_that_other_containers_know() -> None:
    """Two releases run side by side while one is deployed: a purpose that is renamed signs everybody out."""
    assert set(Purpose) == {"session+jwt", "challenge+jwt", "known+jwt", "ceremony+jwt"}


def test_a_session_was_last_seen_when_its_idle_time_was_renewed() -> None:
    later = NOW + timedelta(minutes=9)
    assert rules.last_seen(a_session()) == NOW
    assert rules.last_seen(a_session(idle_until=later + rules.IDLE[Audience.STAFF])) == later
    assert rules.last_seen(a_session(idle_until=NOW)) == NOW  # never before it was made


def test_a_proof_is_fresh_for_five_minutes_after_it_was_given() -> None:
    assert rules.fresh_until(a_session(proved=NOW)) == NOW + timedelta(minutes=5)
    assert rules.fresh_until(a_session()) is None


def test_emergency_access_lasts_an_hour() -> None:
    assert timedelta(minutes=60) == rules.EMERGENCY


def test_a_session_under_a_new_sid_begins_to_count_its_versions_anew() -> None:
    assert rules.renewed(a_session(version=7, id="old"), "new", NOW).version == 1

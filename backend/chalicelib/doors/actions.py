"""What other features may ask of the doors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.doors import rules, store
from chalicelib.doors.records import By, Limit, Once
from chalicelib.kit import secret, table
from chalicelib.kit.problem import SlowDown

PLATFORM = "platform"  # the reserved clinic of counters that all clinics share


class Answered(Exception):
    """This key was answered already: give that answer again."""


def keep(tx: table.Transaction, once: Once, made: Any) -> None:
    """Keep the answer for what was made, in the same transaction; call it first, so that a repeat is told from a clash."""
    store.add(once.clinic, once, msgspec.json.encode(once.answer(made)).decode(), tx, Answered)


def network(address: str) -> str:
    """The keyed digest of the network an address lies in; NotAllowed if it is none."""
    return secret.mac("network", rules.network(address))


def spend(clinic: str, limit: Limit, whom: str, now: datetime) -> bool:
    """Count something done by `whom` (a keyed digest or an id); False where the limit is reached. Faults are raised."""
    return store.spend(clinic, limit, whom, now)


def must_spend(clinic: str, limit: Limit, whom: str, now: datetime) -> None:
    """The same, but SlowDown where the limit is reached."""
    if not spend(clinic, limit, whom, now):
        raise SlowDown(retry_after=rules.wait(limit, now))


def wait(limit: Limit, now: datetime) -> int:
    """Seconds until a limit's next window."""
    return rules.wait(limit, now)


def must_spend_all(limits: tuple[Limit, ...], clinic: str, account: str, address: str, now: datetime) -> None:
    """Count a request against each of a door's limits; SlowDown at the first that is reached."""
    for limit in limits:
        if limit.by is By.ADDRESS:
            must_spend(PLATFORM, limit, network(address), now)
        elif limit.by is By.EVERYBODY:
            must_spend(PLATFORM, limit, "everybody", now)
        else:
            must_spend(clinic or PLATFORM, limit, account if limit.by is By.ACCOUNT else "clinic", now)

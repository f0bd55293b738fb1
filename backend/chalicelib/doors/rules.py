"""Whom a limit counts, and when its window ends."""

from __future__ import annotations

import ipaddress
from datetime import datetime

from chalicelib.doors.records import Limit
from chalicelib.kit.problem import NotAllowed


def network(given: str) -> str:
    """Whom a count by address counts: an IPv4 address, or the /56 that an IPv6 household has. Unreadable means no."""
    try:
        found = ipaddress.ip_address(given)
    except ValueError as error:
        raise NotAllowed from error
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 56), strict=False))


def window(limit: Limit, now: datetime) -> int:
    """The number of the window that a moment lies in."""
    return int(now.timestamp()) // limit.seconds


def wait(limit: Limit, now: datetime) -> int:
    """Seconds until the next window."""
    return limit.seconds - int(now.timestamp()) % limit.seconds

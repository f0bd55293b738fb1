"""Which object of the bucket an address means, and in which language: what the edge's functions (infra/functions) decide, in Python.

The patterns are the functions' own: scripts/building/edge.py puts them into their code. They are written so that both languages read
them alike, and an address is never decoded: whatever has a percent sign in it is nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from chalicelib.portals import actions as portals
from chalicelib.portals.records import Layout

ASSET = r"^\/a\/[0-9a-f]{12}(\/[a-z0-9][a-z0-9._-]*)+$"
SLUG = r"^[a-z][a-z0-9-]{1,39}$"
# One part of Accept-Language (RFC 9110, 12.5.4): the primary subtag, and the weight if one is given.
WISH = r"^[ \t]*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*[ \t]*(?:;[ \t]*[Qq]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$"
WISHES = 20  # who likes more languages than that is not asked for the rest
NOT_FOUND = "404.html"
REDIRECT = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}  # with the way into the reader's language


def matches(pattern: str, text: str) -> re.Match[str] | None:
    """As JavaScript matches: its `$` is the end, Python's also the line before it."""
    return re.compile(pattern.removesuffix("$") + r"\Z").match(text)


@cache
def layout() -> Layout:
    """The pages there are."""
    return portals.layout()


def staff(path: str) -> str:
    """The key of an address on the staff's host, below `staff/`."""
    if matches(ASSET, path):
        return path[1:]
    key = _key(path.split("/"))
    return key if key in layout().staff else NOT_FOUND


def patient(path: str, tongues: Sequence[str]) -> str:
    """The key of an address on the patients' host, below `patient/`; `tongues` are the languages of its clinic, none if there is none."""
    if matches(ASSET, path):
        return path[1:]
    parts = path.split("/")
    key = _key(parts)
    if key in layout().brand:
        return key
    if not tongues:
        return NOT_FOUND
    if "/".join(key.split("/")[1:]) in layout().clinic:
        return key
    language = parts[2] if len(parts) > 2 and parts[2] in tongues else ""
    below = "/".join(key.split("/")[2:])
    if language and (below in layout().tongue or matches(layout().forms, below)):
        return key
    return f"{parts[1]}/{language or tongues[0]}/{NOT_FOUND}"


def _key(parts: Sequence[str]) -> str:
    """`["", "north", "en", ""]`, which is `/north/en/` in parts, gives `north/en/index.html`."""
    return "/".join([*parts[1:-1], parts[-1] or "index.html"])


def clinic(path: str) -> str:
    """The clinic that an address may belong to, or nothing."""
    _, first, *_ = [*path.split("/"), ""]
    return first if matches(SLUG, first) else ""


def is_bare(path: str) -> bool:
    """Whether an address names a clinic and nothing more."""
    return path.count("/") == 1 or (path.count("/") == 2 and path.endswith("/"))


def preferred(header: str, offered: Sequence[str]) -> str:
    """The primary subtag, of those offered, that an Accept-Language header gives the most weight; the first if it likes none."""
    best, most = offered[0], 0.0
    for part in header.split(",")[:WISHES]:
        wish = matches(WISH, part)
        if wish:
            weight, tongue = float(wish[2] or 1), wish[1].lower()
            if weight > most and tongue in offered:
                best, most = tongue, weight
    return best

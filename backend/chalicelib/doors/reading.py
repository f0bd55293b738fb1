"""Reads a request strictly: size, origin, cookies, query and body. Knows no framework."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.clinics.records import Clinic
from chalicelib.doors.records import DEEPEST as DEEPEST
from chalicelib.doors.records import LARGEST_BODY as LARGEST_BODY
from chalicelib.identity.records import Audience
from chalicelib.kit import settings
from chalicelib.kit.problem import Changed, LookAgain, NotAllowed, NotFound, TooLarge, Unreadable

ID = re.compile(r"[a-z0-9-]{1,64}")
KEY = re.compile(r"[A-Za-z0-9-]{8,64}")


class CrossSite(NotAllowed):
    """A change that does not come from a page of ours."""

    title = "Please do this from the clinic's own page."


def check_origin(headers: Mapping[str, str], audience: Audience | None) -> None:
    """Three independent checks on every change: our header, JSON, and the page's own origin."""
    if headers.get("x-portal") != "1":
        raise CrossSite("The request lacks the header X-Portal.")
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Unreadable("Send the body as application/json.")
    same_origin = headers.get("origin") in {settings.origin(each) for each in ([audience] if audience else Audience)}
    if not (same_origin or ("origin" not in headers and headers.get("sec-fetch-site") == "same-origin")):
        raise CrossSite("The request comes from another site.")


def check_ids(parameters: Mapping[str, str]) -> None:
    """Every id in a path is one of ours in form, or what it names is not found: no key is ever built of anything else."""
    if not all(ID.fullmatch(name) for name in parameters.values()):
        raise NotFound


def cookies(header: str) -> dict[str, str]:
    """The Cookie header as a mapping; the first of a repeated name counts."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, text = part.strip().partition("=")
        found.setdefault(name, text)
    return found


def body(raw: bytes, shape: type[Struct], largest: int = LARGEST_BODY, deepest: int = DEEPEST) -> Any:
    """The body as its shape; TooLarge, Unreadable (no JSON), or LookAgain that names every wrong field."""
    if len(raw) > largest:
        raise TooLarge(f"Send at most {largest // 1024} KB.")
    try:
        given = msgspec.json.decode(raw or b"null")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("The body is not JSON.") from error
    if not isinstance(given, dict):
        raise Unreadable("The body must be a JSON object.")
    if _is_too_deep(given, deepest):
        raise Unreadable(f"Send at most {deepest} levels of lists and objects.")
    return shaped(given, shape, strict=True)


def _is_too_deep(given: Any, deepest: int) -> bool:
    """Whether lists and objects lie deeper within each other than that; level by level, so that no depth can hurt."""
    level = [given]
    for _ in range(deepest):
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def shaped(given: Mapping[str, Any], shape: type[Struct], *, strict: bool) -> Any:
    """A mapping as a struct; LookAgain names every field that is wrong, missing or unknown."""
    try:
        return msgspec.convert(given, shape, strict=strict)
    except (msgspec.ValidationError, RecursionError) as error:
        raise LookAgain(errors=list(_faults(given, shape, strict=strict)) or [{"field": "", "detail": str(error)}]) from error


def _faults(given: Mapping[str, Any], shape: type[Struct], *, strict: bool) -> list[dict[str, str]]:
    known = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    found = [{"field": name, "detail": "There is no such field."} for name in given if name not in known]
    for name, field in known.items():
        if name not in given:
            if field.required:
                found.append({"field": name, "detail": "This is missing."})
            continue
        try:
            msgspec.convert(given[name], field.type, strict=strict)
        except msgspec.ValidationError as error:
            found.append({"field": name, "detail": plain(str(error))})
    return found


def plain(error: str) -> str:
    """Msgspec's words as a sentence that says what to do."""
    reason, _, place = error.partition(" - at `$")
    reason = reason.replace("`", "")
    for pattern, words in WORDS:
        match = re.fullmatch(pattern, reason)
        if match:
            reason = words.format(*match.groups())
    return f"{reason.rstrip('.')}{' at ' + place.strip('`.') if place else ''}."


WORDS = (
    (r"Expected str of length >= 1", "Fill this in"),
    (r"Expected str of length <= (\d+)", "Use at most {0} characters"),
    (r"Expected datetime with a timezone component", "Give the time with its offset, like 2026-11-24T10:40:00-05:00"),
    (r"(?s)Invalid enum value .*", "That is none of the choices"),
    (r"Invalid RFC3339 encoded datetime", "Give the time like 2026-11-24T10:40:00-05:00"),
    (r"Invalid RFC3339 encoded date", "Give the date like 2026-11-24"),
)


def query(given: Mapping[str, str], shape: type[Struct] | None) -> Any:
    """The query string (without `lang`) as its shape; numbers and dates are read from text."""
    asked = {name: text for name, text in given.items() if name != "lang"}
    if shape is None:
        if asked:
            raise LookAgain(errors=[{"field": name, "detail": "There is no such field."} for name in asked])
        return None
    return shaped(asked, shape, strict=False)


def language(given: Mapping[str, str], headers: Mapping[str, str], clinic: Clinic | None) -> str:
    """The reader's language: `lang` of the query, else Accept-Language, else the clinic's first."""
    offered = clinic.languages if clinic else ("en-US",)
    wishes = [given.get("lang", "")] + [part.split(";")[0].strip() for part in headers.get("accept-language", "").split(",")]
    for wish in filter(None, wishes):
        for tag in offered:
            if tag.lower() == wish.lower() or tag.split("-")[0].lower() == wish.split("-")[0].lower():
                return tag
    return offered[0]


def once_key(headers: Mapping[str, str]) -> str:
    """The Idempotency-Key header; Unreadable where it is missing or odd."""
    key = headers.get("idempotency-key", "")
    if not KEY.fullmatch(key):
        raise Unreadable("Send a header Idempotency-Key of 8 to 64 letters, digits or hyphens.")
    return key


def version(if_match: str) -> int | None:
    """The version that an If-Match header names, None for any; Changed if it is none of ours."""
    if not if_match or if_match == "*":
        return None
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', if_match.strip())
    if found is None:
        raise Changed("Look at it again.")
    return int(found[1])


def fingerprint(*parts: bytes) -> str:
    """What tells one request from another under the same key."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()

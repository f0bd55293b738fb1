"""A single answer: what it says, how two compare, and what is wrong with it. The second half of portal_templates/intake/rules.js."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.intake.records import Item, ItemType, Kind, Operator, Value

LONGEST_MATCHED = 250  # characters that an author's pattern is tried on: what is longer does not match, however it reads
NUMBERS = frozenset({Kind.DECIMAL, Kind.INTEGER, Kind.QUANTITY})
WORDED = frozenset({Kind.STRING, Kind.URI})
MOMENTS = frozenset({Kind.DATE, Kind.DATE_TIME, Kind.TIME})
CHOSEN = frozenset({ItemType.CHOICE, ItemType.OPEN_CHOICE})
TODAY = "today"  # of `Item.not_after`
DATED, WHOLE_DAY = "dated", len("2026-11-24")

DAY = re.compile(r"[1-9]\d{3}(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?", re.ASCII)
INSTANT = re.compile(r"([1-9]\d{3}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d+)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII)


class Said(NamedTuple):
    """What an answer says: a Coding is "system|code"; a Quantity its number, with its unit beside it."""

    kind: Kind
    value: Value
    unit: str = ""


def said(answer: Mapping[str, Any]) -> Said | None:
    """An answer of FHIR's ({"valueCoding": {...}}); None where it holds no value."""
    for kind in Kind:
        value = answer.get(f"value{kind}")
        if value is None:
            continue
        if kind is Kind.CODING:
            return Said(kind, f"{value.get('system', '')}|{value.get('code', '')}")
        if kind is Kind.QUANTITY:
            return Said(kind, value.get("value", 0), value.get("code") or value.get("unit") or "")
        if kind is Kind.ATTACHMENT:
            return Said(kind, value.get("url", ""))
        return Said(kind, value)
    return None


def holds(one: Said, operator: Operator, kind: Kind, value: Value, unit: str = "") -> bool:
    """Whether an answer compares so with a value; False where the two cannot be compared."""
    left, right = _ordered(one), _ordered(Said(kind, value, unit))
    if left is None or right is None or left[0] != right[0]:
        return False
    first, second = left[1], right[1]
    if left[0] == DATED and not _alike(first, second):
        first, second = _shared(one, value)
        if first == second:
            return False
    if operator is Operator.EQUALS:
        return bool(first == second)
    if kind in (Kind.BOOLEAN, Kind.CODING, Kind.STRING, Kind.URI):
        return False
    if operator is Operator.GREATER:
        return bool(first > second)
    if operator is Operator.LESS:
        return bool(first < second)
    return bool(first >= second) if operator is Operator.AT_LEAST else bool(first <= second)


def _alike(one: str | int, other: str | int) -> bool:
    """Whether two dates or instants are as exact as each other."""
    return len(one) == len(other) if isinstance(one, str) and isinstance(other, str) else type(one) is type(other)


def _shared(one: Said, value: Value) -> tuple[str, str]:
    """What a date and a more exact one both say: where that differs it decides, and where it does not nobody knows (FHIRPath)."""
    first, second = str(one.value), str(value)
    least = min(len(first), len(second), WHOLE_DAY)
    return first[:least], second[:least]


def _ordered(one: Said) -> tuple[str, Any] | None:
    """What only compares within its own kind, and its place there; None for a moment that there is not."""
    if one.kind in MOMENTS:
        return moment(one.kind, str(one.value))
    if one.kind in NUMBERS:
        return f"number {one.unit}", one.value
    return str(one.kind), one.value


def moment(kind: Kind, text: str) -> tuple[str, Any] | None:
    """A date, time or instant as something that can be compared: with what, and where it stands (an instant in seconds)."""
    if kind is Kind.TIME:
        clock = CLOCK.fullmatch(text)
        return ("time", 3600 * int(clock[1]) + 60 * int(clock[2]) + int(clock[3] or 0)) if clock else None
    if instant := INSTANT.fullmatch(text) if kind is Kind.DATE_TIME else None:
        if not _is_day(instant[1]):
            return None
        at = datetime.fromisoformat(f"{instant[1]}T{instant[2]}:{instant[3]}:{instant[4]}").replace(tzinfo=UTC).timestamp()
        offset = 3600 * int(instant[6] or 0) + 60 * int(instant[7] or 0)
        return DATED, int(at) - (-offset if instant[5] == "-" else offset)
    return (DATED, text) if _is_day(text) else None


def _is_day(text: str) -> bool:
    found = DAY.fullmatch(text)
    if not found:
        return False
    try:
        date(int(text[:4]), int(found[1] or 1), int(found[2] or 1))
    except ValueError:
        return False
    return True


def complaints(item: Item, one: Said, today: str = "") -> Iterator[str]:
    """What is wrong with one answer to an item, by codes of ours; a value of the wrong kind was refused before.

    `today`: the local date in the clinic; where it is not told, an answer of another day is not held against it.
    """
    if item.options and _is_stray(item, one):
        yield "option"
    if one.kind in WORDED:
        yield from _of_words(item, str(one.value))
    if one.kind in MOMENTS and moment(one.kind, str(one.value)) is None:
        yield "date"
        return
    if one.kind in NUMBERS:
        yield from _of_number(item, one)
    if item.min_value is not None and holds(one, Operator.LESS, one.kind, item.min_value, one.unit):
        yield "too-small"
    if item.max_value is not None and holds(one, Operator.GREATER, one.kind, item.max_value, one.unit):
        yield "too-large"
    if today and item.not_after and holds(one, Operator.GREATER, one.kind, int(today[:4]) if one.kind is Kind.INTEGER else today):
        yield "too-large"


def _is_stray(item: Item, one: Said) -> bool:
    if item.type is ItemType.OPEN_CHOICE and one.kind is Kind.STRING:
        return False
    return not any(option.kind is one.kind and option.value == one.value for option in item.options)


def _of_words(item: Item, text: str) -> Iterator[str]:
    if item.max_length and len(text) > item.max_length:
        yield "too-long"
    if len(text) < item.min_length:
        yield "too-short"
    if item.pattern and (len(text) > LONGEST_MATCHED or not _pattern(item.pattern).fullmatch(text)):
        yield "pattern"


@lru_cache(maxsize=200)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _of_number(item: Item, one: Said) -> Iterator[str]:
    if item.units and one.unit not in item.units:
        yield "unit"
    if item.max_decimals >= 0:
        moved = float(one.value) * 10.0**item.max_decimals
        if math.isfinite(moved) and abs(moved - math.floor(moved + 0.5)) > 1e-6:
            yield "decimals"

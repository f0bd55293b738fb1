"""Values that a stranger wrote, by themselves: the same as they are kept, or None."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.intake.records import Kind, Value
from chalicelib.intake.rules import answers, values

LONGEST_NAME = 255  # characters of what is not words: codes, systems, addresses
LARGEST = answers.LARGEST_NUMBER


class Typed(NamedTuple):
    """A value[x]: what can be compared, as `records.Value` says; a quantity's unit beside it."""

    kind: Kind
    value: Value
    unit: str = ""


def is_text(text: str) -> bool:
    """Whether it can be written down at all: half a character (a lone surrogate) cannot."""
    return text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text)


def language(text: str) -> str:
    """What stands before the first hyphen ("es-MX" is "es"); empty where it is no language's code."""
    found = text.split("-")[0].lower()
    return found if found.isascii() and found.isalpha() and 2 <= len(found) <= 3 else ""


def number(given: object, *, whole: bool) -> float | None:
    """A number that a page can reckon with; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not -LARGEST <= given <= LARGEST:
        return None
    if not whole:
        return given
    return int(given) if given == int(given) and abs(given) <= answers.LARGEST else None


def typed(kind: Kind, given: object) -> Typed | None:
    """A value of that kind; None for anything else."""
    if kind is Kind.BOOLEAN:
        return Typed(kind, given) if isinstance(given, bool) else None
    if kind in (Kind.INTEGER, Kind.DECIMAL):
        found = number(given, whole=kind is Kind.INTEGER)
        return None if found is None else Typed(kind, found)
    if kind is Kind.CODING:
        return _coding(given)
    if kind is Kind.QUANTITY:
        return _quantity(given)
    if not isinstance(given, str) or not given.strip() or len(given) > answers.LONGEST or not is_text(given):
        return None
    return Typed(kind, given) if kind not in values.MOMENTS or values.moment(kind, given) else None


def _coding(given: object) -> Typed | None:
    """A Coding by system and code; None without a code, or where the two could not be told apart."""
    system, code = (given.get("system", ""), given.get("code")) if isinstance(given, dict) else ("", "")
    if not isinstance(system, str) or not isinstance(code, str) or not code or "|" in system or len(system + code) > LONGEST_NAME:
        return None
    return Typed(Kind.CODING, f"{system}|{code}") if is_text(system + code) else None


def _quantity(given: object) -> Typed | None:
    if not isinstance(given, dict):
        return None
    count, unit = number(given.get("value"), whole=False), given.get("code") or given.get("unit") or ""
    if count is None or not isinstance(unit, str) or len(unit) > answers.SHOWN or not is_text(unit):
        return None
    return Typed(Kind.QUANTITY, count, unit)

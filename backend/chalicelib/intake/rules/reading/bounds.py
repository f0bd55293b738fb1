"""What FHIR's own extensions bind an answer to: lengths, patterns, numbers, units, files."""

from __future__ import annotations

import re
from collections.abc import Callable

from chalicelib.intake.records import ItemType, Kind, Operator, Value
from chalicelib.intake.rules import answers, patterns, values
from chalicelib.intake.rules.reading import plain
from chalicelib.intake.rules.reading.element import Extension
from chalicelib.intake.rules.reading.outline import Entry
from chalicelib.intake.rules.values import Said

WORDED = frozenset({ItemType.STRING, ItemType.TEXT, ItemType.URL, ItemType.OPEN_CHOICE})
COUNTED = frozenset({ItemType.DECIMAL, ItemType.INTEGER, ItemType.QUANTITY})
ORDERED = COUNTED | {ItemType.DATE, ItemType.DATE_TIME, ItemType.TIME}
FRACTIONS = frozenset({ItemType.DECIMAL, ItemType.QUANTITY})
FILES = frozenset({ItemType.ATTACHMENT})
ANSWERED = frozenset(ItemType) - {ItemType.DISPLAY}
MIME = re.compile(r"[a-z]+/[a-z0-9.+*-]+", re.ASCII)
MEGABYTE, LARGEST_FILE, MOST_DECIMALS = 1_000_000, 1_000, 10  # bytes; megabytes; digits
BOUNDS = (Kind.DECIMAL, Kind.INTEGER, Kind.DATE, Kind.DATE_TIME, Kind.TIME)

Reader = Callable[[Entry, Extension], None]


def min_length(entry: Entry, extension: Extension) -> None:
    """Characters at least."""
    entry.about["min_length"] = int(extension.number(0, answers.LONGEST) or 0)


def regex(entry: Entry, extension: Extension) -> None:
    """A pattern that all of an answer matches."""
    written = extension.written(answers.LONGEST)
    found = patterns.safe(written) if written else ""
    if found is None:
        extension.wrong("This pattern could take very long, or means one thing here and another there: write it more simply.")
    entry.about["pattern"] = found or ""


def max_decimal_places(entry: Entry, extension: Extension) -> None:
    """Digits behind the point, at most."""
    found = extension.number(0, MOST_DECIMALS)
    entry.about["max_decimals"] = -1 if found is None else int(found)


def mime_type(entry: Entry, extension: Extension) -> None:
    """One of the kinds of file that are taken."""
    found = extension.written()
    if found and not MIME.fullmatch(found):
        extension.wrong("A kind of file is written as in image/jpeg.")
    entry.about["mime_types"] = (*entry.about.get("mime_types", ()), found)


def max_size(entry: Entry, extension: Extension) -> None:
    """Megabytes at most; kept in bytes."""
    entry.about["max_size"] = int((extension.number(0.001, LARGEST_FILE, whole=False) or 0) * MEGABYTE)


def min_value(entry: Entry, extension: Extension) -> None:
    """The least that may be answered."""
    entry.about["min_value"] = _bound(entry, extension)


def max_value(entry: Entry, extension: Extension) -> None:
    """The most that may be answered."""
    entry.about["max_value"] = _bound(entry, extension)


def _bound(entry: Entry, extension: Extension) -> Value | None:
    kind, found = answers.KINDS[entry.type][0], extension.typed("value", BOUNDS)
    if found is None:
        return None
    if kind in values.NUMBERS and found.kind in values.NUMBERS:
        return found.value
    moment = values.moment(kind, str(found.value)) if kind is found.kind else None
    if moment is None or (isinstance(moment[1], str) and (kind is Kind.DATE_TIME or len(str(found.value)) < values.WHOLE_DAY)):
        extension.wrong("A bound is a full value of the same type as the answers.")
        return None
    return found.value


def min_occurs(entry: Entry, extension: Extension) -> None:
    """Answers, or repetitions, at least."""
    entry.about["min_occurs"] = int(extension.number(0, answers.MOST_ANSWERS) or 0)


def max_occurs(entry: Entry, extension: Extension) -> None:
    """Answers, or repetitions, at most."""
    entry.about["max_occurs"] = int(extension.number(1, answers.LARGEST) or 0)


def unit(entry: Entry, extension: Extension) -> None:
    """What is counted; of a quantity it is what answers name, else what the page writes beside the number."""
    entry.about["unit"] = _unit(extension, as_code=entry.type is ItemType.QUANTITY)


def unit_option(entry: Entry, extension: Extension) -> None:
    """One of the units that a quantity may be answered in."""
    entry.about["units"] = (*entry.about.get("units", ()), _unit(extension, as_code=True))


def _unit(extension: Extension, *, as_code: bool) -> str:
    coding = extension.element("valueCoding")
    code, display = coding.name("code", answers.SHOWN), coding.name("display", answers.SHOWN)
    if not code and not display:
        extension.wrong("A unit needs a valueCoding with a code.")
    return (code or display) if as_code else (display or code)


# By the last part of the url: what reads it, the types that it makes sense for, and whether it can be there several times.
READERS: dict[str, tuple[Reader, frozenset[ItemType], bool]] = {
    "minLength": (min_length, WORDED, False),
    "regex": (regex, WORDED, False),
    "maxDecimalPlaces": (max_decimal_places, FRACTIONS, False),
    "mimeType": (mime_type, FILES, True),
    "maxSize": (max_size, FILES, False),
    "minValue": (min_value, ORDERED, False),
    "maxValue": (max_value, ORDERED, False),
    "questionnaire-minOccurs": (min_occurs, ANSWERED, False),
    "questionnaire-maxOccurs": (max_occurs, ANSWERED, False),
    "questionnaire-unit": (unit, COUNTED, False),
    "questionnaire-unitOption": (unit_option, frozenset({ItemType.QUANTITY}), True),
}


def settle(entry: Entry) -> None:
    """What only makes sense together: how often with whether at all, units with the one that is the first."""
    about, element = entry.about, entry.element
    least, most = about.get("min_occurs", 0), about.get("max_occurs", 0)
    if not about.get("repeats") and max(least, most) > 1:
        element.ignore("extension questionnaire-maxOccurs", "It does not repeat, so there is one answer at the most.")
        about |= {"min_occurs": min(least, 1), "max_occurs": 0}
    elif most and least > most:
        element.refuse("extension questionnaire-minOccurs", "More answers are needed than are allowed.")
    if about.get("max_length") and about.get("min_length", 0) > about["max_length"]:
        element.refuse("extension minLength", "An answer would have to be longer than it may be.")
    if _is_turned(entry):
        element.refuse("extension minValue", "The least that may be answered is more than the most.")
    if entry.type is ItemType.QUANTITY and about.get("unit") and not about.get("units"):
        about["units"] = (about["unit"],)


def _is_turned(entry: Entry) -> bool:
    least, most = entry.said("min_value"), entry.said("max_value")
    if least is None or most is None:
        return False
    kind = answers.KINDS[entry.type][0]
    return values.holds(Said(kind, most), Operator.LESS, kind, least)


def max_length(entry: Entry) -> None:
    """Characters at most, which FHIR has an element for."""
    if "maxLength" not in entry.element.parts:
        return
    found = entry.element.whole("maxLength", 0, int(plain.LARGEST))
    if entry.type not in WORDED:
        entry.element.ignore("maxLength", "It says nothing about answers of this type.")
    elif found:
        entry.element.needs("L1")
        entry.about["max_length"] = min(found, answers.LONGEST)

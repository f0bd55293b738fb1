"""What a stranger sends as answers, taken apart: only what the form knows, of the right type, comes through, and is built anew.

Nothing here goes deeper than a form may, whatever is sent; what is refused is named by its place. What the answers mean for each
other `deciding` says afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.intake.records import Item, ItemType, Kind, Option

DEEPEST, MOST_ITEMS, LONGEST = 20, 2000, 10_000  # levels, items in all, characters of a text
MOST_ANSWERS = 200  # to a question; and repetitions of a group, whatever the form allows
MOST_WORK = 20_000  # what all repetitions and answers together give to decide, as `_work` counts it
OPTIONS_AT_ONCE = 50  # that are gone through as fast as one condition is looked at
LARGEST, LARGEST_NUMBER = 2**31 - 1, 1e15  # of FHIR's integer; what a page reckons with exactly
LONGEST_CODE = 255  # characters of a system and a code: no form has more
SHOWN = 64  # characters of a link id that is not ours
WORDED = (Kind.STRING,)
KINDS: dict[ItemType, tuple[Kind, ...]] = {
    ItemType.BOOLEAN: (Kind.BOOLEAN,),
    ItemType.DECIMAL: (Kind.DECIMAL,),
    ItemType.INTEGER: (Kind.INTEGER,),
    ItemType.DATE: (Kind.DATE,),
    ItemType.DATE_TIME: (Kind.DATE_TIME,),
    ItemType.TIME: (Kind.TIME,),
    ItemType.STRING: WORDED,
    ItemType.TEXT: WORDED,
    ItemType.URL: (Kind.URI,),
    ItemType.CHOICE: (Kind.CODING, Kind.STRING, Kind.INTEGER, Kind.DATE, Kind.TIME),
    ItemType.OPEN_CHOICE: (Kind.CODING, Kind.STRING, Kind.INTEGER, Kind.DATE, Kind.TIME),
    ItemType.ATTACHMENT: (Kind.ATTACHMENT,),
    ItemType.QUANTITY: (Kind.QUANTITY,),
}
DAY = r"(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
CLOCK = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?"
# As FHIR writes them. A day that no month has is wrong too, but somebody may be about to change it: `values.complaints` tells.
MOMENTS = {
    Kind.DATE: re.compile(DAY, re.ASCII),
    Kind.DATE_TIME: re.compile(rf"{DAY}|(?!0000)\d{{4}}-\d\d-\d\dT{CLOCK}(Z|[+-](0\d|1[0-4]):[0-5]\d)", re.ASCII),
    Kind.TIME: re.compile(CLOCK, re.ASCII),
}
FILE = re.compile(r"DocumentReference/[0-9a-z]{10,40}")


class Refusal(NamedTuple):
    """A place ("medicines[1]/dose") and what is wrong there: unreadable, unknown, twice, misplaced, wrong-type, too-many, too-long."""

    path: str
    code: str


class Taken(NamedTuple):
    """The answers built anew, and what was refused; where anything was, the answers are not to be used."""

    items: list[dict[str, Any]]
    refused: tuple[Refusal, ...]


def take(items: Sequence[Item], given: object, language: str) -> Taken:
    """What was sent as `item` of a QuestionnaireResponse (FHIR R4), held against a form's items."""
    taking = _Taking(language)
    built = taking.items(items, given, "", 1)
    return Taken(built, tuple(taking.refused))


class _Taking:
    def __init__(self, language: str) -> None:
        self.language = language
        self.refused: list[Refusal] = []
        self.count = self.work = 0

    def refuse(self, path: str, code: str) -> None:
        """Note it, as long as anybody would read on."""
        if len(self.refused) < MOST_ANSWERS:
            self.refused.append(Refusal(path or "item", code))

    def items(self, known: Sequence[Item], given: object, path: str, depth: int) -> list[dict[str, Any]]:
        """One level; nothing below the deepest is looked at."""
        if not isinstance(given, list) or depth > DEEPEST:
            self.refuse(path.rstrip("/"), "unreadable" if depth <= DEEPEST else "too-deep")
            return []
        by_id, times = {item.link_id: item for item in known}, dict[str, int]()
        built: list[dict[str, Any]] = []
        for each in given:
            self.count += 1
            if self.count > MOST_ITEMS:
                self.refuse(path.rstrip("/"), "too-many")
                break
            link_id = each.get("linkId") if isinstance(each, dict) else None
            if not isinstance(link_id, str) or link_id not in by_id:
                self.refuse(path + (link_id[:SHOWN] if isinstance(link_id, str) else "item"), "unknown" if link_id else "unreadable")
                continue
            times[link_id] = times.get(link_id, 0) + 1
            if times[link_id] > MOST_ANSWERS or self.work > MOST_WORK:
                self.refuse(path + link_id, "too-many")
                break
            built += self.one(by_id[link_id], each, path + link_id, times[link_id] - 1, depth)
        return built

    def one(self, item: Item, given: Mapping[str, Any], path: str, number: int, depth: int) -> Iterator[dict[str, Any]]:
        """A group, or a question with its answers."""
        group = item.type is ItemType.GROUP
        if item.type is ItemType.DISPLAY or ("answer" in given if group else "item" in given):
            self.refuse(path, "misplaced")
        elif number and not (group and item.repeats):
            self.refuse(path, "twice")
        elif group:
            below = f"{path}[{number}]/" if item.repeats else f"{path}/"
            self.work += _work(item.items) if item.repeats else 0
            yield {"linkId": item.link_id, "item": self.items(item.items, given.get("item", []), below, depth + 1)}
        elif taken := self.answers(item, given.get("answer", []), path, depth):
            yield {"linkId": item.link_id, "answer": taken}

    def answers(self, item: Item, given: object, path: str, depth: int) -> list[dict[str, Any]]:
        """All answers to a question that can be taken."""
        if not isinstance(given, list) or len(given) > MOST_ANSWERS:
            self.refuse(path, "too-many" if isinstance(given, list) else "unreadable")
            return []
        return [built for number, each in enumerate(given) if (built := self.answer(item, each, path, number, depth))]

    def answer(self, item: Item, given: object, path: str, number: int, depth: int) -> dict[str, Any] | None:
        """One answer and what is asked below it; None where it was refused."""
        names = [name for name in given if name.startswith("value")] if isinstance(given, dict) else []
        if not isinstance(given, dict) or len(names) != 1:
            self.refuse(path, "unreadable")
            return None
        kind = next((kind for kind in KINDS.get(item.type, ()) if names[0] == f"value{kind}"), None)
        value = None if kind is None else _value(item, kind, given[names[0]], self.language)
        if kind is None or value is None:
            self.refuse(path, "wrong-type")
            return None
        if isinstance(value, str) and len(value) > LONGEST:
            self.refuse(path, "too-long")
            return None
        self.work += len(item.options) // OPTIONS_AT_ONCE + _work(item.items)
        built: dict[str, Any] = {names[0]: value}
        if given.get("item"):
            built["item"] = self.items(item.items, given["item"], f"{path}[{number}]/" if item.repeats else f"{path}/", depth + 1)
        return built


def _work(items: Sequence[Item]) -> int:
    """What one more repetition of these items gives to decide: each of them, its conditions, and what it is reckoned of."""
    return sum(
        1 + len(item.when) + len(item.required_when) + (len(item.calculated.of) if item.calculated else 0) + _work(_always(item))
        for item in items
    )


def _always(item: Item) -> Sequence[Item]:
    """What is there with an item, answered or not."""
    return item.items if item.type is ItemType.GROUP and not item.repeats else ()


def _value(item: Item, kind: Kind, value: object, language: str) -> Any:
    """The value as it is kept; None for another type than it claims to be."""
    if kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else None
    if kind in (Kind.INTEGER, Kind.DECIMAL):
        return _number(value, whole=kind is Kind.INTEGER)
    if kind is Kind.CODING:
        return _coding(item.options, value, language)
    if kind is Kind.QUANTITY:
        return _quantity(value)
    if kind is Kind.ATTACHMENT:
        url = value.get("url") if isinstance(value, dict) else None
        return {"url": url} if isinstance(url, str) and FILE.fullmatch(url) else None
    if not isinstance(value, str) or not value.strip():
        return None
    if kind in MOMENTS and not MOMENTS[kind].fullmatch(value):
        return value if any((option.kind, option.value) == (kind, value) for option in item.options) else None
    return value


def _number(value: object, *, whole: bool) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return None
    if not whole:
        return value
    return int(value) if value == int(value) and abs(value) <= LARGEST else None


def _coding(options: Sequence[Option], value: object, language: str) -> dict[str, str] | None:
    """By system and code; what it is called is the form's to say."""
    if not isinstance(value, dict):
        return None
    system, code = value.get("system", ""), value.get("code", "")
    if not isinstance(system, str) or not isinstance(code, str) or not code or len(system) + len(code) > LONGEST_CODE:
        return None
    words = next((option.text for option in options if option.value == f"{system}|{code}"), {})
    display = words.get(language) or next(iter(words.values()), "")
    return {name: text for name, text in {"system": system, "code": code, "display": display}.items() if text}


def _quantity(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    number, unit, code = _number(value.get("value"), whole=False), value.get("unit", ""), value.get("code", "")
    if number is None or not isinstance(unit, str) or not isinstance(code, str) or len(unit) + len(code) > SHOWN:
        return None
    return {name: each for name, each in {"value": number, "unit": unit, "code": code}.items() if each != ""}

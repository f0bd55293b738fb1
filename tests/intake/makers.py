"""Makers of items and of answers, as short as they can be said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from chalicelib.clinics import actions as clinics
from chalicelib.identity.records import Actor
from chalicelib.intake.actions import managing, questionnaires
from chalicelib.intake.records import Condition, Item, ItemType, Kind, Operator, Option
from chalicelib.intake.rules import deciding
from chalicelib.intake.rules.deciding import Decision
from chalicelib.kit import settings
from tests.cast import CYRUS, MALLORY

TODAY = "2026-11-24"
LONG_AGO = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@cache
def our_document(form: str) -> dict[str, Any]:
    """A form of ours as FHIR's JSON; change none of it."""
    found: dict[str, Any] = json.loads((settings.templates() / "intake" / "questionnaires" / f"{form}.json").read_bytes())
    return found


def publish_ours(clinic: str, *forms: str, now: datetime = LONG_AGO) -> list[str]:
    """Publish forms of ours, by their ids, as version 1 in a clinic that has none of them."""
    return questionnaires.begin(clinic, [our_document(each) for each in forms], now)


def imported(clinic: str, document: Mapping[str, Any]) -> None:
    """A draft that the clinic's manager read in."""
    managing.import_questionnaire(clinics.get(clinic), _manager(clinic), dict(document), LONG_AGO, replace=False)


def draft_of(clinic: str, form: str, **changed: Any) -> int:
    """Begin a draft of a form of ours that the clinic has published, with something said otherwise; the number of its change."""
    held = managing.draft_questionnaire(clinics.get(clinic), _manager(clinic), form, {**our_document(form), **changed}, None, LONG_AGO)
    return held.of.version


def _manager(clinic: str) -> Actor:
    return CYRUS.actor() if clinic == CYRUS.clinic else MALLORY.actor()


def an_item(link_id: str, kind: str = "string", *items: Item, **about: Any) -> Item:
    """A question, or with `kind` "group" a group of `items`."""
    return Item(link_id=link_id, type=ItemType(kind), items=items, **about)


def when(question: str, operator: str = "=", value: Any = True, kind: Kind | None = None, unit: str = "") -> Condition:
    """A condition; its kind is that of the value unless it is said."""
    kinds = {bool: Kind.BOOLEAN, int: Kind.INTEGER, float: Kind.DECIMAL, str: Kind.STRING}
    return Condition(question=question, operator=Operator(operator), kind=kind or kinds[type(value)], value=value, unit=unit)


def options(*values: str, ordinals: bool = False, **about: Any) -> tuple[Option, ...]:
    """Codings of no system, weighed 0, 1, 2 if wanted."""
    return tuple(Option(value=f"|{value}", ordinal=float(number) if ordinals else None, **about) for number, value in enumerate(values))


def said(link_id: str, *values: Any, below: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """An answered question. A `str` that begins with | is a Coding's code; dates and such are said with `of`."""
    answers = [value if isinstance(value, dict) else _answer(value) for value in values]
    if below is not None:
        answers[0] |= {"item": below}
    return {"linkId": link_id, "answer": answers}


def _answer(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if isinstance(value, float):
        return {"valueDecimal": value}
    return {"valueCoding": {"code": value[1:]}} if value.startswith("|") else {"valueString": value}


def of(kind: str, value: Any) -> dict[str, Any]:
    """An answer of another kind than Python's own: a "Date", say."""
    return {f"value{kind}": value}


def group(link_id: str, *items: dict[str, Any]) -> dict[str, Any]:
    """A group that was answered."""
    return {"linkId": link_id, "item": list(items)}


def decided(items: list[Item], *given: dict[str, Any], complete: bool = True) -> dict[str, Decision]:
    """What was decided, by place."""
    return {each.path: each for each in deciding.decide(items, given, TODAY, complete=complete)}


def asked(items: list[Item], *given: dict[str, Any]) -> list[str]:
    """The places that are asked."""
    return [path for path, each in decided(items, *given).items() if each.enabled]


def wrong(items: list[Item], *given: dict[str, Any], complete: bool = True) -> list[tuple[str, str]]:
    """Every complaint, by place."""
    return [(path, code) for path, each in decided(items, *given, complete=complete).items() for code in each.complaints]

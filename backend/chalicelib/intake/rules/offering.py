"""Answers of last time, and of the profile, offered page by page to be confirmed. Until the page is saved none of it is an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import Answered, Earlier, Form, Item, ItemType, QuestionnaireResponse, ResponseStatus
from chalicelib.intake.rules import answers, deciding, differing, paging, pairing, values
from chalicelib.intake.rules.paging import Progress, Standing
from chalicelib.intake.rules.values import Said
from chalicelib.kit import zone
from chalicelib.people.records import Patient

LAST, PROFILE = "last", "profile"
NEVER_OFFERED = frozenset({ItemType.DISPLAY, ItemType.ATTACHMENT})  # a file belongs to the visit it was sent for


class Offer(NamedTuple):
    """What may be confirmed on one page: answers of its questions, and when the oldest of them was given (None: of the profile)."""

    page: str
    at: datetime | None
    items: Answered


def profile(patient: Patient) -> Answered:
    """What the clinic knows of a patient already, under the link ids by which a form may ask for it."""
    known = {"given": patient.given, "family": patient.family, "telephone": patient.telephone, "email": patient.email}
    told: Answered = [{"linkId": link_id, "answer": [{"valueString": value}]} for link_id, value in known.items() if value]
    told.append({"linkId": "birth-date", "answer": [{"valueDate": patient.birth_date.isoformat()}]})
    coding = {"system": "urn:ietf:bcp:47", "code": patient.language.split("-")[0]}
    return [*told, {"linkId": "language", "answer": [{"valueCoding": coding}]}]


def offers(clinic: Clinic, form: Form, response: QuestionnaireResponse, earlier: Earlier, progress: Progress, now: datetime) -> list[Offer]:
    """For each page of a draft on which nothing is answered yet and that was not gone on from, as `progress` has it."""
    if response.status is not ResponseStatus.IN_PROGRESS:
        return []
    today = zone.local_date(now, clinic.zone)
    age = (today - zone.local_date(earlier.at, clinic.zone)).days if earlier.at else 0
    offering = _Offering(earlier, age, response.language)
    free = [page for page in paging.pages(form.items) if progress.standings[page.id] in (Standing.EMPTY, Standing.SKIPPED)]
    built = ((page.id, page.items, _filled(offering.level(page.items, earlier.items))) for page in free)
    found = [
        _offer(offering, form, response, Offer(page, earlier.at, given), items, today.isoformat()) for page, items, given in built if given
    ]
    return [each for each in found if each.items]


class Change(NamedTuple):
    """An answer that is another one than last time: its place in the form as it is now, and FHIR's answers then and now."""

    path: str
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]


def changes(form: Form, response: QuestionnaireResponse, earlier: Earlier) -> list[Change]:
    """What of a form that was handed in differs from last time, among what is asked again: medicines, allergies, insurance."""
    if response.status is ResponseStatus.IN_PROGRESS or not earlier.response:
        return []
    asked = {path for path, item in differing.walked(form.items) if item.prefill and item.prefill.source == LAST}
    then = _Offering(earlier, 0, response.language).level(form.items, earlier.items)
    then = pairing.paired(form.items, then, response.items, asked)
    before, after = (
        {path: given for path, given in differing.raw(form.items, items) if differing.place(path) in asked}
        for items in (then, response.items)
    )
    found = [Change(path, before.get(path, []), after.get(path, [])) for path in {**after, **before}]
    return [each for each in found if _said(each.before) != _said(each.after)]


def _said(given: list[dict[str, Any]]) -> list[Said | None]:
    return [values.said(each) for each in given]


def _offer(offering: _Offering, form: Form, response: QuestionnaireResponse, built: Offer, items: Sequence[Item], today: str) -> Offer:
    """Of one page; what would not be asked with these answers is left out, and so is what the form does not take any more."""
    there = {each["linkId"] for each in built.items}
    others = [each for each in response.items if each["linkId"] not in there]
    decided = deciding.decide(form.items, [*others, *built.items], today, complete=False)
    wrong = {each.path for each in decided if each.complaints}
    kept = _filled(differing.without(items, built.items, wrong))
    old = any(path in offering.places for path, _ in differing.raw(items, kept))
    return Offer(built.page, built.at if old else None, kept)


def _filled(items: Answered) -> Answered:
    """Without groups in which nothing is left."""
    told = [{**each, "item": _filled(each["item"])} if "item" in each else each for each in items]
    return [each for each in told if each.get("item") or each.get("answer")]


class _Offering:
    """Looks for answers by link id: in the repetition at hand, else anywhere."""

    def __init__(self, earlier: Earlier, age: int, language: str) -> None:
        self.earlier, self.age, self.language = earlier, age, language.split("-")[0]
        self.places: set[str] = set()  # of answers of last time

    def level(self, items: Sequence[Item], scope: Answered, above: str = "") -> Answered:
        """One level of a page."""
        built: list[dict[str, Any]] = []
        for item in items:
            if item.type is ItemType.GROUP:
                built += self.groups(item, scope, f"{above}{item.link_id}")
            elif item.prefill and item.type not in NEVER_OFFERED and not item.signature:
                built += self.question(item, scope, f"{above}{item.link_id}")
        return built

    def groups(self, item: Item, scope: Answered, path: str) -> Iterator[dict[str, Any]]:
        """A group, or each of its repetitions."""
        if not item.repeats:
            yield {"linkId": item.link_id, "item": self.level(item.items, scope, f"{path}/")}
            return
        for number, row in enumerate(_found(scope, item.link_id)):
            yield {"linkId": item.link_id, "item": self.level(item.items, row.get("item", []), f"{path}[{number}]/")}

    def question(self, item: Item, scope: Answered, path: str) -> Iterator[dict[str, Any]]:
        """A question with what was answered last, if that is not too old and would still do."""
        prefill = item.prefill
        assert prefill is not None, "asked of such items alone"
        is_last = prefill.source == LAST
        if is_last and prefill.days and self.age > prefill.days:
            return
        for found in _found(scope if is_last else self.earlier.profile, item.link_id)[:1]:
            given = [{name: value for name, value in each.items() if name.startswith("value")} for each in found.get("answer", [])]
            taken = answers.take([item], [{"linkId": item.link_id, "answer": given}], self.language)
            if not taken.refused and taken.items and not any(_complaints(item, taken.items)):
                self.places |= {path} if is_last else set()
                yield from taken.items


def _complaints(item: Item, taken: Answered) -> Iterator[str]:
    for each in taken[0]["answer"]:
        one = values.said(each)
        yield from values.complaints(item, one) if one else ()


def _found(scope: Answered, link_id: str) -> list[dict[str, Any]]:
    """Every entry of a link id, the nearest level first come first."""
    here = [each for each in scope if each["linkId"] == link_id]
    if here:
        return here
    below = (each.get("item", []) for each in scope)
    within = (one.get("item", []) for each in scope for one in each.get("answer", []))
    return [found for level in (*below, *within) for found in _found(level, link_id)]

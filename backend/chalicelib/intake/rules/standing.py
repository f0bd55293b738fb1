"""How far each form of a visit has come, and whose turn it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from chalicelib.clinics.records import Clinic, FormRule, Words
from chalicelib.intake.records import Completed, FiledForm, FormNow, FormStanding, Packet
from chalicelib.intake.rules import filing, needing
from chalicelib.visits.records import Appointment

PATIENTS_TURN = frozenset({FormStanding.RETURNED, FormStanding.NOT_OPENED, FormStanding.STARTED})


def forms(
    clinic: Clinic,
    visit: Appointment,
    packet: Packet | None,
    completed: Mapping[str, Completed],
    titles: Mapping[str, Words],
    under_way: Collection[str],
    begun_titles: Mapping[str, Words] = MappingProxyType({}),
) -> list[FormNow]:
    """Every form of a visit, in order. `under_way`: ids of the visit's documents that are being checked.

    `titles` are of what is offered, `begun_titles` (by url|version) of versions that were begun and are not.
    """
    begun = {each.questionnaire: each for each in packet.forms} if packet else {}
    needed = needing.needed(clinic, visit, completed, titles, tuple(begun))
    return [_now(each, _title(each, begun.get(each), titles, begun_titles), begun.get(each), under_way) for each in needed]


def _title(form: str, filed: FiledForm | None, titles: Mapping[str, Words], begun_titles: Mapping[str, Words]) -> Words:
    return titles.get(form) or (begun_titles.get(filed.canonical) if filed else None) or {"en": form}


def _now(questionnaire: str, title: Words, filed: FiledForm | None, under_way: Collection[str]) -> FormNow:
    return FormNow(questionnaire, title, filing.standing_now(filed, under_way) if filed else FormStanding.NOT_OPENED, filed)


def waits_for_patient(found: Iterable[FormNow]) -> bool:
    """Whether the patient has still to do something."""
    return any(each.standing in PATIENTS_TURN for each in found)


def asked_about(clinic: Clinic, service: str, offered: Collection[str]) -> set[str]:
    """The forms of which it must be known when a patient handed them in last, to say which ones a visit for a service needs."""
    return {name for rule in clinic.forms for name in _names(rule, service, offered)}


def _names(rule: FormRule, service: str, offered: Collection[str]) -> Iterator[str]:
    if rule.id in offered and (not rule.services or service in rule.services):
        yield from (rule.id, rule.follows) if rule.follows else (rule.id,)

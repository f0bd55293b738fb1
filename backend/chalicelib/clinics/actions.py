"""Reading app.json, and the clinics as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec

from chalicelib.clinics import rules, shapes, store
from chalicelib.clinics.records import Brand, Clinic, DatedHours
from chalicelib.kit import memory, settings
from chalicelib.kit.problem import NotFound

NO_CLINIC = "-"  # no clinic can have this id
KEEP_SECONDS = 60  # how long a container may go on with a clinic that a manager has just changed


brand_at = rules.brand_at


def read_portal(path: Path | None = None) -> shapes.Portal:
    """app.json, decoded strictly and checked; ClinicsWrong names the place and the reason of the first fault."""
    path = path or settings.app_json()
    try:
        portal = msgspec.json.decode(path.read_bytes(), type=shapes.Portal)
    except OSError as error:
        raise rules.ClinicsWrong(f"{path.name} cannot be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise rules.ClinicsWrong(plain(str(error), path.name)) from error
    rules.check(portal.clinics)
    return portal


def plain(error: str, name: str, root: str = "") -> str:
    """Msgspec's words with the place in front: `clinics[0].zone: Expected `str`, got `int``."""
    reason, _, place = error.partition(" - at `$")
    where = (root + place.rstrip("`")).lstrip(".")
    return f"{where}: {reason}" if where else f"{name}: {reason}"


@lru_cache(maxsize=1)
def brand() -> Brand:
    """Who runs this portal, as this stage has it."""
    return brand_at(read_portal().brand, settings.sender(), settings.origin("patient"))


@memory.kept(KEEP_SECONDS)
def get(clinic: str) -> Clinic:
    """The clinic of that id; NotFound if there is none."""
    found = store.get(clinic)
    if found is None:
        raise NotFound
    return found


@memory.kept(KEEP_SECONDS)
def listed() -> list[Clinic]:
    """All clinics, by id."""
    return store.listed()


def reach() -> None:
    """One small read of the registry, past all that is remembered, to see that the tables answer. Faults are raised."""
    store.get(NO_CLINIC)


def save(clinic: Clinic) -> None:
    """Write a clinic, new or changed; this container sees it at once, others within `KEEP_SECONDS`."""
    store.put(clinic.id, clinic)
    memory.forget()


def save_all(clinics: Sequence[Clinic]) -> None:
    """Make these the clinics of the portal; one that is not among them any more is not found from now on."""
    for clinic in clinics:
        store.put(clinic.id, clinic)
    for clinic in store.listed():
        if clinic.id not in {kept.id for kept in clinics}:
            store.remove(clinic.id)
    memory.forget()


def closed_on(clinic: Clinic, holidays: dict[date, str]) -> Clinic:
    """The clinic, closed on these public holidays; a date it has an exception for already keeps it."""
    known = {exception.date for exception in clinic.hours.exceptions}
    closed = tuple(DatedHours(date=day, description=name) for day, name in sorted(holidays.items()) if day not in known)
    hours = msgspec.structs.replace(clinic.hours, exceptions=clinic.hours.exceptions + closed)
    return msgspec.structs.replace(clinic, hours=hours)

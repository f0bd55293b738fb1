"""All that the portals consist of, clinic by clinic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from chalicelib.clinics.records import Brand, Clinic
from chalicelib.intake.records import Form
from chalicelib.kit import settings, zone
from chalicelib.people.records import Practitioner
from chalicelib.portals.actions import assets, pages
from chalicelib.portals.records import Page

TEMPLATES = settings.templates()
PATIENT, STAFF = "patient/", "staff/"  # the key prefixes of the two hosts
Forms = Mapping[str, Sequence[Form]]  # clinic id -> the versions of its forms that somebody may be filling in
Seen = Callable[[str, int, int], None]  # what is being done, how much of it is done, and how much there is


def nobody(doing: str, done: int, total: int) -> None:
    """Looks on where nobody does."""


def render(
    brand: Brand,
    clinics: Sequence[Clinic],
    practitioners: Sequence[Practitioner],
    version_notes: str = zone.VERSION,
    templates: Path = TEMPLATES,
    *,
    forms: Forms = MappingProxyType({}),
) -> dict[str, Page]:
    """Everything the two hosts serve, by bucket key; the same input gives the same bytes.

    `version_notes` is the version of the time-zone data, shown in every footer. Raises Untranslated and IconMissing.
    """
    return dict(sorted(printed(brand, clinics, practitioners, version_notes, templates, forms=forms)))


def printed(
    brand: Brand,
    clinics: Sequence[Clinic],
    practitioners: Sequence[Practitioner],
    version_notes: str = zone.VERSION,
    templates: Path = TEMPLATES,
    seen: Seen = nobody,
    *,
    forms: Forms = MappingProxyType({}),
) -> Iterator[tuple[str, Page]]:
    """The same one by one, key and page, so that nobody has to hold them all."""
    bundle = assets.bundle(brand, clinics, templates)
    press = pages.Press(brand=brand, templates=templates, bundle=bundle, version_notes=version_notes)
    staffed = _by_clinic(practitioners)
    yield from _under(PATIENT, bundle.pages(patient=True) | press.brand_pages(clinics))
    yield from _under(STAFF, bundle.pages(patient=False) | press.staff_pages())
    for number, clinic in enumerate(clinics, 1):
        yield from _under(PATIENT, press.clinic_pages(clinic, staffed[clinic.id], forms.get(clinic.id, ())))
        seen("Rendering", number, len(clinics))


def _under(host: str, made: Mapping[str, Page]) -> Iterator[tuple[str, Page]]:
    return ((host + key, page) for key, page in made.items())


def _by_clinic(practitioners: Sequence[Practitioner]) -> Mapping[str, Sequence[Practitioner]]:
    """Who works in each clinic, in the order given."""
    found: dict[str, list[Practitioner]] = defaultdict(list)
    for who in practitioners:
        for clinic in dict.fromkeys(who.clinics):
            found[clinic].append(who)
    return found

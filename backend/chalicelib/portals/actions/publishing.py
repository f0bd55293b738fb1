"""From the clinics to the bucket: render all that the portals consist of, write only what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from chalicelib.clinics.records import Brand, Clinic
from chalicelib.kit import zone
from chalicelib.kit.bucket import Bucket
from chalicelib.people.records import Practitioner
from chalicelib.portals.actions import assets, pages
from chalicelib.portals.records import Page, Published

TEMPLATES = Path(__file__).resolve().parents[4] / "portal_templates"
PATIENT, STAFF = "patient/", "staff/"  # the key prefixes of the two hosts
LEDGER = "published.json"  # key -> digest of what was written; no host serves it


def render(
    brand: Brand,
    clinics: Sequence[Clinic],
    practitioners: Sequence[Practitioner],
    version_notes: str = zone.VERSION,
    templates: Path = TEMPLATES,
) -> dict[str, Page]:
    """Everything the two hosts serve, by bucket key; the same input gives the same bytes.

    `version_notes` is the version of the time-zone data, shown in every footer. Raises Untranslated and IconMissing.
    """
    bundle = assets.bundle(brand, clinics, templates)
    press = pages.Press(brand=brand, templates=templates, bundle=bundle, version_notes=version_notes)
    patient = bundle.pages(patient=True) | press.brand_pages(clinics)
    for clinic in clinics:
        patient |= press.clinic_pages(clinic, [who for who in practitioners if who.role(clinic.id)])
    staff = bundle.pages(patient=False) | press.staff_pages()
    return {PATIENT + key: page for key, page in sorted(patient.items())} | {STAFF + key: page for key, page in sorted(staff.items())}


def publish_portals(
    bucket: Bucket,
    brand: Brand,
    clinics: Sequence[Clinic],
    practitioners: Sequence[Practitioner],
    version_notes: str = zone.VERSION,
    templates: Path = TEMPLATES,
) -> Published:
    """Render and write what changed; pages of clinics and languages that are gone are removed.

    Assets go first and old ones stay, so a page that somebody has open never asks for what is not there.
    """
    wanted = render(brand, clinics, practitioners, version_notes, templates)
    there = {key for prefix in (PATIENT, STAFF) for key in bucket.keys(prefix)}
    ledger: Mapping[str, str] = json.loads(bucket.get(LEDGER) or b"{}")
    written = sorted(
        (key for key, page in wanted.items() if key not in there or ledger.get(key) != page.digest),
        key=lambda key: (not _is_asset(key), key),
    )
    for key in written:
        bucket.put(key, wanted[key].body, wanted[key].content_type, wanted[key].cache_control)
    removed = sorted(key for key in there - wanted.keys() if not _is_asset(key))
    bucket.delete(removed)
    if written or removed:
        digests = {key: page.digest for key, page in sorted(wanted.items())}
        bucket.put(LEDGER, json.dumps(digests, indent=0).encode(), "application/json", "no-store")
    return Published(written=tuple(written), removed=tuple(removed), kept=len(wanted) - len(written))


def _is_asset(key: str) -> bool:
    """Whether a key is under the fingerprint and therefore never changes."""
    return key.split("/")[1] == "a"

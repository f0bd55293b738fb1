"""Publishes what the tables hold now, where the deployment says: what the worker does when somebody has changed a clinic."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.intake.actions import questionnaires
from chalicelib.kit import memory, metrics, settings
from chalicelib.kit.bucket import Bucket
from chalicelib.kit.cloudfront import CloudFront
from chalicelib.kit.metrics import Metric
from chalicelib.people import actions as people
from chalicelib.people.records import Practitioner
from chalicelib.portals.actions.publishing import Edge, publish_portals
from chalicelib.portals.records import Published
from chalicelib.portals.rules.problems import NoClinics


def publish_stored() -> Published:
    """Write what changed since the last publishing, whoever published.

    NoClinics, Untranslated and IconMissing leave everything as it is; faults of AWS leave what the next publishing completes.
    """
    memory.forget()  # a container that has published before remembers the clinics of then
    found = _in_order(clinics.listed())
    if not found:
        raise NoClinics("The table of clinics is empty, and an empty portal is not published.")
    staff = [each for clinic in found for each in _practitioners(clinic.id)]
    forms = {clinic.id: questionnaires.published(clinic.id) for clinic in found}
    done = publish_portals(Bucket(settings.bucket("portals")), clinics.brand(), found, staff, forms=forms, edge=_edge())
    metrics.note({Metric.PUBLISHINGS: 1, Metric.FILES_WRITTEN: len(done.written)}, removed=len(done.removed))
    return done


def _in_order(found: Sequence[Clinic]) -> list[Clinic]:
    """As app.json lists them, which the front page shows; others after them, by id."""
    places = {clinic.id: place for place, clinic in enumerate(clinics.read_portal().clinics)}
    return sorted(found, key=lambda clinic: places.get(clinic.id, len(places)))


def _practitioners(clinic: str) -> list[Practitioner]:
    """Who works there in the clinic's own order, in this one role: who works in several is read once for each."""
    return [replace(each, roles=tuple(filter(None, (each.role(clinic),)))) for each in people.practitioners(clinic)]


def _edge() -> Edge | None:
    store = settings.edge_store()
    return CloudFront(store, settings.distributions()) if store else None

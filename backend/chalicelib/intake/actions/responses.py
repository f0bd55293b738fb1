"""Finding a response that somebody may see."""

from __future__ import annotations

from datetime import datetime

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents.actions import reading as documents
from chalicelib.identity.records import Actor, Permission
from chalicelib.intake.store import responses as store
from chalicelib.intake.store.responses import Found
from chalicelib.kit.problem import NotFound


def looked(clinic: Clinic, actor: Actor, permission: Permission, response_id: str, patient: str, now: datetime) -> None:
    """Write down that somebody sees a response; before the answer leaves."""
    audit.looked(clinic.id, action=permission.value, by=actor, what=f"response/{response_id}", at=now, patient=patient)


def found_of(clinic: Clinic, actor: Actor, response_id: str, permission: Permission, now: datetime) -> Found:
    """A response that somebody may see; NotFound for anybody else's just as for none, and both are written down."""
    found = store.find(clinic.id, response_id)
    if found is None or not documents.may_see(clinic, actor, found.response.patient):
        audit.refused(clinic.id, action=permission.value, by=actor, what=f"response/{response_id}", at=now)
        raise NotFound
    return found

"""What who runs a clinic is told of emergency access."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor, Member
from chalicelib.kit import settings, text, zone
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Notice


def started(clinic: Clinic, member: Member, actor: Actor, reason: str, until: datetime, now: datetime) -> Notice:
    """Somebody may look at every patient for an hour. The reason stands in the letter, never in its subject."""
    local = zone.local(until, clinic.zone)
    worded = text.message(
        "accounts",
        "emergency_access",
        member.language,
        name=member.name,
        who=actor.name,
        clinic=clinic.name,
        reason=reason,
        time=text.time_label(local, member.language),
        zone=text.zone_label(local, member.language),
    )
    return notices.letter(clinic.id, member.email, member.language, worded, now, link=f"{settings.origin('staff')}/audit/")

"""Emergency access: who cares for patients may look at any of them for an hour, says why, and everybody who runs the clinic hears of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts.messages import emergency as messages
from chalicelib.accounts.rules import proving
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Permission, Session
from chalicelib.kit import table
from chalicelib.kit.problem import SignedOut
from chalicelib.notices import actions as notices

MOST_TOLD = 30  # letters that the transaction holds beside what else it writes


def start_emergency_access(clinic: Clinic, session: Session, reason: str, now: datetime) -> Session:
    """The session, with every patient of the clinic open to it for an hour. Its reason is kept, and mailed to who runs the clinic."""
    actor = session.actor
    actor.must(Permission.START_EMERGENCY_ACCESS, clinic.id)
    until = now + identity.EMERGENCY
    opened = msgspec.structs.replace(actor, emergency=True)
    told = {"reason": reason, "until": until.isoformat()}
    with table.together(clash=SignedOut) as tx:  # the session may have been closed meanwhile
        changed = identity.change_session(clinic.id, session, msgspec.structs.replace(session, emergency_until=until), tx)
        audit.note(tx, clinic.id, action="start_emergency_access", by=actor, what=f"account/{actor.account}", at=now, **told)
        for member in [each for each in identity.members(clinic.id) if proving.runs(each)][:MOST_TOLD]:
            notices.post(tx, messages.started(clinic, member, actor, reason, until, now))
    return msgspec.structs.replace(changed, actor=opened)

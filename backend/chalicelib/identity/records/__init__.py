"""Actor, Role, Permission, Member, Session: who is asking, what that allows, and how surely we know."""

from chalicelib.identity.records.permissions import GRANTS, IN_EMERGENCY, PATIENT_ROLES, SEE_EVERYBODY, STAFF_ROLES, Permission, Role
from chalicelib.identity.records.sessions import (
    Actor,
    Audience,
    FactorNeeded,
    Member,
    MemberStatus,
    NotRegistered,
    Session,
    StepUpNeeded,
)

__all__ = [
    "GRANTS",
    "IN_EMERGENCY",
    "PATIENT_ROLES",
    "SEE_EVERYBODY",
    "STAFF_ROLES",
    "Actor",
    "Audience",
    "FactorNeeded",
    "Member",
    "MemberStatus",
    "NotRegistered",
    "Permission",
    "Role",
    "Session",
    "StepUpNeeded",
]

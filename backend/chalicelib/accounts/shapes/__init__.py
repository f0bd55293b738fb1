"""What crosses the wire about accounts."""

from chalicelib.accounts.shapes.codes import (
    CODE,
    SENT,
    SIGNED_IN,
    SIGNED_OUT,
    START,
    WANTED,
    PatientView,
    PatientWanted,
    SessionView,
    SignInCode,
    SignInSent,
    SignInStart,
    SignOut,
    patient_view,
    session_view,
)
from chalicelib.accounts.shapes.members import MEMBER, MemberView, RecoveryView, member_view
from chalicelib.accounts.shapes.staff_sessions import KNOWN, NOBODY, STAFF, ClinicName, StaffSessionView, staff_session_view

__all__ = [
    "CODE",
    "KNOWN",
    "MEMBER",
    "NOBODY",
    "SENT",
    "SIGNED_IN",
    "SIGNED_OUT",
    "STAFF",
    "START",
    "WANTED",
    "ClinicName",
    "MemberView",
    "PatientView",
    "PatientWanted",
    "RecoveryView",
    "SessionView",
    "SignInCode",
    "SignInSent",
    "SignInStart",
    "SignOut",
    "StaffSessionView",
    "member_view",
    "patient_view",
    "session_view",
    "staff_session_view",
]

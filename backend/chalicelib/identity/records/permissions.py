"""Role and Permission, and the one table that says which role may do what: default deny."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a clinic."""

    PATIENT = "patient"
    PROXY = "proxy"
    PRACTITIONER = "practitioner"
    NURSE = "nurse"
    RECEPTION = "reception"
    MANAGER = "manager"
    GROUP_MANAGER = "group-manager"
    REPORTER = "reporter"


class Permission(StrEnum):
    """One thing a person may do; the word is the action's."""

    # Everybody who is signed in, with what is their own.
    SIGN_OUT = "sign_out"
    # Staff, with what is their own.
    # Patients, and who acts for one.
    REGISTER_PATIENT = "register_patient"
    BOOK_APPOINTMENT = "book_appointment"
    GET_APPOINTMENT = "get_appointment"
    LIST_MY_APPOINTMENTS = "list_my_appointments"
    CANCEL_APPOINTMENT = "cancel_appointment"
    # The desk, and who cares for patients.
    # Who runs a clinic.


_EVERYBODY = frozenset({Permission.SIGN_OUT})
_PATIENTS = _EVERYBODY | {
    Permission.REGISTER_PATIENT,
    Permission.BOOK_APPOINTMENT,
    Permission.GET_APPOINTMENT,
    Permission.LIST_MY_APPOINTMENTS,
    Permission.CANCEL_APPOINTMENT,
}
_STAFF: frozenset[Permission] = _EVERYBODY | frozenset()
_DESK: frozenset[Permission] = frozenset()
_CARE: frozenset[Permission] = frozenset()
_RUNS: frozenset[Permission] = frozenset()

# The role table: default deny, and what is not listed cannot be done.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PATIENT: _PATIENTS,
    Role.PROXY: _PATIENTS - {Permission.REGISTER_PATIENT},
    Role.PRACTITIONER: _STAFF | _CARE,
    Role.NURSE: _STAFF | _CARE,
    Role.RECEPTION: _STAFF | _DESK,
    Role.MANAGER: _STAFF | _DESK | _RUNS,
    Role.GROUP_MANAGER: _STAFF | _RUNS,
    Role.REPORTER: _STAFF,
}
# What emergency access adds, while it lasts.
IN_EMERGENCY: frozenset[Permission] = frozenset()
# Who may look at every patient of the clinic; others with GET_PATIENT see those they have a visit with.
SEE_EVERYBODY = frozenset({Role.RECEPTION, Role.MANAGER})
STAFF_ROLES = tuple(role for role in Role if role not in {Role.PATIENT, Role.PROXY})

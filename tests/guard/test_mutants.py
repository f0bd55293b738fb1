"""Every guard is taken away once, and each time the matrix notices: a guard that nobody would miss is none."""

from __future__ import annotations

import pytest

from app import app
from chalicelib.doors.records import Operation, Who
from chalicelib.doors.routes import operations
from chalicelib.identity.records import GRANTS, PATIENT_ROLES, Permission, Role
from tests.guard import judging
from tests.guard.asking import Desk, Told, everything
from tests.guard.expectations import BY_NAME, Case, Row
from tests.guard.kinds import HOME, PATIENTS, ROLES, Kind
from tests.guard.test_matrix import passing, spoilt_for
from tests.guard.weakening import Weakness, other_door, swapped, weakened

pytestmark = pytest.mark.deep

OPERATIONS = {operation.name: operation for operation in operations(app)}
SIGNED_IN = [operation for operation in OPERATIONS.values() if operation.who is Who.SIGNED_IN]
ENDPOINT, READING, RULES = "chalicelib.doors.endpoint", "chalicelib.doors.reading", "chalicelib.identity.rules"
IDENTITY, SESSIONS, STORE = "chalicelib.identity.actions", "chalicelib.identity.records.sessions", "chalicelib.identity.store"

VISITS = "chalicelib.visits.actions"
VISIT, LISTED = ("get_appointment",), ("list_my_appointments",)
GUARDS = (
    Weakness(
        "the clinic of the path need not be the session's",
        ENDPOINT,
        "allow",
        "session.actor.clinic != clinic.id",
        "False",
        ("list_sessions",),
    ),
    Weakness(
        "may() is always yes",
        SESSIONS,
        "Actor.may",
        "permission in GRANTS[role] for role in self.roles",
        "True for role in self.roles",
        LISTED,
    ),
    Weakness("must() does not ask", SESSIONS, "Actor.must", "not self.may(permission)", "False", LISTED),
    Weakness("no factor is no hindrance", ENDPOINT, "allow", "not operation.enrolling", "False", LISTED),
    Weakness("must_be_complete lets everybody by", RULES, "must_be_complete", "session.enrolling", "False", LISTED),
    Weakness("who is signed out may pass", ENDPOINT, "session_of", "    raise SignedOut\n", "    return None\n", LISTED),
    Weakness(
        "a session that is over goes on", SESSIONS, "Session.at", "now >= self.idle_until or now >= self.absolute_until", "False", LISTED
    ),
    Weakness("an idle session goes on", SESSIONS, "Session.at", "now >= self.idle_until or ", "", LISTED),
    Weakness("who left goes on", RULES, "as_member", "member.status is not MemberStatus.ACTIVE", "False", ("list_sessions",)),
    Weakness(
        "a token need not be verified for the portal",
        IDENTITY,
        "session_of",
        "token, Purpose.SESSION, audience",
        "token, Purpose.SESSION, Audience.PATIENT",
        ("list_sessions",),
    ),
    Weakness("a token of another clinic counts", IDENTITY, "session_of", "(clinic is not None and claimed != clinic)", "False", LISTED),
    Weakness("the owner of a visit is not asked", VISITS, "of_patient", "found.patient not in patients", "False", VISIT),
    Weakness("keys without their clinic", "chalicelib.kit.table", "key", '("C", clinic, *parts)', '("C", *parts)', LISTED),
    Weakness("keys of another clinic", "chalicelib.kit.table", "key", '("C", clinic, *parts)', '("C", "south", *parts)', LISTED),
    Weakness("no session row is no hindrance", IDENTITY, "session_of", "session is None or ", "", LISTED),
)
CHECKS = (
    Weakness("no header of ours is wanted", READING, "check_origin", 'headers.get("x-portal") != "1"', "False"),
    Weakness("any header of ours will do", READING, "check_origin", 'headers.get("x-portal") != "1"', '"x-portal" not in headers'),
    Weakness("any content type will do", READING, "check_origin", '.lower() != "application/json"', ".lower() is None"),
    Weakness("any origin will do", READING, "check_origin", "if not (same_origin or", "if not (True or"),
    Weakness("no origin will do", READING, "check_origin", 'headers.get("sec-fetch-site") == "same-origin"', "True"),
    Weakness("what the browser says outweighs the origin", READING, "check_origin", '"origin" not in headers and', ""),
    Weakness("the origin of either host will do", READING, "check_origin", "[audience] if audience else Audience", "Audience"),
    Weakness("nothing is asked of a change", ENDPOINT, "enter", 'operation.method != "GET"', "False"),
)


def first_fault(desk: Desk, rows: tuple[Row, ...], kinds: frozenset[Kind] = frozenset(Kind), *, at_home: bool = False) -> str:
    """What the matrix says first against these doors; nothing where all is well. `at_home`: asked in their own clinic alone."""
    for row in rows:
        told: list[tuple[Case, Told]] = []
        for case in everything(desk, row.name):
            if case.kind in kinds and (not at_home or case.place in ("", HOME[case.kind])):
                told.append((case, desk.ask(case)))
                for fault in judging.faults(*told[-1]):
                    return fault
        for fault in judging.told_apart(row, told):
            return fault
    return ""


@pytest.mark.parametrize("weakness", GUARDS, ids=str)
def test_a_guard_that_is_taken_away_is_missed(weakness: Weakness, desk: Desk) -> None:
    rows = tuple(BY_NAME[name] for name in weakness.rows)
    with weakened(weakness):
        assert first_fault(desk, rows)


# Weaknesses that change nothing that anybody could see, and why.
NO_DIFFERENCE = {
    ("list_factors", "for anyone"): "every role of staff may, also while enrolling, and the view itself asks for a session",
}
# Permissions that a patients' role could be given and nobody would see it, and why.
GUARDED_TWICE = {
    Permission.INVITE_STAFF: "whoever invites must be on the clinic's staff as well, in the same transaction",
}


def can_reach(role: Role, operation: Operation) -> bool:
    """Patients' cookies are their clinics': at a door whose path names none they are nobody, whatever they may."""
    return role not in PATIENT_ROLES or "{clinic}" in operation.path


@pytest.mark.parametrize("role", Role, ids=str)
def test_each_entry_of_a_role_that_is_added_or_removed_is_missed(role: Role, desk: Desk) -> None:
    survivors = []
    for permission in Permission:
        reachable = tuple(BY_NAME[each.name] for each in SIGNED_IN if each.permission is permission and can_reach(role, each))
        if not reachable:
            continue
        with swapped(GRANTS, role, GRANTS[role] ^ {permission}):
            if not first_fault(desk, reachable, frozenset(ROLES[role]), at_home=True):
                survivors.append(permission)
    assert set(survivors) <= (GUARDED_TWICE.keys() if role in PATIENT_ROLES else set())


@pytest.mark.parametrize("role", Role, ids=str)
def test_a_role_that_may_nothing_or_everything_is_missed(role: Role, desk: Desk) -> None:
    rows = tuple(BY_NAME[each.name] for each in SIGNED_IN if can_reach(role, each))
    there = {each.permission for each in SIGNED_IN if can_reach(role, each)}
    for granted in (frozenset[Permission](), frozenset(Permission)):
        if granted >= there and GRANTS[role] >= there:
            continue  # as yet every door that a patient can knock at is theirs
        with swapped(GRANTS, role, granted):
            assert first_fault(desk, rows, frozenset(ROLES[role]), at_home=True)


@pytest.mark.parametrize("operation", SIGNED_IN, ids=lambda operation: operation.name)
def test_a_door_that_says_anything_else_of_who_may_pass_is_missed(operation: Operation, desk: Desk) -> None:
    others: dict[str, dict[str, object]] = {
        "no permission": {"permission": None},
        "for anyone": {"who": Who.ANYONE},
        "enrolling the other way": {"enrolling": not operation.enrolling},
    }
    if operation.step_up or not set(BY_NAME[operation.name].may) <= PATIENTS:  # patients have nothing to prove again with
        others["step-up the other way"] = {"step_up": not operation.step_up}
    survivors: list[tuple[str, str]] = []
    for why, members in others.items():
        with other_door(operation.name, **members):
            if not first_fault(desk, (BY_NAME[operation.name],), at_home=why != "for anyone"):
                survivors.append((operation.name, why))
    assert set(survivors) <= NO_DIFFERENCE.keys()


@pytest.mark.parametrize("weakness", CHECKS, ids=str)
def test_a_check_of_where_a_change_comes_from_is_missed(weakness: Weakness, desk: Desk) -> None:
    rows = [BY_NAME[name] for name in ("register_patient", "switch_clinic")]
    assert all(not let_in(desk, row) for row in rows)
    with weakened(weakness):
        assert any(let_in(desk, row) for row in rows)


def let_in(desk: Desk, row: Row) -> str:
    """How a change from elsewhere gets in, if it does."""
    case = passing(row)
    spoilt = spoilt_for(row)
    return next((why for why, headers in spoilt.items() if desk.ask(case, **headers).answer.status not in {400, 403}), "")

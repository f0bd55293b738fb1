"""THE expectation table: for each operation, who gets in, and what everybody else is told. Written down apart from the code.

A row says who *may*; whoever it does not name is refused, by these rules:

- not signed in to the path's clinic: 401 (a patient's cookie is its clinic's; a staff cookie asks elsewhere: 404, as nowhere);
- no factor set up yet: 403, unless the row is for `enrolling`; no fresh proof where it wants one (`step_up`): 403;
- a role that the row does not name: 403; a thing that is not theirs: 404, which must read like that of a missing one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.guard.kinds import HOME, LIKE, NOT_IN, PATIENTS, STALES, Kind, World

Body = Mapping[str, Any] | Callable[[World], Mapping[str, Any]] | None
Whose = tuple[str, ...]

# The clinics that a row is for: one that only Gale works in too.
ELSEWHERE = "prairie"
# Who may, and whose things: of a row without a thing the second half is empty.
OWN_VISITS: dict[Kind, Whose] = {Kind.ADA: ("adas",), Kind.PROXY: ("adas",), Kind.BEN: ("bens",), Kind.NEWCOMER: ()}
ALL_PATIENTS: dict[Kind, Whose] = dict.fromkeys((Kind.ADA, Kind.BEN, Kind.PROXY, Kind.NEWCOMER), ())
ALL_STAFF: dict[Kind, Whose] = dict.fromkeys((Kind.BEA, Kind.DANA, Kind.RHEA, Kind.CYRUS, Kind.GALE, Kind.OTTO), ())
DESK: dict[Kind, Whose] = {Kind.RHEA: ("adas", "bens", "walkins"), Kind.CYRUS: ("adas", "bens", "walkins")}
# What a tablet of the clinic is for: the visit that it was handed over for.
ALSO_ON_A_TABLET: dict[Kind, Whose] = {**OWN_VISITS, Kind.KIOSK: ("adas",)}
# Documents: their patients', and of the staff the desk's and, to look at, who cares for them.
THE_DESKS: dict[Kind, Whose] = {Kind.RHEA: ("adas", "bens"), Kind.CYRUS: ("adas", "bens")}
LOOKS_AT_FILES: dict[Kind, Whose] = {**OWN_VISITS, **THE_DESKS, Kind.BEA: ("adas",), Kind.DANA: ()}
LISTS_FILES: dict[Kind, Whose] = {**LOOKS_AT_FILES, Kind.KIOSK: ("adas",)}
RUNS: dict[Kind, Whose] = {Kind.CYRUS: ("danas", "cyruss"), Kind.GALE: ("danas", "cyruss")}
EVERYBODY: dict[Kind, Whose] = {**ALL_PATIENTS, **ALL_STAFF}
STAYS: dict[Kind, Whose] = {**EVERYBODY, Kind.KIOSK: ()}


@dataclass(frozen=True)
class Row:
    """One operation. `thing` is the path parameter beside the clinic; `passes` the status for who may; `but` is told apart."""

    name: str
    may: Mapping[Kind, Whose] = field(default_factory=dict)
    passes: int = 200
    thing: str = ""
    body: Body = None  # None: the example of the door itself
    query: str = ""
    anyone: bool = False
    step_up: bool = False
    enrolling: bool = False
    names: str = ""  # the clinic that the body names
    across: bool = False  # reads what each of the caller's clinics says of them
    counts: bool = False  # a refusal leaves a count of the try, and its entry in the audit trail
    at: Mapping[str, int] = field(default_factory=dict)  # a door for anyone, at a clinic where its request does not fit
    but: Mapping[tuple[Kind, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A row, who asks, at which clinic (empty: the path names none), and whose thing."""

    row: Row
    kind: Kind
    place: str
    whose: str

    def __str__(self) -> str:
        return f"{self.row.name}: {self.kind} at {self.place or 'no clinic'} {self.whose}".rstrip()


def a_booking(world: World) -> Mapping[str, Any]:
    """A time that is free now."""
    return {"service": "visit", "start": world.given["slot"]}


def an_export(world: World) -> Mapping[str, Any]:
    """Yesterday and today."""
    return {"from": f"{(world.now - timedelta(days=1)).date()}", "to": f"{world.now.date()}", "reason": "The yearly review of who looked."}


A_FILE = {"kind": "photo-id", "type": "image/jpeg", "size": 9, "sha256": "0" * 64}
A_FORM: Mapping[str, Any] = {"questionnaire": "phq-9", "language": "en"}
ANSWERS: Mapping[str, Any] = {"items": [], "language": "en"}  # of a draft that its page has not looked at
PATIENT = {"given": "Nora", "family": "Ellis", "birthDate": "1990-02-03"}

ROWS = (
    # The API's own description, how it is, and what anybody may know of a clinic.
    Row("get_openapi", anyone=True),
    Row("get_health", anyone=True),
    Row("list_clinics", anyone=True),
    Row("get_clinic", anyone=True),
    Row("list_healthcare_services", anyone=True),
    Row("find_slots", anyone=True, query="service=visit", at={"south": 422}),
    # Patients: signing in, and who they are.
    Row("start_sign_in", anyone=True, passes=202, body={"email": "somebody@example.com"}, counts=True),
    Row("verify_sign_in", anyone=True, passes=422, body={"code": "12345678"}, counts=True),
    Row("get_session", anyone=True),
    Row(
        "register_patient",
        may={Kind.ADA: (), Kind.BEN: (), Kind.NEWCOMER: ()},
        passes=409,
        body=PATIENT,
        but={(Kind.NEWCOMER, ""): 201},
    ),
    Row("sign_out", may=STAYS, enrolling=True),
    # Patients: their visits.
    Row("book_appointment", may=ALL_PATIENTS, passes=201, body=a_booking, but={(Kind.NEWCOMER, ""): 403, (Kind.SOL, ""): 422}),
    Row("list_my_appointments", may=ALL_PATIENTS),
    Row("get_appointment", may=OWN_VISITS, thing="appointment"),
    Row("get_appointment_calendar", may=OWN_VISITS, thing="appointment"),
    Row("cancel_appointment", may=OWN_VISITS, thing="appointment", body={"reason": "My trip was moved."}),
    # Documents. A refusal of a thing leaves its entry in the trail, whether there is such a thing or not.
    Row(
        "request_upload", may=ALSO_ON_A_TABLET, passes=201, thing="appointment", body=A_FILE, counts=True, but={(Kind.SOL, "southern"): 422}
    ),
    Row("finish_upload", may=ALSO_ON_A_TABLET, thing="document", body={}, counts=True),
    Row("withdraw_document", may=ALSO_ON_A_TABLET, thing="document", body={}, counts=True),
    Row("list_documents", may=LISTS_FILES, thing="appointment", counts=True),
    Row("get_document", may=LISTS_FILES, thing="document", counts=True),
    Row("get_document_reference", may=LISTS_FILES, thing="document", counts=True),
    Row("open_document", may=LOOKS_AT_FILES, thing="document", counts=True),
    Row("accept_document", may=THE_DESKS, thing="document", body={}, counts=True),
    Row("return_document", may=THE_DESKS, thing="document", counts=True),
    Row("relabel_document", may=THE_DESKS, thing="document", counts=True, but={(Kind.MALLORY, "southern"): 422}),
    Row("hold_document", may={Kind.CYRUS: ("adas", "bens")}, thing="document", step_up=True, counts=True),
    Row("export_documents", may=THE_DESKS, thing="appointment", step_up=True, counts=True),
    Row("list_completeness", may={Kind.RHEA: (), Kind.CYRUS: ()}),
    Row("set_insurance_status", may=THE_DESKS, thing="appointment", counts=True),
    # Answers. Whom the desk and carers may look at is as with documents; who gives them may change them.
    Row("list_responses", may=LISTS_FILES, thing="appointment", counts=True),
    Row("start_response", may=ALSO_ON_A_TABLET, thing="appointment", body=A_FORM, counts=True, but={(Kind.SOL, "southern"): 404}),
    Row("get_response", may=LISTS_FILES, thing="response", counts=True),
    Row("save_response", may=ALSO_ON_A_TABLET, passes=412, thing="response", body=ANSWERS, counts=True, but={(Kind.SOL, "southern"): 412}),
    Row(
        "submit_response", may=ALSO_ON_A_TABLET, passes=422, thing="response", body=ANSWERS, counts=True, but={(Kind.SOL, "southern"): 422}
    ),
    Row("amend_response", may=ALSO_ON_A_TABLET, passes=409, thing="response", body=ANSWERS, counts=True, but={(Kind.SOL, "southern"): 409}),
    Row(
        "return_item",
        may=THE_DESKS,
        passes=409,
        thing="response",
        body={"path": "phq-9-items/phq-9-2", "note": "Is this right?"},
        counts=True,
        but={(Kind.MALLORY, "southern"): 422},
    ),
    Row("accept_response", may={**THE_DESKS, Kind.BEA: ("adas",), Kind.DANA: ()}, thing="response", counts=True),
    Row("export_response", may={**OWN_VISITS, **THE_DESKS}, thing="response", step_up=True, counts=True),
    # Everybody: staying, and the browsers one is signed in with.
    Row("extend_session", may=STAYS),
    Row("list_sessions", may=EVERYBODY, across=True),
    Row(
        "end_session",
        may={**EVERYBODY, Kind.ADA: ("adas",), Kind.BEN: ("bens",), Kind.CYRUS: ("cyruss",)},
        thing="session",
        across=True,
        but={(Kind.MALLORY, "southern"): 404},
    ),
    Row("end_all_sessions", may=EVERYBODY, across=True),
    # Staff: signing in, and coming back.
    Row("start_passkey_sign_in", anyone=True),
    Row("finish_passkey_sign_in", anyone=True, passes=422, counts=True),
    Row("start_staff_sign_in", anyone=True, passes=202, body={"email": "somebody@example.com"}, counts=True),
    Row("verify_staff_sign_in", anyone=True, passes=422, counts=True),
    Row("start_recovery", anyone=True, passes=202, body={"email": "somebody@example.com"}, counts=True),
    Row("finish_recovery", anyone=True, passes=422, names="north", counts=True),
    Row("accept_invitation", anyone=True, passes=422, names="north", counts=True),
    # Staff: what they sign in with.
    Row("list_factors", may=ALL_STAFF, enrolling=True),
    Row("register_passkey", may=ALL_STAFF, step_up=True, enrolling=True),
    Row("finish_passkey", may=ALL_STAFF, passes=422, step_up=True, enrolling=True),
    Row(
        "remove_passkey",
        may={**ALL_STAFF, Kind.CYRUS: ("cyruss",), Kind.DANA: ("danas",)},
        passes=409,
        thing="passkey",
        step_up=True,
        across=True,
    ),
    Row("enrol_totp", may=ALL_STAFF, step_up=True, enrolling=True),
    Row("verify_totp", may=ALL_STAFF, passes=422, step_up=True, enrolling=True),
    Row("remove_totp", may=ALL_STAFF, passes=404, step_up=True, across=True),
    Row("start_step_up", may=ALL_STAFF),
    Row("step_up", may=ALL_STAFF, passes=422, counts=True),
    # Who runs a clinic.
    Row("list_staff", may={Kind.CYRUS: (), Kind.GALE: ()}),
    Row(
        "invite_staff",
        may={Kind.CYRUS: (), Kind.GALE: ()},
        passes=201,
        step_up=True,
        body={"name": "Lou Ng", "email": "lou@example.com", "roles": ["nurse"]},
    ),
    Row(
        "set_roles",
        may=RUNS,
        thing="account",
        step_up=True,
        body={"roles": ["reporter"]},
        but={(Kind.CYRUS, "cyruss"): 409, (Kind.GALE, "cyruss"): 409, (Kind.MALLORY, "southern"): 409},
    ),
    Row(
        "deactivate_staff",
        may=RUNS,
        thing="account",
        step_up=True,
        but={(Kind.CYRUS, "cyruss"): 409, (Kind.GALE, "cyruss"): 409, (Kind.MALLORY, "southern"): 409},
    ),
    Row(
        "approve_recovery",
        may={Kind.CYRUS: ("danas",), Kind.GALE: ("danas",)},
        thing="account",
        step_up=True,
        but={(Kind.CYRUS, "cyruss"): 409, (Kind.MALLORY, "southern"): 409},
    ),
    Row("list_audit_events", may={Kind.CYRUS: (), Kind.GALE: ()}),
    Row("export_audit", may={Kind.CYRUS: (), Kind.GALE: ()}, step_up=True, body=an_export),
    # Forms: a clinic's own manager changes them, who runs several may look.
    Row("list_questionnaires", may={Kind.CYRUS: (), Kind.GALE: ()}),
    Row("get_questionnaire", may={Kind.CYRUS: ("norths",), Kind.GALE: ("norths",)}, thing="questionnaire"),
    Row("import_questionnaire", may={Kind.CYRUS: ()}),
    Row("draft_questionnaire", may={Kind.CYRUS: ("norths",)}, thing="questionnaire", body={}),
    Row("preview_questionnaire", may={Kind.CYRUS: ("norths",)}, thing="questionnaire"),
    Row("publish_questionnaire", may={Kind.CYRUS: ("norths",)}, thing="questionnaire", step_up=True),
    Row("retire_questionnaire", may={Kind.CYRUS: ("norths",)}, thing="questionnaire", step_up=True),
    # The desk, and who cares for patients.
    Row("list_patients", may={Kind.RHEA: (), Kind.CYRUS: ()}, body={"name": "mo"}),
    Row("get_patient", may={**DESK, Kind.BEA: ("adas",), Kind.DANA: ()}, thing="patient"),
    Row("add_patient", may={Kind.RHEA: (), Kind.CYRUS: ()}, passes=201),
    Row("issue_link_code", may=DESK, thing="patient", body={}),
    Row("start_kiosk", may={**THE_DESKS, Kind.BEA: ("adas",), Kind.DANA: ()}, thing="appointment", body={}, counts=True),
    Row("open_kiosk", anyone=True, passes=422, body={"code": "ABCD-EFGH"}, counts=True),
    Row("start_emergency_access", may={Kind.BEA: (), Kind.DANA: ()}, body={"reason": "Found unconscious in the corridor."}),
    Row("link_patient", may={Kind.ADA: (), Kind.BEN: (), Kind.NEWCOMER: ()}, passes=422, body={"code": "ABCD-EFGH"}, counts=True),
    Row("get_my_access_log", may=ALL_PATIENTS, but={(Kind.NEWCOMER, ""): 403}),
    # Staff: who they are, and where they work.
    Row("switch_clinic", may=ALL_STAFF, passes=404, body={"clinic": ELSEWHERE}, across=True, but={(Kind.GALE, ""): 200}),
    Row("get_staff_session", anyone=True, across=True),
)
WORKERS = frozenset({"sweep_due", "send_posted"})
BY_NAME = {row.name: row for row in ROWS}


def cases(row: Row, path: str, things: Mapping[str, Mapping[str, str]]) -> Iterator[Case]:
    """Everybody, at every place of a row: each thing of the north, the south's own, prairie, and a clinic that is not there."""
    whose = list(things[row.thing]) if row.thing else [""]
    places = [("", one) for one in whose]
    if "{clinic}" in path:
        strange = ("southern", "missing", "missing") if row.thing else ("", "", "")
        places = [("north", one) for one in whose] + list(zip(("south", "prairie", "nowhere"), strange, strict=True))
    for place, one in places:
        for kind in Kind:
            yield Case(row, kind, place, one)


def expected(case: Case) -> int:
    """The status that the table says."""
    if case.row.anyone:
        return 404 if case.place == "nowhere" else case.row.at.get(case.place, case.row.passes)
    gate = _at_the_gate(case)
    return gate or _inside(case)


def expected_type(case: Case) -> str:
    """The problem that a refusal is, where its status alone would not tell which guard spoke; empty: not told."""
    row, kind = case.row, case.kind
    if row.anyone or (case.place and case.place != HOME[kind]):
        return ""
    if kind is Kind.ENROLLING and not row.enrolling:
        return "factor-needed"
    if kind not in NOT_IN and LIKE.get(kind, kind) not in row.may and (case.place or kind not in PATIENTS):
        return "not-allowed"
    return "step-up-needed" if kind in STALES and row.step_up else ""


def _at_the_gate(case: Case) -> int:
    """What they are told before anything is asked of what they may do; 0: nothing."""
    row, kind = case.row, case.kind
    if kind in NOT_IN or (kind in PATIENTS and not case.place):
        return 401
    if case.place and case.place != HOME[kind]:
        return 401 if kind in PATIENTS else 404
    if kind is Kind.ENROLLING and not row.enrolling:
        return 403
    if LIKE.get(kind, kind) not in row.may:
        return 403
    return 403 if row.step_up and kind in STALES else 0


def _inside(case: Case) -> int:
    """What somebody gets who may do such a thing."""
    row, like = case.row, LIKE.get(case.kind, case.kind)
    said = row.but.get((case.kind, case.whose), row.but.get((like, case.whose)))
    if said is not None:
        return said
    if not row.thing or (case.whose in row.may[like] and HOME[case.kind] == "north"):
        return row.passes
    at_home = case.whose == "southern" and HOME[case.kind] == "south" and row.may[like]
    return row.passes if at_home else 404

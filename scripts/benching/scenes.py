"""The main operations, each as somebody does it: what goes before, and the one request (or event) that is taped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.notices import actions as notices
from chalicelib.notices import workers
from scripts.benching import inspecting
from scripts.benching.world import NORTH, NOW, Guest, World, code_for, event, waiting
from tests.cast import ADA

API = ("app", "app")
WORKERS = "chalicelib.notices.workers"
VISIT = NORTH + "/appointments/{appointment}"
NEWCOMER = "lena.okoye@example.com"
SAID = {"given": "Lena", "family": "Okoye", "birthDate": "1990-02-03", "telephone": "+1 203 555 0177"}
ONCE = {"idempotency-key": "a-key-of-this-booking"}


@dataclass(frozen=True)
class Scene:
    """An operation by its name in the API's description; `ask` does what goes before and gives the event of the one that counts."""

    name: str
    ask: Callable[[World], tuple[dict[str, Any], Guest]]
    entry: tuple[str, str] = API
    later: timedelta = timedelta()  # how long after what went before


def find_slots(_: World) -> tuple[dict[str, Any], Guest]:
    """A week of a busy clinic, as the page asks for it."""
    guest = Guest()
    return event("GET", NORTH + "/slots", guest, query="service=visit&days=7&lang=en-US"), guest


def start_sign_in(_: World) -> tuple[dict[str, Any], Guest]:
    """Ada wants a code."""
    return _starting(ADA.email)


def _starting(address: str) -> tuple[dict[str, Any], Guest]:
    guest = Guest()
    return event("POST", NORTH + "/sign-in/start", guest, {"email": address}, "lang=en-US"), guest


def verify_sign_in(world: World) -> tuple[dict[str, Any], Guest]:
    """A patient types the code."""
    _send_all()
    return _typing(world, ADA.email)


def _typing(world: World, address: str) -> tuple[dict[str, Any], Guest]:
    asked, guest = _starting(address)
    world.ask(asked, guest)
    return event("POST", NORTH + "/sign-in/verify", guest, {"code": code_for(address)}), guest


def register_patient(world: World) -> tuple[dict[str, Any], Guest]:
    """Somebody new says who they are."""
    typed, guest = _typing(world, NEWCOMER)
    world.ask(typed, guest)
    return event("POST", NORTH + "/patients", guest, SAID), guest


def get_session(world: World) -> tuple[dict[str, Any], Guest]:
    """A page asks who is signed in."""
    return event("GET", NORTH + "/session", world.ada), world.ada


def _booking(world: World, key: str) -> tuple[dict[str, Any], Guest]:
    """Ada takes the first time of tomorrow that is free."""
    asked, nobody = find_slots(world)
    slot = world.ask(asked, nobody)["days"][1]["slots"][0]
    body = {"service": "visit", "start": slot["start"], "note": "My knee still hurts on the stairs."}
    return event("POST", NORTH + "/appointments", world.ada, body, headers={"idempotency-key": key}), world.ada


def book_appointment(world: World) -> tuple[dict[str, Any], Guest]:
    """Ada books; another visit of hers is ahead already."""
    world.ask(*_booking(world, "the-key-of-the-first"))
    return _booking(world, "the-key-of-the-second")


def list_my_appointments(world: World) -> tuple[dict[str, Any], Guest]:
    """Two visits ahead, eight behind."""
    return event("GET", NORTH + "/appointments", world.ada), world.ada


def _next_visit(world: World) -> str:
    return str(world.ask(*list_my_appointments(world))["upcoming"][0]["id"])


def get_appointment(world: World) -> tuple[dict[str, Any], Guest]:
    """One of Ada's visits."""
    return event("GET", VISIT, world.ada, appointment=_next_visit(world)), world.ada


def cancel_appointment(world: World) -> tuple[dict[str, Any], Guest]:
    """Ada cancels one, with a reason."""
    body = {"reason": "My child is ill."}
    return event("POST", VISIT + "/cancel", world.ada, body, appointment=_next_visit(world)), world.ada


def request_upload(world: World, kind: str = "insurance-front") -> tuple[dict[str, Any], Guest]:
    """Ada wants to send a side of her card."""
    return event("POST", VISIT + "/documents", world.ada, inspecting.wanted(kind), appointment=_next_visit(world)), world.ada


def requested(world: World) -> str:
    """The id of a page of a letter that she may send: of them there can be several."""
    return str(world.ask(*request_upload(world, "referral"))["document"]["id"])


def finish_upload(world: World) -> tuple[dict[str, Any], Guest]:
    """The page says that the photograph was sent."""
    document = requested(world)
    inspecting.send(document)
    return _file("POST", world.ada, document, "/finish"), world.ada


def get_document(world: World) -> tuple[dict[str, Any], Guest]:
    """The page asks how far it has come."""
    return _file("GET", world.ada, requested(world)), world.ada


def open_document(world: World) -> tuple[dict[str, Any], Guest]:
    """The desk looks at it."""
    return _file("POST", world.rhea, _released(world), "/open"), world.rhea


def accept_document(world: World) -> tuple[dict[str, Any], Guest]:
    """And finds that it will do."""
    return _file("POST", world.rhea, _released(world), "/accept"), world.rhea


def _released(world: World) -> str:
    document = requested(world)
    inspecting.release(document)
    return document


def _file(method: str, guest: Guest, document: str, what: str = "") -> dict[str, Any]:
    return event(method, f"{NORTH}/documents/{{document}}{what}", guest, document=document)


def list_documents(world: World) -> tuple[dict[str, Any], Guest]:
    """What her visit needs, and one on its way."""
    world.ask(*request_upload(world))
    return event("GET", VISIT + "/documents", world.ada, appointment=_next_visit(world)), world.ada


def list_completeness(world: World) -> tuple[dict[str, Any], Guest]:
    """The desk looks which visits still want documents."""
    return event("GET", NORTH + "/completeness", world.rhea), world.rhea


def get_my_access_log(world: World) -> tuple[dict[str, Any], Guest]:
    """Who looked at what the clinic holds of Ada."""
    return event("GET", NORTH + "/access-log", world.ada), world.ada


def get_staff_session(world: World) -> tuple[dict[str, Any], Guest]:
    """A page of the staff's asks who is signed in."""
    return event("GET", "/api/session", world.rhea), world.rhea


def list_patients(world: World) -> tuple[dict[str, Any], Guest]:
    """The desk looks for a name; a dozen patients have it."""
    return event("POST", NORTH + "/patients/search", world.rhea, {"name": "mor"}), world.rhea


def get_patient(world: World) -> tuple[dict[str, Any], Guest]:
    """The desk opens Ada's record."""
    return event("GET", NORTH + "/patients/{patient}", world.rhea, patient=ADA.id), world.rhea


def add_patient(world: World) -> tuple[dict[str, Any], Guest]:
    """The desk holds somebody who has no account."""
    return event("POST", NORTH + "/patient-records", world.rhea, SAID, headers=ONCE), world.rhea


def list_staff(world: World) -> tuple[dict[str, Any], Guest]:
    """Who works in the clinic."""
    return event("GET", NORTH + "/staff", world.cyrus), world.cyrus


def list_audit_events(world: World) -> tuple[dict[str, Any], Guest]:
    """The first page of the audit trail."""
    return event("GET", NORTH + "/audit-events", world.cyrus), world.cyrus


def send_posted(world: World) -> tuple[dict[str, Any], Guest]:
    """The stream brings a letter that was just posted, with its calendar file."""
    notice = next(notice for notice in waiting() if notice.calendar)
    keys = {"pk": {"S": f"C#{notice.clinic}#NOTICE#{notice.id}"}, "sk": {"S": "notice"}}
    change = {"ApproximateCreationDateTime": 1.0, "Keys": keys, "SequenceNumber": "100", "SizeBytes": 1, "StreamViewType": "KEYS_ONLY"}
    record = {"eventID": "1", "eventName": "INSERT", "awsRegion": "us-east-1", "eventSourceARN": workers.STREAM, "dynamodb": change}
    return {"Records": [record]}, world.ada


def sweep_due(world: World) -> tuple[dict[str, Any], Guest]:
    """A minute in which nothing is due."""
    _send_all()
    notices.sweep(NOW)
    about = {"version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "account": "0", "time": "", "region": ""}
    return about | {"resources": [], "detail": {}}, world.ada


def _send_all() -> None:
    for notice in waiting():
        notices.send(notice.clinic, notice.id, NOW + timedelta(minutes=1))


SCENES = (
    Scene("findSlots", find_slots),
    Scene("startSignIn", start_sign_in),
    Scene("verifySignIn", verify_sign_in),
    Scene("registerPatient", register_patient),
    Scene("getSession", get_session),
    Scene("bookAppointment", book_appointment),
    Scene("listMyAppointments", list_my_appointments),
    Scene("getAppointment", get_appointment),
    Scene("requestUpload", request_upload),
    Scene("finishUpload", finish_upload),
    Scene("getDocument", get_document),
    Scene("listDocuments", list_documents),
    Scene("openDocument", open_document),
    Scene("acceptDocument", accept_document),
    Scene("listCompleteness", list_completeness),
    Scene("cancelAppointment", cancel_appointment),
    Scene("getMyAccessLog", get_my_access_log),
    Scene("getStaffSession", get_staff_session),
    Scene("listPatients", list_patients),
    Scene("getPatient", get_patient),
    Scene("addPatient", add_patient),
    Scene("listStaff", list_staff),
    Scene("listAuditEvents", list_audit_events),
    Scene("sendPosted", send_posted, (WORKERS, "send_posted"), timedelta(minutes=1)),
    Scene("sweepDue", sweep_due, (WORKERS, "sweep_due")),
)


def told(world: World) -> Iterator[tuple[Scene, dict[str, Any]]]:
    """Every scene with its event, in an order in which each finds what it needs."""
    for scene in SCENES:
        yield scene, scene.ask(world)[0]

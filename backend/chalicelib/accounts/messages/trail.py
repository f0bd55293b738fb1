"""What a patient is told of who looked at or changed their record: the words of each action, for them and for others."""

from __future__ import annotations

from chalicelib.accounts.records import Retold
from chalicelib.audit.records import AuditEvent
from chalicelib.clinics.records import Words
from chalicelib.identity.records import Role
from chalicelib.kit import text

# What others did. An operation that is not named here is told as looking or as changing.
OTHERS: dict[str, Words] = {
    "list_patients": {"en": "Saw your name in a search", "es": "Vio su nombre en una búsqueda"},
    "get_patient": {"en": "Looked at your details", "es": "Consultó sus datos"},
    "add_patient": {"en": "Made your record", "es": "Creó su ficha"},
    "issue_link_code": {"en": "Gave a code to link your account", "es": "Dio un código para vincular su cuenta"},
    "book_appointment": {"en": "Booked a visit", "es": "Reservó una cita"},
    "cancel_appointment": {"en": "Cancelled a visit", "es": "Canceló una cita"},
    "get_appointment": {"en": "Looked at a visit", "es": "Consultó una cita"},
    "list_my_appointments": {"en": "Looked at your visits", "es": "Consultó sus citas"},
    "list_audit_events": {"en": "Looked up who had seen your record", "es": "Consultó quién había visto su ficha"},
}
# What they did themselves.
OWN: dict[str, Words] = {
    "register_patient": {"en": "You told the clinic who you are", "es": "Usted dijo a la clínica quién es"},
    "link_patient": {"en": "You entered a code to link your account", "es": "Usted escribió un código para vincular su cuenta"},
    "book_appointment": {"en": "You booked a visit", "es": "Usted reservó una cita"},
    "cancel_appointment": {"en": "You cancelled a visit", "es": "Usted canceló una cita"},
}
LOOKED: Words = {"en": "Looked at your record", "es": "Consultó su ficha"}
CHANGED: Words = {"en": "Changed something in your record", "es": "Cambió algo en su ficha"}
DID: Words = {"en": "You changed something in your record", "es": "Usted cambió algo en su ficha"}


YOU: Words = {"en": "You", "es": "Usted"}
SOMEBODY: Words = {"en": "Somebody", "es": "Alguien"}
IN_EMERGENCY: Words = {"en": "under emergency access", "es": "con acceso de emergencia"}
ROLES: dict[str, Words] = {
    Role.PATIENT: {"en": "Patient", "es": "Paciente"},
    Role.PROXY: {"en": "Acts for you", "es": "Actúa en su nombre"},
    Role.PRACTITIONER: {"en": "Practitioner", "es": "Profesional sanitario"},
    Role.NURSE: {"en": "Nurse", "es": "Enfermería"},
    Role.RECEPTION: {"en": "Reception", "es": "Recepción"},
    Role.MANAGER: {"en": "Manager", "es": "Dirección"},
    Role.GROUP_MANAGER: {"en": "Group manager", "es": "Dirección del grupo"},
    Role.REPORTER: {"en": "Reporter", "es": "Informes"},
}


def retold(event: AuditEvent, tag: str, *, own: bool) -> Retold:
    """An event in the reader's words; `own`: the reader did it."""
    role = ROLES.get(event.who.partition("/")[0], {})
    emergency = "emergency" in event.about
    return Retold(
        who=text.words(YOU, tag) if own else event.name or text.words(SOMEBODY, tag),
        role="" if own else text.words(role, tag),
        action=text.words(_done(event, own=own), tag),
        what=text.words(IN_EMERGENCY, tag) if emergency else "",
        emergency=emergency,
    )


def _done(event: AuditEvent, *, own: bool) -> Words:
    if own:
        return OWN.get(event.action, DID)
    return OTHERS.get(event.action, LOOKED if event.reading else CHANGED)

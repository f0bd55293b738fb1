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
    "start_kiosk": {"en": "Handed you the clinic's tablet", "es": "Le entregó la tableta de la clínica"},
    "open_kiosk": {"en": "The clinic's tablet was opened for you", "es": "Se abrió para usted la tableta de la clínica"},
    "book_appointment": {"en": "Booked a visit", "es": "Reservó una cita"},
    "cancel_appointment": {"en": "Cancelled a visit", "es": "Canceló una cita"},
    "get_appointment": {"en": "Looked at a visit", "es": "Consultó una cita"},
    "list_my_appointments": {"en": "Looked at your visits", "es": "Consultó sus citas"},
    "list_audit_events": {"en": "Looked up who had seen your record", "es": "Consultó quién había visto su ficha"},
    "request_upload": {"en": "Began to send a document", "es": "Empezó a enviar un documento"},
    "finish_upload": {"en": "Sent a document", "es": "Envió un documento"},
    "withdraw_document": {"en": "Took a document back", "es": "Retiró un documento"},
    "list_documents": {"en": "Looked at what documents a visit has", "es": "Consultó qué documentos tiene una cita"},
    "get_document": {"en": "Looked up how far a document is", "es": "Consultó el estado de un documento"},
    "get_document_reference": {"en": "Looked up how far a document is", "es": "Consultó el estado de un documento"},
    "open_document": {"en": "Opened a document", "es": "Abrió un documento"},
    "accept_document": {"en": "Accepted a document", "es": "Aceptó un documento"},
    "return_document": {"en": "Asked for a document to be taken again", "es": "Pidió que se tomara de nuevo un documento"},
    "relabel_document": {"en": "Filed a document as something else", "es": "Clasificó un documento de otra manera"},
    "hold_document": {"en": "Changed how long a document is kept", "es": "Cambió el tiempo que se guarda un documento"},
    "export_documents": {"en": "Took out all documents of a visit", "es": "Extrajo todos los documentos de una cita"},
    "list_completeness": {"en": "Saw your visit in a list of what is missing", "es": "Vio su cita en una lista de lo que falta"},
    "set_insurance_status": {"en": "Noted what your insurer says", "es": "Anotó lo que dice su seguro"},
    "return_item": {"en": "Asked for an answer of a form again", "es": "Pidió otra vez una respuesta de un formulario"},
    "accept_response": {"en": "Looked at and accepted a form", "es": "Revisó y aceptó un formulario"},
    "export_response": {"en": "Took out a copy of a form", "es": "Extrajo una copia de un formulario"},
    "receive_document": {"en": "Received a document", "es": "Recibió un documento"},
    "inspect_document": {"en": "Checked a document", "es": "Revisó un documento"},
    "scan_document": {"en": "Scanned a document for viruses", "es": "Buscó virus en un documento"},
    "check_document_again": {"en": "Checked a document again", "es": "Revisó de nuevo un documento"},
    "forget_document": {"en": "Forgot a document that never came", "es": "Olvidó un documento que nunca llegó"},
    "list_responses": {"en": "Looked at the forms of a visit", "es": "Consultó los formularios de una cita"},
    "start_response": {"en": "Began a form", "es": "Empezó un formulario"},
    "get_response": {"en": "Read your answers to a form", "es": "Leyó sus respuestas a un formulario"},
    "save_response": {"en": "Saved answers to a form", "es": "Guardó respuestas de un formulario"},
    "submit_response": {"en": "Handed in a form", "es": "Entregó un formulario"},
    "amend_response": {"en": "Changed a form", "es": "Cambió un formulario"},
}
# What they did themselves.
OWN: dict[str, Words] = {
    "register_patient": {"en": "You told the clinic who you are", "es": "Usted dijo a la clínica quién es"},
    "link_patient": {"en": "You entered a code to link your account", "es": "Usted escribió un código para vincular su cuenta"},
    "book_appointment": {"en": "You booked a visit", "es": "Usted reservó una cita"},
    "cancel_appointment": {"en": "You cancelled a visit", "es": "Usted canceló una cita"},
    "request_upload": {"en": "You began to send a document", "es": "Usted empezó a enviar un documento"},
    "finish_upload": {"en": "You sent a document", "es": "Usted envió un documento"},
    "withdraw_document": {"en": "You took a document back", "es": "Usted retiró un documento"},
    "start_response": {"en": "You began a form", "es": "Usted empezó un formulario"},
    "save_response": {"en": "You saved answers to a form", "es": "Usted guardó respuestas de un formulario"},
    "submit_response": {"en": "You handed in a form", "es": "Usted entregó un formulario"},
    "amend_response": {"en": "You changed a form", "es": "Usted cambió un formulario"},
    "export_response": {"en": "You took a copy of a form", "es": "Usted obtuvo una copia de un formulario"},
}
LOOKED: Words = {"en": "Looked at your record", "es": "Consultó su ficha"}
CHANGED: Words = {"en": "Changed something in your record", "es": "Cambió algo en su ficha"}
DID: Words = {"en": "You changed something in your record", "es": "Usted cambió algo en su ficha"}


YOU: Words = {"en": "You", "es": "Usted"}
SOMEBODY: Words = {"en": "Somebody", "es": "Alguien"}
AUTOMATIC: Words = {"en": "Automatic check", "es": "Comprobación automática"}  # a function of ours, and nobody
IN_EMERGENCY: Words = {"en": "under emergency access", "es": "con acceso de emergencia"}
ROLES: dict[str, Words] = {
    Role.PATIENT: {"en": "Patient", "es": "Paciente"},
    Role.PROXY: {"en": "Acts for you", "es": "Actúa en su nombre"},
    Role.KIOSK: {"en": "On the clinic's tablet", "es": "En la tableta de la clínica"},
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
        who=text.words(YOU, tag) if own else event.name or text.words(_nameless(event.who), tag),
        role="" if own else text.words(role, tag),
        action=text.words(_done(event, own=own), tag),
        what=text.words(IN_EMERGENCY, tag) if emergency else "",
        emergency=emergency,
    )


def _nameless(who: str) -> Words:
    return AUTOMATIC if who.startswith("function/") else SOMEBODY


def _done(event: AuditEvent, *, own: bool) -> Words:
    if own:
        return OWN.get(event.action, DID)
    return OTHERS.get(event.action, LOOKED if event.reading else CHANGED)

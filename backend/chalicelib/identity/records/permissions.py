"""Role and Permission, and the one table that says which role may do what: default deny."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a clinic."""

    PATIENT = "patient"
    PROXY = "proxy"
    KIOSK = "kiosk"
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
    EXTEND_SESSION = "extend_session"
    LIST_SESSIONS = "list_sessions"
    END_SESSION = "end_session"
    END_ALL_SESSIONS = "end_all_sessions"
    # Staff, with what is their own.
    START_STEP_UP = "start_step_up"
    STEP_UP = "step_up"
    SWITCH_CLINIC = "switch_clinic"
    LIST_FACTORS = "list_factors"
    REGISTER_PASSKEY = "register_passkey"
    FINISH_PASSKEY = "finish_passkey"
    REMOVE_PASSKEY = "remove_passkey"
    ENROL_TOTP = "enrol_totp"
    VERIFY_TOTP = "verify_totp"
    REMOVE_TOTP = "remove_totp"
    # Patients, and who acts for one.
    REGISTER_PATIENT = "register_patient"
    LINK_PATIENT = "link_patient"
    BOOK_APPOINTMENT = "book_appointment"
    GET_APPOINTMENT = "get_appointment"
    LIST_MY_APPOINTMENTS = "list_my_appointments"
    CANCEL_APPOINTMENT = "cancel_appointment"
    GET_MY_ACCESS_LOG = "get_my_access_log"
    REQUEST_UPLOAD = "request_upload"
    FINISH_UPLOAD = "finish_upload"
    WITHDRAW_DOCUMENT = "withdraw_document"
    START_RESPONSE = "start_response"
    SAVE_RESPONSE = "save_response"
    SUBMIT_RESPONSE = "submit_response"
    AMEND_RESPONSE = "amend_response"
    # Patients, the desk, and who cares for them.
    LIST_RESPONSES = "list_responses"
    GET_RESPONSE = "get_response"
    LIST_DOCUMENTS = "list_documents"
    GET_DOCUMENT = "get_document"
    OPEN_DOCUMENT = "open_document"
    EXPORT_RESPONSE = "export_response"
    # The desk, and who cares for patients.
    LIST_PATIENTS = "list_patients"
    GET_PATIENT = "get_patient"
    ADD_PATIENT = "add_patient"
    ISSUE_LINK_CODE = "issue_link_code"
    START_KIOSK = "start_kiosk"
    START_EMERGENCY_ACCESS = "start_emergency_access"
    ACCEPT_DOCUMENT = "accept_document"
    RETURN_DOCUMENT = "return_document"
    RELABEL_DOCUMENT = "relabel_document"
    EXPORT_DOCUMENTS = "export_documents"
    LIST_COMPLETENESS = "list_completeness"
    RETURN_ITEM = "return_item"
    ACCEPT_RESPONSE = "accept_response"
    SET_INSURANCE_STATUS = "set_insurance_status"
    # Who runs a clinic.
    LIST_STAFF = "list_staff"
    INVITE_STAFF = "invite_staff"
    SET_ROLES = "set_roles"
    DEACTIVATE_STAFF = "deactivate_staff"
    APPROVE_RECOVERY = "approve_recovery"
    LIST_AUDIT_EVENTS = "list_audit_events"
    EXPORT_AUDIT = "export_audit"
    HOLD_DOCUMENT = "hold_document"
    LIST_QUESTIONNAIRES = "list_questionnaires"
    GET_QUESTIONNAIRE = "get_questionnaire"
    IMPORT_QUESTIONNAIRE = "import_questionnaire"
    DRAFT_QUESTIONNAIRE = "draft_questionnaire"
    PREVIEW_QUESTIONNAIRE = "preview_questionnaire"
    PUBLISH_QUESTIONNAIRE = "publish_questionnaire"
    RETIRE_QUESTIONNAIRE = "retire_questionnaire"


_EVERYBODY = frozenset(
    {Permission.SIGN_OUT, Permission.EXTEND_SESSION, Permission.LIST_SESSIONS, Permission.END_SESSION, Permission.END_ALL_SESSIONS}
)
_LOOKS_AT_DOCUMENTS = frozenset({Permission.LIST_DOCUMENTS, Permission.GET_DOCUMENT, Permission.OPEN_DOCUMENT})
_LOOKS_AT_ANSWERS = frozenset({Permission.LIST_RESPONSES, Permission.GET_RESPONSE})
_PATIENTS = (
    _EVERYBODY
    | _LOOKS_AT_DOCUMENTS
    | _LOOKS_AT_ANSWERS
    | {
        Permission.REGISTER_PATIENT,
        Permission.LINK_PATIENT,
        Permission.BOOK_APPOINTMENT,
        Permission.GET_APPOINTMENT,
        Permission.LIST_MY_APPOINTMENTS,
        Permission.CANCEL_APPOINTMENT,
        Permission.GET_MY_ACCESS_LOG,
        Permission.REQUEST_UPLOAD,
        Permission.FINISH_UPLOAD,
        Permission.WITHDRAW_DOCUMENT,
        Permission.START_RESPONSE,
        Permission.SAVE_RESPONSE,
        Permission.SUBMIT_RESPONSE,
        Permission.AMEND_RESPONSE,
        Permission.EXPORT_RESPONSE,
    }
)
# A tablet of the clinic in a patient's hands: what one visit wants of them, and nothing else of theirs.
_KIOSK = _LOOKS_AT_ANSWERS | {
    Permission.SIGN_OUT,
    Permission.EXTEND_SESSION,
    Permission.LIST_DOCUMENTS,
    Permission.GET_DOCUMENT,
    Permission.REQUEST_UPLOAD,
    Permission.FINISH_UPLOAD,
    Permission.WITHDRAW_DOCUMENT,
    Permission.START_RESPONSE,
    Permission.SAVE_RESPONSE,
    Permission.SUBMIT_RESPONSE,
    Permission.AMEND_RESPONSE,
}
_STAFF = _EVERYBODY | {
    Permission.START_STEP_UP,
    Permission.STEP_UP,
    Permission.SWITCH_CLINIC,
    Permission.LIST_FACTORS,
    Permission.REGISTER_PASSKEY,
    Permission.FINISH_PASSKEY,
    Permission.REMOVE_PASSKEY,
    Permission.ENROL_TOTP,
    Permission.VERIFY_TOTP,
    Permission.REMOVE_TOTP,
}
_DESK = (
    _LOOKS_AT_DOCUMENTS
    | _LOOKS_AT_ANSWERS
    | {
        Permission.LIST_PATIENTS,
        Permission.GET_PATIENT,
        Permission.ADD_PATIENT,
        Permission.ISSUE_LINK_CODE,
        Permission.START_KIOSK,
        Permission.ACCEPT_DOCUMENT,
        Permission.RETURN_DOCUMENT,
        Permission.RELABEL_DOCUMENT,
        Permission.EXPORT_DOCUMENTS,
        Permission.LIST_COMPLETENESS,
        Permission.RETURN_ITEM,
        Permission.ACCEPT_RESPONSE,
        Permission.EXPORT_RESPONSE,
        Permission.SET_INSURANCE_STATUS,
    }
)
_CARE = (
    _LOOKS_AT_DOCUMENTS
    | _LOOKS_AT_ANSWERS
    | {Permission.GET_PATIENT, Permission.START_EMERGENCY_ACCESS, Permission.ACCEPT_RESPONSE, Permission.START_KIOSK}
)
_RUNS = frozenset(
    {
        Permission.LIST_STAFF,
        Permission.INVITE_STAFF,
        Permission.SET_ROLES,
        Permission.DEACTIVATE_STAFF,
        Permission.APPROVE_RECOVERY,
        Permission.LIST_AUDIT_EVENTS,
        Permission.EXPORT_AUDIT,
    }
)
# Who runs several clinics sees which forms each has; what a clinic asks its patients is for its own manager to change.
_LOOKS_AT_FORMS = frozenset({Permission.LIST_QUESTIONNAIRES, Permission.GET_QUESTIONNAIRE})
_FORMS = _LOOKS_AT_FORMS | {
    Permission.IMPORT_QUESTIONNAIRE,
    Permission.DRAFT_QUESTIONNAIRE,
    Permission.PREVIEW_QUESTIONNAIRE,
    Permission.PUBLISH_QUESTIONNAIRE,
    Permission.RETIRE_QUESTIONNAIRE,
}

# The role table: default deny, and what is not listed cannot be done.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PATIENT: _PATIENTS,
    Role.PROXY: _PATIENTS - {Permission.REGISTER_PATIENT, Permission.LINK_PATIENT},
    Role.KIOSK: _KIOSK,
    Role.PRACTITIONER: _STAFF | _CARE,
    Role.NURSE: _STAFF | _CARE,
    Role.RECEPTION: _STAFF | _DESK,
    Role.MANAGER: _STAFF | _DESK | _RUNS | _FORMS | {Permission.HOLD_DOCUMENT},
    Role.GROUP_MANAGER: _STAFF | _RUNS | _LOOKS_AT_FORMS,
    Role.REPORTER: _STAFF,
}
# What emergency access adds, while it lasts.
IN_EMERGENCY = frozenset({Permission.LIST_PATIENTS, Permission.GET_PATIENT})
# Who may look at every patient of the clinic; others with GET_PATIENT see those they have a visit with.
SEE_EVERYBODY = frozenset({Role.RECEPTION, Role.MANAGER})
# Who is on the patients' side of the counter.
PATIENT_ROLES = frozenset({Role.PATIENT, Role.PROXY, Role.KIOSK})
STAFF_ROLES = tuple(role for role in Role if role not in PATIENT_ROLES)

"""What people do about their accounts: patients with mailed codes, staff with passkeys, and who runs a clinic with both."""

from chalicelib.accounts.actions.codes import (
    NEW_CODE,
    add_account,
    cookie_name,
    know_device,
    known_name,
    link_patient,
    register_patient,
    sign_out,
    start_sign_in,
    verify_sign_in,
)

__all__ = [
    "NEW_CODE",
    "add_account",
    "cookie_name",
    "know_device",
    "known_name",
    "link_patient",
    "register_patient",
    "sign_out",
    "start_sign_in",
    "verify_sign_in",
]

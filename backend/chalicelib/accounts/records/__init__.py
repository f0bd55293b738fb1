"""What accounts are made of: patients' addresses that answered, and how staff prove who they are."""

from chalicelib.accounts.records.codes import Account, Challenge, Registration
from chalicelib.accounts.records.kiosk import Handed, KioskCode
from chalicelib.accounts.records.linking import LinkCode
from chalicelib.accounts.records.staff_accounts import Browser, Holder, Link, LinkKind, Passkey, StaffAccount, Totp
from chalicelib.accounts.records.trail import Retold, TrailSearch

__all__ = [
    "Account",
    "Browser",
    "Challenge",
    "Handed",
    "Holder",
    "KioskCode",
    "Link",
    "LinkCode",
    "LinkKind",
    "Passkey",
    "Registration",
    "Retold",
    "StaffAccount",
    "Totp",
    "TrailSearch",
]

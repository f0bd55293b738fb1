"""What accounts are made of: patients' addresses that answered, and how staff prove who they are."""

from chalicelib.accounts.records.codes import Account, Challenge, Registration
from chalicelib.accounts.records.staff_accounts import Holder, Link, LinkKind, Passkey, StaffAccount, Totp

__all__ = ["Account", "Challenge", "Holder", "Link", "LinkKind", "Passkey", "Registration", "StaffAccount", "Totp"]

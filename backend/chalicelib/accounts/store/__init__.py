"""Rows of accounts, of sign-ins under way, and of what staff sign in with."""

from chalicelib.accounts.store.codes import (
    REFUSED,
    AccountRow,
    ChallengeRow,
    add_account,
    close_challenge,
    end_challenge,
    get_account,
    link_patient,
    open_challenge,
    replace_patient,
    spend_try,
)

__all__ = [
    "REFUSED",
    "AccountRow",
    "ChallengeRow",
    "add_account",
    "close_challenge",
    "end_challenge",
    "get_account",
    "link_patient",
    "open_challenge",
    "replace_patient",
    "spend_try",
]

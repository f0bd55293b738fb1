"""Rows of accounts and challenges.

Accounts are found by a plain digest of the address: keyed digests change when our keys rotate, accounts
must not. Challenges live for minutes and use the keyed one.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.accounts import rules
from chalicelib.accounts.records import Account, Challenge
from chalicelib.kit import secret, settings, table

REFUSED = "ConditionalCheckFailedException"


class AccountRow(table.Row):
    """One account of one clinic."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("accounts")

    account = UnicodeAttribute()
    email = UnicodeAttribute()
    language = UnicodeAttribute()
    made = NumberAttribute()
    patient = UnicodeAttribute(null=True)
    formerly = UnicodeAttribute(null=True)
    linked = NumberAttribute(null=True)


class ChallengeRow(table.Row):
    """The challenge of one address in one browser; the sort key is the digest of the browser's half."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("accounts")

    seed = UnicodeAttribute()
    email = UnicodeAttribute()
    language = UnicodeAttribute()
    until = NumberAttribute()
    tries = NumberAttribute()


def _account_key(clinic: str, email: str) -> tuple[str, str]:
    return table.key(clinic, "ACCOUNT", secret.digest(email)), "account"


def _challenge_key(clinic: str, place: str, sid: str) -> tuple[str, str]:
    return table.key(clinic, "CHALLENGE", place), secret.digest(sid)


def get_account(clinic: str, email: str) -> Account | None:
    """The account of a (tidied) address, read consistently."""
    row = table.read(AccountRow, *_account_key(clinic, email))
    if row is None:
        return None
    made = datetime.fromtimestamp(row.made, UTC)
    formerly = tuple((row.formerly or "").split())
    account = Account(id=row.account, clinic=clinic, email=row.email, language=row.language, made=made, patient=row.patient or "")
    return msgspec.structs.replace(account, formerly=formerly, linked=bool(row.linked))


def add_account(clinic: str, account: Account, tx: table.Transaction) -> None:
    """Write a new account; the transaction's own clash if the address has one already."""
    row = AccountRow(
        *_account_key(clinic, account.email),
        account=account.id,
        email=account.email,
        language=account.language,
        made=int(account.made.timestamp()),
        patient=account.patient or None,
    )
    tx.add(row)


def link_patient(clinic: str, email: str, patient: str, tx: table.Transaction, clash: type[Exception]) -> None:
    """Say which patient an account is; `clash` if it is one already."""
    free = Path("pk").exists() & Path("patient").does_not_exist()
    tx.update(AccountRow(*_account_key(clinic, email)), [Path("patient").set(patient)], free, clash)


def replace_patient(clinic: str, account: Account, patient: str, tx: table.Transaction) -> None:
    """Say that an account is a patient whom the clinic held; Lost if it became another one meanwhile."""
    changes: list[Action] = [Path("patient").set(patient), Path("linked").set(1)]
    changes += [Path("formerly").set(account.patient)] if account.patient else []
    same = (Path("patient") == account.patient) if account.patient else Path("patient").does_not_exist()
    row = AccountRow(*_account_key(clinic, account.email))
    tx.update(row, changes, Path("pk").exists() & same & Path("linked").does_not_exist(), table.Lost)


def open_challenge(clinic: str, challenge: Challenge, tx: table.Transaction) -> None:
    """Write a challenge; those of other browsers live on."""
    until = int(challenge.until.timestamp())
    row = ChallengeRow(
        *_challenge_key(clinic, challenge.place, challenge.sid),
        seed=challenge.seed,
        email=challenge.email,
        language=challenge.language,
        until=until,
        tries=0,
        expires=until,
    )
    tx.put(row)


def end_challenge(clinic: str, place: str, sid: str, tx: table.Transaction) -> None:
    """Take a challenge away; one that is gone already stays gone."""
    tx.delete(ChallengeRow(*_challenge_key(clinic, place, sid)))


def spend_try(clinic: str, place: str, sid: str, now: datetime) -> Challenge | None:
    """Count a try and return the challenge it is for; None if there is none left. One conditional write, no read."""
    row = ChallengeRow(*_challenge_key(clinic, place, sid))
    living = (Path("until") > int(now.timestamp())) & (Path("tries") < rules.TRIES)
    if not _counted(row, "tries", living):
        return None
    until = datetime.fromtimestamp(row.until, UTC)
    return Challenge(clinic=clinic, place=place, sid=sid, seed=row.seed, email=row.email, language=row.language, until=until)


def close_challenge(clinic: str, challenge: Challenge, tx: table.Transaction, clash: type[Exception]) -> None:
    """Use a challenge up; `clash` if it was used or replaced meanwhile."""
    there = Path("pk").exists()
    tx.delete(ChallengeRow(*_challenge_key(clinic, challenge.place, challenge.sid)), there, clash)


def _counted(row: table.Row, name: str, condition: Condition, expires: int | None = None) -> bool:
    """One more, if the condition holds. Any fault is raised: what cannot be counted is not allowed."""
    actions: list[Action] = [Path(name).add(1), *([Path("expires").set(expires)] if expires else [])]
    try:
        row.update(actions=actions, condition=condition)
    except UpdateError as error:
        if error.cause_response_code == REFUSED:
            return False
        raise
    return True

"""Rows of staff accounts and of what proves them: the named exception to keys that begin with a clinic.

One person signs in once for several clinics, so these rows are nobody's clinic's: STAFF#<account> holds the account, its
passkeys and its authenticator, EMAIL#<digest> finds it. Nothing of patients lies here, and no secret unsealed. What was
used once (USED#<digest>) cannot be used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.accounts.records import Holder, Passkey, StaffAccount, Totp
from chalicelib.kit import secret, settings, table

ACCOUNT, TOTP, WAITING = "account", "totp", "totp-waiting"
PASSKEY = "passkey#"

Clash = type[Exception]


class StaffRow(table.Row):
    """An account, a passkey or an authenticator, as a JSON document; beside it what conditions ask for."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("staff")

    document = UnicodeAttribute(null=True)
    account = UnicodeAttribute(null=True)
    last = UnicodeAttribute(null=True)
    uses = NumberAttribute(null=True)
    used = NumberAttribute(null=True)
    step = NumberAttribute(null=True)
    sealed = UnicodeAttribute(null=True)


def _pk(account: str) -> str:
    return f"STAFF#{account}"


def _email_key(email: str) -> tuple[str, str]:
    return f"EMAIL#{secret.digest(email)}", "account"


def _json(record: msgspec.Struct) -> str:
    return msgspec.json.encode(record).decode()


def _totp_row(account: str, sk: str, totp: Totp) -> StaffRow:
    return StaffRow(_pk(account), sk, document=_json(msgspec.structs.replace(totp, sealed="")), sealed=totp.sealed, step=totp.step)


def add(account: StaffAccount, tx: table.Transaction) -> None:
    """Write a new account and where its address leads; the transaction's clash if the address has one already."""
    tx.add(StaffRow(*_email_key(account.email), account=account.id))
    tx.add(StaffRow(_pk(account.id), ACCOUNT, document=_json(account), version=account.version))


def account_at(email: str) -> str:
    """The account id of a (tidied) address, read consistently; empty if it has none."""
    row = table.read(StaffRow, *_email_key(email))
    return row.account if row else ""


def get(account: str) -> StaffAccount | None:
    """An account alone, read consistently."""
    row = table.read(StaffRow, _pk(account), ACCOUNT)
    return row and _account({"document": row.document, "version": str(row.version), **({"last": row.last} if row.last else {})})


def holder(account: str) -> Holder | None:
    """An account with all that proves it, read consistently in one call."""
    rows = {row["sk"]: row for row in table.listed(StaffRow, _pk(account))}
    if ACCOUNT not in rows:
        return None
    return Holder(
        account=_account(rows[ACCOUNT]),
        passkeys=tuple(_passkey(row) for sk, row in rows.items() if sk.startswith(PASSKEY)),
        totp=_totp(rows.get(TOTP)),
        waiting=_totp(rows.get(WAITING)),
    )


def _account(row: Mapping[str, str]) -> StaffAccount:
    found = msgspec.json.decode(row["document"], type=StaffAccount)
    return msgspec.structs.replace(found, last=row.get("last", ""), version=int(row["version"]))


def _passkey(row: Mapping[str, str]) -> Passkey:
    used = datetime.fromtimestamp(float(row["used"]), UTC) if "used" in row else None
    found = msgspec.json.decode(row["document"], type=Passkey)
    return msgspec.structs.replace(found, count=int(row["uses"]), used=used)


def _totp(row: Mapping[str, str] | None) -> Totp | None:
    if row is None:
        return None
    found = msgspec.json.decode(row["document"], type=Totp)
    return msgspec.structs.replace(found, sealed=row["sealed"], step=int(row["step"]))


def change(account: StaffAccount, changed: StaffAccount, tx: table.Transaction, clash: Clash = table.Lost) -> None:
    """Write what changed of an account, and its next version; `clash` if somebody changed it since it was read."""
    row = StaffRow(_pk(account.id), ACCOUNT)
    next_one = account.version + 1
    document = _json(msgspec.structs.replace(changed, version=next_one))
    tx.update(row, [Path("document").set(document), Path("version").set(next_one)], Path("version") == account.version, clash)


def check(account: StaffAccount, tx: table.Transaction, clash: Clash) -> None:
    """Demand that nothing they sign in with has changed since it was read."""
    tx.check(StaffRow(_pk(account.id), ACCOUNT), Path("version") == account.version, clash)


def worked_in(account: str, clinic: str, tx: table.Transaction) -> None:
    """Remember where they work now; the next sign-in begins there."""
    tx.update(StaffRow(_pk(account), ACCOUNT), [Path("last").set(clinic)], Path("pk").exists())


def arrived(account: StaffAccount, clinic: str, tx: table.Transaction) -> None:
    """The same for who signs in; the transaction's clash if a factor was taken away or added since the account was read."""
    unchanged = Path("version") == account.version
    tx.update(StaffRow(_pk(account.id), ACCOUNT), [Path("last").set(clinic)], unchanged)


def add_passkey(account: str, passkey: Passkey, tx: table.Transaction, clash: Clash) -> None:
    """Write a new passkey; `clash` if the account has this credential already."""
    row = StaffRow(_pk(account), PASSKEY + passkey.id, document=_json(passkey), uses=passkey.count)
    tx.add(row, clash)


def use_passkey(account: str, passkey: Passkey, count: int, now: datetime, tx: table.Transaction, clash: Clash) -> None:
    """Note a use; `clash` if the passkey was removed or used meanwhile, or its authenticator counted backwards."""
    forwards = (Path("uses") == 0) if count == 0 else (Path("uses") < count)
    changes: list[Action] = [Path("uses").set(count), Path("used").set(int(now.timestamp()))]
    tx.update(StaffRow(_pk(account), PASSKEY + passkey.id), changes, Path("pk").exists() & forwards, clash)


def remove_passkey(account: str, passkey_id: str, tx: table.Transaction) -> None:
    """Take a passkey away; one that is gone already stays gone."""
    tx.delete(StaffRow(_pk(account), PASSKEY + passkey_id))


def await_totp(account: str, totp: Totp, until: datetime, tx: table.Transaction) -> None:
    """Keep an authenticator that is being set up, in place of any other one."""
    row = _totp_row(account, WAITING, totp)
    row.expires = int(until.timestamp())
    tx.put(row)


def keep_totp(account: str, totp: Totp, waited: Totp, tx: table.Transaction, clash: Clash) -> None:
    """Make the one that was set up their authenticator; `clash` if another set-up began, or this one was used, meanwhile."""
    tx.delete(StaffRow(_pk(account), WAITING), Path("sealed") == waited.sealed, clash)
    tx.put(_totp_row(account, TOTP, totp))


def use_totp(account: str, sealed: str, step: int, tx: table.Transaction, clash: Clash) -> None:
    """Note that this step's code was used, under the newest seal; `clash` if it or a later one was, or the authenticator is gone."""
    changes: list[Action] = [Path("step").set(step), Path("sealed").set(sealed)]
    tx.update(StaffRow(_pk(account), TOTP), changes, Path("step") < step, clash)


def remove_totp(account: str, tx: table.Transaction) -> None:
    """Take the authenticator away, and one that is being set up."""
    tx.delete(StaffRow(_pk(account), TOTP))
    tx.delete(StaffRow(_pk(account), WAITING))


def use_up(digest: str, until: datetime, tx: table.Transaction, clash: Clash) -> None:
    """Let what this digest names (a ceremony) be used this once; `clash` if it was. `until`: when it is worthless anyway."""
    tx.add(StaffRow(f"USED#{digest}", "used", expires=int(until.timestamp()) + 3600), clash)

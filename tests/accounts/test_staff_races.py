"""What staff do at the same moment, on the local cloud: one link, one ceremony, one code, each once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pyotp
import pytest

from chalicelib.accounts.actions import arrivals, browsers, invitations, passkeys, recovery, totp
from chalicelib.accounts.records import Browser, Link, LinkKind, Passkey, StaffAccount, Totp
from chalicelib.accounts.rules import WrongCode, proving
from chalicelib.accounts.store import links
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience, Member, MemberStatus, Role, Session
from chalicelib.kit import ids, secret, table

pytestmark = [pytest.mark.cloud, pytest.mark.usefixtures("ministack")]

NOW = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)
MANY = 50


def a_clinic() -> Clinic:
    """A clinic of its own for each race."""
    clinic = msgspec.structs.replace(clinics.read_portal().clinics[0], id=f"race-{ids.new(8)}")
    clinics.save(clinic)
    return clinic


def a_member(clinic: Clinic, status: MemberStatus = MemberStatus.ACTIVE) -> Member:
    """Somebody new who works there, or is invited to."""
    account = ids.new()
    email = f"{account}@example.com"
    member = Member(clinic=clinic.id, account=account, name="Nia Brooks", email=email, roles=(Role.NURSE,), made=NOW, status=status)
    with table.together() as tx:
        store.add(StaffAccount(id=account, name=member.name, email=email, language="en-US", made=NOW, clinics=(clinic.id,)), tx)
        identity.keep_member(tx, member)
    return member


def a_link(member: Member, kind: LinkKind, approved_by: str = "") -> str:
    """The handle of a link of theirs."""
    handle = secret.handle(secret.seed())
    made = Link(
        clinic=member.clinic, kind=kind, account=member.account, digest=secret.digest(handle), made=NOW, until=NOW + proving.INVITED
    )
    with table.together() as tx:
        links.put(member.clinic, made, tx)
    if approved_by:
        with table.together() as tx:
            links.approve(member.clinic, made, approved_by, tx, table.Lost)
    return handle


def a_session(member: Member) -> Session:
    with table.together() as tx:
        session, _ = identity.open_session(member.clinic, Audience.STAFF, member.actor, NOW, tx, proved=NOW)
    return session


def a_passkey(member: Member) -> Passkey:
    made = Passkey(id=ids.new(), credential=ids.new(), key="", count=0, label="Phone", made=NOW)
    with table.together() as tx:
        store.add_passkey(member.account, made, tx, table.Lost)
    return made


def at_once(work: Callable[[], object]) -> Counter[type]:
    """What fifty threads that begin together came to, by type."""
    gate, ends = threading.Barrier(MANY), Counter[type]()

    def run() -> None:
        gate.wait()
        try:
            end: object = work()
        except Exception as error:
            end = error
        ends[type(end)] += 1

    threads = [threading.Thread(target=run) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_of_fifty_uses_of_one_invitation_at_once_one_has_an_effect() -> None:
    member = a_member(a_clinic(), MemberStatus.INVITED)
    handle = a_link(member, LinkKind.INVITATION)
    ends = at_once(lambda: invitations.accept_invitation(member.clinic, handle, Browser(address="192.0.2.1"), NOW))
    assert ends == {tuple: 1, proving.LinkExpired: MANY - 1}
    assert len(identity.sessions(member.clinic, member.account, NOW)) == 1
    found = identity.member(member.clinic, member.account)
    assert found is not None
    assert (found.status, found.version) == (MemberStatus.ACTIVE, 2)


def test_of_fifty_uses_of_one_recovery_at_once_one_has_an_effect() -> None:
    member = a_member(a_clinic())
    handle = a_link(member, LinkKind.RECOVERY, approved_by="cyrus")
    ends = at_once(lambda: recovery.finish_recovery(member.clinic, handle, Browser(address="192.0.2.1"), NOW))
    assert ends == {tuple: 1, proving.LinkExpired: MANY - 1}
    assert len(identity.sessions(member.clinic, member.account, NOW)) == 1


def test_of_fifty_uses_of_one_ceremony_at_once_one_counts() -> None:
    challenge, _ = browsers.begin("sign-in", NOW)

    def use() -> None:
        with table.together() as tx:
            browsers.end(challenge, NOW, tx)

    assert at_once(use) == {type(None): 1, proving.WrongPasskey: MANY - 1}


def test_of_fifty_uses_of_one_apps_code_at_once_one_counts() -> None:
    member = a_member(a_clinic())
    app = pyotp.TOTP(pyotp.random_base32())
    kept = Totp(sealed=totp.sealed(member.account, app.secret), step=0, made=NOW)
    with table.together() as tx:
        store.await_totp(member.account, kept, NOW, tx)
    with table.together() as tx:
        store.keep_totp(member.account, kept, kept, tx, table.Lost)
    code = app.generate_otp(int(NOW.timestamp()) // 30)

    def use() -> None:
        with table.together() as tx:
            totp.use(member.account, kept, code, NOW, tx)

    assert at_once(use) == {type(None): 1, WrongCode: MANY - 1}


def test_of_two_passkeys_removed_at_once_one_stays() -> None:
    for _ in range(5):
        member = a_member(a_clinic())
        both = [a_passkey(member), a_passkey(member)]
        sessions = [a_session(member), a_session(member)]
        gate, ends = threading.Barrier(2), list[object]()

        def run(number: int, gate: threading.Barrier, both: list[Passkey], sessions: list[Session], ends: list[object]) -> None:
            gate.wait()
            try:
                ends.append(passkeys.remove_passkey(sessions[number], both[number].id, NOW))
            except Exception as error:
                ends.append(type(error))

        threads = [threading.Thread(target=run, args=(number, gate, both, sessions, ends)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(arrivals.holder(sessions[0]).passkeys) == 1, ends

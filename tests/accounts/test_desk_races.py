"""One code at many hands, and managers who end each other's work at the same moment, on the local cloud."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from chalicelib.accounts import rules, store
from chalicelib.accounts.actions import linking, roles
from chalicelib.accounts.records import Account
from chalicelib.accounts.rules import roles as staff_rules
from chalicelib.accounts.rules.linking import AlreadyLinked
from chalicelib.accounts.store import holders
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Audience, Member, MemberStatus, Role, Session
from chalicelib.kit import table
from chalicelib.kit.problem import SignedOut
from chalicelib.people import actions as people
from tests.accounts.test_races import a_clinic, at_once
from tests.callers import patient_of, trail_of
from tests.cast import ADA

pytestmark = [pytest.mark.cloud, pytest.mark.usefixtures("ministack")]

NOW = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dozens of clients share one interpreter here, and time is not what is tested."""
    monkeypatch.setattr(table, "PATIENCE", 60.0)


def a_code(clinic: Clinic) -> str:
    """A code of the desk's for a patient who has no account, called `chart`."""
    chart = msgspec.structs.replace(patient_of(ADA), id="chart", clinic=clinic.id)
    with table.together() as tx:
        people.add_patient(tx, chart, date(2026, 1, 1))
    rhea = Actor(roles=(Role.RECEPTION,), clinic=clinic.id, account="rhea", name="Rhea")
    return linking.issue_link_code(clinic, rhea, "chart", NOW)


def an_account(clinic: Clinic, number: int) -> Session:
    """Somebody who signed in and has not said who they are."""
    account = Account(id=f"a{number}", clinic=clinic.id, email=f"p{number}@example.com", language="en-US", made=NOW)
    actor = Actor(roles=(Role.PATIENT,), clinic=clinic.id, account=account.id, email=account.email, language="en-US")
    with table.together() as tx:
        store.add_account(clinic.id, account, tx)
        session, _ = identity.open_session(clinic.id, Audience.PATIENT, actor, NOW, tx)
    return session


def linked(clinic: Clinic) -> list[str]:
    """Who used a code, as the trail has it."""
    return [event.about.get("outcome", event.who) for event in trail_of(clinic.id, "chart") if event.action == "link_patient"]


def test_of_fifty_people_with_one_code_one_is_linked() -> None:
    clinic = a_clinic()
    code = a_code(clinic)
    sessions = [an_account(clinic, number) for number in range(50)]
    ends = at_once(50, lambda number: linking.link_patient(clinic, sessions[number], code, NOW))
    assert ends[Session] == 1
    assert set(ends) <= {Session, rules.WrongCode, AlreadyLinked}
    accounts = [store.get_account(clinic.id, f"p{number}@example.com") for number in range(50)]
    (winner,) = [account.id for account in accounts if account and account.patient == "chart"]
    assert holders.holder(clinic.id, "chart") == winner
    assert linked(clinic) == ["patient/chart"]


def test_of_fifty_uses_by_one_account_one_has_an_effect() -> None:
    clinic = a_clinic()
    code = a_code(clinic)
    session = an_account(clinic, 1)
    ends = at_once(50, lambda _: linking.link_patient(clinic, session, code, NOW))
    assert ends[Session] == 1
    assert set(ends) <= {Session, rules.WrongCode, AlreadyLinked, SignedOut}
    assert linked(clinic) == ["patient/chart"]


def employ(clinic: Clinic, account: str, role: Role) -> Actor:
    """Somebody who works there, as the one who asks."""
    made = Member(clinic=clinic.id, account=account, name=account, email=f"{account}@example.com", roles=(role,), made=NOW)
    with table.together() as tx:
        identity.keep_member(tx, made)
    return made.actor


def managers(clinic: Clinic) -> list[str]:
    """Who runs the clinic now."""
    found = identity.members(clinic.id)
    return [member.account for member in found if member.status is MemberStatus.ACTIVE and Role.MANAGER in member.roles]


@pytest.mark.parametrize("round_", range(5))
def test_of_two_managers_who_end_each_others_work_one_remains(round_: int) -> None:
    clinic = a_clinic()
    pair = [employ(clinic, f"m{number}-{round_}", Role.MANAGER) for number in range(2)]
    ends = at_once(2, lambda number: roles.deactivate_staff(clinic, pair[number], pair[1 - number].account, NOW))
    assert ends == {Member: 1, SignedOut: 1}
    assert len(managers(clinic)) == 1


@pytest.mark.parametrize("round_", range(3))
def test_of_five_managers_in_a_ring_one_remains_at_least(round_: int) -> None:
    clinic = a_clinic()
    ring = [employ(clinic, f"m{number}-{round_}", Role.MANAGER) for number in range(5)]
    ends = at_once(5, lambda number: roles.deactivate_staff(clinic, ring[number], ring[(number + 1) % 5].account, NOW))
    assert set(ends) <= {Member, SignedOut}
    assert len(managers(clinic)) == 5 - ends[Member] >= 1


@pytest.mark.parametrize("round_", range(3))
def test_group_managers_together_leave_a_manager(round_: int) -> None:
    """Each of four takes the role from another one of four managers: the last of these stays."""
    clinic = a_clinic()
    group = [employ(clinic, f"g{number}-{round_}", Role.GROUP_MANAGER) for number in range(4)]
    local = [employ(clinic, f"m{number}-{round_}", Role.MANAGER).account for number in range(4)]
    ends = at_once(4, lambda number: roles.set_roles(clinic, group[number], local[number], ["nurse"], None, None, NOW))
    assert ends == {Member: 3, staff_rules.LastManager: 1}
    assert len(managers(clinic)) == 1

"""Many uploads at once on the local cloud, told twice, late, in any order or never, by an inspector that falls over.

Whatever happens: no object without its row, no row without its object, and nothing stuck that nobody sees.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.documents import rules, store
from chalicelib.documents.actions import buckets, checking, judging, keeping, reading, sending
from chalicelib.documents.records import UNDER_WAY, DocumentReference, DocumentState, Folder, Queue, Review, Standing, Verdict, Wanted
from chalicelib.documents.rules import places
from chalicelib.identity.records import Actor, Role
from chalicelib.kit import remaking, table
from chalicelib.kit.bucket import Bucket
from chalicelib.kit.formats import Picture
from chalicelib.kit.problem import Problem
from chalicelib.kit.refusing import Reason, Refused
from chalicelib.kit.remaking import Remade
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment
from tests.documents.makers import KINDS, a_visit

pytestmark = [pytest.mark.cloud, pytest.mark.usefixtures("ministack")]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MADE = Remade("application/pdf", b"the pages alone", (Picture(b"one", 1, 1), Picture(b"two", 1, 1)))
NAMES = count()
AT_ONCE = 8
RHEA = "rhea"


class Fell(Exception):
    """The inspector's process ended in the middle of something."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making anew takes no time; one of six files is refused by it. Patience is long, for many share this interpreter."""

    def remade(content: bytes, _: str) -> Remade:
        if content[0] % 6 == 0:
            raise Refused(Reason.FORMAT)
        return MADE

    monkeypatch.setattr(remaking, "remade", remade)
    monkeypatch.setattr(table, "PATIENCE", 120.0)


def a_clinic() -> Clinic:
    """A clinic of its own for each test, which asks for cards and letters."""
    portal = clinics.read_portal().clinics[0]
    name = f"uploads-{next(NAMES)}"
    clinic = replace(portal, id=name, documents=KINDS)
    clinics.save(clinic)
    return clinic


def a_patient(clinic: Clinic, number: int) -> tuple[Actor, Appointment]:
    """Somebody with a visit tomorrow."""
    name = f"p{number}"
    visit = a_visit(id=f"v{number}", clinic=clinic.id, patient=name, start=NOW + timedelta(days=1), end=NOW + timedelta(days=1, hours=1))
    with table.together() as tx:
        visits.keep(tx, visit)
    return Actor(roles=(Role.PATIENT,), clinic=clinic.id, account=name, patient=name), visit


def wanted(content: bytes, kind: str, replaces: str = "") -> Wanted:
    return Wanted(kind=kind, type="image/jpeg", size=len(content), sha256=hashlib.sha256(content).hexdigest(), replaces=replaces)


def lay(document: DocumentReference, content: bytes) -> str:
    bucket = buckets.quarantine()
    return str(bucket.client.put_object(Bucket=bucket.name, Key=places.sent(document), Body=content)["VersionId"])


def test_of_many_who_want_the_only_page_at_once_one_has_it() -> None:
    clinic = a_clinic()
    actor, visit = a_patient(clinic, 0)

    def ask(_: int) -> DocumentReference:
        return sending.request_upload(clinic, actor, visit.id, wanted(b"1", "insurance-front"), NOW).document

    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = list(pool.map(ask, range(AT_ONCE)))
    (one,) = [each for each in everything(clinic, 1) if each.state is DocumentState.AWAITING]
    assert one in got
    assert folder(clinic, visit).files == ()
    for document in got:
        checking.arrived(places.sent(document), lay(document, b"1"), NOW)
    assert [each.id for each in everything(clinic, 1) if each.stored] == [one.id]


def test_pages_sent_at_once_each_get_their_own_place() -> None:
    clinic = a_clinic()
    actor, visit = a_patient(clinic, 0)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ways = list(pool.map(lambda page: sending.request_upload(clinic, actor, visit.id, wanted(b"%d" % page, "referral"), NOW), range(3)))
    assert sorted(way.document.page for way in ways) == [1, 2, 3]


def folder(clinic: Clinic, visit: Appointment) -> Folder:
    found = store.folder(clinic.id, visit.id)
    assert found
    return found


class Clumsy(Bucket):
    """A bucket whose user falls over before or after a copy, every now and then."""

    dice = random.Random()

    def copy(self, source: str, key: str, into: Bucket) -> None:
        if self.dice.random() < 0.1:
            raise Fell
        super().copy(source, key, into)
        if self.dice.random() < 0.1:
            raise Fell


def an_upload(clinic: Clinic, number: int, seed: str) -> None:
    """One patient's file and all that may happen to it."""
    dice = random.Random(f"{seed}-{number}")
    actor, visit = a_patient(clinic, number)
    content = dice.randbytes(20)
    kind = dice.choice(["insurance-front", "referral"])
    document = sending.request_upload(clinic, actor, visit.id, wanted(content, kind), NOW).document
    if dice.random() < 0.1:
        return  # given up before anything was sent
    version = lay(document, dice.randbytes(20) if dice.random() < 0.1 else content)
    if dice.random() < 0.2:
        lay(document, b"a second version")
    verdict = dice.choices([Verdict.CLEAN, Verdict.INFECTED, Verdict.FAILED], [8, 1, 1])[0]
    events: list[Callable[[], Any]] = [
        lambda: checking.arrived(places.sent(document), version, NOW),
        lambda: checking.scanned(places.sent(document), version, verdict, NOW),
        lambda: sending.finish_upload(clinic, actor, document.id, NOW),
        lambda: sending.withdraw_document(clinic, actor, document.id, NOW) if dice.random() < 0.1 else None,
        lambda: judging.accept_document(clinic, rhea(clinic), document.id, None, NOW),
    ]
    told = [event for event in dice.choices(events, k=7) if dice.random() < 0.9]
    with ThreadPoolExecutor(3) as pool:
        for each in [pool.submit(event) for event in told]:
            with suppress(Fell, Problem):
                each.result()


def rhea(clinic: Clinic) -> Actor:
    return Actor(roles=(Role.RECEPTION,), clinic=clinic.id, account=RHEA)


def swept(clinic: Clinic, at: datetime) -> None:
    """The sweep as often as it takes one that falls over to get through."""
    for _ in range(2000):
        try:
            checking.sweep(clinic.id, at)
            keeping.forget(clinic, at)
        except ExceptionGroup as group:
            if group.split(Fell)[1]:
                raise
        else:
            return
    raise AssertionError("the sweep never got through")


def sweep_beside(clinic: Clinic, times: int) -> None:
    """Sweeps at the very moment at which all the rest happens: what was taken back goes while it may just be released."""
    for _ in range(times):
        swept(clinic, NOW)


@pytest.mark.parametrize("uploads", [16, pytest.param(1000, marks=pytest.mark.deep)])
def test_no_object_without_its_row_and_no_row_without_its_object(uploads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clumsy, "dice", random.Random(uploads))
    for name in ("quarantine", "documents"):
        bucket = getattr(buckets, name)()
        monkeypatch.setattr(buckets, name, lambda bucket=bucket: Clumsy(bucket.name))
    clinic = a_clinic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sweeping = pool.submit(sweep_beside, clinic, uploads // 4)
        list(pool.map(lambda number: an_upload(clinic, number, f"{uploads}"), range(uploads)))
        sweeping.result()
    for minutes in (10, 30, 70):
        swept(clinic, NOW + timedelta(minutes=minutes))
    everybody_sees_what_is_stuck(clinic, uploads)
    for document in everything(clinic, uploads)[::2]:  # AWS has half of its answers late, and of the others none
        if document.state is DocumentState.SCANNING and document.verdict is None:
            retold(document)
    for hours in (*range(2, 24, 3), *range(24, 24 * 9, 12)):  # a try a sweep: whatever came late has had all of them by then
        swept(clinic, NOW + timedelta(hours=hours))
    everything_is_in_its_place(clinic, uploads)
    everybody_sees_what_is_stuck(clinic, uploads)
    over = NOW + timedelta(days=800)
    for _ in range(uploads // keeping.AT_ONCE + 1):
        swept(clinic, over)
    assert list(buckets.documents().keys(f"released/{clinic.id}/")) == []
    assert {each.state for each in everything(clinic, uploads)} == {DocumentState.DELETED}


def retold(document: DocumentReference) -> None:
    """The scan's answer, as often as it takes one that falls over to take it."""
    for _ in range(2000):
        with suppress(Fell):
            checking.scanned(places.sent(document), document.stored, Verdict.CLEAN, NOW)
            return


def everything(clinic: Clinic, uploads: int) -> list[DocumentReference]:
    """Every row of a clinic's files."""
    return [each for number in range(uploads) for each in store.of_patient(clinic.id, f"p{number}")]


def everything_is_in_its_place(clinic: Clinic, uploads: int) -> None:
    """What can be read is there whole, and nothing else is; what lies in quarantine belongs to somebody."""
    documents = everything(clinic, uploads)
    assert len(documents) == uploads
    expected = set()
    for each in documents:
        assert store.get(clinic.id, each.id) == each, "both copies of the row are the same"
        assert each.state not in UNDER_WAY
        assert (each.state is DocumentState.RELEASED) == (each.remade is not None and each.verdict is Verdict.CLEAN and not gone(each))
        if each.state is DocumentState.RELEASED:
            expected |= {places.released(each) + name for name in places.names(2)}
    assert set(buckets.documents().keys(f"released/{clinic.id}/")) == expected
    known = {each.id for each in documents}
    lying = [key.split("/")[2] for part in ("sent", "made") for key in buckets.quarantine().keys(f"{part}/{clinic.id}/")]
    assert set(lying) <= known


def gone(document: DocumentReference) -> bool:
    return document.state in (DocumentState.DELETED, DocumentState.REFUSED)


def everybody_sees_what_is_stuck(clinic: Clinic, uploads: int) -> None:
    """A folder says of each file what its row says, and what has no answer is in staff's queue."""
    folders = [found for number in range(uploads) if (found := store.folder(clinic.id, f"v{number}"))]
    told = {each.id: each.standing for one in folders for each in one.files}
    review = {one.appointment for _, one in store.queue(clinic.id, Queue.REVIEW, "0", "~", 10 * uploads)}
    for document in everything(clinic, uploads):
        assert told.get(document.id) is rules.standing_of(document)
        if document.withdrawn is not None:
            continue
        if document.stuck:
            assert told[document.id] is Standing.STUCK
            assert document.appointment in review
        elif document.state is DocumentState.SCANNING:
            assert document.arrived == NOW + timedelta(minutes=70), "whose time is not over yet"
        if document.review is Review.ACCEPTED:
            assert reading.open_document(clinic, rhea(clinic), document.id, 2, NOW).name.endswith(".jpg")

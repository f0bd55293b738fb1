"""The inspector: told twice, late, in any order or never, a file is released once, as it was made anew, or it is not released."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.audit import actions as audit
from chalicelib.documents import rules, store
from chalicelib.documents.actions import buckets, checking, keeping
from chalicelib.documents.records import DocumentReference, DocumentState, Verdict
from chalicelib.documents.rules import places
from chalicelib.kit import remaking
from chalicelib.kit.formats import Picture
from chalicelib.kit.refusing import Reason, Refused
from chalicelib.kit.remaking import Remade
from tests.callers import given_the_clinics
from tests.documents import samples
from tests.documents.makers import NOW, a_document, put

pytestmark = pytest.mark.usefixtures("cloud")
PHOTO = samples.jpeg()
MADE = Remade("application/pdf", b"the pages alone", (Picture(b"one", 1, 1), Picture(b"two", 1, 1)))
LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _clinics(cloud: None) -> None:
    given_the_clinics()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Making anew takes no time and no process; what was made anew is listed. EICAR is refused, so that a bad file is at hand."""
    seen: list[bytes] = []

    def remade(content: bytes, _: str) -> Remade:
        seen.append(content)
        if content == samples.EICAR:
            raise Refused(Reason.FORMAT)
        return MADE

    monkeypatch.setattr(remaking, "remade", remade)
    return seen


def asked(content: bytes = PHOTO, **changed: object) -> DocumentReference:
    """A file that may be sent."""
    return put(a_document(**({"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | changed)))


def sent(document: DocumentReference, content: bytes = PHOTO) -> str:
    """Put it where it was to be sent; the version it got."""
    bucket = buckets.quarantine()
    return bucket.client.put_object(Bucket=bucket.name, Key=places.sent(document), Body=content)["VersionId"]


def now_is(document: DocumentReference) -> DocumentReference:
    found = store.get(document.clinic, document.id)
    assert found
    return found


def readable() -> list[str]:
    return list(buckets.documents().keys())


def trail() -> list[str]:
    """What the audit trail says was done, in order."""
    return [event.action for event in audit.of_day("north", NOW.date())]


def test_a_real_photograph_comes_out_made_anew_and_readable() -> None:
    document = asked()
    version = sent(document)
    checking.arrived(places.sent(document), version, NOW)
    assert readable() == []
    checking.scanned(places.sent(document), version, Verdict.CLEAN, NOW)
    found = now_is(document)
    assert found.state is DocumentState.RELEASED
    assert readable() == ["released/north/d/file", "released/north/d/page-1.jpg"]
    body = buckets.documents().get("released/north/d/file")
    assert body
    assert body != PHOTO
    assert found.remade
    assert (found.remade.sha256, found.remade.pages) == (hashlib.sha256(body).hexdigest(), 1)


Told = Callable[[str, str], object]
CAME: Told = lambda key, version: checking.arrived(key, version, NOW)  # noqa: E731 - three words of a table
CLEAN: Told = lambda key, version: checking.scanned(key, version, Verdict.CLEAN, NOW)  # noqa: E731 - as above
BAD: Told = lambda key, version: checking.scanned(key, version, Verdict.INFECTED, NOW)  # noqa: E731 - as above


@pytest.mark.parametrize("order", [order for order in itertools.product([CAME, CLEAN], repeat=4) if CAME in order and CLEAN in order])
def test_43_told_again_and_in_any_order_it_is_released_once(order: tuple[Told, ...], quick: list[bytes]) -> None:
    document = asked()
    version = sent(document)
    for told in order:
        told(places.sent(document), version)
    assert now_is(document).state is DocumentState.RELEASED
    assert readable() == ["released/north/d/file", "released/north/d/page-1.jpg", "released/north/d/page-2.jpg"]
    assert len(trail()) == 3, "received, and each of the two answers once"
    assert len(quick) == 1


@pytest.mark.parametrize("order", [(CAME, BAD), (BAD, CAME), (CAME, BAD, CLEAN), (BAD, CLEAN, CAME)])
def test_17_what_the_scan_finds_is_never_readable(order: tuple[Told, ...], quick: list[bytes]) -> None:
    document = asked()
    version = sent(document)
    for told in order:
        told(places.sent(document), version)
    assert (now_is(document).state, now_is(document).reason, readable()) == (DocumentState.REFUSED, Reason.INFECTED, [])


@pytest.mark.parametrize("verdict", [Verdict.UNSUPPORTED, Verdict.FAILED, Verdict.ACCESS_DENIED])
def test_42_without_an_answer_it_stays_and_shows(verdict: Verdict, quick: list[bytes]) -> None:
    document = asked()
    version = sent(document)
    CAME(places.sent(document), version)
    checking.scanned(places.sent(document), version, verdict, NOW)
    assert (now_is(document).state, now_is(document).stuck, readable()) == (DocumentState.SCANNING, True, [])


@pytest.mark.parametrize("content", [PHOTO + b"x", PHOTO[:-1], PHOTO[::-1]], ids=["longer", "shorter", "29-other-bytes"])
def test_29_other_bytes_than_were_declared_are_refused_unread(content: bytes, quick: list[bytes]) -> None:
    document = asked()
    CAME(places.sent(document), sent(document, content))
    assert (now_is(document).reason, quick) == (Reason.INCOMPLETE, [])


def test_what_cannot_be_made_anew_is_refused_with_its_reason(quick: list[bytes]) -> None:
    document = asked(samples.EICAR)
    version = sent(document, samples.EICAR)
    CAME(places.sent(document), version)
    CLEAN(places.sent(document), version)
    assert (now_is(document).state, now_is(document).reason, readable()) == (DocumentState.REFUSED, Reason.FORMAT, [])


def test_30_a_second_version_before_the_release_is_nobodys(quick: list[bytes]) -> None:
    document = asked()
    first = sent(document)
    CLEAN(places.sent(document), first)
    second = sent(document, samples.HTML)
    CAME(places.sent(document), second)
    assert (now_is(document).stored, now_is(document).state, quick) == (first, DocumentState.SCANNING, [])
    assert lying(document) == [first], "the second is removed"
    assert trail().count("discard_object") == 1
    CAME(places.sent(document), second)
    assert trail().count("discard_object") == 1, "told of it once more, there is nothing to remove"
    CAME(places.sent(document), first)
    assert (now_is(document).state, quick) == (DocumentState.RELEASED, [PHOTO])


def lying(document: DocumentReference) -> list[str]:
    """The versions of what was sent that lie in quarantine."""
    bucket = buckets.quarantine()
    page = bucket.client.list_object_versions(Bucket=bucket.name, Prefix=places.sent(document))
    return [each["VersionId"] for each in page.get("Versions", [])]


@pytest.mark.parametrize("state", [DocumentState.SUPERSEDED, DocumentState.DELETED])
def test_what_comes_when_nothing_is_waited_for_any_more_does_not_stay(state: DocumentState, quick: list[bytes]) -> None:
    document = asked(state=state)
    CAME(places.sent(document), sent(document))
    assert (lying(document), now_is(document), quick) == ([], document, [])


def test_a_release_that_meets_a_deletion_leaves_no_copy(quick: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """The copies are made before the row says so; if it was taken back and deleted at that very moment, they go again."""
    document = asked()
    version = sent(document)
    CAME(places.sent(document), version)
    release = checking._release

    def meanwhile(after: DocumentReference) -> None:
        release(after)
        if now_is(document).state is DocumentState.SCANNING:
            keeping.deleted(document, rules.deleted, NOW)

    monkeypatch.setattr(checking, "_release", meanwhile)
    CLEAN(places.sent(document), version)
    assert (now_is(document).state, readable()) == (DocumentState.DELETED, [])


def test_what_its_sender_took_back_goes_no_further(quick: list[bytes]) -> None:
    document = asked(withdrawn=NOW)
    version = sent(document)
    for told in (CAME, CLEAN):
        told(places.sent(document), version)
    assert (now_is(document).state, readable()) == (DocumentState.SCANNING, [])


def test_31_a_second_version_after_the_release_changes_nothing(quick: list[bytes]) -> None:
    document = asked()
    first = sent(document)
    for told in (CAME, CLEAN):
        told(places.sent(document), first)
    before = now_is(document)
    second = sent(document, samples.HTML)
    for each in (CAME, BAD):
        each(places.sent(document), second)
    assert now_is(document) == before
    assert lying(document) == [first]
    assert buckets.documents().get("released/north/d/file") == MADE.body


@pytest.mark.parametrize("key", ["sent/north/nobody", "sent/south/d", "made/north/d/file", "sent/north", "x", "sent/north/d/e"])
def test_an_object_that_nobody_was_asked_for_is_left_alone(key: str, quick: list[bytes]) -> None:
    document = asked()
    assert checking.arrived(key, "v", NOW) is None
    assert checking.scanned(key, "v", Verdict.CLEAN, NOW) is None
    assert (now_is(document), trail(), quick) == (document, [], [])


def test_42_what_got_no_answer_is_made_anew_and_shown(quick: list[bytes]) -> None:
    document = asked()
    version = sent(document)
    CLEAN(places.sent(document), version)  # we never heard of the object itself
    assert checking.sweep("north", NOW + timedelta(minutes=9)) == []
    (found,) = checking.sweep("north", LATER)
    assert (found.state, found.tries) == (DocumentState.RELEASED, 1)


def test_42_a_scan_that_never_answers_is_shown_and_given_up_after_a_week(quick: list[bytes]) -> None:
    document = asked()
    CAME(places.sent(document), sent(document))
    tries = [len(checking.sweep("north", NOW + timedelta(minutes=minutes))) for minutes in (10, 11, 29, 30, 69, 70)]
    assert tries == [1, 0, 0, 1, 0, 1]
    assert (now_is(document).stuck, now_is(document).state, len(quick)) == (True, DocumentState.SCANNING, 1)
    for hours in range(2, 171):
        checking.sweep("north", NOW + timedelta(hours=hours))
    found = now_is(document)
    assert (found.state, found.tries, found.stuck) == (DocumentState.SCANNING, 9, True)
    (found,) = checking.sweep("north", NOW + timedelta(hours=171))
    assert (found.state, found.reason, found.stuck, readable()) == (DocumentState.REFUSED, Reason.UNCHECKED, False, [])


@pytest.mark.parametrize("hours", [1, 24])
def test_what_came_untold_is_taken_in_hand_and_never_lost(hours: int, quick: list[bytes]) -> None:
    document = asked()
    version = sent(document)  # and no event ever told of it
    sent(document, samples.HTML)  # nor of another version that came later
    assert checking.sweep("north", NOW + timedelta(minutes=9)) == []
    (found,) = checking.sweep("north", NOW + timedelta(hours=hours))
    assert (found.state, found.stored, quick) == (DocumentState.SCANNING, version, [PHOTO])
    CLEAN(places.sent(document), version)
    assert now_is(document).state is DocumentState.RELEASED


def test_what_never_came_is_forgotten_after_a_day(quick: list[bytes]) -> None:
    asked()
    assert checking.sweep("north", NOW + timedelta(hours=23)) == []
    (found,) = checking.sweep("north", NOW + timedelta(hours=24))
    assert (found.state, list(buckets.quarantine().keys())) == (DocumentState.DELETED, [])
    assert checking.sweep("north", NOW + timedelta(hours=25)) == []
    assert checking.sweep("south", NOW + timedelta(hours=25)) == []

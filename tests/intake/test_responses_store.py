"""Answers in their table: a draft a form and visit, every edition written once, the visit's packet, and the queues it stands in."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from msgspec.structs import replace

from chalicelib.intake.actions import filing as writing
from chalicelib.intake.records import Earlier, FormQueue, RaisedFlag, Review
from chalicelib.intake.rules import filing
from chalicelib.intake.store import responses as store
from chalicelib.kit import settings, table
from chalicelib.kit.problem import LookAgain
from tests.intake.answering import NORTH, NOW, URL, a_response, a_visit, hand_in, our_form, phq_9, put, whole_phq_9

pytestmark = pytest.mark.usefixtures("cloud")
EARLIER = Earlier(response="w-1", canonical=f"{URL}/phq-9|1", at=NOW, items=phq_9("several"))
ALL = ("", "~", 10)


def expiry(kind: str) -> set[float]:
    rows = boto3.client("dynamodb").scan(TableName=settings.table("responses"))["Items"]
    return {float(row["expires"]["N"]) for row in rows if f"#{kind}#" in row["pk"]["S"] and "expires" in row}


def test_a_response_comes_with_what_was_offered_and_its_visits_packet() -> None:
    found = put(a_response(items=phq_9("several")), earlier=EARLIER)
    assert found.response == a_response(items=phq_9("several"))
    assert found.earlier == EARLIER
    assert [(each.questionnaire, each.response, each.standing) for each in found.packet.forms] == [("phq-9", "v-1", "started")]
    assert store.get("north", "v-1") == found.response


@pytest.mark.parametrize(("clinic", "response"), [("south", "v-1"), ("north", "v-2"), ("north", "w-1"), ("north", "v")])
def test_what_is_not_there_is_none(clinic: str, response: str) -> None:
    put(a_response())
    assert store.find(clinic, response) is None
    assert store.get(clinic, response) is None


def test_there_is_one_draft_of_a_form_and_a_visit() -> None:
    put(a_response())
    with pytest.raises(table.Lost):
        put(a_response(id="v-2"))
    put(a_response("gad-7", id="v-3"))
    packet = store.packet("north", "v")
    assert packet
    assert [each.response for each in packet.forms] == ["v-1", "v-3"]


def test_only_the_next_version_of_what_stands_is_written() -> None:
    found = put(a_response())
    for language in ("es-US", "en-US"):
        after = replace(found.response, language=language, version=2)
        try:
            with table.together() as tx:
                store.put("north", after, found.response, None, tx)
        except table.Lost:
            assert language == "en-US"
    kept = store.get("north", "v-1")
    assert kept
    assert kept.language == "es-US"


def test_a_packet_that_somebody_changed_meanwhile_is_not_written() -> None:
    found = put(a_response())
    put(a_response("gad-7", id="v-3"))
    with pytest.raises(table.Lost), table.together() as tx:
        store.put_packet("north", found.packet, found.packet, tx)


def test_what_was_handed_in_stays_as_it_was_and_no_edition_is_written_twice() -> None:
    found = hand_in(put(a_response()), whole_phq_9())
    assert store.edition("north", "v-1", 1) == found.response
    later = replace(found.response, review=Review.ACCEPTED, version=found.response.version + 1)
    with table.together() as tx:
        writing.write(tx, NORTH, our_form("phq-9"), found, later, NOW)
    assert store.edition("north", "v-1", 1) == found.response
    assert store.edition("north", "v-1", 2) is None
    with pytest.raises(table.Lost), table.together() as tx:
        store.put("north", replace(later, version=4), replace(later, edition=0), None, tx)


def test_when_a_form_was_handed_in_last_is_known_by_patient_and_form() -> None:
    assert store.begun("north", "ada", "v", ["phq-9", "gad-7"]) == (None, {})
    found = hand_in(put(a_response()), whole_phq_9())
    begun = store.begun("north", "ada", "v", ["phq-9", "gad-7", "phq-9"])
    assert begun.packet == found.packet
    assert {form: (each.response, each.at) for form, each in begun.completed.items()} == {"phq-9": ("v-1", NOW)}
    assert store.begun("north", "ben", "v", ["phq-9"]).completed == {}
    assert store.begun("south", "ada", "v", ["phq-9"]) == (None, {})


def test_a_visit_waits_for_review_from_the_first_form_handed_in_to_the_last_one_accepted() -> None:
    draft = put(a_response())
    assert store.queue("north", FormQueue.REVIEW, *ALL) == []
    found = hand_in(draft, whole_phq_9())
    assert store.queue("north", FormQueue.REVIEW, *ALL) == [(f"{found.packet.start.isoformat()}#v", found.packet)]
    accepted = replace(found.response, review=Review.ACCEPTED, version=found.response.version + 1)
    with table.together() as tx:
        writing.write(tx, NORTH, our_form("phq-9"), found, accepted, NOW)
    assert store.queue("north", FormQueue.REVIEW, *ALL) == []


def test_a_visit_is_urgent_as_long_as_a_flag_was_not_seen() -> None:
    flag = RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW)
    found = put(a_response(flags=(flag,)))
    assert [place for place, _ in store.queue("north", FormQueue.URGENT, *ALL)] == [f"{found.packet.start.isoformat()}#v"]
    assert store.queue("south", FormQueue.URGENT, *ALL) == []
    seen = replace(found.response, flags=(replace(flag, seen=NOW),), version=2)
    with table.together() as tx:
        writing.write(tx, NORTH, our_form("phq-9"), found, seen, NOW)
    assert store.queue("north", FormQueue.URGENT, *ALL) == []


def test_a_queue_is_walked_page_by_page_in_the_order_of_the_visits() -> None:
    for hours, visit in ((3, "c"), (1, "a"), (2, "b")):
        start = NOW + timedelta(hours=hours)
        about = a_visit(id=visit, start=start, end=start)
        form = filing.filed(our_form("phq-9"), a_response(flags=(RaisedFlag(path="p", code="c", at=NOW),)), "2026-11-24")
        with table.together() as tx:
            store.put_packet("north", filing.refiled(filing.opened(about), form), filing.opened(about), tx)
    first = store.queue("north", FormQueue.URGENT, "", "~", 2)
    rest = store.queue("north", FormQueue.URGENT, first[-1][0], "~", 2)
    assert [[packet.appointment for _, packet in page] for page in (first, rest)] == [["a", "b"], ["c"]]


def test_a_draft_goes_sixty_days_after_the_visit_and_what_was_handed_in_never() -> None:
    found = put(a_response(), earlier=EARLIER)
    gone = (found.packet.end + timedelta(days=60)).timestamp()
    assert [expiry(kind) for kind in ("RESPONSE", "PATIENT", "PACKET")] == [{gone}] * 3
    hand_in(found, whole_phq_9())
    rows = boto3.client("dynamodb").scan(TableName=settings.table("responses"))["Items"]
    assert {row["pk"]["S"] + row["sk"]["S"] for row in rows if "expires" in row} == {
        f"C#north#QUEUE#review{found.packet.start.isoformat()}#v",
    }


def test_what_could_not_wait_stays_with_all_that_points_at_it_once_staff_have_seen_it() -> None:
    flag = RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW)
    found = put(a_response(), earlier=EARLIER)
    for after in (
        replace(found.response, flags=(flag,), version=2),
        replace(found.response, flags=(replace(flag, seen=NOW),), version=3),
        replace(found.response, flags=(replace(flag, seen=NOW, gone=NOW),), version=4),
    ):
        with table.together() as tx:
            writing.write(tx, NORTH, our_form("phq-9"), found, after, NOW)
        assert [expiry(kind) for kind in ("RESPONSE", "PATIENT", "PACKET")] == [set[float]()] * 3
        there = store.find("north", "v-1")
        assert there
        found = there
    assert found.earlier == EARLIER


def test_amending_an_older_response_does_not_make_it_the_last_one() -> None:
    old = hand_in(put(a_response()), whole_phq_9(), now=NOW - timedelta(days=300))
    hand_in(put(a_response(id="w-1", appointment="w")), whole_phq_9())
    again = replace(old.response, edition=2, authored=NOW + timedelta(days=1), version=old.response.version + 1)
    with table.together() as tx:
        writing.write(tx, NORTH, our_form("phq-9"), old, again, NOW)
    (last,) = store.begun("north", "ada", "v", ["phq-9"]).completed.values()
    assert (last.response, last.at) == ("w-1", NOW)


def test_answers_are_no_longer_than_a_row_has_room_for() -> None:
    import random

    found = put(a_response())
    dice = random.Random(1)
    noise = [{"linkId": "x", "answer": [{"valueString": "".join(chr(dice.randrange(33, 9000)) for _ in range(9_000))}]} for _ in range(25)]
    with pytest.raises(LookAgain) as refused, table.together() as tx:
        store.put("north", replace(found.response, items=noise, version=2), found.response, None, tx)
    assert refused.value.extra["errors"] == [{"field": "items", "code": "too-long", "detail": "That is more than we can keep. Write less."}]


def test_answers_do_not_stand_readable_in_their_rows() -> None:
    put(a_response(items=[{"linkId": "x", "answer": [{"valueString": "a very private sentence"}]}]))
    assert "private" not in str(boto3.client("dynamodb").scan(TableName=settings.table("responses"))["Items"])

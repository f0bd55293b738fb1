"""How far a form has come, and whom its visit waits for: a table of each."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.intake.records import FormStanding, RaisedFlag, ResponseStatus, ReturnedItem, Review
from chalicelib.intake.rules import filing
from tests.intake.answering import NOW, a_response, a_visit, our_form, whole_phq_9

RETURNED = ReturnedItem(path="p", note="Please look again", by="manager/cyrus", at=NOW)
FLAG = RaisedFlag(path="p", code="c", at=NOW)
FORM = our_form("phq-9")
STANDINGS: list[tuple[dict[str, Any], str, set[str]]] = [
    ({}, "started", set()),
    ({"flags": (FLAG,)}, "started", {"urgent"}),
    ({"flags": (replace(FLAG, seen=NOW),)}, "started", set()),
    ({"status": ResponseStatus.COMPLETED}, "needs-review", {"review"}),
    ({"status": ResponseStatus.COMPLETED, "flags": (FLAG,)}, "needs-review", {"review", "urgent"}),
    ({"status": ResponseStatus.AMENDED}, "needs-review", {"review"}),
    ({"status": ResponseStatus.COMPLETED, "returned": (RETURNED,)}, "returned", set()),
    ({"status": ResponseStatus.COMPLETED, "review": Review.ACCEPTED}, "complete", set()),
    ({"status": ResponseStatus.AMENDED, "review": Review.ACCEPTED, "returned": (RETURNED,)}, "returned", set()),
]


@pytest.mark.parametrize(("about", "standing", "queues"), STANDINGS)
def test_a_form_stands_where_its_status_and_staff_have_it(about: dict[str, Any], standing: str, queues: set[str]) -> None:
    response = a_response(**about)
    assert filing.standing(response) == standing
    packet = filing.refiled(filing.opened(a_visit()), filing.filed(FORM, response, "2026-11-24"))
    assert filing.queues(packet) == queues
    assert filing.is_kept(packet) is filing.stays(response) is (standing != "started" or "flags" in about)


def test_a_packet_lists_what_was_begun_in_the_order_of_beginning() -> None:
    packet = filing.opened(a_visit())
    for each in (a_response(), a_response("gad-7", id="v-2"), a_response(items=whole_phq_9(), seen=("phq-9-items",))):
        packet = filing.refiled(packet, filing.filed(our_form(each.questionnaire), each, "2026-11-24"))
    assert [(each.questionnaire, each.done, each.of) for each in packet.forms] == [("phq-9", 2, 2), ("gad-7", 0, 1)]
    assert (packet.appointment, packet.patient, packet.start) == ("v", "ada", a_visit().start)


def a_filed(**changed: Any) -> Any:
    filed = replace(filing.filed(FORM, a_response(), "2026-11-24"), files=("f",), done=2, of=2)
    return replace(filed, **changed)


@pytest.mark.parametrize(
    ("changed", "under_way", "standing"),
    [
        ({}, {"f"}, "waiting-for-file"),
        ({}, {"g"}, "started"),
        ({}, set(), "started"),
        ({"done": 1}, {"f"}, "started"),
        ({"standing": FormStanding.REVIEW}, {"f"}, "needs-review"),
        ({"files": ("e", "f")}, {"f"}, "waiting-for-file"),
    ],
)
def test_what_is_all_answered_waits_for_the_files_it_names(changed: dict[str, Any], under_way: set[str], standing: str) -> None:
    assert filing.standing_now(a_filed(**changed), under_way) == standing


@pytest.mark.parametrize(
    ("standings", "worst"),
    [
        ([], "complete"),
        (["complete", "needs-review"], "needs-review"),
        (["complete", "started", "not-opened"], "not-opened"),
        (["waiting-for-file", "needs-review"], "waiting-for-file"),
        (["not-opened", "returned"], "returned"),
    ],
)
def test_the_worst_of_a_visits_forms_decides(standings: list[str], worst: str) -> None:
    assert filing.worst([FormStanding(each) for each in standings]) == worst


def test_the_id_of_a_response_names_its_visit() -> None:
    assert filing.visit_of(filing.response_id(a_visit(id="a-visit"), "0123")) == "a-visit"
    assert filing.visit_of("nothing") == ""

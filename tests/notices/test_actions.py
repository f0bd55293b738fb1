"""A notice goes out once it is due: at least once, at most twice, and its end is written once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import boto3
import pytest
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from pynamodb.expressions.operand import Path

from chalicelib.clinics import actions as clinics
from chalicelib.kit import post, secret, table
from chalicelib.notices import actions as notices
from chalicelib.notices import store
from chalicelib.notices.records import Calendar, Channel, Notice, NoticeState
from tests.notices.conftest import PostOffice

NOW = datetime(2026, 11, 21, 15, 0, 30, tzinfo=UTC)


def a_notice(**changed: Any) -> Notice:
    about: dict[str, Any] = {
        "id": "n1",
        "clinic": "north",
        "to": "ada@example.com",
        "language": "en-US",
        "subject": "Your visit is booked",
        "text": "See you soon.",
        "due": NOW,
    }
    return Notice(**(about | changed))


def posted(**changed: Any) -> Notice:
    notice = a_notice(**changed)
    with table.together() as tx:
        notices.post(tx, notice)
    return notice


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


def now_is(notice_id: str = "n1", clinic: str = "north") -> Notice:
    found = store.get(clinic, notice_id)
    assert found is not None
    return found


def rows(name: str) -> list[dict[str, Any]]:
    return boto3.client("dynamodb").scan(TableName=f"anteroom-test-{name}")["Items"]


def pointers() -> list[dict[str, Any]]:
    return [row for row in rows("due") if row["pk"]["S"] != "DUE#WATERMARK"]


def letter(office: PostOffice, number: int = 0) -> EmailMessage:
    return message_from_bytes(office.calls[number], policy=default)


def body(office: PostOffice, kind: str = "plain") -> str:
    part = letter(office).get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_notice_goes_out_in_the_clinics_name(post_office: PostOffice) -> None:
    posted()
    sent = notices.send("north", "n1", NOW)
    assert sent is not None
    assert (sent.state, sent.provider, sent.attempts) == (NoticeState.SENT, "receipt-1", 1)
    assert now_is() == sent
    assert letter(post_office)["From"] == "Harbour Family Clinic <visits@harbourhealth.example>"
    assert letter(post_office)["Reply-To"] == "Harbour Family Clinic <hello@harbourfamily.example>"
    assert (letter(post_office)["To"], letter(post_office)["Subject"]) == ("ada@example.com", "Your visit is booked")
    for kind in ("plain", "html"):
        assert "218 North Street, New Haven, CT 06511" in body(post_office, kind)
    assert pointers() == []


def test_a_visit_travels_with_its_calendar_file(post_office: PostOffice) -> None:
    ics = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    posted(calendar=Calendar(method="CANCEL", text=ics), link="http://localhost:8000/x", link_label="See it")
    notices.send("north", "n1", NOW)
    (file,) = letter(post_office).iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("visit.ics", ics.encode())
    assert 'href="http://localhost:8000/x"' in body(post_office, "html")


def test_a_code_is_worked_out_only_when_its_letter_is_sent_and_then_forgotten(post_office: PostOffice) -> None:
    seed = secret.seed()
    code = secret.eight_digits(seed)
    posted(seed=seed, text="Your code:\n\n{code}\n\nBye.")
    assert code not in str(rows("notices"))
    notices.send("north", "n1", NOW)
    assert code in body(post_office)
    assert code in body(post_office, "html")
    kept = str(rows("notices"))
    assert code not in kept
    assert seed not in kept


def test_a_links_handle_is_worked_out_only_when_its_letter_is_sent(post_office: PostOffice) -> None:
    seed = secret.seed()
    link = "https://staff.example/invitation/#c=north&h={handle}"
    notice = posted(seed=seed, text="Welcome.", link=link, link_label="Accept")
    assert secret.handle(seed) not in str(rows("notices"))
    notices.send("north", notice.id, notice.due)
    assert link.replace("{handle}", secret.handle(seed)) in body(post_office)
    assert secret.handle(seed) not in str(rows("notices"))
    assert now_is().seed == ""


def test_a_text_without_a_seed_keeps_its_braces(post_office: PostOffice) -> None:
    posted(text="Type {code} here.")
    notices.send("north", "n1", NOW)
    assert "Type {code} here." in body(post_office)


def test_the_outbox_row_begins_with_the_clinic_and_the_due_row_tells_nothing_personal(post_office: PostOffice) -> None:
    posted(about="visit-7")
    assert rows("notices")[0]["pk"]["S"] == "C#north#NOTICE#n1"
    (pointer,) = pointers()
    assert pointer["pk"]["S"].startswith("DUE#202611211500#")
    assert set(pointer) == {"pk", "sk", "clinic", "notice", "version", "expires"}


def test_what_is_not_committed_is_never_sent(post_office: PostOffice) -> None:
    with pytest.raises(table.Lost), table.together() as tx:
        notices.post(tx, a_notice())
        tx.check(store.NoticeRow("C#north#X", "x"), Path("pk").exists())
    notices.sweep(NOW)
    assert (post_office.calls, rows("notices"), pointers()) == ([], [], [])


def test_a_channel_we_lack_is_refused_at_once(post_office: PostOffice) -> None:
    with pytest.raises(ValueError, match="sms"):
        posted(channel=Channel.SMS)


def test_the_sweep_alone_sends_all_that_is_due_and_nothing_else(post_office: PostOffice) -> None:
    for number in range(10):
        posted(id=f"n{number}", due=NOW - timedelta(minutes=number))
    posted(id="later", due=after(seconds=15))
    posted(id="tomorrow", due=after(days=1))
    notices.sweep(NOW)
    assert {now_is(f"n{number}").state for number in range(10)} == {NoticeState.SENT}
    assert {now_is(name).state for name in ("later", "tomorrow")} == {NoticeState.PENDING}
    notices.sweep(after(minutes=1))
    assert now_is("later").state is NoticeState.SENT
    assert len(post_office.calls) == 11


def test_late_ticks_catch_up(post_office: PostOffice) -> None:
    notices.sweep(NOW)
    for tens in range(1, 6):
        posted(id=f"n{tens}", due=after(minutes=10 * tens))
    notices.sweep(after(hours=1))
    assert {now_is(f"n{tens}").state for tens in range(1, 6)} == {NoticeState.SENT}


def test_a_notice_that_is_written_minutes_after_its_minute_was_swept_is_found(post_office: PostOffice) -> None:
    for minutes in range(4):
        notices.sweep(after(minutes=minutes))
    posted(due=NOW)
    notices.sweep(after(minutes=4))
    assert now_is().state is NoticeState.SENT


def test_a_withdrawn_notice_is_not_sent_and_leaves_no_pointer(post_office: PostOffice) -> None:
    posted(due=after(hours=1))
    with table.together() as tx:
        notices.withdraw(tx, "north", "n1")
    assert now_is().state is NoticeState.WITHDRAWN
    notices.sweep(after(hours=1))
    assert (post_office.calls, pointers()) == ([], [])


def test_withdrawing_what_went_out_already_stops_no_transaction(post_office: PostOffice) -> None:
    posted()
    notices.send("north", "n1", NOW)
    with table.together() as tx:
        notices.withdraw(tx, "north", "n1")
    assert now_is().state is NoticeState.SENT


def test_a_useless_notice_is_not_sent(post_office: PostOffice) -> None:
    posted(until=after(minutes=10), seed="s", text="{code}")
    notices.sweep(after(minutes=10))
    assert (now_is().state, post_office.calls, pointers()) == (NoticeState.FAILED, [], [])


def test_a_refused_notice_is_tried_again_until_it_goes(post_office: PostOffice) -> None:
    post_office.fates = [post.NotSent("Throttling"), post.NotSent("Throttling")]
    posted()
    for minutes in range(5):
        notices.sweep(after(minutes=minutes))
    assert (now_is().state, now_is().attempts, len(post_office.calls), pointers()) == (NoticeState.SENT, 3, 3, [])


def test_after_five_refusals_it_is_given_up_and_said_so(post_office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    post_office.fates = [post.NotSent("MessageRejected")] * 9
    posted()
    for minutes in (0, 1, 2, 3, 7, 15, 20):
        notices.sweep(after(minutes=minutes))
    assert (now_is().state, len(post_office.calls), pointers()) == (NoticeState.FAILED, 5, [])
    assert "given up after 5 tries" in caplog.text
    assert "ada@example.com" not in caplog.text


def test_a_lost_answer_costs_at_most_one_letter_twice(post_office: PostOffice) -> None:
    post_office.fates = [post.PerhapsSent("ReadTimeout")] * 9
    posted()
    for minutes in (0, 1, 2, 3, 7, 15, 20):
        notices.sweep(after(minutes=minutes))
    assert (now_is().state, len(post_office.calls)) == (NoticeState.FAILED, 2)


class Killed(BaseException):
    """The sender's process is gone."""


def killed() -> None:
    raise Killed


@pytest.mark.parametrize(("deaths", "state"), [(1, NoticeState.SENT), (2, NoticeState.FAILED)])
def test_a_sender_that_dies_is_followed_by_another_once_its_lease_has_lapsed(
    post_office: PostOffice, deaths: int, state: NoticeState
) -> None:
    post_office.fates = [killed] * deaths
    posted()
    for seconds in (0, 30, 61, 90, 130, 200, 300):
        try:
            notices.sweep(after(seconds=seconds))
        except Killed:
            continue
    assert (now_is().state, len(post_office.calls), pointers()) == (state, 2, [])


def test_a_letter_that_cannot_be_made_does_not_hold_up_the_others(post_office: PostOffice) -> None:
    posted(id="bad", to="nobody\r\nBcc: x@y.example")
    posted(id="gone", clinic="west")
    posted(id="good")
    for minutes in (0, 1, 3, 7, 15):
        notices.sweep(after(minutes=minutes))
    assert now_is("good").state is NoticeState.SENT
    assert now_is("bad").state is NoticeState.FAILED
    assert now_is("gone", "west").state is NoticeState.FAILED
    assert len(post_office.calls) == 1


def test_a_row_that_cannot_be_read_is_set_aside_and_never_lost(post_office: PostOffice) -> None:
    posted(id="bad")
    posted(id="good")
    row = store.NoticeRow.get("C#north#NOTICE#bad", "notice")
    whole = row.document
    row.update([Path("document").set("{")])
    for minutes in (0, 4, 7):
        notices.sweep(after(minutes=minutes))
    assert (now_is("good").state, len(pointers())) == (NoticeState.SENT, 1)
    row.update([Path("document").set(whole)])
    for minutes in (10, 18):
        notices.sweep(after(minutes=minutes))
    assert (now_is("bad").state, pointers()) == (NoticeState.SENT, [])


def test_a_notice_that_is_not_there_takes_its_pointer_along(post_office: PostOffice) -> None:
    posted()
    store.NoticeRow("C#north#NOTICE#n1", "notice").delete()
    notices.sweep(NOW)
    assert (notices.send("north", "n1", NOW), pointers()) == (None, [])


def test_an_old_pointer_sends_nothing_early(post_office: PostOffice) -> None:
    post_office.fates = [post.NotSent("Throttling")]
    posted()
    notices.send("north", "n1", NOW)
    store.DueRow("DUE#202611211500#0", "north#n1", clinic="north", notice="n1", version=1).save()
    notices.sweep(after(seconds=20))
    assert len(post_office.calls) == 1
    assert [row["version"]["N"] for row in pointers()] == ["2"]


def at_once(count: int, work: Callable[[], object]) -> None:
    """Run the same thing in many threads that begin together."""
    gate = threading.Barrier(count)

    def run() -> None:
        gate.wait()
        work()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_sweeps_at_once_send_once(post_office: PostOffice) -> None:
    for number in range(5):
        posted(id=f"n{number}")
    at_once(2, lambda: notices.sweep(NOW))
    assert len(post_office.calls) == 5
    assert {now_is(f"n{number}").state for number in range(5)} == {NoticeState.SENT}


def test_stream_and_sweep_at_once_send_once(post_office: PostOffice) -> None:
    posted()
    at_once(12, lambda: notices.send("north", "n1", NOW))
    assert (len(post_office.calls), now_is().state, now_is().attempts) == (1, NoticeState.SENT, 1)


def test_a_slow_sender_that_comes_back_does_not_undo_the_end(post_office: PostOffice) -> None:
    post_office.fates = [lambda: (notices.send("north", "n1", after(seconds=61)), None)[1]]
    posted()
    notices.send("north", "n1", NOW)
    assert (len(post_office.calls), now_is().state, pointers()) == (2, NoticeState.SENT, [])


def test_ses_itself_takes_our_letters(cloud: None) -> None:
    for clinic in clinics.read_portal().clinics:
        clinics.save(clinic)
    posted(text="Añadido — ✓")
    sent = notices.send("north", "n1", NOW)
    assert sent is not None
    assert (sent.state, bool(sent.provider)) == (NoticeState.SENT, True)
    (message,) = get_backend("ses")[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    assert set(message.destinations) == {"ada@example.com"}


def test_what_ses_refuses_is_surely_not_sent(cloud: None) -> None:
    with pytest.raises(post.NotSent):
        post.send("nobody@unverified.example", "ada@example.com", b"From: nobody@unverified.example\r\nTo: ada@example.com\r\n\r\nHi")

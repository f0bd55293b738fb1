"""What was sent is kept and read back as a person would see it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from scripts.local.outbox import Outbox

NOW = datetime(2026, 11, 24, 15, 40, 9, 120000, tzinfo=UTC)
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


def a_mail(text: str = "Su cita está reservada.", subject: str = "Su cita", ics: str = "") -> bytes:
    """A mail as SES takes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "North <visits@north.example>", "ada@example.com", subject
    mail.set_content(text)
    mail.add_alternative(f"<p>{text}</p>", subtype="html")
    if ics:
        mail.add_alternative(ics, subtype="calendar", params={"method": "REQUEST"}, cte="base64")
    return mail.as_bytes()


def test_a_mail_is_read_back_with_all_its_parts(tmp_path: Path) -> None:
    Outbox(tmp_path).keep_mail(a_mail(ics=ICS), NOW)
    (message,) = Outbox(tmp_path).listed()
    assert (message.number, message.kind, message.sent) == (1, "mail", NOW)
    assert (message.sender, message.to, message.subject) == ("North <visits@north.example>", "ada@example.com", "Su cita")
    assert message.text.strip() == "Su cita está reservada."
    assert message.html.strip() == "<p>Su cita está reservada.</p>"
    assert message.ics.replace("\r\n", "\n") == ICS.replace("\r\n", "\n")
    assert ("Subject", "Su cita") in message.headers


def test_a_code_is_found_and_a_telephone_number_is_not(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.keep_mail(a_mail("Your code is\n\n63620286\n\nCall +44 20 7946 0152."), NOW)
    outbox.keep_mail(a_mail("Call +44 20 7946 0152 or 2035550142 or 123456789."), NOW)
    assert [message.code for message in outbox.listed()] == ["", "63620286"]


def test_the_newest_is_first_and_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    Outbox(tmp_path).keep_mail(a_mail(subject="first"), NOW)
    Outbox(tmp_path).keep_sms("+1 203 555 0119", "Your visit is tomorrow.", NOW)
    outbox = Outbox(tmp_path)
    outbox.keep_mail(a_mail(subject="third"), NOW)
    assert [(message.number, message.kind) for message in outbox.listed()] == [(3, "mail"), (2, "sms"), (1, "mail")]
    sms = outbox.get(2)
    assert sms is not None
    assert (sms.to, sms.text, sms.html) == ("+1 203 555 0119", "Your visit is tomorrow.", "")
    assert outbox.get(4) is None


def test_messages_kept_at_once_are_all_kept(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    threads = [threading.Thread(target=outbox.keep_sms, args=("+1", str(number), NOW)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message.number for message in outbox.listed()) == list(range(1, 21))
    assert {message.text for message in outbox.listed()} == {str(number) for number in range(20)}


def test_half_a_message_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "000001-1763998809000.part").write_bytes(json.dumps({}).encode())
    assert Outbox(tmp_path).listed() == []

"""Letters: three parts that say the same, nothing to load, and no way to add a header."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import icalendar
import pytest

from chalicelib.kit import mail
from chalicelib.kit.mail import Letter, Letterhead

HEAD = Letterhead(name="Harbour Family Clinic", address="218 North Street, New Haven, CT 06511", telephone="+1 203 555 0142")
SENDER = "Harbour Health <visits@harbourhealth.example>"
LINK = "http://localhost:8000/north/en/visit/#k3v"
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
TEXT = f"""Hello Ada,

your visit is booked.

When: Tuesday, November 24, 10:40 AM
Where: 218 North Street <rear>

{LINK}

Until soon.
Your clinic"""


def a_letter(**changed: Any) -> Letter:
    about = {"subject": "Your visit is booked", "text": TEXT, "language": "en-US", "link": LINK, "link_label": "See your visit"}
    return Letter(**(about | changed))


def sent(letter: Letter | None = None, **about: Any) -> EmailMessage:
    raw = mail.mime(about.pop("sender", SENDER), about.pop("to", "ada@example.com"), letter or a_letter(), HEAD, **about)
    return message_from_bytes(raw, policy=default)


class Page(HTMLParser):
    """What a mail reader would find in the HTML part."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def links(self) -> list[str | None]:
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]


def page(letter: Letter | None = None) -> Page:
    return Page(mail.html(letter or a_letter(), HEAD))


def types(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_a_letter_has_a_text_and_an_html_part() -> None:
    assert types(sent()) == ["multipart/alternative", "text/plain", "text/html"]


def test_an_invitation_travels_as_a_part_and_as_a_file() -> None:
    message = sent(calendar=("REQUEST", ICS))
    assert types(message) == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"]
    part, file = [part for part in message.walk() if part.get_content_subtype() in ("calendar", "ics")]
    assert part.get_param("method") == "REQUEST"
    assert file.get_filename() == "visit.ics"
    assert file.get_payload(decode=True) == part.get_payload(decode=True) == ICS.encode()
    assert icalendar.Calendar.from_ical(file.get_content())["method"] == "REQUEST"


def test_it_comes_in_the_clinics_name_and_answers_go_to_the_clinic() -> None:
    message = sent(reply_to="hello@harbourfamily.example")
    assert message["From"] == "Harbour Family Clinic <visits@harbourhealth.example>"
    assert message["Reply-To"] == "Harbour Family Clinic <hello@harbourfamily.example>"
    assert (message["To"], message["Subject"]) == ("ada@example.com", "Your visit is booked")
    assert (message["Content-Language"], message["Auto-Submitted"]) == ("en-US", "auto-generated")


def test_accents_survive_in_subject_and_parts() -> None:
    message = sent(a_letter(subject="Su visita: confirmación", text="Añadida a su sesión — ¡listo!"))
    assert message["Subject"] == "Su visita: confirmación"
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert "Añadida a su sesión — ¡listo!" in part.get_content()


@pytest.mark.parametrize("field", ["to", "sender", "reply_to"])
@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: m@x.example", "a@b.example\nX: 1", "a@b.example\0", "", "nobody"])
def test_no_address_can_add_a_header(field: str, address: str) -> None:
    if field == "reply_to" and not address:
        assert "Reply-To" not in sent(reply_to="")
        return
    with pytest.raises(ValueError):
        sent(None, **{field: address})


def test_no_subject_can_add_a_header() -> None:
    message = sent(a_letter(subject="Hello\r\nBcc: mallory@example.com"))
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: mallory@example.com"


def test_the_html_part_loads_nothing_and_runs_nothing() -> None:
    found = page()
    assert not {tag for tag, _ in found.tags} & {"img", "script", "link", "iframe", "object", "video", "audio", "svg", "form"}
    assert not any(name in attrs for _, attrs in found.tags for name in ("src", "srcset", "background"))
    assert "url(" not in mail.html(a_letter(), HEAD)
    assert found.links() == [LINK, "tel:+12035550142"]


def test_what_a_person_wrote_is_escaped() -> None:
    letter = a_letter(
        text='<script>alert(1)</script>\n\nWhen: <b>now</b>\nWhere: "here"', subject="<title>", link='http://x/"><i>', link_label="<u>"
    )
    found = page(letter)
    assert not {tag for tag, _ in found.tags} & {"script", "b", "i", "u"}
    assert "<script>alert(1)</script>" in found.words
    assert 'http://x/"><i>' in found.links()


def test_lines_of_labels_and_values_become_a_table_whose_rows_have_headers() -> None:
    found = page()
    headers = [attrs for tag, attrs in found.tags if tag == "th"]
    assert [attrs["scope"] for attrs in headers] == ["row", "row"]
    assert "218 North Street <rear>" in found.words


def test_a_single_line_with_a_colon_stays_a_sentence() -> None:
    assert "th" not in {tag for tag, _ in page(a_letter(text="Please note: bring your card.")).tags}


def test_the_link_is_a_button_where_it_stands_and_nowhere_else() -> None:
    found = page()
    assert LINK not in found.words
    assert found.words.index("See your visit") < found.words.index("Until soon.")


def test_a_link_the_text_does_not_hold_comes_at_the_end_of_both_parts() -> None:
    letter = a_letter(text="Your visit is booked.")
    assert page(letter).links()[0] == LINK
    assert f"See your visit:\n{LINK}" in mail.plain(letter, HEAD)


def test_the_text_part_holds_the_whole_text_and_who_writes() -> None:
    assert mail.plain(a_letter(), HEAD) == f"{TEXT}\n\n-- \nHarbour Family Clinic\n{HEAD.address}\n{HEAD.telephone}\n"


def test_a_code_stands_large_on_a_line_of_its_own() -> None:
    markup = mail.html(a_letter(text="Your code:\n\n04711234\n\nBye.", link=""), HEAD)
    assert "font-size:32px" in markup
    assert "font-size:32px" not in mail.html(a_letter(text="Room\n\n12\n\nBye.", link=""), HEAD)


def test_the_page_says_its_language_and_follows_the_readers_colours() -> None:
    markup = mail.html(a_letter(language="es-US"), HEAD)
    assert '<html lang="es-US">' in markup
    assert "prefers-color-scheme:dark" in markup


def contrast(one: str, other: str) -> float:
    lights = []
    for colour in (one, other):
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize(
    "colour", [f"#{red}{green}{blue}" for red in ("00", "7a", "ff") for green in ("00", "75", "ff") for blue in ("00", "9d", "ff")]
)
def test_the_button_can_be_read_on_any_brand_colour(colour: str) -> None:
    assert contrast(colour, mail.ink_on(colour)) >= 4.5


def test_a_letter_in_brand_colours_carries_them() -> None:
    assert "#7a3e9d" in mail.html(a_letter(), Letterhead(name="P", address="", telephone="1", colour="#7a3e9d"))

"""Makes a letter: a MIME message with a text part, an HTML part made from the same text, and a calendar file.

The HTML part is one narrow column with nothing to load: no pictures, no fonts, no tracking. It follows
the reader's light or dark scheme, and everything in it is escaped.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator, Sequence
from email.headerregistry import Address
from email.message import Message
from email.policy import SMTP, compat32
from email.utils import parseaddr
from functools import lru_cache
from html import escape

from msgspec import Struct

ROW = re.compile(r"[^:]{1,32}: \S.*")  # `When: Tuesday, November 24`
CODE = re.compile(r"\d{6,10}")
PLAIN = compat32.clone(linesep="\r\n", max_line_length=None)


class Letterhead(Struct, frozen=True, kw_only=True):
    """In whose name a letter is sent. `colour` is `#rrggbb`; `address` is one line."""

    name: str
    address: str
    telephone: str
    colour: str = "#0b6b62"


class Letter(Struct, frozen=True, kw_only=True):
    """What a letter says, worded. A `link` is a button where the text has it as a line of its own, else at the end."""

    subject: str
    text: str
    language: str
    link: str = ""
    link_label: str = ""


def mime(sender: str, to: str, letter: Letter, head: Letterhead, *, reply_to: str = "", calendar: tuple[str, str] | None = None) -> bytes:
    """The message as bytes to hand to SES.

    multipart/alternative of text and HTML; with `calendar` (method, text) also text/calendar, and the whole
    in a multipart/mixed with visit.ics. ValueError for an address that is none or would begin a header.
    """
    top = _own("From", sender, head.name) + _addressed("To", to)
    if reply_to:
        top += _own("Reply-To", reply_to, head.name)
    top += SMTP.header_factory("Subject", " ".join(letter.subject.split())).fold(policy=SMTP)
    body = _body(letter, head, calendar)
    body["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine should answer
    body["Content-Language"] = letter.language
    body["MIME-Version"] = "1.0"
    return bytes(top.encode("ascii") + body.as_bytes(policy=PLAIN))


# The parts are messages of the older kind, whose few plain headers are taken as they are: making them of the newer kind, which
# reads every header it is given, took more CPU than all else about a letter.
def _body(letter: Letter, head: Letterhead, calendar: tuple[str, str] | None) -> Message:
    texts = [_text("plain", plain(letter, head)), _text("html", html(letter, head))]
    if not calendar:
        return _parts("alternative", texts)
    method, file = calendar[0], calendar[1].encode()
    texts.append(_part(f'text/calendar; charset="utf-8"; method="{method}"', "base64", encodebytes(file)))
    attached = _part("application/ics", "base64", encodebytes(file))
    attached["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return _parts("mixed", [_parts("alternative", texts), attached])


def _parts(kind: str, parts: Sequence[Message]) -> Message:
    """Their boundary holds "=_", which neither encoding can make (RFC 2045, 6.7)."""
    whole = Message()
    whole["Content-Type"] = f'multipart/{kind}; boundary="=_{kind}"'
    for part in parts:
        whole.attach(part)
    return whole


def _text(subtype: str, text: str) -> Message:
    return _part(f'text/{subtype}; charset="utf-8"', "quoted-printable", b2a_qp(text.encode()))


def _part(kind: str, encoding: str, encoded: bytes) -> Message:
    part = Message()
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(encoded.decode("ascii"))
    return part


def _addressed(header: str, given: str, name: str = "") -> str:
    own_name, address = parseaddr(given)
    if not address or re.search(r"[\x00-\x1f\x7f]", given):
        raise ValueError("not an address")
    told = Address(" ".join((name or own_name).split()), addr_spec=address)
    return str(SMTP.header_factory(header, told).fold(policy=SMTP))


_own = lru_cache(maxsize=256)(_addressed)  # a clinic's; a patient's is not kept


def plain(letter: Letter, head: Letterhead) -> str:
    """The text part: the text, its link if it has none in it, and who writes."""
    parts = [letter.text]
    if letter.link and letter.link not in letter.text.splitlines():
        parts.append(f"{letter.link_label}:\n{letter.link}")
    return "\n\n".join([*parts, "-- \n" + "\n".join((head.name, head.address, head.telephone))]) + "\n"


def html(letter: Letter, head: Letterhead) -> str:
    """The HTML part."""
    blocks = list(_blocks(letter, head.colour))
    if letter.link and letter.link not in letter.text.splitlines():
        blocks.append(_button(letter, head.colour))
    return PAGE.format(
        language=escape(letter.language),
        title=escape(letter.subject),
        name=escape(head.name),
        address=escape(head.address),
        telephone=escape(head.telephone),
        dial=re.sub(r"[^+\d]", "", head.telephone),
        colour=escape(head.colour),
        ink=ink_on(head.colour),
        style=STYLE,
        body="\n".join(blocks),
    )


def _blocks(letter: Letter, colour: str) -> Iterator[str]:
    """One piece of HTML for each paragraph of the text."""
    for paragraph in re.split(r"\n\s*\n", letter.text.strip()):
        lines = [line.strip() for line in paragraph.splitlines()]
        if letter.link and lines == [letter.link]:
            yield _button(letter, colour)
        elif len(lines) > 1 and all(ROW.fullmatch(line) for line in lines):
            yield _rows(lines)
        elif len(lines) == 1 and CODE.fullmatch(lines[0]):
            yield f'<p class="soft" style="{CODE_STYLE}">{lines[0]}</p>'
        else:
            yield f'<p style="margin:0 0 16px">{"<br>".join(escape(line) for line in lines)}</p>'


def _rows(lines: list[str]) -> str:
    cells = "".join(
        f'<tr><th scope="row" class="quiet" style="{TH}">{escape(label)}</th><td style="{TD}">{escape(value)}</td></tr>'
        for label, value in (line.split(": ", 1) for line in lines)
    )
    return f'<table class="soft" style="{TABLE}">{cells}</table>'


def _button(letter: Letter, colour: str) -> str:
    style = f"{BUTTON}background:{escape(colour)};color:{ink_on(colour)}"
    return f'<p style="margin:24px 0"><a href="{escape(letter.link)}" style="{style}">{escape(letter.link_label)}</a></p>'


def ink_on(colour: str) -> str:
    """Black or white, whichever is easier to read on `#rrggbb`; the better one is always at least 4.5:1 (WCAG 1.4.3)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
TABLE = "width:100%;border-collapse:separate;border-spacing:0;margin:0 0 20px;background:#f3f6f6;border-radius:12px;padding:8px 4px"
TH = "text-align:left;vertical-align:top;font-weight:400;color:#4d5a5e;padding:6px 12px;width:30%"
TD = "text-align:left;vertical-align:top;font-weight:600;padding:6px 12px"
BUTTON = "display:inline-block;padding:14px 24px;border-radius:12px;font-weight:600;text-decoration:none;"
CODE_STYLE = (
    "margin:0 0 20px;padding:16px;border-radius:12px;background:#f3f6f6;text-align:center;"
    "font-size:32px;line-height:40px;font-weight:700;letter-spacing:4px;font-variant-numeric:tabular-nums"
)
# Readers in the dark: only surfaces and ink change; the button keeps the brand's own pair of colours.
STYLE = (
    ":root{color-scheme:light dark}"
    "@media (prefers-color-scheme:dark){"
    ".page{background:#101517!important;color:#e8edee!important}"
    ".card{background:#1a2124!important;color:#e8edee!important}"
    ".soft{background:#262f33!important}"
    ".quiet,.quiet a{color:#b3c0c4!important}}"
)
PAGE = (
    """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>{title}</title>
<style>{style}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#eef2f2;color:#172024;"""
    f"font-family:{FONT};"
    """font-size:16px;line-height:24px">
<table role="presentation" style="width:100%;border-collapse:collapse"><tr><td style="padding:16px" align="center">
<table role="presentation" style="width:100%;max-width:560px;border-collapse:separate;border-spacing:0;text-align:left">
<tr><td style="background:{colour};color:{ink};padding:16px 24px;border-radius:16px 16px 0 0;font-weight:700">{name}</td></tr>
<tr><td class="card" style="background:#ffffff;padding:24px 24px 8px;border-radius:0 0 16px 16px">
{body}
</td></tr>
<tr><td class="quiet" style="padding:16px 24px;color:#4d5a5e;font-size:14px;line-height:20px">
{name}<br>{address}<br><a href="tel:{dial}" style="color:inherit">{telephone}</a>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
"""
)

"""What the demo's patients have sent: cards and a letter, drawn here, sent and judged as anybody's are."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw, ImageFont

from chalicelib.clinics.records import Clinic
from chalicelib.documents.actions import buckets, checking, judging, sending
from chalicelib.documents.records import Verdict, Wanted
from chalicelib.documents.rules import places
from chalicelib.identity.records import Actor
from tests.cast import RHEA, Person

SIZE = (1000, 630)  # pixels of a card, in the proportions of ISO/IEC 7810 ID-1
INK, GROUND, BAND, TABLE = "#17313a", "#f7f9f8", "#1d6f6b", "#8a7461"


@dataclass(frozen=True)
class Paper:
    """One file for a visit (`visit` is its key in the demo), and what staff said of it."""

    visit: str
    kind: str
    page: str  # front, back, letter
    accepted: bool = False
    returned: str = ""
    infected: bool = False


# Rosa's card waits to be looked at; of Tom's one side was returned; Mei sent a letter and no card; in what Rosa sent later was a virus.
PAPERS = (
    Paper("demo-visit-04", "insurance-front", "front"),
    Paper("demo-visit-04", "insurance-back", "back"),
    Paper("demo-visit-06", "insurance-front", "front", accepted=True),
    Paper("demo-visit-06", "insurance-back", "front", returned="It is the wrong side."),
    Paper("demo-visit-07", "referral", "letter"),
    Paper("demo-visit-05", "photo-id", "front", infected=True),
)


@dataclass(frozen=True)
class Booked:
    """A visit of the demo: whose it is, them as the one who asks, and its id."""

    who: Person
    actor: Actor
    appointment: str


def send(clinics: Sequence[Clinic], booked: Mapping[str, Booked], now: datetime) -> None:
    """All of it, for the visits that were booked now."""
    known = {clinic.id: clinic for clinic in clinics}
    for paper in PAPERS:
        visit = booked.get(paper.visit)
        if visit and known[visit.actor.clinic].document_kind(paper.kind):
            _send(known[visit.actor.clinic], visit, paper, now)


def _send(clinic: Clinic, visit: Booked, paper: Paper, now: datetime) -> None:
    kind, content = ("application/pdf", letter(visit.who)) if paper.page == "letter" else ("image/jpeg", card(visit.who, paper.page))
    digest, name = hashlib.sha256(content).hexdigest(), "Referral.pdf" if paper.page == "letter" else "IMG_2041.jpg"
    wanted = Wanted(kind=paper.kind, name=name, type=kind, size=len(content), sha256=digest)
    sent, judged = now - timedelta(hours=3), now - timedelta(hours=1)
    document = sending.request_upload(clinic, visit.actor, visit.appointment, wanted, sent).document
    bucket, key = buckets.quarantine(), places.sent(document)
    version = bucket.client.put_object(Bucket=bucket.name, Key=key, Body=content)["VersionId"]
    checking.scanned(key, version, Verdict.INFECTED if paper.infected else Verdict.CLEAN, sent)
    checking.arrived(key, version, sent)
    if paper.accepted:
        judging.accept_document(clinic, RHEA.actor(), document.id, None, judged)
    if paper.returned:
        judging.return_document(clinic, RHEA.actor(), document.id, paper.returned, None, judged)


def card(person: Person, side: str) -> bytes:
    """A side of an insurance card that nobody issues, lying on a table."""
    table = Image.new("RGB", (1200, 830), TABLE)
    face = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(face)
    if side == "front":
        draw.rectangle((0, 0, SIZE[0], 130), fill=BAND)
        _lines(draw, 40, [(40, "Meridian Mutual", "white", 54)])
        number = hashlib.sha256(person.id.encode()).hexdigest()[:9].upper()
        _lines(
            draw,
            190,
            [(40, person.name, INK, 52), (40, f"Member  MM-{number}", INK, 42), (40, "Group  70412    Plan  PPO Silver", INK, 36)],
        )
        _lines(draw, 500, [(40, "Office visit $25    Emergency $150", INK, 32)])
    else:
        draw.rectangle((0, 40, SIZE[0], 150), fill=INK)
        _lines(draw, 210, [(40, "Members  +1 800 555 0119", INK, 42), (40, "Doctors  +1 800 555 0172", INK, 42)])
        _lines(draw, 430, [(40, "Claims: PO Box 4410, Hartford CT 06103", INK, 34), (40, "Example card. Not insurance.", INK, 30)])
    table.paste(face, (100, 100))
    return _saved(table, "JPEG", quality=82)


def letter(person: Person) -> bytes:
    """A referral of two pages."""
    pages = [Image.new("RGB", (827, 1169), "white") for _ in range(2)]
    _lines(
        ImageDraw.Draw(pages[0]),
        100,
        [(90, "Referral", INK, 44), (90, f"Patient: {person.name}", INK, 30), (90, "Please see her for a mole", INK, 30)],
    )
    _lines(ImageDraw.Draw(pages[0]), 420, [(90, "on the left forearm, 6 mm,", INK, 30), (90, "changed since spring.", INK, 30)])
    _lines(ImageDraw.Draw(pages[1]), 100, [(90, "Page 2: earlier findings", INK, 36), (90, "None that matter here.", INK, 30)])
    return _saved(pages[0], "PDF", save_all=True, append_images=pages[1:])


def _lines(draw: ImageDraw.ImageDraw, top: int, lines: list[tuple[int, str, str, int]]) -> None:
    for start, words, colour, size in lines:
        draw.text((start, top), words, fill=colour, font=ImageFont.load_default(size))
        top += size * 3 // 2


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()

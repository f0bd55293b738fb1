"""What patients send, and sending it from the page of a visit's documents."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import FilePayload, Locator, expect

from tests.cast import Person
from tests.documents import samples
from tests.journeys.people import somebody_settled
from tests.journeys.portal import Portal

LINES = {
    "front": ("Member  Lena Okoye", "ID  EH-204 771 903", "Group  88120", "Rx BIN  610014"),
    "back": ("Customer service  +1 800 555 0119", "Providers  +1 800 555 0144", "Claims  PO Box 88, Hartford CT"),
}
WIDE, HIGH = 3000, 2000  # pixels of a photograph: more than the page sends


@cache
def card(side: str, width: int = WIDE, height: int = HIGH) -> bytes:
    """A photograph of one side of an insurance card on a table, JPEG."""
    photo = Image.new("RGB", (width, height), (122, 98, 78))
    brush, unit = ImageDraw.Draw(photo), height // 20
    box = (unit * 2, unit * 2, width - unit * 2, height - unit * 2)
    brush.rounded_rectangle(box, unit, fill=(246, 250, 252))
    brush.rectangle((box[0], unit * 4, box[2], unit * 6), fill=(24, 84, 140))
    brush.text((unit * 4, unit * 4), "Evergreen Health", fill="white", font=ImageFont.load_default(unit * 1.5))
    for number, line in enumerate(LINES[side]):
        brush.text((unit * 4, unit * (8 + number * 2)), line, fill=(30, 40, 50), font=ImageFont.load_default(unit))
    photo.paste(samples.a_photo(unit * 4, unit * 4), (width - unit * 8, height - unit * 8))
    written = io.BytesIO()
    photo.save(written, "JPEG", quality=95)
    return written.getvalue()


def photograph(side: str = "front") -> FilePayload:
    """What a camera gives."""
    return {"name": f"IMG_{side}.jpg", "mimeType": "image/jpeg", "buffer": card(side)}


def a_file(name: str, content: bytes, kind: str = "application/pdf") -> FilePayload:
    """What a person keeps in a folder."""
    return {"name": name, "mimeType": kind, "buffer": content}


@dataclass(frozen=True)
class Papers:
    """The page of a visit's documents, of a patient whom nobody knew before."""

    portal: Portal
    patient: Person
    visit: str

    def open(self) -> None:
        """The page, with all that the visit needs on it."""
        self.portal.open(f"documents/#{self.visit}")
        expect(self.portal.page.locator("#needed .kind").first).to_be_visible()

    def card(self, kind: str) -> Locator:
        """What stands on the page of one kind."""
        return self.portal.page.locator(f"[data-kind={kind}]")

    def way(self, kind: str, way: str = "") -> Locator:
        """The button of a kind, or of the file that stands there: the camera where there is one."""
        ways = self.card(kind).locator(f"[data-way={way}]" if way else "[data-way]")
        return ways.locator("visible=true").first

    def choose(self, kind: str, *files: FilePayload, way: str = "") -> None:
        """By the button and what it opens."""
        with self.portal.page.expect_file_chooser() as opened:
            self.way(kind, way).click()
        opened.value.set_files(list(files))

    def says(self, kind: str, words: str) -> None:
        """Waits until it does."""
        expect(self.card(kind)).to_contain_text(words)

    def told(self, kind: str) -> dict[str, Any]:
        """What the API tells of a kind."""
        kinds = self.portal.api.get(f"appointments/{self.visit}/documents")["kinds"]
        return next(each for each in kinds if each["id"] == kind)


def papers_of(portal: Portal, service: str = "annual", number: int = 0, *, anew: bool = False) -> Papers:
    """A newcomer, signed in, with a visit that needs two sides of a card and an identification."""
    patient = somebody_settled(portal.api, anew=anew)
    times = portal.api.times(service, "bea", ahead=21)
    return Papers(portal, patient, portal.api.book(service, times[number]["start"], "bea")["id"])

"""What a first load of each page weighs: the bytes that somebody gets who has never been here, worked out from what is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.clinics import actions as clinics
from chalicelib.people import actions as people
from chalicelib.portals import actions as portals
from chalicelib.portals.records import Page
from tests.portals import markup

HOME = "patient/north/en/"
STAFF = "staff/"
SHARED = 3
KINDS = {"text/html": "html", "text/css": "css", "text/javascript": "js", "font/woff2": "font"}


@dataclass(frozen=True)
class Weight:
    """A page: bytes by kind (gzip; the font as it is), and how many files."""

    page: str
    html: int
    css: int
    js: int
    font: int
    requests: int

    @property
    def bytes(self) -> int:
        """All of it."""
        return self.html + self.css + self.js + self.font

    @property
    def later_bytes(self) -> int:
        """What comes at most where another page was there before: stylesheets and font are kept."""
        return self.html + self.js

    @property
    def later_requests(self) -> int:
        """The same in files; two stylesheets and a font less."""
        return self.requests - SHARED


def measure() -> list[Weight]:
    """Every page of one clinic in its first language, and of the staff's host."""
    portal = clinics.read_portal()
    staff = people.read_practitioners(portal.practitioners, portal.clinics)
    made = dict(portals.render(portal.brand, portal.clinics, staff))
    return [_weight(made, key) for key in sorted(made) if markup.is_html(key) and key.startswith((HOME, STAFF))]


def _weight(made: dict[str, Page], key: str) -> Weight:
    load = markup.first_load(made, key)
    return _weighed(key, load, {found: made[found].content_type for found in load})


def _weighed(key: str, load: Mapping[str, int], types: Mapping[str, str]) -> Weight:
    """A first load as bytes by kind."""
    by_kind: Counter[str] = Counter()
    for found, size in load.items():
        by_kind[KINDS[types[found].split(";")[0]]] += size
    name = key.removeprefix("patient/").removesuffix("index.html")
    return Weight(page=f"/{name}", requests=len(load), **{kind: by_kind[kind] for kind in KINDS.values()})

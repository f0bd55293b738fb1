"""What publishing makes: pages, and the colours and hours that are worked out for them."""

from __future__ import annotations

from datetime import date
from hashlib import md5, sha256

from msgspec import Struct

from chalicelib.clinics.records import Window


class Page(Struct, frozen=True, kw_only=True):
    """One object of the portal bucket: an HTML page, a stylesheet, a module, a font or an icon.

    `status` is what it is served with: 404 for a page that says so.
    """

    body: bytes
    content_type: str
    cache_control: str
    status: int = 200

    @property
    def digest(self) -> str:
        """Changes when the bytes or the headers do (hex, SHA-256)."""
        return sha256(b"\0".join((self.headers.encode(), self.body))).hexdigest()

    @property
    def headers(self) -> str:
        """All that a reader is told beside the bytes."""
        return f"{self.status}; {self.content_type}; {self.cache_control}"

    @property
    def tag(self) -> str:
        """What S3 calls the ETag of these bytes (hex, MD5): it only tells whether they are there already."""
        return md5(self.body, usedforsecurity=False).hexdigest()


class Layout(Struct, frozen=True, kw_only=True):
    """The keys of the two hosts, save those below a fingerprint: of the brand, of a clinic, of a clinic's language, of the staff.

    Those of a clinic come below `{clinic}/`, those of a language below `{clinic}/{language}/`; there too the pages of forms, which a
    clinic makes by itself and which `forms`, a regular expression that Python and JavaScript read alike, knows by their look.
    """

    brand: tuple[str, ...]
    clinic: tuple[str, ...]
    tongue: tuple[str, ...]
    staff: tuple[str, ...]
    forms: str


class Published(Struct, frozen=True, kw_only=True):
    """What one publishing changed: keys in order, and how many objects were already right.

    `languages` are the clinics whose languages the edge was told anew, `forgotten` the addresses it shall fetch anew, as
    `{host}{address}`.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    languages: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()

    @property
    def counts(self) -> Counts:
        """How many of each."""
        return Counts(
            written=len(self.written),
            removed=len(self.removed),
            kept=self.kept,
            languages=len(self.languages),
            forgotten=len(self.forgotten),
        )


class Counts(Struct, frozen=True, kw_only=True):
    """How much one publishing changed, and how many files were already right."""

    written: int
    removed: int
    kept: int
    languages: int
    forgotten: int


class OpenDays(Struct, frozen=True, kw_only=True):
    """A row of the opening hours: weekdays `first` to `last` (0 is Monday), the same windows on each; none means closed.

    `valid_from` and `valid_until` are local dates, both included, of a rule that does not always hold.
    """

    first: int
    last: int
    windows: tuple[Window, ...]
    valid_from: date | None = None
    valid_until: date | None = None


class Palette(Struct, frozen=True, kw_only=True):
    """Every colour of a portal in one mode, as `#rrggbb`. Text tokens are proven against their grounds by `rules.colours`."""

    brand: str
    brand_ink: str
    on_brand: str
    hero: str
    hero_deep: str
    on_hero: str
    accent: str
    bg: str
    card: str
    tint: str
    line: str
    edge: str
    ink: str
    ink_dim: str
    ok: str
    ok_bg: str
    warn: str
    warn_bg: str
    bad: str
    bad_bg: str
    focus: str


class Line(Struct, frozen=True, kw_only=True):
    """Whom somebody can call (and write a text message to) who cannot wait."""

    number: str
    texts: bool = False

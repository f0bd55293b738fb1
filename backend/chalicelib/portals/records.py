"""What publishing makes: pages, and the colours and hours that are worked out for them."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from msgspec import Struct

from chalicelib.clinics.records import Window


class Page(Struct, frozen=True, kw_only=True):
    """One object of the portal bucket: an HTML page, a stylesheet, a module, a font or an icon."""

    body: bytes
    content_type: str
    cache_control: str

    @property
    def digest(self) -> str:
        """Changes when the bytes or the headers do (hex, SHA-256)."""
        return sha256(b"\0".join((self.content_type.encode(), self.cache_control.encode(), self.body))).hexdigest()


class Published(Struct, frozen=True, kw_only=True):
    """What one publishing changed: keys in order, and how many objects were already right."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int


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

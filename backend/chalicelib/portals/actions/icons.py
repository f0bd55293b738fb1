"""Icons: one sprite a page, holding only what the page names (Lucide, ISC licence)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

from chalicelib.portals.rules.problems import IconMissing

_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def drawing(templates: Path, name: str) -> Markup:
    """What is inside an icon's `<svg>`, 24 by 24; IconMissing if there is no such icon."""
    path = templates / "shell/icons" / f"{name}.svg"
    found = _BODY.search(path.read_text("utf-8")) if path.is_file() else None
    if found is None:
        raise IconMissing(f"There is no icon {name!r} in shell/icons.")
    return Markup(re.sub(r"\s*\n\s*", "", found[1]))  # noqa: S704 - a file of ours, not a text that anybody typed


def badge(shape: Markup, colour: str) -> str:
    """A clinic's mark, white on its colour, as a stand-alone SVG for tabs and home screens."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<rect width="48" height="48" rx="13" fill="{colour}"/>'
        '<g transform="translate(10 10) scale(1.1667)" fill="none" stroke="#fff" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round">'
        f"{shape}</g></svg>\n"
    )


class Cabinet:
    """All icons of some templates; each is read once."""

    def __init__(self, templates: Path) -> None:
        self.shape = cache(lambda name: drawing(templates, name))
        self.symbol = cache(self._symbol)
        self.use = cache(self._use)

    def _symbol(self, name: str) -> Markup:
        return Markup('<symbol id="i-{}" viewBox="0 0 24 24">{}</symbol>').format(name, self.shape(name))

    def _use(self, name: str, size: int, kind: str) -> Markup:
        return Markup('<svg class="{}" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>').format(
            f"icon {kind}".strip(), size, size, name
        )


class Sprite:
    """The icons one page uses; templates call `icon`, the layout ends with `sprite`."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.cabinet = cabinet
        self.used: set[str] = set()

    def icon(self, name: str, size: int = 20, kind: str = "") -> Markup:
        """A drawing that screen readers pass over; `size` in CSS pixels, `kind` more classes."""
        self.used.add(name)
        return self.cabinet.use(name, size, kind)

    def sprite(self) -> Markup:
        """The definitions of every icon named so far."""
        symbols = Markup("").join(map(self.cabinet.symbol, sorted(self.used)))
        return Markup('<svg width="0" height="0" hidden aria-hidden="true">{}</svg>').format(symbols)

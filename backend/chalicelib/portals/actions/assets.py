"""Stylesheets, modules, font and icons: gathered from the templates, and served under a fingerprint that changes with them.

What all clinics share has one fingerprint, since modules name each other by place. Each theme has its own: a clinic that joins or
changes its colours leaves the pages of all others as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

import msgspec
from markupsafe import Markup

from chalicelib.clinics.records import Brand, Clinic, Theme
from chalicelib.portals.actions import icons
from chalicelib.portals.records import Page, Palette
from chalicelib.portals.rules import colours

FOREVER = "public, max-age=31536000, immutable"
HOUR = "public, max-age=3600"
ICON = "icon.svg"
PRINT = 12  # hex digits of a fingerprint
# Stylesheets, each a list of cascade layers, weakest first; a file of shell/css is the layer of its name. The patients' host has one for
# its pages; those of documents and of forms have their own, which need nothing of booking and would not keep to what a first load may
# weigh with it.
SHEETS = {
    "portal.css": ("tokens", "elements", "frame", "parts", "booking", "visits", "home", "modes"),
    "papers.css": ("tokens", "elements", "frame", "parts", "papers", "modes"),
    "forms.css": ("tokens", "elements", "frame", "parts", "filling", "modes"),
    "staff.css": ("tokens", "elements", "frame", "parts", "desk", "gate", "work", "modes"),
    "staff-visit.css": ("tokens", "elements", "frame", "parts", "desk", "work", "judging", "modes"),
    "staff-forms.css": ("tokens", "elements", "frame", "parts", "desk", "work", "editing", "modes"),
}
CSS, JS, SVG, FONT = "text/css; charset=utf-8", "text/javascript; charset=utf-8", "image/svg+xml", "font/woff2"
_IMPORT = re.compile(r"""^import [^;]*?from ['"](\.[^'"]+)['"];""", re.MULTILINE)


@dataclass(frozen=True)
class Bundle:
    """The assets by path below their fingerprint, and what the pages need to know of them."""

    shared: Mapping[str, Page]
    themes: Mapping[str, Page]  # by path; each under a fingerprint of its own
    marks: Mapping[str, Page]  # clinic id ("" is the brand) -> its icon
    palettes: Mapping[str, tuple[Palette, Palette]]  # the same keys -> by day, by night
    cabinet: icons.Cabinet

    @cached_property
    def places(self) -> dict[str, str]:
        """Where each asset lies: path -> key, without the host."""
        every = sha256("".join(f"{path} {page.digest}\n" for path, page in sorted(self.shared.items())).encode()).hexdigest()
        shared = {path: f"a/{every[:PRINT]}/{path}" for path in self.shared}
        return shared | {path: f"a/{page.digest[:PRINT]}/{path}" for path, page in self.themes.items()}

    def href(self, path: str) -> str:
        """Where an asset is served; KeyError if there is none."""
        return f"/{self.places[path]}"

    @cached_property
    def modules(self) -> dict[str, list[str]]:
        """The modules that each module imports, through and through, in the order met."""
        return {path: self._imports(path) for path in self.shared if path.endswith(".js")}

    def _imports(self, path: str) -> list[str]:
        found: dict[str, None] = {}
        for spoken in _IMPORT.findall(self.shared[path].body.decode()):
            target = _joined(PurePosixPath(path).parent, spoken)
            found |= dict.fromkeys((target, *self._imports(target)))
        return list(found)

    def pages(self, *, patient: bool) -> dict[str, Page]:
        """What one host serves: staff get the brand's theme and their own modules, patients all the rest."""
        files = {**self.shared, **self.themes}
        made = {place: files[path] for path, place in self.places.items() if _served(path, patient=patient)}
        return made | {f"{who}/{ICON}" if who else ICON: page for who, page in self.marks.items() if patient or not who}


def _served(path: str, *, patient: bool) -> bool:
    """Whether the patients' host, or else the staff's, serves an asset."""
    if path.startswith("staff"):
        return not patient
    return patient or path == "theme.css" or path.startswith(("shell/", "fonts/"))


def _joined(folder: PurePosixPath, spoken: str) -> str:
    """The path a relative import means: `booking` and `../shell/api.js` give `shell/api.js`."""
    parts: list[str] = list(folder.parts)
    for part in PurePosixPath(spoken).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def bundle(brand: Brand, clinics: Sequence[Clinic], templates: Path) -> Bundle:
    """All assets of a portal; the theme files are named `theme.css` (the brand's) and `theme-{clinic}.css`."""
    themes = {"": brand.theme} | {clinic.id: clinic.theme for clinic in clinics}
    marks = {"": brand.mark} | {clinic.id: clinic.theme.mark for clinic in clinics}
    cabinet = icons.Cabinet(templates)
    palettes = {who: _palettes(theme.brand, theme.accent) for who, theme in themes.items()}
    return Bundle(
        shared=dict(_sources(templates)),
        themes={theme_of(who): _asset(_theme(theme, *palettes[who]), CSS) for who, theme in themes.items()},
        marks={who: _icon(cabinet.shape(mark), palettes[who][0].brand) for who, mark in marks.items()},
        palettes=palettes,
        cabinet=cabinet,
    )


def theme_of(who: str) -> str:
    """The path of a clinic's theme, or of the brand's own."""
    return f"theme-{who}.css" if who else "theme.css"


@lru_cache(maxsize=1024)
def _palettes(brand: str, accent: str) -> tuple[Palette, Palette]:
    """By day and by night. Working them out takes a millisecond, and many clinics keep the same colours."""
    theme = Theme(brand=brand, accent=accent)
    return colours.light(theme), colours.dark(theme)


def _icon(shape: Markup, colour: str) -> Page:
    return Page(body=icons.badge(shape, colour).encode(), content_type=SVG, cache_control=HOUR)


def _asset(text: str, content_type: str) -> Page:
    return Page(body=text.encode(), content_type=content_type, cache_control=FOREVER)


def _sources(templates: Path) -> Iterator[tuple[str, Page]]:
    """The assets that are the same for every clinic."""
    face = _tight((templates / "shell/css/font.css").read_text("utf-8"))
    for sheet, names in SHEETS.items():
        layers = "".join(f"@layer {name}{{{_tight((templates / f'shell/css/{name}.css').read_text('utf-8'))}}}\n" for name in names)
        yield sheet, _asset(f"@layer {','.join(names)};\n{face}\n{layers}", CSS)
    for module in sorted(templates.glob("*/*.js")):
        if any(module.parent.glob("*.html")):  # what has no page yet has nobody who would ask for it
            yield module.relative_to(templates).as_posix(), _asset(_lean(module.read_text("utf-8")), JS)
    yield "fonts/text.woff2", Page(body=(templates / "shell/fonts/text.woff2").read_bytes(), content_type=FONT, cache_control=FOREVER)


def _tight(css: str) -> str:
    """A stylesheet without comments, indents and blank lines; the rest is left to compression."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return "\n".join(line.strip() for line in bare.splitlines() if line.strip())


def _lean(script: str) -> str:
    """A module without lines of comment, indents and blank lines: an eighth less to carry. None of ours has a text of several lines."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _theme(theme: Theme, day: Palette, night: Palette) -> str:
    """What a clinic sets: its colours by day and by night, and how round things are."""
    radii = f"--radius:{theme.radius}px;--radius-small:{round(theme.radius * 0.7)}px;"
    return f":root{{{radii}{_tokens(day)}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{_tokens(night)}}}}}\n"


def _tokens(palette: Palette) -> str:
    named: dict[str, str] = msgspec.structs.asdict(palette)
    return "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in named.items())

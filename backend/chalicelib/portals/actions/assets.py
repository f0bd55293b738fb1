"""Stylesheets, modules, font and icons: gathered from the templates, and served under one fingerprint of them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

import msgspec

from chalicelib.clinics.records import Brand, Clinic, Theme
from chalicelib.portals.actions import icons
from chalicelib.portals.records import Page, Palette
from chalicelib.portals.rules import colours

FOREVER = "public, max-age=31536000, immutable"
HOUR = "public, max-age=3600"
# The two hosts' stylesheets, each a list of cascade layers, weakest first; a file of shell/css is the layer of its name.
SHEETS = {
    "portal.css": ("tokens", "elements", "frame", "parts", "booking", "visits", "home", "modes"),
    "staff.css": ("tokens", "elements", "frame", "parts", "desk", "gate", "work", "modes"),
}
CSS, JS, SVG, FONT = "text/css; charset=utf-8", "text/javascript; charset=utf-8", "image/svg+xml", "font/woff2"
_IMPORT = re.compile(r"""^import [^;]*?from ['"](\.[^'"]+)['"];""", re.MULTILINE)


@dataclass(frozen=True)
class Bundle:
    """The assets by path below the fingerprint, and what the pages need to know of them."""

    files: Mapping[str, Page]
    marks: Mapping[str, Page]  # clinic id ("" is the brand) -> its icon
    palettes: Mapping[str, tuple[Palette, Palette]]  # the same keys -> by day, by night

    @property
    def fingerprint(self) -> str:
        """Names this set of assets: 12 hex digits."""
        return sha256("".join(f"{path} {page.digest}\n" for path, page in sorted(self.files.items())).encode()).hexdigest()[:12]

    def href(self, path: str) -> str:
        """Where an asset is served; KeyError if there is none."""
        self.files[path]
        return f"/a/{self.fingerprint}/{path}"

    def modules(self, path: str) -> list[str]:
        """The modules that a module imports, through and through, in the order met."""
        found: dict[str, None] = {}
        for spoken in _IMPORT.findall(self.files[path].body.decode()):
            target = _joined(PurePosixPath(path).parent, spoken)
            found |= dict.fromkeys((target, *self.modules(target)))
        return list(found)

    def pages(self, *, patient: bool) -> dict[str, Page]:
        """What one host serves: staff get the brand's theme and their own modules, patients all the rest."""
        made = {f"a/{self.fingerprint}/{path}": page for path, page in self.files.items() if _served(path, patient=patient)}
        return made | {f"{who}/icon.svg" if who else "icon.svg": page for who, page in self.marks.items() if patient or not who}


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
    palettes = {who: (colours.light(theme), colours.dark(theme)) for who, theme in themes.items()}
    files = dict(_sources(templates)) | {
        f"theme-{who}.css" if who else "theme.css": _asset(_theme(themes[who], *palettes[who]), CSS) for who in themes
    }
    drawn = {
        who: Page(body=icons.badge(templates, marks[who], palettes[who][0].brand).encode(), content_type=SVG, cache_control=HOUR)
        for who in themes
    }
    return Bundle(files=files, marks=drawn, palettes=palettes)


def _asset(text: str, content_type: str) -> Page:
    return Page(body=text.encode(), content_type=content_type, cache_control=FOREVER)


def _sources(templates: Path) -> Iterator[tuple[str, Page]]:
    """The assets that are the same for every clinic."""
    face = _tight((templates / "shell/css/font.css").read_text("utf-8"))
    for sheet, names in SHEETS.items():
        layers = "".join(f"@layer {name}{{{_tight((templates / f'shell/css/{name}.css').read_text('utf-8'))}}}\n" for name in names)
        yield sheet, _asset(f"@layer {','.join(names)};\n{face}\n{layers}", CSS)
    for module in sorted(templates.glob("*/*.js")):
        yield module.relative_to(templates).as_posix(), _asset(module.read_text("utf-8"), JS)
    yield "fonts/text.woff2", Page(body=(templates / "shell/fonts/text.woff2").read_bytes(), content_type=FONT, cache_control=FOREVER)


def _tight(css: str) -> str:
    """A stylesheet without comments, indents and blank lines; the rest is left to compression."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return "\n".join(line.strip() for line in bare.splitlines() if line.strip())


def _theme(theme: Theme, day: Palette, night: Palette) -> str:
    """What a clinic sets: its colours by day and by night, and how round things are."""
    radii = f"--radius:{theme.radius}px;--radius-small:{round(theme.radius * 0.7)}px;"
    return f":root{{{radii}{_tokens(day)}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{_tokens(night)}}}}}\n"


def _tokens(palette: Palette) -> str:
    named: dict[str, str] = msgspec.structs.asdict(palette)
    return "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in named.items())

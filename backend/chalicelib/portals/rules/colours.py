"""Colours that can be read: a clinic gives one brand colour, and every other token is mixed from it and proven.

Contrast is WCAG 2.2's (relative luminance of sRGB); mixing is done in OKLab (Ottosson 2020), where equal steps look equal.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.clinics.records import Theme
from chalicelib.portals.records import Palette

WHITE, BLACK = "#ffffff", "#000000"
TEXT, STRONG, CONTROL = 4.5, 7.0, 3.0  # least contrast of text, of links and of the edges of controls
STEP = 0.04  # share of black or white added at a time

Triple = tuple[float, float, float]

# Every pair of tokens that meets as text on a ground, or as a control's edge on one: what the pages may use.
PAIRS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("on_brand", ("brand", "brand_ink"), TEXT),
    ("on_hero", ("hero", "hero_deep"), TEXT),
    ("brand_ink", ("bg", "card", "tint"), STRONG),
    ("ink", ("bg", "card", "tint", "ok_bg", "warn_bg", "bad_bg"), STRONG),
    ("ink_dim", ("bg", "card", "tint"), TEXT),
    ("ok", ("card", "bg", "ok_bg"), TEXT),
    ("warn", ("card", "bg", "warn_bg"), TEXT),
    ("bad", ("card", "bg", "bad_bg"), TEXT),
    ("edge", ("bg", "card", "tint"), CONTROL),
    ("brand", ("bg", "card"), CONTROL),
    ("focus", ("bg", "card", "tint", "warn_bg", "bad_bg"), CONTROL),
)


def _linear(colour: str) -> Triple:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def _hex(light: Triple) -> str:
    clamped = (min(1.0, max(0.0, c)) for c in light)
    encoded = (c * 12.92 if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in clamped)
    return "#" + "".join(f"{round(c * 255):02x}" for c in encoded)


def _to_oklab(colour: str) -> Triple:
    r, g, b = _linear(colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lab: Triple) -> str:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return _hex(
        (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )
    )


def mix(colour: str, share: float, other: str) -> str:
    """`share` (0 to 1) of a colour, the rest of another."""
    (l1, a1, b1), (l2, a2, b2) = _to_oklab(colour), _to_oklab(other)
    return _from_oklab((l1 * share + l2 * (1 - share), a1 * share + a2 * (1 - share), b1 * share + b2 * (1 - share)))


def luminance(colour: str) -> float:
    """WCAG's relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def until(colour: str, toward: str, least: float, grounds: Iterable[str]) -> str:
    """The colour, moved in steps toward black or white until it stands out from every ground by `least`."""
    grounds = tuple(grounds)
    steps = (mix(toward, step * STEP, colour) for step in range(round(1 / STEP) + 1))
    return next((found for found in steps if all(contrast(found, ground) >= least for ground in grounds)), toward)


def light(theme: Theme) -> Palette:
    """The day palette of a clinic."""
    brand = until(theme.brand, BLACK, TEXT, (WHITE,))
    bg, tint = mix(brand, 0.05, "#fbfaf7"), mix(brand, 0.1, WHITE)
    grounds = (bg, WHITE, tint)
    brand_ink = until(brand, BLACK, STRONG, grounds)
    return Palette(
        brand=brand,
        brand_ink=brand_ink,
        on_brand=WHITE,
        hero=brand,
        hero_deep=mix(brand_ink, 0.8, BLACK),
        on_hero=WHITE,
        accent=theme.accent,
        bg=bg,
        card=WHITE,
        tint=tint,
        line=mix(brand, 0.14, "#e4e6e4"),
        edge=until("#7d8c91", BLACK, CONTROL, grounds),
        ink="#16242b",
        ink_dim=until("#51626b", BLACK, TEXT, grounds),
        ok="#0d6e3f",
        ok_bg="#e2f4ea",
        warn="#8a5300",
        warn_bg="#fff3dc",
        bad="#b3261e",
        bad_bg="#fde7e5",
        focus="#1b1f8a",
    )


def dark(theme: Theme) -> Palette:
    """The night palette of a clinic."""
    deep = until(theme.brand, BLACK, TEXT, (WHITE,))  # what surfaces are mixed from: a bright colour would make them too light
    bg, card, tint = mix(deep, 0.1, "#0d1214"), mix(deep, 0.13, "#161d20"), mix(deep, 0.28, "#1d2528")
    grounds = (bg, card, tint)
    brand = until(theme.brand, WHITE, TEXT, (bg, card))
    return Palette(
        brand=brand,
        brand_ink=until(brand, WHITE, STRONG, grounds),
        on_brand=until(mix(theme.brand, 0.2, BLACK), BLACK, TEXT, (brand,)),
        hero=until(mix(theme.brand, 0.6, BLACK), BLACK, STRONG, (WHITE,)),
        hero_deep=mix(deep, 0.25, "#0d1214"),
        on_hero=WHITE,
        accent=theme.accent,
        bg=bg,
        card=card,
        tint=tint,
        line=mix(deep, 0.2, "#2c363a"),
        edge=until("#7f9096", WHITE, CONTROL, grounds),
        ink="#edf3f4",
        ink_dim=until("#a5b4ba", WHITE, TEXT, grounds),
        ok="#74d5a1",
        ok_bg="#12301f",
        warn="#f3bd6d",
        warn_bg="#33260c",
        bad="#ffa199",
        bad_bg="#411c19",
        focus="#b3bcff",
    )

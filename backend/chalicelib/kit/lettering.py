"""The letters of printed copies: which there are, how wide they are, and how a text is set in lines of them.

One font, in the package as PDF holds it: DejaVu Sans Condensed with the Latin, Greek and Cyrillic letters (scripts/cut_font.py). What it
has no letter for is never left out or guessed: it is printed by its number, `[U+4E2D]`. Lengths are in thousandths of the letters' size.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import msgspec
from msgspec import Struct

from chalicelib.kit import settings

NUMBERED = "[U+{:04X}]"


class Font(Struct, frozen=True):
    """What setting a line needs. `size` in bytes, undeflated; `glyphs` those of `letters`, `widths` by glyph."""

    ascent: int
    descent: int
    box: tuple[int, int, int, int]
    size: int
    letters: str
    glyphs: tuple[int, ...]
    widths: tuple[int, ...]


@cache
def font() -> Font:
    """What is known of the font."""
    return msgspec.json.decode((settings.letters() / "letters.json").read_bytes(), type=Font)


@cache
def glyphs() -> dict[str, int]:
    """Which glyph a letter is drawn as."""
    return dict(zip(font().letters, font().glyphs, strict=True))


def embedded() -> bytes:
    """The font's own bytes, deflated."""
    return (settings.letters() / "letters.ttf.z").read_bytes()


def printable(text: str) -> str:
    """A text in letters that there are, composed as far as they can be; every kind of space is a plain one, and lines stay apart."""
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(_letter(each) for each in whole)


def _letter(letter: str) -> str:
    if letter == "\n" or letter in glyphs():
        return " " if letter == "\xa0" else letter
    return " " if letter.isspace() or unicodedata.category(letter) == "Cc" else NUMBERED.format(ord(letter))


def lacks(text: str) -> bool:
    """Whether a text has letters that the font has not."""
    return any(_letter(each).startswith("[U+") for each in unicodedata.normalize("NFC", text))


def width(text: str) -> int:
    """How wide a printable text is."""
    known, widths = glyphs(), font().widths
    return sum(widths[known[each]] for each in text)


def lines(text: str, widest: int) -> Iterator[str]:
    """A printable text in lines of at most that width; a wider word is broken, and of empty lines in a row one stays."""
    space, was_empty = width(" "), False
    for paragraph in text.split("\n"):
        is_empty = not paragraph.strip(" ")
        if is_empty and was_empty:
            continue
        was_empty, line, reach = is_empty, "", 0
        for word, wide in _words(paragraph, widest):
            if line and reach + space + wide > widest:
                yield line
                line = ""
            line, reach = (f"{line} {word}", reach + space + wide) if line else (word, wide)
        yield line


def _words(paragraph: str, widest: int) -> Iterator[tuple[str, int]]:
    """Its words with their widths, those that no line would hold in pieces."""
    known, widths = glyphs(), font().widths
    for word in re.findall(r"[^ ]+", paragraph):
        begin = reach = 0
        for place, letter in enumerate(word):
            wide = widths[known[letter]]
            if place > begin and reach + wide > widest:
                yield word[begin:place], reach
                begin, reach = place, 0
            reach += wide
        yield word[begin:], reach

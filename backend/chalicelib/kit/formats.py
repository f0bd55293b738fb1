"""Which kind of file some bytes begin as. A filter and no proof: a file is what it says once it was decoded to its end.

Signatures are looked for at byte 0 alone. Libraries that guess kinds call HTML in front of a PDF a PDF, and a picture with a
program behind it a picture.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Format(StrEnum):
    """The kinds of file that are taken in, by media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"


class Picture(Struct, frozen=True):
    """A JPEG and its size in pixels."""

    body: bytes
    width: int
    height: int


# What a browser may say of a file, and what it may then be. Windows knows no HEIC and says that it knows nothing.
DECLARED = {each.value: frozenset({each}) for each in Format} | {
    "image/jpg": frozenset({Format.JPEG}),
    "image/heif": frozenset({Format.HEIC}),
    "application/octet-stream": frozenset(Format),
}
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})  # ISO/IEC 23008-12, still pictures coded as HEVC
HEIF_ANY = frozenset({b"mif1", b"msf1"})  # says only that it is some HEIF; the compatible brands say which


def sniffed(content: bytes) -> Format | None:
    """The format whose signature stands at byte 0, or None."""
    if content.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Format.WEBP
    if content.startswith(b"%PDF-"):
        return Format.PDF
    return Format.HEIC if _is_heic(content) else None


def _is_heic(content: bytes) -> bool:
    """Whether it begins with a file type box of a still HEVC picture; the box is at most 256 bytes long here."""
    length = int.from_bytes(content[:4], "big")
    if content[4:8] != b"ftyp" or not 16 <= length <= 256:
        return False
    compatible = {content[at : at + 4] for at in range(16, length, 4)}
    major = content[8:12]
    return major in HEIF_BRANDS or (major in HEIF_ANY and not HEIF_BRANDS.isdisjoint(compatible))

"""Makes a PDF anew: every page is drawn, and the drawings are the new PDF. Nothing else of the old one goes in: no text, picture or script.

Only for the inspecting function, whose package has pikepdf (qpdf) and pypdfium2 (PDFium).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

import pikepdf
import pypdfium2
from msgspec import Struct

from chalicelib.kit import pictures
from chalicelib.kit.formats import Picture
from chalicelib.kit.refusing import Reason, Refused

MOST_PAGES = 20
MOST_UNPACKED = 40_000_000  # bytes of one stream: a page scanned at 400 dots an inch in colour
MOST_UNPACKED_IN_ALL = 120_000_000
PREVIEW = 1600  # pixels of the longer side of a page's picture

# Filters whose output is no larger than a picture's pixels, which the drawing bounds; and the one that we unpack ourselves.
PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
FLATE = "/FlateDecode"


class Paper(Struct, frozen=True):
    """A PDF of drawn pages, and the picture of each."""

    body: bytes
    pages: tuple[Picture, ...]


def remade(content: bytes) -> Paper:
    """Its pages, drawn anew. Refused with a password, with too many pages, or with too much packed into it."""
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            _check(pdf)
            flat = _flattened(pdf)
        drawn = list(_drawn(flat))
        return Paper(_bound(drawn), tuple(picture for picture, _ in drawn))
    except pikepdf.PasswordError as error:
        raise Refused(Reason.LOCKED) from error
    except (pikepdf.PdfError, pypdfium2.PdfiumError, zlib.error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused(Reason.UNREADABLE) from error


def _check(pdf: pikepdf.Pdf) -> None:
    if not 1 <= len(pdf.pages) <= MOST_PAGES:
        raise Refused(Reason.LARGE if len(pdf.pages) else Reason.UNREADABLE)
    unpacked = 0
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            unpacked += _unpacked(thing)
            if unpacked > MOST_UNPACKED_IN_ALL:
                raise Refused(Reason.LARGE)


def _unpacked(stream: pikepdf.Stream) -> int:
    """How many bytes a stream unpacks to, found without unpacking more than we would take. Refused where it is too many."""
    packed = stream.read_raw_bytes()
    filters = _filters(stream)
    for each in filters:
        if each == FLATE:
            packed = _inflated(packed)
        elif each not in PICTURES:
            return _unpacked_by_qpdf(stream)
    return len(packed)


def _filters(stream: pikepdf.Stream) -> list[str]:
    named = stream.get("/Filter")
    if named is None:
        return []
    return [str(each) for each in (named if isinstance(named, pikepdf.Array) else [named])]


def _inflated(packed: bytes) -> bytes:
    found = zlib.decompressobj().decompress(packed, MOST_UNPACKED + 1)
    if len(found) > MOST_UNPACKED:
        raise Refused(Reason.LARGE)
    return found


def _unpacked_by_qpdf(stream: pikepdf.Stream) -> int:
    """The old text-like filters: qpdf unpacks them, in a process that may not grow beyond its bounds."""
    found = len(stream.read_bytes(pikepdf.StreamDecodeLevel.all))
    if found > MOST_UNPACKED:
        raise Refused(Reason.LARGE)
    return found


def _flattened(pdf: pikepdf.Pdf) -> bytes:
    """The same document, with what was written into forms or stuck onto pages as part of the pages."""
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")
    out = BytesIO()
    pdf.save(out, encryption=False)
    return out.getvalue()


def _drawn(body: bytes) -> Iterator[tuple[Picture, tuple[float, float]]]:
    """A picture of each page, and the page's size in points."""
    document = pypdfium2.PdfDocument(body)
    try:
        for page in document:
            width, height = page.get_size()
            drawing = page.render(scale=PREVIEW / max(width, height, 1), may_draw_forms=False, rev_byteorder=True)
            yield pictures.drawn(drawing.to_pil()), (width, height)
    finally:
        document.close()


def _bound(drawn: Iterable[tuple[Picture, tuple[float, float]]]) -> bytes:
    """The pictures as the pages of a new PDF, each in its old size."""
    pdf = pikepdf.new()
    for picture, (width, height) in drawn:
        image = pikepdf.Stream(
            pdf,
            picture.body,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = pdf.add_blank_page(page_size=(max(3.0, width), max(3.0, height)))  # points: PDF knows no smaller page
        name = page.add_resource(image, pikepdf.Name.XObject)
        page.contents_add(f"q {width:.2f} 0 0 {height:.2f} 0 0 cm {name} Do Q".encode())
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()

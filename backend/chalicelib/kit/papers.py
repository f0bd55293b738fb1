"""Makes a PDF anew: only its pages, flattened, with nothing that acts, hides or refers; and a picture of every page.

Only for the inspecting function, whose package has pikepdf (qpdf) and pypdfium2 (PDFium). What people look at are the pictures.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

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
DEEPEST = 400  # nested objects; a PDF that people made has a dozen

# What acts, hides or refers, wherever it stands (ISO 32000-1: 7.11, 12.3 to 12.7, 13; XFA; ISO 32000-2: 14.13).
ACTIVE = frozenset(
    {
        *("/AA", "/AF", "/EmbeddedFile", "/EmbeddedFiles", "/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/JS", "/Launch", "/Movie"),
        *("/OpenAction", "/Rendition", "/RichMedia", "/Sound", "/SubmitForm", "/URI", "/XFA"),
    }
)
# Of the document itself nothing but the pages is kept.
KEPT_OF_ROOT = frozenset({"/Type", "/Pages", "/Version", "/OCProperties", "/Lang"})
KEPT_OF_PAGE = frozenset(
    {
        "/Type",
        "/Parent",
        "/Resources",
        "/MediaBox",
        "/CropBox",
        "/BleedBox",
        "/TrimBox",
        "/ArtBox",
        "/Contents",
        "/Rotate",
        "/Group",
        "/UserUnit",
    }
)
# Filters whose output is no larger than a picture's pixels, which the drawing bounds; and the one that we unpack ourselves.
PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
FLATE = "/FlateDecode"


class Paper(Struct, frozen=True):
    """A PDF of pages alone, and a picture of each."""

    body: bytes
    pages: tuple[Picture, ...]


def remade(content: bytes) -> Paper:
    """The pages alone. Refused with a password, with too many pages, with too much packed into it, or if anything that acts is left."""
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            _check(pdf)
            body = _pages_alone(pdf)
        _check_nothing_acts(body)
        return Paper(body, tuple(_drawn(body)))
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


def _pages_alone(pdf: pikepdf.Pdf) -> bytes:
    """The same pages in a document that has nothing else; what was written into forms is drawn onto them first."""
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")
    for page in pdf.pages:
        for name in page.obj.keys() - KEPT_OF_PAGE:
            del page.obj[name]
    for name in pdf.Root.keys() - KEPT_OF_ROOT:
        del pdf.Root[name]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    pdf.remove_unreferenced_resources()
    out = BytesIO()
    pdf.save(out, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _check_nothing_acts(body: bytes) -> None:
    """Walk from the root through everything, direct or not: a list of the file's own objects misses what stands inside others."""
    with pikepdf.open(BytesIO(body)) as pdf:
        for name in _names(pdf.Root):
            if name in ACTIVE:
                raise Refused(Reason.ACTIVE)


def _names(root: Any) -> Iterator[str]:
    """Every key of a dictionary, and every name among its values, that can be reached."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, int]] = [(root, 0)]
    while waiting:
        thing, depth = waiting.pop()
        if depth > DEEPEST:
            raise Refused(Reason.LARGE)
        if isinstance(thing, pikepdf.Object) and thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        if isinstance(thing, pikepdf.Name):
            yield str(thing)
        elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            yield from thing.keys()
            waiting += [(inner, depth + 1) for _, inner in thing.items()]
        elif isinstance(thing, pikepdf.Array):
            waiting += [(each, depth + 1) for each in thing]


def _drawn(body: bytes) -> Iterator[Picture]:
    document = pypdfium2.PdfDocument(body)
    try:
        for page in document:
            width, height = page.get_size()
            drawing = page.render(scale=PREVIEW / max(width, height, 1), may_draw_forms=False, rev_byteorder=True)
            yield pictures.drawn(drawing.to_pil())
    finally:
        document.close()

"""What makes a PDF of pages: their font, what is what on them (PDF's tags), and the file itself. ISO 32000-1 is what the names are of."""

from __future__ import annotations

import io
from collections.abc import Sequence, Set
from typing import Any, NamedTuple

import pydyf

from chalicelib.kit import lettering

FONT = "F"  # what pages call it
NAME = "/AAAAAA+DejaVuSansCondensed"  # six letters say that it is a part of the font


class Element(NamedTuple):
    """What belongs together (a heading, say), the pieces of pages that it stands on (page, number there), and words for a picture."""

    tag: str
    pieces: list[tuple[int, int]]
    told: str = ""


class About(NamedTuple):
    """What the file says of itself; the language is a BCP 47 tag."""

    title: str
    author: str
    language: str


def written(size: tuple[int, int], about: About, contents: Sequence[pydyf.Stream], elements: Sequence[Element], letters: Set[str]) -> bytes:
    """The file. `letters`: those that stand in it."""
    whole = pydyf.PDF()
    font = _font(whole, "".join(sorted(letters)))
    pages = [_page(whole, size, content, number, font) for number, content in enumerate(contents)]
    whole.catalog.update(
        {
            "Lang": pydyf.String(about.language),
            "MarkInfo": "<</Marked true>>",
            "StructTreeRoot": _structure(whole, elements, pages).reference,
            "ViewerPreferences": "<</DisplayDocTitle true>>",
        }
    )
    told = {"Title": about.title, "Author": about.author}
    whole.info.update({name: pydyf.String(lettering.printable(text)) for name, text in told.items()})
    file = io.BytesIO()
    whole.write(file, identifier=True)  # a hash of all that stands in it
    return file.getvalue()


def _added(whole: pydyf.PDF, **entries: Any) -> pydyf.Dictionary:
    made = pydyf.Dictionary(entries)
    whole.add_object(made)
    return made


def _page(whole: pydyf.PDF, size: tuple[int, int], content: pydyf.Stream, number: int, font: pydyf.Object) -> pydyf.Dictionary:
    whole.add_object(content)
    page = pydyf.Dictionary(
        {
            "Type": "/Page",
            "Parent": whole.pages.reference,
            "MediaBox": pydyf.Array([0, 0, *size]),
            "Contents": content.reference,
            "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({FONT: font.reference})}),
            "StructParents": number,
            "Tabs": "/S",
        }
    )
    whole.add_page(page)
    return page


def _font(whole: pydyf.PDF, letters: str) -> pydyf.Dictionary:
    """The font as a whole, with the widths of what stands on the pages and the way back from glyphs to letters."""
    known, glyphs = lettering.font(), lettering.glyphs()
    file = pydyf.Stream([lettering.embedded()], {"Length1": known.size, "Filter": "/FlateDecode"})
    back = pydyf.Stream([_letters({glyphs[letter]: letter for letter in letters})])
    whole.add_object(file)
    whole.add_object(back)
    descriptor = _added(
        whole,
        Type="/FontDescriptor",
        FontName=NAME,
        Flags=32,  # no symbols
        FontBBox=pydyf.Array(known.box),
        ItalicAngle=0,
        Ascent=known.ascent,
        Descent=known.descent,
        CapHeight=729,
        StemV=80,
        FontFile2=file.reference,
    )
    widths = [each for letter in letters for each in (glyphs[letter], pydyf.Array([known.widths[glyphs[letter]]]))]
    set_in = _added(
        whole,
        Type="/Font",
        Subtype="/CIDFontType2",
        BaseFont=NAME,
        CIDSystemInfo="<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
        FontDescriptor=descriptor.reference,
        W=pydyf.Array(widths),
        CIDToGIDMap="/Identity",
    )
    return _added(
        whole,
        Type="/Font",
        Subtype="/Type0",
        BaseFont=NAME,
        Encoding="/Identity-H",
        DescendantFonts=pydyf.Array([set_in.reference]),
        ToUnicode=back.reference,
    )


def _letters(of: dict[int, str]) -> bytes:
    """Which letter a glyph stands for, for whoever copies or searches (a ToUnicode CMap: at most 100 in one section)."""
    pairs = [f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>" for glyph, letter in sorted(of.items())]
    lines = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", "/CMapName /Letters def", "/CMapType 2 def"]
    lines += ["1 begincodespacerange", "<0000> <ffff>", "endcodespacerange"]
    for start in range(0, len(pairs), 100):
        some = pairs[start : start + 100]
        lines += [f"{len(some)} beginbfchar", *some, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]).encode()


def _structure(whole: pydyf.PDF, elements: Sequence[Element], pages: Sequence[pydyf.Dictionary]) -> pydyf.Dictionary:
    """What is a heading and what is words, in the order in which they are read."""
    root = _added(whole, Type="/StructTreeRoot")
    document = _added(whole, Type="/StructElem", S="/Document", P=root.reference)
    of_pages: list[dict[int, bytes]] = [{} for _ in pages]
    below = [_element(whole, element, document, pages) for element in elements]
    for element, made in zip(elements, below, strict=True):
        for page, piece in element.pieces:
            of_pages[page][piece] = made.reference
    document["K"] = pydyf.Array([made.reference for made in below])
    parents = [each for number, found in enumerate(of_pages) for each in (number, pydyf.Array(found.values()))]
    root.update({"K": document.reference, "ParentTree": pydyf.Dictionary({"Nums": pydyf.Array(parents)})})
    return root


def _element(whole: pydyf.PDF, element: Element, document: pydyf.Dictionary, pages: Sequence[pydyf.Dictionary]) -> pydyf.Dictionary:
    pieces = [f"<</Type /MCR /Pg {pages[page].reference.decode()} /MCID {piece}>>" for page, piece in element.pieces]
    made = _added(whole, Type="/StructElem", S=f"/{element.tag}", P=document.reference, K=pydyf.Array(pieces))
    if element.told:
        made["Alt"] = pydyf.String(lettering.printable(element.told))
    return made

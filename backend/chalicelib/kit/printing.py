"""A copy on paper: words one below the other, over as many pages as they need, as a PDF that screen readers can read too.

The same words give the same bytes, on every machine: nothing in it is a clock's, or random, and nothing is deflated here, since zlib's
bytes differ between its makers. Lengths are in points (1/72 inch), from the upper left corner of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pydyf import Stream

from chalicelib.kit import lettering, pdf

LETTER, A4 = (612, 792), (595, 842)
MARGIN, FOOT = 54, 40
MOST = 4_000_000  # bytes of a copy: in base64 it is to fit into one answer of a function (6 MB)
A_LETTER, A_LINE, AN_ELEMENT, A_POINT = 4, 280, 160, 16  # bytes that each of them takes up in a file, at most
LEADING = 1.35  # from line to line, in sizes
INK, GREY = (0.1, 0.12, 0.15), (0.35, 0.38, 0.42)


class Full(Exception):
    """More than a copy may be large."""


class Look(NamedTuple):
    """How words are set: their size, how far in, what stays free below them, and what they are to a screen reader (PDF's tags)."""

    size: float = 10
    left: float = 0
    after: float = 4
    tag: str = "P"
    strong: bool = False
    grey: bool = False


PLAIN = Look()


class Sheets:
    """A copy being written. `language` is a BCP 47 tag."""

    def __init__(self, size: tuple[int, int], title: str, author: str, language: str) -> None:
        self.width, self.height = size
        self.about = pdf.About(title, author, language)
        self.pages: list[Stream] = []
        self.elements: list[pdf.Element] = []
        self.pieces: list[int] = []  # of each page, so far
        self.used: set[str] = set()
        self.y, self.weight = 0.0, 0
        self.turn()

    def weigh(self, more: int) -> None:
        """Count the bytes that the file will have; Full before it is written where they are too many."""
        self.weight += more
        if self.weight > MOST:
            raise Full

    def turn(self) -> None:
        """Go on at the top of a new page."""
        self.pages.append(Stream())
        self.pieces.append(0)
        self.y = MARGIN

    def keep(self, height: float) -> None:
        """Turn the page unless so much fits on this one."""
        if self.y + height > self.height - MARGIN - FOOT / 2:
            self.turn()

    def words(self, text: str, look: Look = PLAIN) -> None:
        """Set a text, over as many lines and pages as it takes."""
        widest = int(1000 * (self.width - 2 * MARGIN - look.left) / look.size)
        element = pdf.Element(look.tag, [])
        self.weigh(AN_ELEMENT)
        for line in lettering.lines(lettering.printable(text), widest):
            self.keep(look.size * LEADING)
            page = self._opened(element)
            self._line(page, line, MARGIN + look.left, self.y + look.size, look)
            page.end_marked_content()
            self.y += look.size * LEADING
        self.elements.append(element)
        self.y += look.after

    def rule(self) -> None:
        """A line across the page."""
        page, y = self.pages[-1], self.height - self.y
        page.begin_marked_content("Artifact")
        page.set_color_rgb(*GREY, stroke=True)
        page.set_line_width(0.5)
        page.move_to(MARGIN, y)
        page.line_to(self.width - MARGIN, y)
        page.stroke()
        page.end_marked_content()
        self.y += 8

    def drawing(self, strokes: Sequence[Sequence[int]], high: int, scale: float, told: str, left: float = 0) -> None:
        """Lines that somebody drew, each x and y by turns from the upper left corner of a box so `high`; `told` to whom cannot see it."""
        self.keep(high * scale)
        self.weigh(AN_ELEMENT + len(told) + sum(A_LINE + A_POINT * len(each) for each in strokes))
        element = pdf.Element("Figure", [], told)
        page = self._opened(element)
        page.set_color_rgb(*INK, stroke=True)
        page.set_line_width(1.2)
        page.set_line_cap(1)
        page.set_line_join(1)
        for stroke in strokes:
            points = [(MARGIN + left + x * scale, self.height - self.y - y * scale) for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
            page.move_to(*points[0])
            for point in points[1:] or points:  # a dot is a line to where it began
                page.line_to(*point)
            page.stroke()
        page.end_marked_content()
        self.elements.append(element)
        self.y += high * scale + 4

    def finished(self, foot: Callable[[int, int], str]) -> bytes:
        """The PDF, with words at the foot of every page by its number and their count."""
        for number, page in enumerate(self.pages, 1):
            page.begin_marked_content("Artifact")
            self._line(page, lettering.printable(foot(number, len(self.pages))), MARGIN, self.height - FOOT, Look(size=8, grey=True))
            page.end_marked_content()
        return pdf.written((self.width, self.height), self.about, self.pages, self.elements, self.used)

    def _opened(self, element: pdf.Element) -> Stream:
        """This page, with a piece of an element begun on it."""
        number = len(self.pages) - 1
        element.pieces.append((number, self.pieces[number]))
        self.pages[number].begin_marked_content(element.tag, f"<</MCID {self.pieces[number]}>>".encode())
        self.pieces[number] += 1
        return self.pages[number]

    def _line(self, page: Stream, text: str, x: float, baseline: float, look: Look) -> None:
        known, colour = lettering.glyphs(), GREY if look.grey else INK
        self.weigh(A_LINE + A_LETTER * len(text))
        self.used.update(text)
        page.begin_text()
        page.set_color_rgb(*colour)
        page.set_color_rgb(*colour, stroke=True)
        page.set_line_width(look.size / 40)
        page.set_text_rendering(2 if look.strong else 0)  # 2: filled and drawn around, which makes it bold
        page.set_font_size(pdf.FONT, look.size)
        page.set_text_matrix(1, 0, 0, 1, x, self.height - baseline)
        page.show_text("<" + "".join(f"{known[each]:04x}" for each in text) + ">")
        page.end_text()

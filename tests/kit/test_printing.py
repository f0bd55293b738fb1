"""Copies on paper: letters, lines, pages, and what a PDF's readers find in them."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest

from chalicelib.kit import lettering
from chalicelib.kit.printing import A4, LETTER, Look, Sheets

# Every name here is set in its own letters: people are called so.
NAMES = (
    "Łukasz Żółć",
    "Nguyễn Thị Ánh",
    "Ştefan Țepeș",
    "Øyvind Ærø",
    "Öğüz Işık",
    "Ħal Għaxaq",
    "Ŵyn Ŷstrad",
    "Ḥasan Ṭāriq",
    "Γιώργος",
    "Юлия",
)


def a_copy(*texts: str, size: tuple[int, int] = LETTER) -> bytes:
    """One of these texts, one below the other."""
    sheets = Sheets(size, "A title", "A clinic", "en-US")
    for text in texts:
        sheets.words(text)
    return sheets.finished(lambda page, of: f"page {page} of {of}")


def read(copy: bytes) -> list[str]:
    """The words of each page, as somebody would copy them."""
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(copy)]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_latin_letters_is_printed_and_found_again(name: str) -> None:
    assert not lettering.lacks(name)
    assert name in read(a_copy(name))[0]


def test_a_letter_and_its_mark_are_printed_as_one() -> None:
    assert lettering.printable("e\u0301") == "é"


def test_what_there_is_no_letter_for_is_printed_by_its_number() -> None:
    assert lettering.printable("中 \U0001f44d \u202eabc") == "[U+4E2D] [U+1F44D] [U+202E]abc"
    assert lettering.lacks("中")


def test_spaces_of_any_kind_and_control_characters_are_plain_spaces() -> None:
    assert lettering.printable("a\u00a0b\u2009c\td\x00e\r\nf") == "a b c d e\nf"


def test_lines_are_broken_between_words_and_long_words_within() -> None:
    widest = lettering.width("a word or two")
    assert list(lettering.lines("a word or two and more", widest)) == ["a word or two", "and more"]
    assert "".join(lettering.lines("x" * 100, widest)) == "x" * 100
    assert all(lettering.width(line) <= widest for line in lettering.lines("x" * 100, widest))


def test_empty_lines_stay() -> None:
    assert list(lettering.lines("a\n\nb", 10_000)) == ["a", "", "b"]


def test_words_go_on_on_the_next_page_and_every_page_says_which_it_is() -> None:
    pages = read(a_copy(*["word " * 100] * 40))
    assert len(pages) > 2
    assert [page.strip().splitlines()[-1] for page in pages] == [f"page {number} of {len(pages)}" for number in range(1, len(pages) + 1)]
    assert sum(page.count("word") for page in pages) == 4000


def test_the_same_words_are_the_same_bytes() -> None:
    assert a_copy("One", "two") == a_copy("One", "two")
    assert a_copy("One", "two") != a_copy("One", "three")
    assert b"CreationDate" not in a_copy("One")


@pytest.mark.parametrize("size", [LETTER, A4])
def test_a_strict_reader_finds_nothing_wrong_with_it(size: tuple[int, int]) -> None:
    with pikepdf.open(io.BytesIO(a_copy(*["word " * 300] * 9, size=size))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert [int(each) for each in list(pdf.pages[0].mediabox)[2:]] == list(size)


def test_a_screen_reader_is_told_the_language_the_title_and_what_is_a_heading() -> None:
    sheets = Sheets(LETTER, "Ań title", "A clinic", "es-US")
    sheets.words("A heading", Look(tag="H1"))
    sheets.words("word " * 2000)
    sheets.drawing([(0, 0, 100, 100), (5, 5)], 100, 0.2, "What was drawn")
    with pikepdf.open(io.BytesIO(sheets.finished(lambda *_: "foot"))) as pdf:
        assert (str(pdf.Root.Lang), str(pdf.docinfo["/Title"])) == ("es-US", "Ań title")
        below = list(pdf.Root.StructTreeRoot.K.K)
        assert [str(each.S) for each in below] == ["/H1", "/P", "/Figure"]
        assert str(below[2].Alt) == "What was drawn"
        assert len({each.Pg.objgen for each in below[1].K}) == len(pdf.pages)
        parents = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        assert [len(each) for each in parents[1::2]] == [
            sum(each.Pg.objgen == page.obj.objgen for one in below for each in one.K) for page in pdf.pages
        ]


def test_what_is_drawn_is_on_the_page() -> None:
    sheets = Sheets(LETTER, "A title", "A clinic", "en")
    sheets.drawing([(0, 0, 1000, 300)], 300, 0.2, "drawn")
    drawn = pypdfium2.PdfDocument(sheets.finished(lambda *_: ""))[0].render().to_pil().convert("L").crop((54, 54, 254, 114))
    assert drawn.getextrema()[0] < 100

"""Files that people send and files that nobody should: each made here, by the numbers of the cases they belong to."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw

# The test file that every scanner knows (EICAR); in two halves, so that no scanner stumbles over this source.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
ORIENTATION, IMAGE_DESCRIPTION = 0x0112, 0x010E


def a_photo(width: int = 1200, height: int = 800, seed: int = 1) -> Image.Image:
    """Something like an insurance card on a table: a light card with words, upper left corner red."""
    table = Image.effect_noise((width, height), 40).convert("RGB")
    draw = ImageDraw.Draw(table)
    draw.rectangle((width // 10, height // 10, width * 9 // 10, height * 9 // 10), fill="white")
    draw.rectangle((0, 0, width // 10, height // 10), fill="red")
    draw.text((width // 4, height // 2), f"MEMBER ID {random.Random(seed).randrange(10**9)}", fill="black")
    return table


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(**options: Any) -> bytes:
    """A photograph."""
    return saved(a_photo(), "JPEG", quality=80, **options)


def heic(width: int = 640, height: int = 480) -> bytes:
    """A photograph as iPhones store it."""
    pillow_heif.register_heif_opener()
    return saved(a_photo(width, height), "HEIF", quality=60)


def tagged_jpeg() -> bytes:
    """Case 20: turned (orientation 6), with a place and a script in its EXIF."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[IMAGE_DESCRIPTION] = "<script>alert(1)</script>"
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 18.0, 29.0), 3: "W", 4: (72.0, 55.0, 43.0)})
    return jpeg(exif=exif)


def zipped(name: str = "a.txt", content: bytes = b"hello") -> bytes:
    """A ZIP of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def png_bomb(side: int = 30_000) -> bytes:
    """Case 12: a tiny PNG of 900 megapixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    line = b"\0" * (side // 8 + 1)
    packer = zlib.compressobj(9)
    packed = b"".join([packer.compress(line * 1000) for _ in range(side // 1000)]) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def a_pdf(pages: int = 1, words: str = "Referral") -> pikepdf.Pdf:
    """A letter."""
    pdf = pikepdf.new()
    for number in range(pages):
        page = pdf.add_blank_page(page_size=(612, 792))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 24 Tf 72 700 Td ({words} {number + 1}) Tj ET".encode())
    return pdf


def printed(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    """The bytes of a PDF."""
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def pdf_with_script() -> bytes:
    """Case 7: runs JavaScript when opened; once more where only a walk from the root finds it, in a direct dictionary."""
    pdf = a_pdf()
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    pdf.Root.OpenAction = action
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), action])))
    pdf.pages[0].obj.AA = pikepdf.Dictionary(O=action)
    return printed(pdf)


def pdf_that_launches() -> bytes:
    """Case 8."""
    pdf = a_pdf()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    return printed(pdf)


def pdf_with_file(content: bytes, name: str = "tool.exe") -> bytes:
    """Cases 9 and 17: a file inside."""
    pdf = a_pdf()
    pdf.attachments[name] = pikepdf.AttachedFileSpec(
        pdf, content, description="", filename=name, mime_type="", creation_date="", mod_date=""
    )
    return printed(pdf)


def pdf_with_link() -> bytes:
    """Case 45: a link over the whole page, and one that opens with it."""
    pdf = a_pdf()
    uri = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://evil.example/"))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 612, 792]), A=uri)
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
    pdf.Root.OpenAction = uri
    return printed(pdf)


def pdf_bomb(size: int = 60_000_000) -> bytes:
    """Case 11: 59 kB that unpack to 60 MB."""
    pdf = a_pdf()
    stream = pdf.make_stream(b"")
    stream.write(zlib.compress(b" " * size, 9), filter=pikepdf.Name.FlateDecode)
    pdf.pages[0].Contents = stream
    return printed(pdf)


def _with_contents(*packed: tuple[bytes, list[pikepdf.Name]]) -> bytes:
    """A PDF whose page draws these streams, each with its filters."""
    pdf = a_pdf()
    streams = []
    for content, filters in packed:
        stream = pdf.make_stream(b"")
        stream.write(content, filter=pikepdf.Array(filters))
        streams.append(stream)
    pdf.pages[0].Contents = pikepdf.Array(streams)
    return printed(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def pdf_of_many_streams() -> bytes:
    """Each of them small enough."""
    return _with_contents(*[(zlib.compress(b" " * 20_000_000, 9), [pikepdf.Name.FlateDecode])] * 10)


def pdf_packed_twice() -> bytes:
    """A packed stream that is packed again: a kilobyte for a gigabyte."""
    packer = zlib.compressobj(9)
    once = b"".join([packer.compress(b" " * 10_000_000) for _ in range(100)]) + packer.flush()
    return _with_contents((zlib.compress(once, 9), [pikepdf.Name.FlateDecode] * 2))


def pdf_of_run_lengths() -> bytes:
    """Run lengths within run lengths, which qpdf unpacks."""
    return _with_contents((b"\x81 " * 500_000 + b"\x80", [pikepdf.Name.RunLengthDecode]))


def pdf_with_huge_picture(side: int = 40_000) -> bytes:
    """A picture of 1.6 gigapixels of one bit, packed as a fax."""
    pdf = a_pdf()
    stream = pdf.make_stream(b"")
    stream.write(b"\0" * 2000, filter=pikepdf.Name.CCITTFaxDecode, decode_parms=pikepdf.Dictionary(K=-1, Columns=side, Rows=side))
    stream.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": side, "/Height": side})
    stream.update({"/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8})
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=stream))
    pdf.pages[0].Contents = pdf.make_stream(b"612 0 0 792 0 0 cm /I Do")
    return printed(pdf)


def pdf_that_draws_for_ever() -> bytes:
    """Forms that draw forms: ten of each kind, nine deep."""
    pdf = a_pdf()
    inner = pdf.make_stream(b"0 0 600 700 re f")
    inner.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": pikepdf.Array([0, 0, 612, 792])})
    for _ in range(9):
        outer = pdf.make_stream(b"/F Do " * 10)
        outer.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": pikepdf.Array([0, 0, 612, 792])})
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        inner = outer
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
    pdf.pages[0].Contents = pdf.make_stream(b"/F Do " * 10)
    return printed(pdf)


def locked_pdf() -> bytes:
    """Case 10."""
    return printed(a_pdf(), encryption=pikepdf.Encryption(owner="owner", user="secret"))


def pdf_of_a_photograph(photograph: bytes) -> bytes:
    """A PDF whose only page is a photograph, as phones save one: the very bytes of the JPEG lie in it."""
    pdf = pikepdf.new()
    image = pikepdf.Stream(pdf, photograph, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Filter=pikepdf.Name.DCTDecode)
    for name, value in {"/Width": 1200, "/Height": 800, "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8}.items():
        image[name] = value
    page = pdf.add_blank_page(page_size=(600, 400))
    page.contents_add(f"q 600 0 0 400 0 0 cm {page.add_resource(image, pikepdf.Name.XObject)} Do Q".encode())
    return printed(pdf)

"""The cases 1 to 25 of what is sent: made anew, or refused, by the very process that does it, within its bounds."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from chalicelib.kit import remaking
from chalicelib.kit.refusing import Reason, Refused
from chalicelib.kit.remaking import Remade
from scripts.local.environment import ROOT
from tests.documents import samples

JPEG, PDF = "image/jpeg", "application/pdf"
BACKEND = ROOT / "backend"


def refused(content: bytes, declared: str) -> Reason:
    with pytest.raises(Refused) as told:
        remaking.remade(content, declared)
    return told.value.reason


def picture(made: Remade) -> Image.Image:
    return Image.open(io.BytesIO(made.body))


# Case, what is sent, what it is said to be, why it is refused.
REFUSED = {
    "01-html-named-jpg": (samples.HTML, JPEG, Reason.FORMAT),
    "02-svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml", Reason.FORMAT),
    "05-html-with-pdf-mark": (b"<html>%PDF-1.4</html>", PDF, Reason.FORMAT),
    "06-html-then-pdf": (samples.HTML + samples.printed(samples.a_pdf()), PDF, Reason.FORMAT),
    "10-locked-pdf": (samples.locked_pdf(), PDF, Reason.LOCKED),
    "13-zip-named-pdf": (samples.zipped(content=b"\0" * 10_000_000), PDF, Reason.FORMAT),
    "14-docm-named-pdf": (samples.zipped("word/vbaProject.bin"), PDF, Reason.FORMAT),
    "15-program-named-pdf": (b"MZ\x90\x00" + bytes(500), PDF, Reason.FORMAT),
    "16-gif-and-script": (b"GIF89a/*" + bytes(50) + b"*/=1;alert(1)", "image/gif", Reason.FORMAT),
    "17-eicar": (samples.EICAR, PDF, Reason.FORMAT),
    "18-truncated": (samples.jpeg()[:20_000], JPEG, Reason.INCOMPLETE),
    "19-empty": (b"", JPEG, Reason.EMPTY),
    "22-jpeg-mark-then-php": (b"\xff\xd8\xff\xe0<?php system($_GET['c']); ?>", JPEG, Reason.INCOMPLETE),
    "23-fake-webp": (b"RIFF\x24\0\0\0WEBPVP8 <?php ?>", "image/webp", Reason.UNREADABLE),
    "24-xml-entity": (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", PDF, Reason.FORMAT),
    "25-utf-16-html": ("\ufeff<html><script>alert(1)</script></html>".encode("utf-16-le"), JPEG, Reason.FORMAT),
    "a-pdf-said-to-be-a-photo": (samples.printed(samples.a_pdf()), JPEG, Reason.DIFFERENT),
    "a-type-that-nobody-asked-for": (samples.jpeg(), "text/html", Reason.DIFFERENT),
    "a-pdf-cut-in-two": (samples.printed(samples.a_pdf(3))[:300], PDF, Reason.UNREADABLE),
    "too-many-pages": (samples.printed(samples.a_pdf(21)), PDF, Reason.LARGE),
}
BOMBS = {
    "11-pdf-stream-of-60-mb": (samples.pdf_bomb, PDF),
    "12-png-of-900-megapixels": (samples.png_bomb, "image/png"),
    "pdf-streams-of-200-mb-in-all": (samples.pdf_of_many_streams, PDF),
    "pdf-stream-packed-twice": (samples.pdf_packed_twice, PDF),
    "pdf-stream-of-run-lengths": (samples.pdf_of_run_lengths, PDF),
    "pdf-page-that-draws-for-ever": (samples.pdf_that_draws_for_ever, PDF),
}
# What people do send, and what is the most of it.
LARGEST: dict[str, tuple[Callable[[], bytes], str]] = {
    "pdf-picture-of-a-gigapixel": (samples.pdf_with_huge_picture, PDF),
    "jpeg-of-48-megapixels": (lambda: samples.saved(samples.a_photo(8064, 6048), "JPEG", quality=70), JPEG),
    "png-of-49-megapixels-see-through": (lambda: samples.saved(Image.new("RGBA", (7000, 7000), (1, 2, 3, 4)), "PNG"), "image/png"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_nobody_should_send_is_refused_with_the_reason(case: str) -> None:
    content, declared, reason = REFUSED[case]
    assert refused(content, declared) is reason


def bounded(content: bytes, declared: str, folder: Path) -> tuple[str, float, float]:
    """What becomes of it in a process of its own; seconds, and the megabytes that the largest process of it held."""
    (folder / "sent").write_bytes(content)
    done = subprocess.run([sys.executable, "-c", MEASURED, str(folder / "sent"), declared], cwd=BACKEND, capture_output=True, check=True)
    became, seconds, kilobytes = done.stdout.decode().split()
    return became, float(seconds), float(kilobytes) / 1024


MEASURED = """
import pathlib, resource, sys, time
from chalicelib.kit import remaking
begun = time.monotonic()
try:
    became = remaking.remade(pathlib.Path(sys.argv[1]).read_bytes(), sys.argv[2]).content_type
except remaking.Refused as refused:
    became = refused.reason.value
print(became, time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_is_refused_within_half_a_gigabyte_and_ten_seconds(case: str, tmp_path: Path) -> None:
    made, declared = BOMBS[case]
    content = made()
    assert len(content) < 1_500_000
    became, seconds, megabytes = bounded(content, declared, tmp_path)
    assert became == Reason.LARGE
    assert seconds < 10.5
    assert megabytes < 512


@pytest.mark.parametrize("case", LARGEST)
def test_the_largest_that_people_send_is_made_anew_within_the_same_bounds(case: str, tmp_path: Path) -> None:
    made, declared = LARGEST[case]
    became, seconds, megabytes = bounded(made(), declared, tmp_path)
    assert became == (PDF if declared == PDF else JPEG)
    assert seconds < 10
    assert megabytes < 512


@pytest.mark.deep
def test_a_phones_48_megapixels_are_made_anew_within_the_same_bounds(tmp_path: Path) -> None:
    became, seconds, megabytes = bounded(samples.heic(8064, 6048), "image/heic", tmp_path)
    assert (became, seconds < 10, megabytes < 512) == (JPEG, True, True)


@pytest.mark.parametrize("behind", [samples.HTML, samples.zipped()], ids=["03-html", "04-zip"])
def test_what_stands_behind_a_photograph_is_gone(behind: bytes) -> None:
    made = remaking.remade(samples.jpeg() + behind, JPEG)
    assert made.content_type == JPEG
    assert behind not in made.body
    assert b"<script" not in made.body
    assert b"PK\x03\x04" not in made.body
    assert picture(made).size == (1200, 800)


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf_with_script(),
        samples.pdf_that_launches(),
        samples.pdf_with_file(b"MZ" + bytes(99)),
        samples.pdf_with_file(samples.EICAR),
    ],
    ids=["07-script", "08-launch", "09-program", "17-eicar-inside"],
)
def test_of_a_pdf_nothing_is_left_but_drawings_of_its_pages(content: bytes) -> None:
    made = remaking.remade(content, PDF)
    with pikepdf.open(io.BytesIO(made.body)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert {str(each.get("/Subtype")) for each in pdf.objects if isinstance(each, pikepdf.Stream)} <= {"/Image", "None"}
        assert len(pdf.pages) == 1
        assert not pdf.attachments
        whole = pdf.Root.unparse(resolved=True) + b"".join(page.obj.unparse(resolved=True) for page in pdf.pages)
    for word in (b"JavaScript", b"/JS", b"Launch", b"EmbeddedFile", b"MZ", samples.EICAR[:20]):
        assert word not in whole
        assert word not in made.body
    assert len(made.pages) == 1


def test_20_a_photograph_is_upright_and_says_nothing_of_where_it_was_taken() -> None:
    made = remaking.remade(samples.tagged_jpeg(), JPEG)
    upright = picture(made)
    assert upright.size == (800, 1200)
    assert len(upright.getexif()) == 0
    assert b"<script" not in made.body
    red, green, _ = upright.crop((780, 5, 790, 15)).resize((1, 1)).tobytes()
    assert red > 150 > green, "the red corner has gone from left to right"


def test_21_a_phones_own_format_becomes_a_jpeg_whatever_the_browser_calls_it() -> None:
    content = samples.heic()
    for declared in ("application/octet-stream", "image/heic", "image/heif"):
        made = remaking.remade(content, declared)
        assert (made.content_type, picture(made).size) == (JPEG, (640, 480))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_pictures_of_other_kinds_become_jpegs_on_white(kind: str) -> None:
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    made = picture(remaking.remade(samples.saved(clear, kind), f"image/{kind.lower()}"))
    assert (made.format, made.getpixel((10, 10))) == ("JPEG", (255, 255, 255))


def test_45_a_link_in_a_pdf_leads_nowhere_and_each_page_has_a_picture() -> None:
    made = remaking.remade(samples.pdf_with_link(), PDF)
    assert b"evil.example" not in made.body
    assert [max(page.width, page.height) for page in made.pages] == [1600]
    assert Image.open(io.BytesIO(made.pages[0].body)).format == "JPEG"


@pytest.mark.parametrize("hidden", [b"<script>alert(1)</script>", b"PK\x03\x04", b"Exif\x00\x00"])
def test_a_photograph_within_a_pdf_carries_nothing_on(hidden: bytes) -> None:
    content = samples.pdf_of_a_photograph(samples.tagged_jpeg() + b"<script>alert(1)</script>" + samples.zipped())
    assert hidden in content
    assert hidden not in remaking.remade(content, PDF).body


def test_a_letter_of_several_pages_keeps_their_order_and_size() -> None:
    made = remaking.remade(samples.printed(samples.a_pdf(3)), PDF)
    with pikepdf.open(io.BytesIO(samples.printed(samples.a_pdf(3)))) as before, pikepdf.open(io.BytesIO(made.body)) as after:
        boxes = [[[round(float(each)) for each in page.mediabox] for page in pdf.pages] for pdf in (before, after)]
    assert boxes[0] == boxes[1]
    assert len(made.pages) == 3
    assert len({page.body for page in made.pages}) == 3


def test_the_process_writes_no_file_and_ends_within_its_time() -> None:
    code = "import resource; from chalicelib.kit import remaking; remaking.CPU_SECONDS = 1\nremaking._made = lambda *_: [0 for _ in iter(int, 1)]\nremaking.main(remaking.Format.JPEG)"
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"x", cwd=BACKEND, capture_output=True, timeout=20, check=False, env=os.environ
    )
    assert done.returncode != 0
    assert done.stdout == b""


def test_what_is_our_own_fault_is_not_told_as_the_senders(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build without its libraries would else refuse every patient's card as too large, and nobody would hear of it."""
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(remaking.Broken, match="chalicelib"):
        remaking.remade(samples.jpeg(), JPEG)


def test_a_process_that_does_not_end_is_our_fault_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def waits(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("decoder", 10)

    monkeypatch.setattr(subprocess, "run", waits)
    with pytest.raises(remaking.Broken):
        remaking.remade(samples.jpeg(), JPEG)


def test_the_process_cannot_look_into_ours() -> None:
    code = "import ctypes; from chalicelib.kit import remaking; remaking.conceal(); print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    done = subprocess.run([sys.executable, "-c", code], cwd=BACKEND, capture_output=True, check=True)
    assert done.stdout == b"0\n", "PR_GET_DUMPABLE: not"


def test_the_process_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not for it")
    monkeypatch.setenv("ANTEROOM_KEYS", "nor these")
    assert set(remaking._environ()) <= {"PYTHONPATH", "LD_LIBRARY_PATH"}
    assert remaking.remade(samples.jpeg(), JPEG).content_type == JPEG

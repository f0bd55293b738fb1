"""The stand-in for the malware scan knows the file by which scanners are tried out, and takes nothing else for it."""

from __future__ import annotations

import pytest

from chalicelib.documents.records import Verdict
from scripts.local import scanner
from tests.documents import samples


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (samples.EICAR, Verdict.INFECTED),
        (b"before" + samples.EICAR + b"after", Verdict.INFECTED),
        (samples.pdf_with_file(samples.EICAR), Verdict.INFECTED),
        (samples.EICAR[:-1], Verdict.CLEAN),
        (samples.jpeg(), Verdict.CLEAN),
        (samples.pdf_with_file(b"a letter"), Verdict.CLEAN),
        (b"stream\nwhat is packed otherwise endstream", Verdict.CLEAN),
        (b"", Verdict.CLEAN),
    ],
    ids=["itself", "within", "17-in-a-pdf", "not-whole", "photograph", "pdf", "packed-otherwise", "empty"],
)
def test_the_one_file_that_it_knows_is_found(content: bytes, verdict: Verdict) -> None:
    assert scanner.verdict(content) is verdict


def test_it_is_the_file_of_the_samples() -> None:
    assert scanner.EICAR == samples.EICAR


def test_a_stream_is_looked_at_as_far_as_a_megabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MOST", 10)
    assert scanner.verdict(samples.pdf_with_file(samples.EICAR)) is Verdict.CLEAN

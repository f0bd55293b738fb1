"""Stands in for GuardDuty's malware scan: knows one file, the harmless one by which scanners are tried out (EICAR), and no other.

It is found as it is, and inside the compressed streams of a PDF, as an attachment's bytes lie there. Nothing else is unpacked.
"""

from __future__ import annotations

import re
import zlib

from chalicelib.documents.records import Verdict

# In two halves, so that no scanner stumbles over this source.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM = re.compile(rb"stream\r?\n(.+?)endstream", re.DOTALL)
MOST = 1024 * 1024  # bytes of a stream that are looked at


def verdict(content: bytes) -> Verdict:
    """What the scan says of these bytes."""
    found = EICAR in content or any(EICAR in _unpacked(stream) for stream in STREAM.findall(content))
    return Verdict.INFECTED if found else Verdict.CLEAN


def _unpacked(stream: bytes) -> bytes:
    """The beginning of what a stream of a PDF holds; nothing where it is packed otherwise, or not at all."""
    try:
        return zlib.decompressobj().decompress(stream, MOST)
    except zlib.error:
        return b""

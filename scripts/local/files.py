"""Stands in for S3's own host: what was signed is handed on to the engine, and everything else ends here.

The engine decides and this room does not, so that there is one reading of a form or a link: ministack, which the local run starts with
AUTH=true, recomputes every signature, looks at expiry, holds a form against its policy, and answers a browser's question by the bucket's
own CORS rules. For that the request arrives as it was signed, under the same Host. What S3 does and it does not: it compares no checksum
(tests/kit/test_links.py).

Where less is looked at (each has a test that would notice a change, in tests/local/test_files.py):
- `deploy.py --stage local` runs ministack without AUTH, since under it the roles of the deployed functions count, and it reads two of their
  statements otherwise than AWS. Then a form's signature is not looked at (its policy and expiry are), and every site is let in by CORS.
- moto compares nothing: it takes every form and opens every link that is well-formed, lapsed, edited or not.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs

import urllib3

from scripts.local import fence
from scripts.local.wire import Answer, Request

LARGEST = 10 * 1024 * 1024 + 64 * 1024  # bytes of a form: the largest file that one is given for, and what stands around it
SECONDS = 30.0
PASSED = frozenset({"host", "content-type", "origin", "range", "access-control-request-method", "access-control-request-headers"})
DROPPED = frozenset({"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"})  # of one hop, not of the answer
FIELDS = (b'name="policy"', b'name="x-amz-signature"')  # of a form that somebody has signed


class Files:
    """Our buckets, by name, of the engine at an address, for whoever brings a signature."""

    def __init__(self, endpoint: str, buckets: Collection[str]) -> None:
        self._endpoint, self._buckets = endpoint, buckets
        self._pool: Any = urllib3.PoolManager(maxsize=64, retries=False, timeout=SECONDS)

    def answer(self, request: Request) -> Answer:
        """The engine's answer to a form, a link or a browser's question before one; S3's refusal to everything else."""
        bucket, _, key = request.path.removeprefix("/").partition("/")
        if bucket not in self._buckets or not _may_be_asked(request, key):
            return refused(403, "AccessDenied", "Access Denied")
        url = f"{self._endpoint}{request.path}" + (f"?{request.query}" if request.query else "")
        headers = {name: text for name, text in request.headers.items() if name in PASSED} | {fence.EDGE: "files"}
        got = self._pool.request(request.method, url, headers=headers, body=request.body or None, redirect=False, decode_content=False)
        return Answer(got.status, [(name, text) for name, text in got.headers.items() if name.lower() not in DROPPED], got.data)


def _may_be_asked(request: Request, key: str) -> bool:
    """Whether it is one of the three things that a browser has to do with S3."""
    if request.method == "POST":
        return not key and not request.query and all(field in request.body for field in FIELDS)
    if request.method in ("GET", "HEAD"):
        return bool(key) and "X-Amz-Signature" in parse_qs(request.query)
    return request.method == "OPTIONS" and "origin" in request.headers


def refused(status: int, code: str, message: str) -> Answer:
    """An error as S3 writes it."""
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, [("Content-Type", "application/xml")], body.encode())


def too_large() -> Answer:
    """What a form past every limit is told."""
    return refused(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")

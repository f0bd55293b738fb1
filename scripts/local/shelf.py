"""Stands in for CloudFront before the bucket: serves one host's pages with its headers, compression and error pages."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from scripts.local import finding
from scripts.local.wire import Answer, Headers, Request, text

SQUEEZED = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
LEAST = 1000  # bytes; CloudFront sends smaller objects as they are


@dataclass(frozen=True)
class Item:
    """One object of the bucket, with its compressed twin where that pays."""

    tag: str
    kind: str
    lasting: str
    status: int
    plain: bytes
    small: bytes | None


class Shelf:
    """The pages of one host: the objects under `prefix` of a bucket.

    `languages` names each clinic's published languages (BCP 47), the first being its own.
    """

    def __init__(self, s3: Any, bucket: str, prefix: str, languages: Mapping[str, Sequence[str]], headers: Mapping[str, str]) -> None:
        self._s3, self._bucket, self._prefix = s3, bucket, prefix
        self._tongues = {clinic: [tag.split("-")[0] for tag in tags] for clinic, tags in languages.items()}
        self._headers = list(headers.items())
        self._kept: dict[str, Item] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """A page, a redirect into the reader's language, or the not-found page of where they were."""
        if request.method not in ("GET", "HEAD"):
            refused = text(405, "Pages can only be read.")
            return Answer(405, [*refused.headers, ("Allow", "GET, HEAD"), *self._headers], refused.body)
        if self._prefix == "staff/":
            return self._page(finding.staff(request.path), request)
        clinic = finding.clinic(request.path)
        tongues = self._tongues.get(clinic, [])
        if tongues and finding.is_bare(request.path):
            return self._choose_language(clinic, tongues, request)
        return self._page(finding.patient(request.path, tongues), request)

    def _choose_language(self, clinic: str, tongues: Sequence[str], request: Request) -> Answer:
        """From a clinic's bare address to the language the browser asks for, where the clinic has it."""
        tongue = finding.preferred(request.headers.get("accept-language", ""), tongues)
        target = f"/{clinic}/{tongue}/" + (f"?{request.query}" if request.query else "")
        return Answer(302, [("Location", target), *finding.REDIRECT.items(), *self._headers])

    def _page(self, key: str, request: Request) -> Answer:
        item = self._item(key)
        if item:
            return self._shown(item, request)
        lost = text(404, "There is no such page.")
        return Answer(404, [*lost.headers, *self._headers], lost.body)

    def _item(self, path: str) -> Item | None:
        """The object as it is now. The bucket is asked each time, but sends only what changed."""
        key = self._prefix + path
        kept = self._kept.get(key)
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=key, **({"IfNoneMatch": kept.tag} if kept else {}))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("304", "NotModified"):
                return kept
            if code in ("NoSuchKey", "404"):
                return None
            raise
        body = found["Body"].read()
        kind = found.get("ContentType", "application/octet-stream")
        small = gzip.compress(body, 6, mtime=0) if len(body) >= LEAST and kind.startswith(SQUEEZED) else None
        status = int(found.get("Metadata", {}).get("status", 200))
        item = Item(found["ETag"], kind, found.get("CacheControl", ""), status, body, small)
        with self._lock:
            self._kept[key] = item
        return item

    def _shown(self, item: Item, request: Request) -> Answer:
        squeezed = item.small is not None and "gzip" in request.headers.get("accept-encoding", "")
        tag = f"W/{item.tag}" if squeezed else item.tag
        headers: Headers = [("Content-Type", item.kind), ("ETag", tag)]
        headers += [("Cache-Control", item.lasting)] if item.lasting else []
        headers += [("Vary", "Accept-Encoding")] if item.small is not None else []
        headers += self._headers
        if item.status == 200 and _has(request.headers.get("if-none-match", ""), item.tag):
            return Answer(304, [pair for pair in headers if pair[0] != "Content-Type"])
        if squeezed and item.small is not None:
            return Answer(item.status, [*headers, ("Content-Encoding", "gzip")], item.small)
        return Answer(item.status, headers, item.plain)


def _has(header: str, tag: str) -> bool:
    """Whether If-None-Match names the tag; weak and strong count alike (RFC 9110, 13.1.2)."""
    return header.strip() == "*" or tag in [each.strip().removeprefix("W/") for each in header.split(",")]

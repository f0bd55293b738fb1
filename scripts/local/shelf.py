"""Stands in for CloudFront before the bucket: serves one host's pages with its headers, compression and error pages."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from scripts.local.wire import Answer, Headers, Request, text

SQUEEZED = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
LEAST = 1000  # bytes; CloudFront sends smaller objects as they are


@dataclass(frozen=True)
class Item:
    """One object of the bucket, with its compressed twin where that pays."""

    tag: str
    kind: str
    lasting: str
    plain: bytes
    small: bytes | None


class Shelf:
    """The pages of one host: the objects under `prefix` of a bucket.

    `languages` names each clinic's published languages (BCP 47), the first being its own.
    """

    def __init__(self, s3: Any, bucket: str, prefix: str, languages: Mapping[str, Sequence[str]], headers: Mapping[str, str]) -> None:
        self._s3, self._bucket, self._prefix = s3, bucket, prefix
        self._languages = languages
        self._headers = list(headers.items())
        self._kept: dict[str, Item] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """A page, a redirect into the reader's language, or the not-found page of where they were."""
        if request.method not in ("GET", "HEAD"):
            refused = text(405, "Pages can only be read.")
            return Answer(405, [*refused.headers, ("Allow", "GET, HEAD"), *self._headers], refused.body)
        return self._choose_language(request) or self._page(request)

    def _choose_language(self, request: Request) -> Answer | None:
        """From a clinic's bare address to the language the browser asks for, where the clinic has it."""
        clinic = request.path.strip("/")
        if clinic not in self._languages or self._prefix != "patient/":
            return None
        tag = preferred(request.headers.get("accept-language", ""), self._languages[clinic])
        target = f"/{clinic}/{tag}/" + (f"?{request.query}" if request.query else "")
        return Answer(302, [("Location", target), ("Cache-Control", "no-cache"), ("Vary", "Accept-Language"), *self._headers])

    def _page(self, request: Request) -> Answer:
        path = unquote(request.path).lstrip("/")
        item = self._item(path + "index.html" if not path or path.endswith("/") else path)
        if item:
            return self._shown(200, item, request)
        for key in self._missing(path):
            item = self._item(key)
            if item:
                return self._shown(404, item, request)
        lost = text(404, "There is no such page.")
        return Answer(404, [*lost.headers, *self._headers], lost.body)

    def _missing(self, path: str) -> list[str]:
        """Where the not-found page may lie: the clinic's in the language of the address, its first, the brand's."""
        clinic, language = [*path.split("/"), "", ""][:2]
        tags = [tag.split("-")[0] for tag in self._languages.get(clinic, ())]
        own = [language] if language in tags else tags[:1]
        return [f"{clinic}/{tag}/404.html" for tag in own] + ["404.html"]

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
        item = Item(found["ETag"], kind, found.get("CacheControl", ""), body, small)
        with self._lock:
            self._kept[key] = item
        return item

    def _shown(self, status: int, item: Item, request: Request) -> Answer:
        squeezed = item.small is not None and "gzip" in request.headers.get("accept-encoding", "")
        tag = f"W/{item.tag}" if squeezed else item.tag
        headers: Headers = [("Content-Type", item.kind), ("ETag", tag)]
        headers += [("Cache-Control", item.lasting)] if item.lasting else []
        headers += [("Vary", "Accept-Encoding")] if item.small is not None else []
        headers += self._headers
        if status == 200 and _has(request.headers.get("if-none-match", ""), item.tag):
            return Answer(304, [pair for pair in headers if pair[0] != "Content-Type"])
        if squeezed and item.small is not None:
            return Answer(status, [*headers, ("Content-Encoding", "gzip")], item.small)
        return Answer(status, headers, item.plain)


def _has(header: str, tag: str) -> bool:
    """Whether If-None-Match names the tag; weak and strong count alike (RFC 9110, 13.1.2)."""
    return header.strip() == "*" or tag in [each.strip().removeprefix("W/") for each in header.split(",")]


def preferred(header: str, offered: Sequence[str]) -> str:
    """The primary subtag, of those offered, that an Accept-Language header likes best; the first if it likes none."""
    wishes = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), place, tag.strip().lower().split("-")[0]))
        except ValueError:
            continue
    tags = [tag.split("-")[0] for tag in offered]
    return next((wish for weight, _, wish in sorted(wishes) if weight < 0 and wish in tags), tags[0])

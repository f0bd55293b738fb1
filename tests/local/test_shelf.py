"""The stand-in for CloudFront before the bucket: pages, languages, compression and what is not there."""

from __future__ import annotations

import gzip
from typing import Any

import boto3
import pytest

from scripts.local import template
from scripts.local.finding import preferred
from scripts.local.shelf import Shelf
from scripts.local.wire import Request

BUCKET = "anteroom-test-portals-000000000000"
LONG = b"<p>" + b"many words " * 200
PAGES = {
    "patient/index.html": b"brand",
    "patient/404.html": b"lost",
    "patient/north/index.html": b"choose",
    "patient/north/en/index.html": LONG,
    "patient/north/en/404.html": b"lost in north",
    "patient/north/es/404.html": b"perdido",
    "staff/index.html": b"staff",
    "staff/404.html": b"nobody",
}


@pytest.fixture
def s3(cloud: None) -> Any:
    """A bucket with a few pages."""
    client = boto3.client("s3")
    for key, body in PAGES.items():
        client.put_object(
            Bucket=BUCKET,
            Key=key,
            Body=body,
            ContentType="text/html; charset=utf-8",
            CacheControl="public, max-age=60",
            Metadata={"status": "404"} if key.endswith("404.html") else {},
        )
    return client


@pytest.fixture
def shelf(s3: Any) -> Shelf:
    """The patients' pages."""
    return Shelf(s3, BUCKET, "patient/", {"north": ("en-US", "es-US")}, template.headers("test"))


def a_get(path: str, **headers: str) -> Request:
    """A GET; header names with underscores for hyphens."""
    return Request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/", 200, b"brand"),
        ("/north/en/", 200, LONG),
        ("/north/en/index.html", 200, LONG),
        ("/404.html", 404, b"lost"),
        ("/north/en", 404, b"lost in north"),
        ("//north/en/", 404, b"lost"),
        ("/%6eorth/en/", 404, b"lost"),
        ("/nowhere", 404, b"lost"),
        ("/nowhere/", 404, b"lost"),
        ("/north/en/nothing/", 404, b"lost in north"),
        ("/north/es/nada", 404, b"perdido"),
        ("/north/fr/", 404, b"lost in north"),
        ("/../staff/index.html", 404, b"lost"),
        ("/%2e%2e/staff/index.html", 404, b"lost"),
    ],
)
def test_a_path_gives_its_page_or_the_not_found_page_of_where_they_were(shelf: Shelf, path: str, status: int, body: bytes) -> None:
    answer = shelf.answer(a_get(path))
    assert (answer.status, answer.body) == (status, body)
    assert answer.header("content-type") == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/north/en/book/", "/a/0123456789ab/portal.css"])
def test_what_should_be_in_the_bucket_and_is_not_is_told_plainly(shelf: Shelf, path: str) -> None:
    answer = shelf.answer(a_get(path))
    assert (answer.status, answer.header("content-type")) == (404, "text/plain; charset=utf-8")


def test_every_answer_has_the_headers_of_the_edge_whatever_it_is(shelf: Shelf) -> None:
    for request in (a_get("/"), a_get("/nowhere"), a_get("/north/"), Request("POST", "/"), Request("HEAD", "/")):
        headers = shelf.answer(request).headers
        assert set(template.headers("test").items()) <= set(headers), request


@pytest.mark.parametrize("path", ["/north/", "/north"])
@pytest.mark.parametrize(
    ("wish", "place"),
    [("es-MX,es;q=0.9,en;q=0.5", "/north/es/"), ("fr, en;q=0.1", "/north/en/"), ("", "/north/en/"), ("es;q=0", "/north/en/")],
)
def test_a_clinic_s_bare_address_leads_into_the_reader_s_language(shelf: Shelf, path: str, wish: str, place: str) -> None:
    answer = shelf.answer(a_get(path, accept_language=wish))
    assert (answer.status, answer.header("location"), answer.header("vary")) == (302, place, "Accept-Language")


def test_a_redirect_keeps_the_query(shelf: Shelf) -> None:
    assert shelf.answer(Request("GET", "/north/", "service=flu")).header("location") == "/north/en/?service=flu"


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("en;q=0.2, es;q=0.8", "es"),
        ("de;q=1, es;q=0.1", "es"),
        ("*", "en"),
        ("es;q=nonsense", "en"),
        ("EN-gb", "en"),
        ("en; q=0.3,es ; Q=0.4", "es"),
        ("es;q=0.5, en;q=0.5", "es"),
        ("en;q=0.9, es;q=7", "en"),
        ("en;q=0, es;q=0", "en"),
        ("de," * 20 + "es", "en"),
    ],
)
def test_the_language_liked_best_is_chosen(wish: str, language: str) -> None:
    assert preferred(wish, ("en", "es")) == language


def test_a_long_page_is_sent_small_to_who_can_read_it_so(shelf: Shelf) -> None:
    small, plain = shelf.answer(a_get("/north/en/", accept_encoding="gzip, br")), shelf.answer(a_get("/north/en/"))
    assert (small.header("content-encoding"), gzip.decompress(small.body)) == ("gzip", plain.body)
    assert len(small.body) < len(plain.body)
    assert small.header("vary") == plain.header("vary") == "Accept-Encoding"
    assert small.header("etag") == f"W/{plain.header('etag')}"


def test_a_short_page_is_sent_as_it_is(shelf: Shelf) -> None:
    assert shelf.answer(a_get("/", accept_encoding="gzip")).header("content-encoding") == ""


@pytest.mark.parametrize("weak", [True, False])
def test_who_has_the_page_is_only_told_so(shelf: Shelf, *, weak: bool) -> None:
    tag = shelf.answer(a_get("/north/en/")).header("etag")
    answer = shelf.answer(a_get("/north/en/", if_none_match=f'"other", {"W/" if weak else ""}{tag}'))
    assert (answer.status, answer.body, answer.header("etag")) == (304, b"", tag)
    assert answer.header("cache-control") == "public, max-age=60"


def test_a_page_that_was_published_anew_is_shown_at_once(shelf: Shelf, s3: Any) -> None:
    old = shelf.answer(a_get("/")).header("etag")
    s3.put_object(Bucket=BUCKET, Key="patient/index.html", Body=b"new brand", ContentType="text/html")
    answer = shelf.answer(a_get("/", if_none_match=old))
    assert (answer.status, answer.body) == (200, b"new brand")
    s3.delete_object(Bucket=BUCKET, Key="patient/index.html")
    assert shelf.answer(a_get("/")).status == 404


def test_pages_can_only_be_read(shelf: Shelf) -> None:
    answer = shelf.answer(Request("POST", "/"))
    assert (answer.status, answer.header("allow")) == (405, "GET, HEAD")


def test_the_staff_s_host_shows_only_the_staff_s_pages(s3: Any) -> None:
    staff = Shelf(s3, BUCKET, "staff/", {"north": ("en-US",)}, {})
    assert staff.answer(a_get("/")).body == b"staff"
    for path in ("/north/", "/north", "/patient/", "/north/en/"):
        assert (staff.answer(a_get(path)).status, staff.answer(a_get(path)).body) == (404, b"nobody")

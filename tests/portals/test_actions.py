"""Publishing: the bucket holds what was rendered, and only what changed is written."""

from __future__ import annotations

import boto3
import msgspec
import pytest

from chalicelib.kit import settings
from chalicelib.kit.bucket import Bucket
from chalicelib.portals import actions as portals
from chalicelib.portals.records import Page, Published
from tests.portals.conftest import App, Mend

PAGES = dict[str, Page]


@pytest.fixture(scope="module")
def app(app: App) -> App:
    """Two clinics are enough here, one of them with two languages."""
    brand, clinics, practitioners = app
    return brand, clinics[:2], practitioners


@pytest.fixture(scope="module")
def pages(app: App) -> PAGES:
    return portals.render(*app)


@pytest.fixture
def bucket(cloud: None) -> Bucket:
    return Bucket(settings.bucket("portals"))


def test_the_first_publishing_writes_everything_with_its_headers(app: App, pages: PAGES, bucket: Bucket) -> None:
    done = portals.publish_portals(bucket, *app)
    assert set(done.written) == set(pages)
    assert (done.removed, done.kept) == ((), 0)
    for key in ("patient/north/es/book/index.html", next(key for key in pages if key.endswith("text.woff2"))):
        found = boto3.client("s3").get_object(Bucket=bucket.name, Key=key)
        assert found["Body"].read() == pages[key].body
        assert (found["ContentType"], found["CacheControl"]) == (pages[key].content_type, pages[key].cache_control)
        assert found["Metadata"] == {}
    for key in ("patient/404.html", "patient/north/es/404.html", "staff/404.html"):
        assert boto3.client("s3").head_object(Bucket=bucket.name, Key=key)["Metadata"] == {"status": "404"}


@pytest.mark.thorough
def test_assets_are_written_before_the_pages_that_name_them(app: App, bucket: Bucket) -> None:
    written = portals.publish_portals(bucket, *app).written
    assets = [place for place, key in enumerate(written) if "/a/" in key]
    assert max(assets) == len(assets) - 1


def test_publishing_again_writes_nothing(app: App, pages: PAGES, bucket: Bucket) -> None:
    portals.publish_portals(bucket, *app)
    assert portals.publish_portals(bucket, *app) == Published(written=(), removed=(), kept=len(pages))


def test_a_new_telephone_number_rewrites_that_clinics_pages_only(app: App, bucket: Bucket) -> None:
    brand, clinics, practitioners = app
    portals.publish_portals(bucket, *app)
    moved = [clinics[0], msgspec.structs.replace(clinics[1], telephone="+1 204 555 0199"), *clinics[2:]]
    done = portals.publish_portals(bucket, brand, moved, practitioners)
    assert done.written
    assert all(key.startswith("patient/prairie/en/") for key in done.written)


@pytest.mark.thorough
def test_what_somebody_deleted_is_written_again(app: App, bucket: Bucket) -> None:
    portals.publish_portals(bucket, *app)
    bucket.delete(["patient/index.html"])
    assert portals.publish_portals(bucket, *app).written == ("patient/index.html",)


@pytest.mark.thorough
def test_pages_of_a_language_that_is_gone_are_removed(app: App, bucket: Bucket) -> None:
    brand, clinics, practitioners = app
    portals.publish_portals(bucket, *app)
    english = [msgspec.structs.replace(clinics[0], languages=("en-US",)), *clinics[1:]]
    removed = portals.publish_portals(bucket, brand, english, practitioners).removed
    assert removed
    assert all(key.startswith("patient/north/es/") for key in removed)
    assert not list(bucket.keys("patient/north/es/"))


@pytest.mark.thorough
def test_assets_that_an_open_page_may_still_ask_for_stay(app: App, pages: PAGES, bucket: Bucket, changed: Mend) -> None:
    portals.publish_portals(bucket, *app)
    portals.publish_portals(bucket, *app, templates=changed("shell/css/tokens.css", "--text-xs: .75rem", "--text-xs: .7rem"))
    assert {key for key in pages if "/a/" in key} <= set(bucket.keys())


def test_every_key_belongs_to_a_host_or_is_the_ledger(app: App, bucket: Bucket) -> None:
    portals.publish_portals(bucket, *app)
    assert {key.split("/")[0] for key in bucket.keys("")} == {"patient", "staff", "published.json"}


def test_a_bucket_says_none_for_what_it_does_not_have(bucket: Bucket) -> None:
    assert bucket.get("nothing/here") is None
    bucket.put("something/here", b"\x00", "font/woff2", "no-store")
    assert bucket.get("something/here") == b"\x00"
    assert list(bucket.keys("something/")) == ["something/here"]


def test_deleting_nothing_asks_nothing(bucket: Bucket) -> None:
    bucket.delete([])
    assert list(bucket.keys()) == []

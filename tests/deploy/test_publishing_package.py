"""The publishing worker's own package: it renders and publishes with nothing else on its path, and is the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from chalicelib.kit import settings
from chalicelib.kit.bucket import Bucket
from chalicelib.kit.cloudfront import CloudFront
from chalicelib.portals import actions as portals
from chalicelib.portals.actions.publishing import NOTE
from scripts.building import functions, package, targets, vendor
from scripts.building.functions import PUBLISHING
from scripts.local.environment import ROOT
from tests.callers import given_the_clinics
from tests.kit.test_cloudfront import edge
from tests.portals.conftest import App, app

__all__ = ["app", "edge"]

pytestmark = pytest.mark.cloud
LARGEST = 16_000_000  # bytes
ASK = """
import json, sys, types
sys.path.insert(0, sys.argv[1])
from chalicelib.portals import workers
context = types.SimpleNamespace(aws_request_id="1")
answers = [workers.publish({}, context) for _ in range(2)]
late = [name for name in sys.argv[2:] if name in sys.modules]
print(json.dumps({"answers": answers, "late": late}))
"""
# What answers requests, and ought not to be needed to publish.
FOREIGN = ("chalice", "jwt", "webauthn", "pyotp", "segno", "app")


def names(archive: Path) -> set[str]:
    return set(zipfile.ZipFile(archive).namelist())


def test_it_holds_the_templates_and_what_renders_them_and_nothing_that_answers_requests(whole: Path) -> None:
    archive = whole / PUBLISHING.archive
    assert archive.stat().st_size <= LARGEST
    assert {"app.json", "chalicelib/portals/workers.py", "portal_templates/booking/choose_time.js", "jinja2/environment.py"} <= names(
        archive
    )
    tops = {name.split("/")[0].removesuffix(".py") for name in names(archive)}
    assert tops & {"scripts", "tests", "moto", "holidays", *FOREIGN} == set()


def test_it_holds_every_template_as_it_is(whole: Path) -> None:
    archive = zipfile.ZipFile(whole / PUBLISHING.archive)
    held = {name: archive.read(name) for name in archive.namelist() if name.startswith("portal_templates/")}
    templates = ROOT / "portal_templates"
    assert held == {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in templates.rglob("*") if path.is_file()}


def test_of_babels_places_it_knows_those_whose_languages_the_pages_speak(whole: Path) -> None:
    places = {
        Path(name).stem for name in names(whole / PUBLISHING.archive) if name.startswith("babel/locale-data/") and name.endswith(".dat")
    }
    assert {"root", "en", "en_CA", "en_US", "es", "es_US"} <= places
    assert {place.partition("_")[0] for place in places} == {"root", *functions.languages()} == {"root", "en", "es"}


def test_of_the_clouds_services_each_package_knows_those_that_its_code_calls(whole: Path) -> None:
    found = {}
    for name in (package.NAME, PUBLISHING.archive):
        data = [path.split("/")[2] for path in names(whole / name) if path.startswith("botocore/data/") and path.count("/") > 2]
        found[name] = set(data)
    assert found[package.NAME] == {"dynamodb", "s3", "secretsmanager", "ses"}
    assert found[PUBLISHING.archive] == {"cloudfront", "cloudfront-keyvaluestore", "dynamodb", "s3"}


def test_every_source_has_its_byte_code(whole: Path) -> None:
    held, tag = names(whole / PUBLISHING.archive), sys.implementation.cache_tag
    sources = [name for name in held if name.endswith(".py")]
    code = {name: f"{name.rpartition('/')[0]}/__pycache__/{name.rpartition('/')[2][:-3]}.{tag}.pyc".lstrip("/") for name in sources}
    assert [name for name in sources if code[name] not in held] == []


def test_it_publishes_with_nothing_else_on_its_path(whole: Path, edge: CloudFront, ministack: str, tmp_path: Path, app: App) -> None:
    """All pages and languages the first time, as a publishing from here would write them; nothing the second."""
    given_the_clinics()
    bucket = Bucket(settings.bucket("portals"))
    bucket.delete([*bucket.keys()])
    zipfile.ZipFile(whole / PUBLISHING.archive).extractall(tmp_path)
    told = {"AWS_ENDPOINT_URL": ministack, "ANTEROOM_EDGE_STORE": edge._store}
    told |= {f"ANTEROOM_{host.upper()}_DISTRIBUTION": name for host, name in edge._distributions.items()}
    command = [sys.executable, "-I", "-S", "-c", ASK, str(tmp_path), *FOREIGN]
    done = subprocess.run(command, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    wanted = portals.render(*app)
    first = {"written": len(wanted), "removed": 0, "kept": 0, "languages": 3, "forgotten": 0}
    second = {"written": 0, "removed": 0, "kept": len(wanted), "languages": 0, "forgotten": 0}
    assert said == {"answers": [first, second], "late": []}
    assert {key: tag for key, tag in bucket.tags() if key != NOTE} == {key: page.tag for key, page in wanted.items()}
    assert edge.languages() == {"north": "en,es", "prairie": "en", "south": "en"}


@pytest.mark.deep
def test_two_builds_are_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    again = PUBLISHING.build(targets.here(), tmp_path / "laid", tmp_path / "out")
    assert sha256(again.read_bytes()).hexdigest() == sha256((whole / PUBLISHING.archive).read_bytes()).hexdigest()


@pytest.mark.deep
@pytest.mark.parametrize("version", targets.GLIBC)
def test_every_wheel_can_be_had_for_aws(version: str, tmp_path: Path) -> None:
    vendor.install(PUBLISHING.lock, targets.aws(version), tmp_path)
    native = {path.name for path in tmp_path.rglob("*.so")}
    assert native
    assert all("aarch64" in name or "abi3" in name for name in native), native

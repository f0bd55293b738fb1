"""The inspecting function's own package: it makes files anew with nothing else on its path, and is the same bytes every time."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from scripts.building import targets, vendor
from scripts.building.functions import INSPECTING
from tests.documents import samples

pytestmark = pytest.mark.cloud
LARGEST = 40_000_000  # bytes; unpacked, Lambda takes 250 MB
ASK = """
import base64, json, sys
sys.path.insert(0, sys.argv[1])
from chalicelib.documents import workers
from chalicelib.kit import remaking
early = [name for name in ("PIL", "pikepdf", "pypdfium2", "pillow_heif", "boto3") if name in sys.modules]
made = [remaking.remade(base64.b64decode(each["content"]), each["type"]) for each in json.load(sys.stdin)]
print(json.dumps({"types": [each.content_type for each in made], "pages": [len(each.pages) for each in made], "early": early}))
"""


def test_it_holds_what_decodes_and_nothing_that_answers_requests(whole: Path) -> None:
    archive = whole / INSPECTING.archive
    assert archive.stat().st_size <= LARGEST
    names = zipfile.ZipFile(archive).namelist()
    tops = {name.split("/")[0].removesuffix(".py") for name in names}
    assert {"PIL", "pikepdf", "pypdfium2", "pillow_heif", "chalicelib", "app.json"} <= tops
    assert tops & {"scripts", "tests", "moto", "chalice", "jwt", "webauthn", "jinja2", "app"} == set()
    assert sum(each.file_size for each in zipfile.ZipFile(archive).infolist()) < 250_000_000


def test_it_makes_files_anew_with_nothing_else_on_its_path(whole: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(whole / INSPECTING.archive).extractall(tmp_path)
    given = [(samples.jpeg(), "image/jpeg"), (samples.heic(), "application/octet-stream"), (samples.pdf_with_script(), "application/pdf")]
    told = json.dumps([{"content": base64.b64encode(content).decode(), "type": kind} for content, kind in given])
    bare = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ASK, str(tmp_path)], input=told, env=bare, stdout=subprocess.PIPE, text=True, check=True
    )
    assert json.loads(done.stdout) == {"types": ["image/jpeg", "image/jpeg", "application/pdf"], "pages": [1, 1, 1], "early": []}


@pytest.mark.deep
def test_two_builds_are_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    again = INSPECTING.build(targets.here(), tmp_path / "laid", tmp_path / "out")
    assert sha256(again.read_bytes()).hexdigest() == sha256((whole / INSPECTING.archive).read_bytes()).hexdigest()


@pytest.mark.deep
@pytest.mark.parametrize("version", targets.GLIBC)
def test_every_package_can_be_had_for_aws(version: str, tmp_path: Path) -> None:
    vendor.install(INSPECTING.lock, targets.aws(version), tmp_path)
    native = list(tmp_path.rglob("*.so"))
    assert {path.read_bytes()[18:20] for path in native} == {b"\xb7\x00"}, "what is no code for arm64 (ELF, e_machine)"

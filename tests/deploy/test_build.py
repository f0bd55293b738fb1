"""What goes to AWS: small, whole, the same bytes every time, and it runs with nothing else on its path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app import app
from scripts.building import package, release, targets, vendor
from scripts.local import api
from scripts.local.environment import ROOT, Plain
from scripts.local.wire import Request
from tests.callers import given_the_clinics

LARGEST = 16_000_000  # bytes of the API's zip, passkeys included

# What a request that books, signs in by mail or lists must not pay for.
LATE = ("jinja2", "babel", "cryptography", "webauthn", "pyotp", "segno", "PIL", "pikepdf", "boto3")
ASK = """
import json, sys, types
sys.path.insert(0, sys.argv[1])
import app
context = types.SimpleNamespace(aws_request_id="1", get_remaining_time_in_millis=lambda: 20000)
answers = [app.app(event, context) for event in json.loads(sys.argv[2])]
late = [name for name in sys.argv[3:] if name in sys.modules]
import boto3, cryptography.hazmat.primitives.ciphers.aead, pyotp, segno, webauthn
clients = [boto3.client(name, region_name="us-east-1").meta.service_model.service_name for name in ("dynamodb", "s3", "secretsmanager", "ses")]
print(json.dumps({"routes": sorted(app.app.routes), "late": late, "clients": clients, "answers": answers}))
"""
HEALTH, SLOTS = "/api/health", "/api/clinics/{clinic}/slots"


def events() -> list[dict[str, Any]]:
    """A request for health and one for the North's times, as API Gateway tells of them."""
    return [
        api.event_of(Request("GET", HEALTH), HEALTH, {}, ()),
        api.event_of(Request("GET", SLOTS.replace("{clinic}", "north"), "service=visit"), SLOTS, {"clinic": "north"}, ()),
    ]


@pytest.mark.cloud
def test_the_zip_is_small_and_holds_what_ships_alone(built: tuple[Path, Path]) -> None:
    names = zipfile.ZipFile(built[1]).namelist()
    assert built[1].stat().st_size <= LARGEST
    assert not [name for name in names if name.split("/")[0] in {"scripts", "tests", "jinja2", "moto"}]
    assert {"app.py", "app.json", "chalicelib/kit/table.py", "messages/booking/messages/en/booked.txt"} <= set(names)


@pytest.mark.cloud
def test_every_source_has_its_byte_code(built: tuple[Path, Path]) -> None:
    names = set(zipfile.ZipFile(built[1]).namelist())
    tag = sys.implementation.cache_tag
    sources = [name for name in names if name.endswith(".py")]
    code = {name: f"{name.rpartition('/')[0]}/__pycache__/{name.rpartition('/')[2][:-3]}.{tag}.pyc".lstrip("/") for name in sources}
    assert [name for name in sources if code[name] not in names] == []


@pytest.mark.cloud
def test_it_answers_with_nothing_else_on_its_path_and_loads_nothing_early(built: tuple[Path, Path], ministack: str, tmp_path: Path) -> None:
    """Health and a clinic's times are told; what few requests need is there when they come: nothing was cut away that is imported late."""
    given_the_clinics()
    zipfile.ZipFile(built[1]).extractall(tmp_path)
    command = [sys.executable, "-I", "-S", "-c", ASK, str(tmp_path), json.dumps(events()), *LATE]
    done = subprocess.run(command, env={**os.environ, "AWS_ENDPOINT_URL": ministack}, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    health, slots = (json.loads(answer["body"]) for answer in told.pop("answers"))
    assert told == {"routes": sorted(app.routes), "late": [], "clients": ["dynamodb", "s3", "secretsmanager", "ses"]}
    assert (health["state"], health["version"]) == ("ok", release.word())
    assert any(day["slots"] for day in slots["days"])


def test_a_zip_is_the_same_bytes_whenever_and_in_whatever_order_it_was_made(tmp_path: Path) -> None:
    for name, order in (("one.zip", "ab"), ("two.zip", "ba")):
        with zipfile.ZipFile(tmp_path / name, "w") as made:
            for each in order:
                made.writestr(zipfile.ZipInfo(each, (2026, 11, len(name) + order.index("a"), 1, 1, 0)), each * 1000)
        package.rewrite(tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_same_source_gives_the_same_byte_code(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "thing.py").write_text("WORDS = frozenset({'a', 'b', 'c', 'd'})\n\n\ndef f(x):\n    return x in {'p', 'q', 'r'}\n")
        vendor.compile_all(folder, at="/var/task")
        made.append(next((folder / "__pycache__").iterdir()).read_bytes())
    assert made[0] == made[1]
    assert b"/var/task/thing.py" in made[0]
    assert str(tmp_path).encode() not in made[0]


@pytest.mark.parametrize("version", targets.GLIBC)
def test_lambdas_wheels_are_those_that_its_linux_can_load(version: str) -> None:
    target = targets.aws(version)
    assert target.platforms[0] == "manylinux_2_34_aarch64"
    assert target.platforms[-1] == "manylinux2014_aarch64"
    assert target.pip.count("--platform") == len(target.platforms)
    assert target.pip[target.pip.index("--python-version") + 1] == version
    assert targets.here().pip == []


@pytest.mark.parametrize("version", ["3.11", "3.15"])
def test_a_python_that_cannot_build_for_aws_is_told_in_one_sentence(version: str) -> None:
    with pytest.raises(Plain, match=rf"Python {version} cannot build for AWS: .* use one of 3\.12, 3\.13, 3\.14\."):
        targets.aws(version)


@pytest.mark.deep
@pytest.mark.parametrize("version", targets.GLIBC)
def test_every_package_can_be_had_for_aws(version: str, tmp_path: Path) -> None:
    vendor.install(ROOT / "backend" / "requirements.txt", targets.aws(version), tmp_path)
    native = list(tmp_path.rglob("*.so"))
    assert native
    assert {path.read_bytes()[18:20] for path in native} == {b"\xb7\x00"}, "what is no code for arm64 (ELF, e_machine)"

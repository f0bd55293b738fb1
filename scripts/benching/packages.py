"""Three packages to start: ours as it is deployed, the ordinary one of the same code, and a bare one of Chalice and botocore."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from scripts.building import package, project, targets, vendor
from scripts.local.environment import ROOT

# What Chalice and botocore need at run time, and nothing of ours.
BARE = ("chalice", "botocore", "jmespath", "dateutil", "six.py", "urllib3")
ROUTE = """\
import json

import botocore.session
from chalice.app import Chalice

app = Chalice(app_name="bare")
client = botocore.session.get_session().create_client("dynamodb")


@app.route("/api/clinics/{clinic}", methods=["GET"])
def get_clinic(clinic):
    key = {"pk": {"S": "CLINICS"}, "sk": {"S": clinic}}
    return json.loads(client.get_item(TableName="anteroom-bench-clinics", Key=key)["Item"]["document"]["S"])
"""


@dataclass(frozen=True)
class Packages:
    """Where each lies unpacked, and the bytes of the zips."""

    lean: Path
    ordinary: Path
    bare: Path
    lean_bytes: int
    ordinary_bytes: int


def build(folder: Path) -> Packages:
    """All three, for this machine."""
    laid = folder / "lean-project"
    project.lay_out(targets.here(), laid)
    lean, lean_bytes = _unpacked(laid, folder / "lean")
    ordinary, ordinary_bytes = _unpacked(_as_ordinary(laid, folder / "ordinary-project"), folder / "ordinary")
    return Packages(lean, ordinary, _bare(lean, folder / "bare"), lean_bytes, ordinary_bytes)


def _unpacked(laid: Path, folder: Path) -> tuple[Path, int]:
    _, made = package.package(laid, folder / "out")
    zipfile.ZipFile(made).extractall(folder / "task")
    return folder / "task", made.stat().st_size


def _as_ordinary(laid: Path, folder: Path) -> Path:
    """The same project as one would leave it to Chalice: its requirements as they are, no byte code."""
    compiled = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(laid / "chalicelib", folder / "chalicelib", ignore=compiled)
    shutil.copytree(laid / ".chalice", folder / ".chalice")
    shutil.copy(laid / "app.py", folder / "app.py")
    shutil.copy(ROOT / "backend" / "requirements.txt", folder / "requirements.txt")
    (folder / "vendor").mkdir()
    shutil.copy(laid / "vendor" / "app.json", folder / "vendor" / "app.json")
    shutil.copytree(laid / "vendor" / "messages", folder / "vendor" / "messages")
    return folder


def _bare(lean: Path, folder: Path) -> Path:
    """One route and one client, of the very files that ours has: cut down and compiled in the same way."""
    folder.mkdir()
    for name in BARE:
        if (lean / name).is_dir():
            shutil.copytree(lean / name, folder / name)
        else:
            shutil.copy(lean / name, folder / name)
    (folder / "app.py").write_text(ROUTE, encoding="utf-8")
    vendor.compile_all(folder, at="/var/task")
    return folder

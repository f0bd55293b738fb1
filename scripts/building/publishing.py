"""The publishing worker's own package: our code, the templates, and the wheels of a lock of its own. No request carries any of it."""

from __future__ import annotations

import shutil
from collections.abc import Set
from pathlib import Path

from scripts.building import package, vendor
from scripts.building.project import COMPILED
from scripts.building.targets import Target
from scripts.local.environment import ROOT

NAME = "publishing.zip"
LOCK = ROOT / "backend" / "requirements-publishing.txt"
TEMPLATES = ROOT / "portal_templates"
# Whose clients the worker makes (chalicelib.kit: table, bucket, cloudfront).
SERVICES = frozenset({"cloudfront", "cloudfront-keyvaluestore", "dynamodb", "s3"})


def build(target: Target, folder: Path, out: Path) -> Path:
    """The zip for a target, laid out in an empty folder first; Plain where a package cannot be had."""
    lay_out(target, folder)
    out.mkdir(parents=True, exist_ok=True)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    package.pack(files, out / NAME)
    return out / NAME


def lay_out(target: Target, folder: Path) -> None:
    """What lies in /var/task, compiled."""
    vendor.install(LOCK, target, folder)
    vendor.prune(folder, SERVICES)
    _leave_out_locales(folder / "babel" / "locale-data", languages())
    shutil.copytree(ROOT / "backend" / "chalicelib", folder / "chalicelib", ignore=COMPILED)
    shutil.copytree(TEMPLATES, folder / TEMPLATES.name, ignore=COMPILED)
    shutil.copy(ROOT / "app.json", folder / "app.json")
    vendor.compile_all(folder, at="/var/task")


def languages() -> Set[str]:
    """Those that a page can be in: the templates' own, and one for each catalogue."""
    return {"en", *(path.stem for path in (TEMPLATES / "locale").glob("*.po"))}


def _leave_out_locales(folder: Path, spoken: Set[str]) -> None:
    """Babel knows a thousand places, 30 MB of them. What all of them rest on is called root."""
    for path in folder.glob("*.dat"):
        if path.stem.partition("_")[0] not in {"root", *spoken}:
            path.unlink()

"""The project that `chalice package` packs: a copy of backend/ with everything the functions read, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from scripts.building import release, vendor
from scripts.building.targets import Target
from scripts.local.environment import ROOT

# Whose clients the functions make (chalicelib.kit: table, bucket, vault, post).
SERVICES = frozenset({"dynamodb", "s3", "secretsmanager", "ses"})
COMPILED = shutil.ignore_patterns("__pycache__", "*.pyc")


def lay_out(target: Target, folder: Path) -> None:
    """Everything that ships, compiled, in a folder of its own; the locks' wheels in its vendor/."""
    backend = ROOT / "backend"
    shutil.copytree(backend / "chalicelib", folder / "chalicelib", ignore=COMPILED)
    shutil.copytree(backend / ".chalice", folder / ".chalice", ignore=shutil.ignore_patterns("deployed", "deployments"))
    shutil.copy(backend / "app.py", folder / "app.py")
    (folder / "requirements.txt").write_text("", encoding="utf-8")  # Chalice installs nothing: vendor/ holds it all
    vendor.install(backend / "requirements.txt", target, folder / "vendor")
    _runtime(folder / "vendor")
    vendor.prune(folder / "vendor", SERVICES)
    _what_is_read(folder / "vendor")
    _compile(folder)
    _settle(folder / ".chalice" / "config.json", target)


def _runtime(vendored: Path) -> None:
    """The source of Chalice's runtime, to be compiled; Chalice itself adds these files to what it packs."""
    import chalice

    (vendored / "chalice").mkdir(parents=True, exist_ok=True)
    for name in RUNTIME:
        shutil.copy(Path(chalice.__file__).parent / name, vendored / "chalice" / name)


RUNTIME = ("__init__.py", "app.py")


def _compile(folder: Path) -> None:
    """Byte code for all of it. Chalice takes app.py and its own runtime as source only, so their code lies in vendor/."""
    vendored = folder / "vendor"
    shutil.copy(folder / "app.py", vendored / "app.py")
    vendor.compile_all(folder / "chalicelib", at="/var/task/chalicelib")
    vendor.compile_all(vendored, at="/var/task")
    for path in (vendored / "app.py", *(vendored / "chalice" / name for name in RUNTIME)):
        path.unlink()


def _what_is_read(vendored: Path) -> None:
    """app.json, the worded messages, the letters of printed copies and the release's word, which the functions read as files."""
    shutil.copy(ROOT / "app.json", vendored / "app.json")
    (vendored / release.FILE).write_text(f"{release.word()}\n", encoding="utf-8")
    for folder in sorted((ROOT / "portal_templates").glob("*/messages")):
        shutil.copytree(folder, vendored / "messages" / folder.parent.name / "messages")
    shutil.copytree(ROOT / "portal_templates" / "shell" / "print", vendored / "messages" / "shell" / "print")


def _settle(config: Path, target: Target) -> None:
    told = json.loads(config.read_text(encoding="utf-8"))
    told["lambda_architecture"] = target.architecture
    config.write_text(json.dumps(told, indent=2), encoding="utf-8")

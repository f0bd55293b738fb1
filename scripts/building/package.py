"""`chalice package` with our overlay merged in, and a zip whose bytes depend on what is in it alone."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from scripts.building import edge
from scripts.local.environment import ROOT, Plain

OVERLAY = ROOT / "infra" / "overlay.yaml"
FUNCTIONS = ("patient.js", "staff.js", "not_found.js")  # of infra/functions/, as the overlay names them
STAGE = "any"  # Chalice's; which stage it becomes is a parameter of the template
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip can hold
FILE = 0o100644 << 16  # an ordinary file that all may read


def package(project: Path, out: Path) -> tuple[Path, Path]:
    """The template and the zip, the same for every stage; Plain with Chalice's own words where it cannot."""
    out.mkdir(parents=True, exist_ok=True)
    chalice = [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())", "--project-dir", str(project)]
    command = [*chalice, "package", "--stage", STAGE, "--merge-template", str(_overlay(out)), "--template-format", "yaml", str(out)]
    environ = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ}  # Chalice wants one; nothing in the template depends on it
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Plain(f"Chalice could not package the app: {done.stdout.strip().splitlines()[-1]}")
    made = out / "deployment.zip"
    rewrite(made)
    return out / "sam.yaml", made


def _overlay(out: Path) -> Path:
    """The overlay with the edge's functions in their places."""
    text = OVERLAY.read_text(encoding="utf-8")
    for name in FUNCTIONS:
        code = "".join(f"\n        {line}".rstrip() + "" for line in edge.code(name).splitlines())
        text = text.replace(f"FunctionCode: {name}", f"FunctionCode: |{code}\n", 1)
    whole = out / "overlay.yaml"
    whole.write_text(text, encoding="utf-8")
    return whole


def rewrite(archive: Path) -> None:
    """The same files in the order of their names, without dates: two builds of one source are the same bytes."""
    with zipfile.ZipFile(archive) as old:
        files = {name: old.read(name) for name in old.namelist() if not name.endswith("/")}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, LONG_AGO)
            about.external_attr, about.compress_type = FILE, zipfile.ZIP_DEFLATED
            new.writestr(about, files[name])

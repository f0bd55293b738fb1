"""`chalice package` with our overlay merged in, and a zip whose bytes depend on what is in it alone."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from scripts.local.environment import ROOT, Plain

OVERLAY = ROOT / "infra" / "overlay.yaml"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip can hold
FILE = 0o100644 << 16  # an ordinary file that all may read


def package(project: Path, stage: str, out: Path) -> tuple[Path, Path]:
    """The template and the zip of a stage; Plain with Chalice's own words where it cannot."""
    out.mkdir(parents=True, exist_ok=True)
    chalice = [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())", "--project-dir", str(project)]
    command = [*chalice, "package", "--stage", stage, "--merge-template", str(OVERLAY), "--template-format", "yaml", str(out)]
    environ = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ}  # Chalice wants one; nothing in the template depends on it
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Plain(f"Chalice could not package the app: {done.stdout.strip().splitlines()[-1]}")
    made = out / "deployment.zip"
    rewrite(made)
    return out / "sam.yaml", made


def rewrite(archive: Path) -> None:
    """The same files in the order of their names, without dates: two builds of one source are the same bytes."""
    with zipfile.ZipFile(archive) as old:
        files = {name: old.read(name) for name in old.namelist() if not name.endswith("/")}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, LONG_AGO)
            about.external_attr, about.compress_type = FILE, zipfile.ZIP_DEFLATED
            new.writestr(about, files[name])

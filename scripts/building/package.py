"""`chalice package` with our overlay merged in, and a zip whose bytes depend on what is in it alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from scripts.building import edge
from scripts.building.targets import VERSION
from scripts.local.environment import ROOT, Plain

OVERLAY = ROOT / "infra" / "overlay.yaml"
NAME = "deployment.zip"
FUNCTIONS = ("patient.js", "staff.js", "not_found.js")  # of infra/functions/, as the overlay names them
STAGE = "any"  # Chalice's; which stage it becomes is a parameter of the template
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip can hold
FILE = 0o100644 << 16  # an ordinary file that all may read


def package(project: Path, out: Path) -> tuple[Path, Path]:
    """The template and the zip, the same for every stage; Plain with Chalice's own words where it cannot."""
    out.mkdir(parents=True, exist_ok=True)
    chalice = [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())", "--project-dir", str(project)]
    command = [
        *chalice,
        "package",
        "--stage",
        STAGE,
        "--merge-template",
        str(_overlay(out, _settled(project))),
        "--template-format",
        "yaml",
        str(out),
    ]
    environ = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ}  # Chalice wants one; nothing in the template depends on it
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Plain(f"Chalice could not package the app: {done.stdout.strip().splitlines()[-1]}")
    template, made = out / "sam.yaml", out / NAME
    write_out(template)
    rewrite(made)
    return template, made


class _WithoutAliases(yaml.SafeDumper):
    """Writes what stands in several places in each of them: CloudFormation refuses a template with YAML's aliases."""

    def ignore_aliases(self, _: Any) -> bool:
        """All of them."""
        return True


def write_out(template: Path) -> None:
    """The same template, every anchor of the overlay written out where it is meant."""
    document = yaml.safe_load(template.read_text(encoding="utf-8"))
    template.write_text(yaml.dump(document, Dumper=_WithoutAliases, sort_keys=False, width=200, allow_unicode=True), encoding="utf-8")


def _settled(project: Path) -> str:
    """The architecture that Chalice gives its functions, as the project says it."""
    told: dict[str, str] = json.loads((project / ".chalice" / "config.json").read_text(encoding="utf-8"))
    return told["lambda_architecture"]


def _overlay(out: Path, architecture: str) -> Path:
    """The overlay with the edge's functions in their places, and our own function on the machine that Chalice's run on."""
    text = OVERLAY.read_text(encoding="utf-8")
    for name in FUNCTIONS:
        code = "".join(f"\n        {line}".rstrip() + "" for line in edge.code(name).splitlines())
        text = text.replace(f"FunctionCode: {name}", f"FunctionCode: |{code}\n", 1)
    text = text.replace("Runtime: python\n", f"Runtime: python{VERSION}\n").replace("[any]", f"[{architecture}]")
    whole = out / "overlay.yaml"
    whole.write_text(text, encoding="utf-8")
    return whole


def rewrite(archive: Path) -> None:
    """The same files in the order of their names, without dates: two builds of one source are the same bytes."""
    with zipfile.ZipFile(archive) as old:
        files = {name: old.read(name) for name in old.namelist() if not name.endswith("/")}
    pack(files, archive)


def pack(files: Mapping[str, bytes], archive: Path) -> None:
    """A zip of these, by the path inside it, that depends on nothing else."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, LONG_AGO)
            about.external_attr, about.compress_type = FILE, zipfile.ZIP_DEFLATED
            new.writestr(about, files[name])

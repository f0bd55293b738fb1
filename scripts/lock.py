"""Make the lock files anew from pyproject.toml: `python scripts/lock.py` (needs uv and the network).

Universal locks for Python 3.11 to 3.14: every package with its version and the hashes of its files, wheels only.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements-run.lock": ["pyproject.toml", "--extra", "publish", "--extra", "inspect", "--extra", "local"],
    "requirements-test.lock": ["pyproject.toml", "--all-extras", "-c", "requirements-run.lock"],
    "requirements-ministack.lock": ["--group", "pyproject.toml:ministack"],
    "requirements-lint.lock": ["--group", "pyproject.toml:lint"],
    "backend/requirements.txt": ["-", "-c", "requirements-run.lock"],  # from `shipped`
}
# What the functions with packages of their own need; the rest of what ships answers requests.
STORES = ("boto3", "msgspec", "pynamodb", "tzdata")
OWN = {
    "publishing": (*STORES, "babel", "cryptography", "jinja2"),
    "inspecting": (*STORES, "pikepdf", "pillow", "pillow-heif", "pypdfium2"),
}
LOCKS |= {f"backend/requirements-{name}.txt": ["-", "-c", "requirements-run.lock"] for name in OWN}  # from `wanted`
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--only-binary", ":all:"]
PLAIN = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]


def project() -> dict[str, Any]:
    """What pyproject.toml says of the project."""
    told: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return told


def shipped() -> list[str]:
    """What the API's package needs. Chalice adds its own runtime to it; listing it would ship its command line as well."""
    return [wanted for wanted in project()["dependencies"] if not wanted.startswith("chalice==")]


def wanted(lock: str) -> list[str]:
    """What goes into a package's lock, in the versions of everything else."""
    own = next((names for name, names in OWN.items() if lock == f"backend/requirements-{name}.txt"), None)
    if own is None:
        return shipped()
    further = project()["optional-dependencies"]
    pinned = [*project()["dependencies"], *further["publish"], *further["inspect"]]
    return [each for each in pinned if each.partition("==")[0] in own]


def main() -> int:
    """Write every lock; the first that cannot be made stops it."""
    uv = shutil.which("uv")
    if uv is None:
        print("scripts/lock.py needs uv: pip install uv", file=sys.stderr)
        return 2
    for name, sources in LOCKS.items():
        print(f"locking {name}", flush=True)
        command = [uv, "pip", "compile", *sources, *OPTIONS, *PLAIN, "-o", name]
        done = subprocess.run(command, cwd=ROOT, input="\n".join(wanted(name)), text=True, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())

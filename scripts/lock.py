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
    "backend/requirements-publishing.txt": ["-", "-c", "requirements-run.lock"],  # from `publishing`
}
# What rendering, the tables, the bucket and the edge's store need; the rest of what ships answers requests.
PUBLISHING = ("babel", "boto3", "cryptography", "jinja2", "msgspec", "pynamodb", "tzdata")
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--only-binary", ":all:"]
PLAIN = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]


def project() -> dict[str, Any]:
    """What pyproject.toml says of the project."""
    told: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return told


def shipped() -> list[str]:
    """What the API's package needs. Chalice adds its own runtime to it; listing it would ship its command line as well."""
    return [wanted for wanted in project()["dependencies"] if not wanted.startswith("chalice==")]


def publishing() -> list[str]:
    """What the publishing worker's package needs, in the versions of everything else."""
    pinned = [*project()["dependencies"], *project()["optional-dependencies"]["publish"]]
    return [wanted for wanted in pinned if wanted.partition("==")[0] in PUBLISHING]


def main() -> int:
    """Write every lock; the first that cannot be made stops it."""
    uv = shutil.which("uv")
    if uv is None:
        print("scripts/lock.py needs uv: pip install uv", file=sys.stderr)
        return 2
    for name, sources in LOCKS.items():
        print(f"locking {name}", flush=True)
        command = [uv, "pip", "compile", *sources, *OPTIONS, *PLAIN, "-o", name]
        wanted = publishing() if name.endswith("-publishing.txt") else shipped()
        done = subprocess.run(command, cwd=ROOT, input="\n".join(wanted), text=True, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())

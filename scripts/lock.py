"""Make the lock files anew from pyproject.toml: `python scripts/lock.py` (needs uv and the network).

Universal locks for Python 3.11 to 3.14: every package with its version and the hashes of its files, wheels only.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements-run.lock": ["pyproject.toml", "--extra", "publish", "--extra", "local"],
    "requirements-test.lock": ["pyproject.toml", "--all-extras", "-c", "requirements-run.lock"],
    "requirements-ministack.lock": ["--group", "pyproject.toml:ministack"],
    "requirements-lint.lock": ["--group", "pyproject.toml:lint"],
    "backend/requirements.txt": ["-", "-c", "requirements-run.lock"],  # from `shipped`
}
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--only-binary", ":all:"]
PLAIN = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]


def shipped() -> list[str]:
    """What the package needs. Chalice adds its own runtime to it; listing it would ship its command line as well."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [wanted for wanted in project["dependencies"] if not wanted.startswith("chalice==")]


def main() -> int:
    """Write every lock; the first that cannot be made stops it."""
    uv = shutil.which("uv")
    if uv is None:
        print("scripts/lock.py needs uv: pip install uv", file=sys.stderr)
        return 2
    for name, sources in LOCKS.items():
        print(f"locking {name}", flush=True)
        command = [uv, "pip", "compile", *sources, *OPTIONS, *PLAIN, "-o", name]
        done = subprocess.run(command, cwd=ROOT, input="\n".join(shipped()), text=True, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())

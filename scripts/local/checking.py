"""What `scripts/test.py` runs, fastest first: four static checks, then pytest once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.local import chromium, environment, evidence
from scripts.local.environment import ROOT

PYTHON = sys.executable
STATIC = (
    ("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("ruff check", [PYTHON, "-m", "ruff", "check", "."]),
    ("import-linter", [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"]),
    ("mypy", [PYTHON, "-m", "mypy"]),
)
WORKERS = ["-n", "3"]  # on two cores: browsers mostly wait. Each starts a cloud of its own when its tests want one
WORKERS_FAST = ["-n", "auto"]  # nothing waits
# The local cloud's environment is made while the static checks run; later, every worker would wait for it.
CLOUD = "from scripts.local import environment; environment.ensure('ministack')"
COVERAGE = ["--cov", "--cov-branch", "--cov-report=term:skip-covered"]
FAILED = "ANTEROOM_STATIC_FAILED"  # tells the test session what its summary must also say


@dataclass(frozen=True)
class Wanted:
    """What to run: the depth, and what is for pytest."""

    depth: str
    rest: Sequence[str]

    @property
    def some(self) -> bool:
        """Whether only some tests are wanted: then the static checks and the coverage of all would only be in the way."""
        return any(word.startswith(("-k", "-m")) or Path(word.split("::")[0]).exists() for word in self.rest)


def read(words: Sequence[str]) -> Wanted:
    """`--fast` or `--deep`, and the rest."""
    depth = next((word[2:] for word in words if word in ("--fast", "--deep")), "all")
    return Wanted(depth, [word for word in words if word not in ("--fast", "--deep")])


def run(words: Sequence[str]) -> int:
    """Everything that is wanted; 0 only if all of it is well."""
    wanted = read(words)
    os.chdir(ROOT)
    cloud = None if wanted.depth == "fast" else subprocess.Popen([PYTHON, "-c", CLOUD], stdout=subprocess.DEVNULL)
    failed = [] if wanted.some else [name for name, command in STATIC if not _passes(name, command)]
    os.environ[FAILED] = ", ".join(failed)
    if cloud:
        chromium.provide()
        cloud.wait()  # where it could not be made, the first test that wants it says why
    return _pytest(wanted) or bool(failed)


def _passes(name: str, command: Sequence[str]) -> bool:
    """Run one static check; its words are shown only where it fails."""
    begun = time.monotonic()
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    took = f"{time.monotonic() - begun:.1f} s"
    print(f"{name}: {'well' if done.returncode == 0 else 'FAILED'}, {took}", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def _pytest(wanted: Wanted) -> int:
    """One pytest run; the deep one leaves a page of evidence behind."""
    command = [PYTHON, "-m", "pytest", *([] if wanted.some else WORKERS_FAST if wanted.depth == "fast" else WORKERS)]
    if wanted.depth == "fast":
        command += ["-m", "not thorough and not cloud and not browser and not deep"]
    if wanted.depth == "all" and not wanted.some:
        command += ["-m", "not deep"]
    if wanted.depth == "deep" and not wanted.some:
        command += COVERAGE  # tracing doubles the time of an ordinary test, so it is left to the run that has the time
    if wanted.depth != "deep":
        environ = {**os.environ, "ANTEROOM_FAST": "1" if wanted.depth == "fast" else "0"}
        return subprocess.run([*command, *wanted.rest], env=environ, check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        environ = {**os.environ, "ANTEROOM_DEEP": "1"}
        code = subprocess.run([*command, f"--junitxml={results}", *wanted.rest], env=environ, check=False).returncode
        evidence.write(results, environment.ROOT / "docs" / "evidence")
        return code

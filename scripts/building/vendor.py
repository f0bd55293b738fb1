"""The packages that ship beside our code: fetched by hash, cut down to what Lambda loads, compiled once and for good."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Set
from pathlib import Path

from scripts.building.targets import Target
from scripts.local.environment import Plain

# Needed by nobody at run time: pycparser reads C while cffi is built, the rest serves installers and boto3's resource layer.
LEFT_OUT = ("pycparser", "pycparser-*", "bin", "*.dist-info", "boto3/examples", "boto3/data")
TESTS = ("tests", "test", "testing")


def install(lock: Path, target: Target, folder: Path) -> None:
    """Every wheel of a lock for a target, each file checked against its hash. Plain if one cannot be had."""
    options = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile", "--disable-pip-version-check", "--no-input"]
    command = [sys.executable, "-m", "pip", "install", *options, *target.pip, "--target", str(folder), "-r", str(lock)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Plain(f"The packages for {target.name} could not be fetched: {_last_line(done.stdout)}")


def _last_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.startswith("ERROR")]
    return lines[-1] if lines else "pip said nothing about why."


def prune(folder: Path, services: Set[str]) -> None:
    """Leave out what nothing loads; of botocore's 400 services, all but these."""
    for pattern in LEFT_OUT:
        for path in folder.glob(pattern):
            _remove(path)
    for path in (folder / "botocore" / "data").iterdir():
        if path.is_dir() and path.name not in services:
            _remove(path)
    for path in [path for path in folder.rglob("*") if path.is_dir() and path.name in TESTS]:
        _remove(path)
    for path in folder.rglob("*.py[cio]"):
        path.unlink()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def compile_all(folder: Path, at: str) -> None:
    """Byte code beside every source, never checked against it again: on Lambda nothing can write a newer one.

    `at` is where the folder will lie, for tracebacks. In a process of its own with a fixed hash seed, so that the same source
    gives the same bytes.
    """
    command = [sys.executable, "-m", "compileall", "-q", "-j", "1", "-s", str(folder), "-p", at]
    command += ["--invalidation-mode", "unchecked-hash", str(folder)]
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Plain(f"Some code that ships cannot be compiled: {done.stdout.strip().splitlines()[-1]}")

"""Starts what is measured in processes of its own: with a package and nothing else, or in this environment."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from scripts.local.environment import ROOT, Plain

INSIDE = Path(__file__).with_name("inside.py")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")


def isolated(verb: str, package: Path, told: dict[str, Any], environ: dict[str, str], folder: Path) -> Any:
    """What inside.py finds with this package, in an interpreter that sees nothing else and writes no byte code."""
    given, out = folder / "told.pickle", folder / "out.json"
    given.write_bytes(pickle.dumps(told))
    return _found([sys.executable, "-I", "-S", "-B", str(INSIDE), verb, str(package), str(given), str(out)], environ, out)


def beside(module: str, *words: str, environ: dict[str, str] | None = None, out: Path) -> Any:
    """What a module of ours finds in a fresh process of this environment; it leaves JSON where its last word says."""
    paths = {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "backend")))}
    return _found([sys.executable, "-m", f"scripts.benching.{module}", *words, str(out)], paths | (environ or {}), out)


def _found(command: list[str], environ: dict[str, str], out: Path) -> Any:
    out.unlink(missing_ok=True)
    whole = {name: os.environ[name] for name in KEPT if name in os.environ} | environ
    done = subprocess.run(command, env=whole, cwd=out.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode or not out.is_file():
        raise Plain(f"A measuring process ended with {done.returncode}: {_last_line(done.stderr)}")
    return json.loads(out.read_text(encoding="utf-8")) if out.suffix == ".json" else pickle.loads(out.read_bytes())


def _last_line(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip() and not line.startswith("{")]
    return lines[-1] if lines else "it said nothing about why."

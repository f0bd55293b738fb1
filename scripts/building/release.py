"""Which release this checkout is: the word that the ledger, the health answer and the guides call it by."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

from scripts.local.environment import ROOT

FILE = "release.txt"  # at the top of the functions' package


def word() -> str:
    """The commit (or the tag) that is checked out, where git can say it; `+` where something was changed since."""
    done = subprocess.run(["git", "describe", "--always", "--dirty=+"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def of(package: Path) -> str:
    """What a package says it is, which is what its functions will say; where it says nothing, this checkout."""
    with zipfile.ZipFile(package) as archive:
        return archive.read(FILE).decode().strip() if FILE in archive.namelist() else word()

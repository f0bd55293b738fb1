"""The commands that work on a cloud which `scripts/run.py` is running in another terminal."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from scripts.local import environment, options
from scripts.local.environment import ROOT, Plain

NOTE = "running.json"  # in the data folder while a run lasts: what its environment was told


def main(verb: str) -> int:
    """Enter the environment, find the run, and publish or seed. 2, and why in one sentence, where that cannot be."""
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        wanted = options.read_attached(verb, sys.argv[1:])
        told = _told(wanted.folder)
        environment.enter("run")
        os.environ |= told
        sys.path.insert(0, str(ROOT / "backend"))
        from scripts.local import filling

        portal = filling.read()
        filling.publish(portal) if verb == "publish" else filling.seed(portal, wanted.seed)
    except Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


def _told(folder: Path) -> dict[str, str]:
    """What the run on this folder told its own environment."""
    try:
        told: dict[str, str] = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except OSError as error:
        raise Plain(f"No run is using the folder {folder}; start one with: python3 scripts/run.py") from error
    return told

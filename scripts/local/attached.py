"""The commands that work on a cloud which `scripts/run.py` is running in another terminal."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from pathlib import Path

from scripts.local import environment, options
from scripts.local.environment import ROOT, Plain

NOTE = "running.json"  # in the data folder while a run lasts: what its environment was told


def main(verb: str) -> int:
    """Enter the environment, find the run, and publish, seed or invite. 2, and why in one sentence, where that cannot be."""
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        wanted = options.read_attached(verb, sys.argv[1:])
        told = _told(wanted.folder)
        environment.enter("run")
        os.environ |= told
        sys.path.insert(0, str(ROOT / "backend"))
        _carry_out(verb, wanted)
    except Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


def _carry_out(verb: str, wanted: Namespace) -> None:
    """What the verb says, in the run's own environment."""
    from scripts.local import filling

    if verb == "invite":
        return filling.invite(wanted.clinic, wanted.name, wanted.email)
    portal = filling.read()
    return filling.publish(portal) if verb == "publish" else filling.seed(portal, wanted.seed)


def _told(folder: Path) -> dict[str, str]:
    """What the run on this folder told its own environment."""
    try:
        told: dict[str, str] = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except OSError as error:
        raise Plain(f"No run is using the folder {folder}; start one with: python3 scripts/run.py") from error
    return told

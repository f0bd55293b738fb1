"""The functions that have packages of their own: what each of them holds beside our code and its wheels."""

from __future__ import annotations

import shutil
from collections.abc import Set
from pathlib import Path

from scripts.building.own import Own
from scripts.building.project import COMPILED
from scripts.local.environment import ROOT

TEMPLATES = ROOT / "portal_templates"


def languages() -> Set[str]:
    """Those that a page can be in: the templates' own, and one for each catalogue."""
    return {"en", *(path.stem for path in (TEMPLATES / "locale").glob("*.po"))}


def _templates(folder: Path) -> None:
    """All templates. Babel knows a thousand places, 30 MB of them; what all of them rest on is called root."""
    shutil.copytree(TEMPLATES, folder / TEMPLATES.name, ignore=COMPILED)
    for path in (folder / "babel" / "locale-data").glob("*.dat"):
        if path.stem.partition("_")[0] not in {"root", *languages()}:
            path.unlink()


def _nothing(_: Path) -> None:
    """It reads no file."""


# Whose clients each makes: chalicelib.kit's table, bucket and, to publish, cloudfront.
PUBLISHING = Own("publishing", frozenset({"cloudfront", "cloudfront-keyvaluestore", "dynamodb", "s3"}), _templates)
INSPECTING = Own("inspecting", frozenset({"dynamodb", "s3"}), _nothing)
OWN = (PUBLISHING, INSPECTING)

"""A function's own package: our code, app.json and the wheels of a lock of its own. No request carries any of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path

from scripts.building import package, vendor
from scripts.building.project import COMPILED
from scripts.building.targets import Target
from scripts.local.environment import ROOT


@dataclass(frozen=True)
class Own:
    """One such package. `services` are those whose clients its code makes; `further` lays out what else it holds."""

    name: str
    services: Set[str]
    further: Callable[[Path], None]

    @property
    def archive(self) -> str:
        """The zip's name, as infra/overlay.yaml has it."""
        return f"{self.name}.zip"

    @property
    def lock(self) -> Path:
        """Its wheels (scripts/lock.py)."""
        return ROOT / "backend" / f"requirements-{self.name}.txt"

    def build(self, target: Target, folder: Path, out: Path) -> Path:
        """The zip for a target, laid out in an empty folder first; Plain where a package cannot be had."""
        self.lay_out(target, folder)
        out.mkdir(parents=True, exist_ok=True)
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        package.pack(files, out / self.archive)
        return out / self.archive

    def lay_out(self, target: Target, folder: Path) -> None:
        """What lies in /var/task, compiled."""
        vendor.install(self.lock, target, folder)
        vendor.prune(folder, self.services)
        shutil.copytree(ROOT / "backend" / "chalicelib", folder / "chalicelib", ignore=COMPILED)
        shutil.copy(ROOT / "app.json", folder / "app.json")
        self.further(folder)
        vendor.compile_all(folder, at="/var/task")

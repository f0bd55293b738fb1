"""Publish what changed in the portals into the local run's bucket: `python3 scripts/publish.py [--data DIR]`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import attached  # noqa: E402 - after the path that finds it


def main() -> int:
    """Publish into the cloud that `scripts/run.py` has started; 2 and a sentence if there is none."""
    return attached.main("publish")


if __name__ == "__main__":
    sys.exit(main())

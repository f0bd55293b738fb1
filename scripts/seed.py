"""Fill the local run's store: `python3 scripts/seed.py [--data DIR] [--seed demo|empty]`; what is there already stays."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import attached


def main() -> int:
    """Seed the cloud that `scripts/run.py` has started; 2 and a sentence if there is none."""
    return attached.main("seed")


if __name__ == "__main__":
    sys.exit(main())

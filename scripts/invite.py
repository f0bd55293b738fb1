"""Invite who runs a clinic first: `python3 scripts/invite.py CLINIC NAME EMAIL [--data DIR]`; the mail lies in the outbox.

Once somebody who runs the clinic can sign in, they invite everybody else, and this invites nobody any more.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import attached


def main() -> int:
    """Invite into the cloud that `scripts/run.py` has started; 2 and a sentence where that cannot be."""
    return attached.main("invite")


if __name__ == "__main__":
    sys.exit(main())

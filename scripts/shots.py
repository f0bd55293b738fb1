"""Take the pictures of every page into docs/gallery/: `python3 scripts/shots.py`.

Starts the product on a folder of its own, walks through the demo signed in as Ada, at three widths and in both
languages. Needs nothing but Python 3.11 to 3.14 and, the first time, the network.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import environment


def main() -> int:
    """Check the version, enter the environment, take the pictures; 2 and a sentence where that cannot be."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the product it started is stopped too
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        environment.enter("test")
        sys.path.insert(1, str(environment.ROOT / "backend"))
        from scripts.local import gallery

        gallery.make(environment.ROOT / "docs" / "gallery")
    except KeyboardInterrupt:
        return 130
    except environment.Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Check everything: `python3 scripts/test.py [--fast | --deep] [paths and options of pytest]`.

Format, lint, floors, types, tests with branch coverage, the local cloud, the browser: fastest first. Needs nothing
but Python 3.11 to 3.14 and, the first time, the network. `--fast` leaves out the cloud, the browser and what asks everybody at
every door; `--deep` adds what takes long and writes a dated page into docs/evidence/. With a path or -k only pytest runs.
CI calls this and nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import environment


def main() -> int:
    """Check the version, enter the environment, run the checks; pytest's summary is the last line."""
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        environment.enter("test")
        from scripts.local import checking

        return checking.run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except environment.Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2


if __name__ == "__main__":
    sys.exit(main())

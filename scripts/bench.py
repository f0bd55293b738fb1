"""Measure and reckon: `python3 scripts/bench.py [--out FILE] [--only cold|operations|money|publish|weights]`.

Cold start, CPU and counted calls of each main operation, money, publish rate and page weights, on one page. A whole run leaves
it in docs/bench/ under the day's date; one part alone is only shown, unless `--out` says where to keep it. Under ten minutes on
two cores.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.benching import telling
from scripts.local import environment


def read(words: list[str]) -> argparse.Namespace:
    """What is wanted."""
    parser = argparse.ArgumentParser(prog="bench.py", description="Measure what a request, a publishing and a visit cost.")
    parser.add_argument("--out", type=Path, help="where to keep the page")
    parser.add_argument("--only", choices=telling.PARTS, default="", help="one part alone")
    return parser.parse_args(words)


def main() -> int:
    """Check the version, enter the environment, measure; 2 and a sentence where that cannot be."""
    wanted = read(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what it builds is cleared away too
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        environment.enter("test")
        sys.path.insert(1, str(environment.ROOT / "backend"))
        from scripts.benching import running

        running.run(wanted.only, wanted.out)
    except KeyboardInterrupt:
        return 130
    except environment.Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

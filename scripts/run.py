"""Start Anteroom on this machine: `python3 scripts/run.py [--port 8000] [--data DIR] [--engine ministack|moto] [--seed demo|empty]`.

Needs nothing but Python 3.11 to 3.14 and, the first time, the network. Ctrl-C, TERM or HUP stops it.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import environment, options


def main() -> int:
    """Check, enter the environment, run until stopped. 0: stopped as asked; 2: could not start, and why was said."""
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        wanted = options.read(sys.argv[1:])
        environment.stop_on_signals()
        options.check_port(wanted.port)
        environment.enter("run")
        from scripts.local import running

        running.run(wanted)
    except environment.Stopped:
        environment.say("stopped")
    except environment.Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

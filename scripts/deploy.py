"""Deploy a stage: `python3 scripts/deploy.py --stage NAME [--yes] [--roll-back]`; NAME is one of infra/stages.json, or `local`.

Checks, builds, shows what would change and asks, deploys, publishes the portals, invites who runs a clinic first, and looks
whether it all answers. `--roll-back` goes back to the deployment before. `--stage local` does the same to the local cloud, with
the functions really running there; `--serve` then keeps it open at http://localhost:8000/ until it is stopped.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import environment


def read(words: list[str]) -> argparse.Namespace:
    """What is wanted."""
    parser = argparse.ArgumentParser(prog="scripts/deploy.py", description="Deploy a stage, to AWS or to the local cloud.")
    parser.add_argument("--stage", required=True, help="a stage of infra/stages.json, or local")
    parser.add_argument("--yes", action="store_true", help="do not ask before the changes are carried out")
    parser.add_argument("--roll-back", action="store_true", help="go back to the deployment before this one")
    parser.add_argument("--built", type=Path, help="deploy what scripts/build.py left in this folder, instead of building")
    local = parser.add_argument_group("with --stage local")
    local.add_argument("--serve", action="store_true", help="keep it open until it is stopped")
    local.add_argument("--port", type=int, default=8000, help="where the portals are served (8000)")
    local.add_argument(
        "--data", dest="folder", type=Path, default=environment.ROOT / ".local" / "deployed", help="what the local cloud keeps"
    )
    return parser.parse_args(words)


def main() -> int:
    """Deploy; 0 when the stage answers, 2 and one plain sentence where that could not be."""
    wanted = read(sys.argv[1:])
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        environment.stop_on_signals()
        environment.enter("run")
        sys.path.insert(0, str(environment.ROOT / "backend"))
        os.environ["ANTEROOM_STAGE"] = wanted.stage  # before the code that names its tables is loaded
        from scripts.deploying.wanted import run

        run(wanted)
    except environment.Stopped:
        environment.say("stopped")
    except environment.Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

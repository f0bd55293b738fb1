"""`scripts/publish.py`: what it can be asked for, and how it ends. Standard library only, until the environment is entered."""

from __future__ import annotations

import argparse
import sys

from scripts.local import attached, environment
from scripts.local.environment import Plain


def read(words: list[str]) -> argparse.Namespace:
    """What is wanted; what else the local run can be told is left to it."""
    parser = argparse.ArgumentParser(prog="scripts/publish.py", description="Publish what changed in the portals.", allow_abbrev=False)
    parser.add_argument("--stage", help="a stage of infra/stages.json; without one, the local run")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be written, removed and forgotten (with --stage)")
    parser.add_argument("--there", action="store_true", help="let the deployed worker do it, with what the tables hold (with --stage)")
    parser.add_argument("--data", metavar="DIR", help="the folder of the local run (.local/data)")
    wanted, others = parser.parse_known_args(words)
    if wanted.stage and (wanted.data or others):
        parser.error(f"not with --stage: {' '.join(others) or '--data'}")
    if wanted.stage == "local":
        parser.error("the stage local lives while scripts/deploy.py --stage local does, which publishes it")
    if wanted.dry_run and not wanted.stage:
        parser.error("a dry run is for a stage: add --stage NAME")
    if wanted.there and not wanted.stage:
        parser.error("the worker is a stage's: add --stage NAME")
    if wanted.there and wanted.dry_run:
        parser.error("the worker makes no dry run: leave out --there")
    return wanted


def main() -> int:
    """Publish; 2 and a sentence where that cannot be."""
    wanted = read(sys.argv[1:])
    if not wanted.stage:
        return attached.main("publish")
    try:
        to_stage(wanted.stage, dry_run=wanted.dry_run, there=wanted.there)
    except KeyboardInterrupt:
        print("Stopped. What is there fits together; start it again to finish.", file=sys.stderr, flush=True)
        return 130
    except Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


def to_stage(stage: str, *, dry_run: bool, there: bool) -> None:
    """Enter the environment and publish, from here or there."""
    environment.check_version((sys.version_info[0], sys.version_info[1]))
    environment.enter("run")
    sys.path.insert(0, str(environment.ROOT / "backend"))
    from scripts.deploying import stages
    from scripts.publishing import deployed
    from scripts.publishing import there as worker

    region = stages.read(stage).region
    if there:
        worker.publish(stage, region)
    else:
        deployed.publish(stage, region, dry_run=dry_run)

"""Build what is deployed: `python3 scripts/build.py [--for aws|here] [--out FOLDER]`.

Leaves the template (sam.yaml), the functions' package (deployment.zip) and the publishing worker's own (publishing.zip) in the
folder. `aws` (the default) is Lambda on arm64 with the Python that runs this; `here` is this machine, for the local cloud.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import environment


def read(words: list[str]) -> argparse.Namespace:
    """What is wanted."""
    parser = argparse.ArgumentParser(prog="build.py", description="Build what is deployed.")
    parser.add_argument("--for", dest="target", choices=("aws", "here"), default="aws")
    parser.add_argument("--out", type=Path, default=environment.ROOT / ".local" / "build")
    return parser.parse_args(words)


def main() -> int:
    """Build; 2 and a sentence where that cannot be."""
    wanted = read(sys.argv[1:])
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        environment.enter("run")
        build(wanted.target, wanted.out)
    except KeyboardInterrupt:
        return 130
    except environment.Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


def build(target: str, out: Path) -> tuple[Path, tuple[Path, ...]]:
    """Fetch, cut down, compile, package: the template, and the packages that it names."""
    from scripts.building import functions, package, project, targets

    machine = targets.TARGETS[target]()
    with tempfile.TemporaryDirectory(prefix="anteroom-build-") as passing:
        with environment.step(f"Laying out the package for {target}"):
            project.lay_out(machine, Path(passing, "api"))
        with environment.step("Packaging"):
            template, made = package.package(Path(passing, "api"), out)
        packages = [made]
        for own in functions.OWN:
            with environment.step(f"Packaging what is {own.name}"):
                packages.append(own.build(machine, Path(passing, own.name), out))
    environment.say(f"{template}")
    for each in packages:
        environment.say(f"{each} {each.stat().st_size / 1e6:.2f} MB")
    return template, tuple(packages)


if __name__ == "__main__":
    sys.exit(main())

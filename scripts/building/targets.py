"""For which machine a package is built: Lambda on arm64, or this very machine, which the local cloud runs its functions on."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
# Which wheels each of AWS's runtimes can load: the glibc of its Amazon Linux (2 with 2.26, 2023 with 2.34).
GLIBC = {"3.11": 26, "3.12": 34, "3.13": 34, "3.14": 34}


@dataclass(frozen=True)
class Target:
    """A machine. `platforms` are pip's names of what it can load, the newest first; empty: this one."""

    name: str
    architecture: str  # as Lambda calls it
    platforms: tuple[str, ...] = ()

    @property
    def pip(self) -> list[str]:
        """What pip is told to fetch wheels for it."""
        if not self.platforms:
            return []
        told = ["--implementation", "cp", "--python-version", VERSION]
        return told + [word for platform in self.platforms for word in ("--platform", platform)]


def aws(version: str = VERSION) -> Target:
    """Lambda on Graviton, with the Python that builds: Chalice deploys for the interpreter that runs it."""
    found = [f"manylinux_2_{minor}_aarch64" for minor in range(GLIBC[version], 16, -1)]
    return Target("aws", "arm64", (*found, "manylinux2014_aarch64"))


def here() -> Target:
    """This machine, whose architecture Lambda calls by one of two names."""
    return Target("here", "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64")


TARGETS = {"aws": aws, "here": here}

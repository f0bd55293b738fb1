"""For which machine a package is built: Lambda on arm64, or this very machine, which the local cloud runs its functions on."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from scripts.local.environment import Plain

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
# Which wheels each of AWS's runtimes can load: the glibc of its Amazon Linux (2023 has 2.34). Python 3.11 stands on Amazon Linux 2
# with 2.26, for which cbor2 (webauthn's) has no wheels any more.
GLIBC = {"3.12": 34, "3.13": 34, "3.14": 34}


@dataclass(frozen=True)
class Target:
    """A machine. `platforms` are pip's names of what it can load, the newest first; empty: this one."""

    name: str
    architecture: str  # as Lambda calls it
    platforms: tuple[str, ...] = ()
    version: str = VERSION

    @property
    def pip(self) -> list[str]:
        """What pip is told to fetch wheels for it."""
        if not self.platforms:
            return []
        told = ["--implementation", "cp", "--python-version", self.version]
        return told + [word for platform in self.platforms for word in ("--platform", platform)]


def aws(version: str = "") -> Target:
    """Lambda on Graviton, with the Python that builds: Chalice deploys for the interpreter that runs it. Plain for one it cannot be."""
    version = version or VERSION
    if version not in GLIBC:
        raise Plain(f"Python {version} cannot build for AWS: no runtime there can load all our packages; use one of {', '.join(GLIBC)}.")
    found = [f"manylinux_2_{minor}_aarch64" for minor in range(GLIBC[version], 16, -1)]
    return Target("aws", "arm64", (*found, "manylinux2014_aarch64"), version)


def here() -> Target:
    """This machine, whose architecture Lambda calls by one of two names."""
    return Target("here", "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64")


TARGETS = {"aws": aws, "here": here}

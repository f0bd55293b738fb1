"""Below some versions lie known flaws: the locks may not fall under these floors, and hold a hash for every file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted([*ROOT.glob("requirements-*.lock"), *(ROOT / "backend").glob("requirements*.txt")])
# The first releases without a flaw that their own advisories name: of verification (pyjwt), certificates (cryptography), redirects
# and credentials (urllib3, requests), and of the sandbox (jinja2).
FLOORS = {"pyjwt": "2.13.0", "cryptography": "44.0.1", "urllib3": "2.5.0", "jinja2": "3.1.6", "requests": "2.32.4"}
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


def _below(lock: str) -> list[str]:
    """What a lock pins under its floor."""
    pinned = ((name.lower().replace("_", "-"), version) for name, version in PINNED.findall(lock))
    return [f"{name} {version}" for name, version in pinned if name in FLOORS and Version(version) < Version(FLOORS[name])]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_no_lock_falls_under_a_floor(path: Path) -> None:
    assert _below(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["PyJWT==2.12.1 \\", "pyjwt==1.7.1", "cryptography==44.0.0 ; python_version < '3.14'", "Jinja2==3.1.5"])
def test_a_planted_old_version_is_found(line: str) -> None:
    assert _below(f"boto3==1.44.5 \\\n    --hash=sha256:00\n{line}\n") != []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_package_of_a_lock_has_its_hashes(path: Path) -> None:
    wanted = re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8").strip())
    assert [entry.splitlines()[0] for entry in wanted if "==" in entry and "--hash=sha256:" not in entry] == []
    assert any("--hash=sha256:" in entry for entry in wanted)

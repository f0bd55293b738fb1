"""What is installed is what the locks say, file by file, wherever it comes from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scripts import lock
from scripts.local.environment import ROOT

LOCKS = sorted(ROOT.glob("requirements-*.lock"))
SHIPPED = sorted((ROOT / "backend").glob("requirements*.txt"))
PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(path: Path) -> dict[str, set[str]]:
    """Every version of every package; a package may have one for older Pythons."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall(path.read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def asked_for(extra: str = "") -> list[str]:
    """The requirements of pyproject.toml."""
    project = PROJECT["project"]
    wanted: list[str] = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return wanted


def test_there_is_a_lock_for_each_environment() -> None:
    assert [path.stem for path in LOCKS] == [f"requirements-{name}" for name in ("lint", "ministack", "run", "test")]
    assert {f"backend/{path.name}" for path in SHIPPED} <= lock.LOCKS.keys()


@pytest.mark.parametrize("path", [*LOCKS, *SHIPPED], ids=lambda path: path.name)
def test_a_lock_names_versions_and_hashes_and_no_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert PIN.match(block), block
        assert "--hash=sha256:" in block
    assert "://" not in text
    assert "--" not in text.replace("--hash=sha256:", "")


@pytest.mark.parametrize("extra", ["", "publish", "local", "test"])
def test_every_dependency_is_pinned_and_locked_as_pinned(extra: str) -> None:
    name = "requirements-test.lock" if extra == "test" else "requirements-run.lock"
    locked = pins(ROOT / name)
    for wanted in asked_for(extra):
        package, _, version = wanted.partition("==")
        assert version, f"{wanted} is not pinned"
        assert locked[re.sub(r"\[.*\]", "", package)] == {version}


def test_the_test_environment_runs_what_the_product_runs() -> None:
    tested = pins(ROOT / "requirements-test.lock")
    assert {name: tested.get(name) for name in pins(ROOT / "requirements-run.lock")} == pins(ROOT / "requirements-run.lock")


def test_what_ships_is_what_is_tested_and_chalice_brings_itself() -> None:
    shipped, tested = pins(ROOT / "backend" / "requirements.txt"), pins(ROOT / "requirements-run.lock")
    assert "chalice" not in shipped
    assert {wanted.partition("==")[0] for wanted in lock.shipped()} <= shipped.keys()
    assert {name: tested.get(name) for name in shipped} == shipped


@pytest.mark.parametrize("name", lock.OWN)
def test_what_has_a_package_of_its_own_runs_there_as_it_does_here(name: str) -> None:
    file = f"backend/requirements-{name}.txt"
    there, tested = pins(ROOT / file), pins(ROOT / "requirements-run.lock")
    assert {wanted.partition("==")[0] for wanted in lock.wanted(file)} == set(lock.OWN[name]) <= there.keys()
    assert {each: tested.get(each) for each in there} == there

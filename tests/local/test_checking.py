"""The test command's own rules: what runs, in which order, and what it says of what did not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.local import checking, chromium, evidence
from scripts.local.environment import ROOT
from tests.local.ordering import slowness


@pytest.mark.parametrize(
    ("words", "depth", "some"),
    [
        ([], "all", False),
        (["--fast"], "fast", False),
        (["--deep", "-x"], "deep", False),
        (["tests/local", "-q"], "all", True),
        (["--fast", "-k", "slot"], "fast", True),
        (["tests/local/test_checking.py::test_the_command_is_read"], "all", True),
    ],
)
def test_the_command_is_read(words: list[str], depth: str, *, some: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    wanted = checking.read(words)
    assert (wanted.depth, wanted.some) == (depth, some)
    assert set(wanted.rest) == set(words) - {"--fast", "--deep"}


@pytest.mark.parametrize(
    ("marks", "place"),
    [
        ([], 0),
        (["parametrize"], 0),
        (["thorough"], 1),
        (["cloud"], 2),
        (["browser"], 3),
        (["cloud", "browser"], 3),
        (["thorough", "deep"], 4),
    ],
)
def test_the_fastest_come_first(marks: list[str], place: int) -> None:
    assert slowness(marks) == place


def a_project(folder: Path) -> Path:
    """A test session of its own that has this one's rules: one ordinary test, one for the browser."""
    (folder / "conftest.py").write_text("from tests.local.ordering import *\n")
    (folder / "test_both.py").write_text(
        "import pytest\n@pytest.mark.browser\ndef test_seen():\n    assert True\ndef test_plain():\n    assert True\n"
    )
    return folder


@pytest.mark.thorough
@pytest.mark.parametrize(("ci", "workers", "code"), [("", "0", 0), ("1", "1", 1)])
def test_without_a_browser_its_tests_count_as_not_run_and_ci_fails(tmp_path: Path, ci: str, workers: str, code: int) -> None:
    environ = {"PATH": str(tmp_path), "PYTHONPATH": f"{ROOT}:{ROOT / 'backend'}", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "CI": ci}
    environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # its rules speak of two only
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "pytest_cov", "-q", "-n", workers, "-c", str(ROOT / "pyproject.toml")]
    command += ["--rootdir", str(tmp_path)]
    folder = a_project(tmp_path)
    done = subprocess.run([*command, str(folder)], cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert "1 browser tests were not run: there is no Chromium, and none could be had." in done.stdout, done.stdout + done.stderr
    assert "1 passed" in done.stdout.splitlines()[-1]
    assert done.returncode == code


def test_a_browser_that_is_named_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(chromium.VARIABLE, sys.executable)
    assert chromium.found() == sys.executable


@pytest.mark.parametrize(
    ("root", "apt", "works", "tried"),
    [
        (True, True, True, ["apt-get update", "apt-get install"]),
        (True, True, False, ["apt-get update", "playwright install"]),
        (True, False, True, ["playwright install"]),
        (False, True, True, ["playwright install"]),
    ],
)
def test_chromium_comes_from_debian_where_that_can_be_else_from_playwright(
    monkeypatch: pytest.MonkeyPatch, *, root: bool, apt: bool, works: bool, tried: list[str]
) -> None:
    asked: list[str] = []

    def done(command: list[str]) -> bool:
        asked.append(" ".join(command[2:4] if command[0] == sys.executable else command[:2]))
        return works

    monkeypatch.setattr(chromium, "found", lambda: None)
    monkeypatch.setattr(chromium, "_done", done)
    monkeypatch.setattr("os.geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/" + name if apt and name == "apt-get" else None)
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    chromium.provide()
    assert asked == tried
    assert chromium.VARIABLE not in os.environ


def test_a_slower_chromium_will_do_where_nothing_can_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "_done", pytest.fail)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: sys.executable if name == "chromium" else None)
    monkeypatch.setenv(chromium.VARIABLE, "gone")
    monkeypatch.delenv(chromium.VARIABLE)
    chromium.provide()
    assert os.environ[chromium.VARIABLE] == sys.executable


def test_a_deep_run_leaves_a_dated_page(tmp_path: Path) -> None:
    (tmp_path / "results.xml").write_text(
        '<testsuites><testsuite time="12.5">'
        '<testcase classname="tests.booking.test_races" name="test_one" time="9.5">'
        '<properties><property name="rounds" value="2000"/></properties></testcase>'
        '<testcase classname="tests.booking.test_races" name="test_two[a|b]" time="3"><failure/></testcase>'
        "</testsuite></testsuites>"
    )
    page = evidence.write(tmp_path / "results.xml", tmp_path / "evidence")
    assert page is not None
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Deep run of {page.stem}\n")
    assert "2 tests, 1 failed, 12 s." in text
    assert "| booking.test_races: test_one | rounds | 2000 |" in text
    assert "- booking.test_races: test_two[a\\|b]" in text


def test_a_deep_run_that_broke_off_leaves_no_page(tmp_path: Path) -> None:
    assert evidence.write(tmp_path / "none.xml", tmp_path) is None


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    last = script.read_text(encoding="utf-8").strip().splitlines()[-1]
    assert last == 'exec python3 scripts/test.py "$@"'

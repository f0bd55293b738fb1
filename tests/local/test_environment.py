"""The commands start on any Python and say plainly what is in the way."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.local import environment
from scripts.local.environment import ROOT, Plain

READ_BY_ANY_PYTHON = [
    *("scripts/run.py", "scripts/test.py", "scripts/seed.py", "scripts/publish.py"),
    *("scripts/local/__init__.py", "scripts/local/environment.py", "scripts/local/options.py", "scripts/local/attached.py"),
]


def refusal(version: tuple[int, int]) -> str:
    """What somebody with this Python is told; nothing where they may go on."""
    try:
        environment.check_version(version)
    except Plain as told:
        return str(told)
    return ""


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_a_python_the_locks_are_made_for_may_go_on(version: tuple[int, int]) -> None:
    assert refusal(version) == ""


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 15), (4, 0)])
def test_another_python_gets_one_plain_sentence(version: tuple[int, int]) -> None:
    assert refusal(version) == f"Anteroom runs on Python 3.11, 3.12, 3.13 or 3.14, and this is Python {version[0]}.{version[1]}."


@pytest.mark.parametrize("name", READ_BY_ANY_PYTHON)
def test_an_old_python_can_read_what_tells_it_that_it_is_too_old(name: str) -> None:
    assert ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 8)).body


@pytest.mark.parametrize("command", ["run", "test", "seed", "publish"])
def test_a_command_on_an_old_python_ends_with_two_and_one_line(command: str, tmp_path: Path) -> None:
    script = tmp_path / "old.py"
    script.write_text(
        "import runpy, sys\n"
        "sys.version_info = (3, 9, 18)\n"
        f"sys.argv = sys.path[:1] = [{str(ROOT / 'scripts' / command)!r} + '.py']\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Anteroom runs on Python 3.11, 3.12, 3.13 or 3.14, and this is Python 3.9.\n"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Environments in a folder of the test's own, made from a lock that lists nothing."""
    monkeypatch.setattr(environment, "FOLDER", tmp_path / "env")
    monkeypatch.setattr(environment, "lock_file", lambda name: tmp_path / f"{name}.lock")
    (tmp_path / "run.lock").write_text("")
    return tmp_path


def made_by_hand(calls: list[str]) -> Callable[[str, Path], None]:
    """Stands in for venv and pip: leaves a Python and remembers that it was asked."""

    def make(name: str, home: Path) -> None:
        calls.append(name)
        (home / "bin").mkdir(parents=True, exist_ok=True)
        (home / "bin" / "python").touch()

    return make


def test_an_environment_is_made_once(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(environment, "_make", made_by_hand(calls))
    assert environment.ensure("run") == environment.ensure("run") == environment.folder("run") / "bin" / "python"
    assert calls == ["run"]


def test_a_changed_lock_is_another_environment(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_make", made_by_hand([]))
    first = environment.ensure("run")
    (elsewhere / "run.lock").write_text("# changed")
    assert environment.ensure("run") != first


def test_an_environment_that_was_cut_short_is_made_anew(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    make = made_by_hand(calls)

    def cut_short(name: str, home: Path) -> None:
        make(name, home)
        raise environment.Stopped

    monkeypatch.setattr(environment, "_make", cut_short)
    with pytest.raises(environment.Stopped):
        environment.ensure("run")
    monkeypatch.setattr(environment, "_make", make)
    environment.ensure("run")
    assert calls == ["run", "run"]


def test_an_environment_that_was_moved_is_made_anew(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(environment, "_make", made_by_hand(calls))
    environment.ensure("run")
    monkeypatch.setattr(environment, "FOLDER", elsewhere / "moved")
    (elsewhere / "env").rename(elsewhere / "moved")
    environment.ensure("run")
    assert calls == ["run", "run"]


def test_two_starts_at_once_make_one_environment(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    make, both = made_by_hand(calls), threading.Barrier(2)

    def slowly(name: str, home: Path) -> None:
        make(name, home)
        threading.Event().wait(0.2)

    def start() -> None:
        both.wait()
        environment.ensure("run")

    monkeypatch.setattr(environment, "_make", slowly)
    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == ["run"]


def test_without_a_network_one_sentence_says_so(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "run.lock").write_text("nowhere-to-be-found==1.0 --hash=sha256:" + "0" * 64 + "\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    environment.FOLDER.mkdir()
    with pytest.raises(Plain) as told:
        environment._install(Path(sys.executable), "run", environment.folder("run"))
    assert str(told.value) == "The packages could not be downloaded; check the network connection and start again."


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "is not the one the lock names"),
        ("ERROR: No space left on device", "could not be installed"),
        ("Temporary failure in name resolution", "check the network connection"),
    ],
)
def test_pip_s_words_become_one_sentence(words: str, reason: str) -> None:
    assert reason in environment._reason(words, Path("pip.log"))

"""The environments that the commands run in, made from hash-locked files.

Standard library only, and written so that Python 3.8 can still read it: an interpreter
that is too old must be able to say so in one sentence.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
OLDEST, NEWEST = (3, 11), (3, 14)
FOLDER = ROOT / ".local" / "env"


class Plain(Exception):
    """One plain sentence for the person at the terminal; the commands print it and end with 2."""


class Stopped(BaseException):
    """Somebody asked the command to stop (Ctrl-C, TERM or HUP)."""


def check_version(version: tuple[int, int]) -> None:
    """Raise Plain unless this Python is one the locks are made for."""
    if not OLDEST <= version <= NEWEST:
        raise Plain(f"Anteroom runs on Python 3.11, 3.12, 3.13 or 3.14, and this is Python {version[0]}.{version[1]}.")
    if os.name != "posix":
        raise Plain("Anteroom's commands run on Linux and macOS; on Windows, run them inside WSL.")


def lock_file(name: str) -> Path:
    """The hash-locked list of packages of an environment (`run`, `test` or `ministack`)."""
    return ROOT / f"requirements-{name}.lock"


def folder(name: str) -> Path:
    """Where an environment lies: its name, the hash of its lock and this Python's minor version."""
    digest = hashlib.sha256(lock_file(name).read_bytes()).hexdigest()[:12]
    return FOLDER / f"{name}-{digest}-py{sys.version_info[0]}.{sys.version_info[1]}"


def enter(name: str) -> None:
    """Go on inside the environment, making it first if need be; comes back only when already inside."""
    if Path(sys.prefix).resolve() == folder(name).resolve():
        return
    python = ensure(name)
    # Without byte code every process, of which a run of the tests starts some fifty, would compile all that it loads anew.
    for variable in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(variable, None)
    sys.stdout.flush()
    os.execv(str(python), [str(python), *sys.argv])


def ensure(name: str) -> Path:
    """The Python of an environment, which is made if it is not there whole. Raises Plain when it cannot be made."""
    home = folder(name)
    python, stamp = home / "bin" / "python", home / "complete"
    if not _is_whole(python, stamp):
        with _only_one(home.with_name(home.name + ".lock")):
            if not _is_whole(python, stamp):
                with step(f"Making the {name} environment, once (a minute or two)"):
                    _make(name, home)
                    stamp.write_text(str(home), encoding="utf-8")
    return python


def _is_whole(python: Path, stamp: Path) -> bool:
    """Stamped last, and by this place: scripts in an environment hold its address, so a moved one is made anew."""
    return python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == str(stamp.parent)


@contextlib.contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """One process at a time; the lock falls with the process, however it ends."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _make(name: str, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    made = _quietly([sys.executable, "-m", "venv", str(home)], home)
    if made.returncode:
        raise Plain(
            "This Python cannot make virtual environments; install its venv module (on Debian: apt install python3-venv) and start again."
        )
    _install(home / "bin" / "python", name, home)


def _install(python: Path, name: str, home: Path) -> None:
    """Every package of the lock, each file checked against its hash; Plain when that cannot be."""
    # Byte code is made when a module is first imported: most of what is installed never is. The lock names all: nothing is resolved.
    options = ["--no-compile", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    options += ["--disable-pip-version-check", "--no-input", "--retries", "2"]
    done = _quietly([str(python), "-m", "pip", "install", *options, "-r", str(lock_file(name))], home)
    if done.returncode:
        raise Plain(_reason(done.stdout, home.with_name(home.name + ".log")))


def _quietly(command: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    """Run it with its words kept in a log beside the environment; a stopped parent stops it too."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    home.with_name(home.name + ".log").write_text(done.stdout, encoding="utf-8")
    return done


def _reason(words: str, log: Path) -> str:
    if "DO NOT MATCH THE HASHES" in words:
        return f"A downloaded package is not the one the lock names, so nothing was installed; pip's words are in {log}."
    if any(sign in words for sign in ("onnection", "onnect timeout", "Read timed out", "name resolution", "from versions: none")):
        return "The packages could not be downloaded; check the network connection and start again."
    return f"The packages could not be installed; pip's words are in {log}."


@contextlib.contextmanager
def step(words: str) -> Iterator[None]:
    """Say what is being done, and when it is done how long it took."""
    begun = time.monotonic()
    say(f"{words} ...", end="")
    try:
        yield
    except BaseException:
        say()
        raise
    say(f" {time.monotonic() - begun:.1f} s")


def say(words: str = "", end: str = "\n") -> None:
    """To whoever looks on; when their terminal is gone there is nobody to tell, and work goes on."""
    try:
        print(words, end=end, flush=True)
    except OSError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open as long as we live


def stop_on_signals() -> None:
    """Turn INT, TERM and HUP into Stopped, once: what comes after the first finds the tidying already under way."""

    def stop(number: int, _: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


def rest() -> NoReturn:
    """Wait to be stopped, looking up every second: a signal that falls on another thread would not end a wait without end.

    Seen in 8 of 124 runs with moto in the process, and in none of 88 that looked up.
    """
    while True:
        time.sleep(1)

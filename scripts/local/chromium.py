"""Finds the Chromium that browser tests use, or gets one: Debian's where apt and root are at hand, else Playwright's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scripts.local.environment import step

VARIABLE = "ANTEROOM_CHROMIUM"  # the path of the browser, for the test session
SHELL = "chromium-headless-shell"  # the same browser without the windows that nobody sees: a quarter of the work
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")


def found() -> str | None:
    """The path of a Chromium that is there already, or None."""
    named = os.environ.get(VARIABLE)
    if named and Path(named).exists():
        return named
    return next(filter(None, map(shutil.which, NAMES)), None) or _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def provide() -> None:
    """Leave the browser's path in the environment; without one the test session says that browser tests are not run."""
    if VARIABLE not in os.environ and not shutil.which(SHELL) and (_may_install() or found() is None):
        with step("Getting Chromium, once"):
            _get()
    path = found()
    if path:
        os.environ[VARIABLE] = path


def _may_install() -> bool:
    """Whether apt and root are at hand."""
    return _is_root() and shutil.which("apt-get") is not None


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _get() -> None:
    """By apt; else, unless another Chromium is there, Playwright's own."""
    if _may_install():
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        if _done(["apt-get", "update", "-q"]) and _done(["apt-get", "install", "-q", "-y", "--no-install-recommends", SHELL]):
            return
    if found() is None:
        _done([sys.executable, "-m", "playwright", "install", *(["--with-deps"] if _is_root() else []), "chromium"])


def _done(command: Sequence[str]) -> bool:
    """Whether it worked; what it says is of no use to the person waiting."""
    with suppress(OSError):
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    return False

"""The local run from the first step to the last: claim, check, start, fill, publish, serve, pump, and tidy up."""

from __future__ import annotations

import argparse
import fcntl
import json
import logging
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.local import engine, environment, keys, options
from scripts.local.attached import NOTE
from scripts.local.environment import ROOT, Plain, say, step

if TYPE_CHECKING:
    from scripts.local.filling import Portal

STAGE = "local"
PATIENCE = 5.0  # seconds to wait for the folder


def run(wanted: argparse.Namespace) -> None:
    """Everything, until somebody stops it (Stopped) or something plain is in the way (Plain)."""
    sys.path.insert(0, str(ROOT / "backend"))
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    with ExitStack() as stack:
        held = stack.enter_context(options.listen(wanted.port))
        folder, lock = stack.enter_context(_folder(wanted))
        told = settle(wanted.port, keys.of(folder))
        portal = _read()
        told |= engine.point_at(stack.enter_context(_engine(wanted.engine, folder, lock)))
        _fill(portal, wanted.seed)
        stack.enter_context(_noted(folder / NOTE, told))
        stack.enter_context(_opened(portal, folder, held))
        say(f"ready http://localhost:{wanted.port}/")
        environment.rest()


@contextmanager
def _folder(wanted: argparse.Namespace) -> Iterator[tuple[Path, list[int]]]:
    """The data folder, for this run alone, and its lock; moto keeps nothing, so it gets one that goes with it."""
    if wanted.engine == "moto":
        say("The engine is moto: nothing is kept when it stops.")
        with tempfile.TemporaryDirectory(prefix="anteroom-") as passing:
            yield Path(passing), []
        return
    try:
        wanted.folder.mkdir(parents=True, exist_ok=True)
        lock = (wanted.folder / "lock").open("w")
    except OSError as error:
        raise Plain(f"The folder {wanted.folder} cannot be used ({error.strerror}); choose another with --data.") from error
    with lock:
        if not _locked(lock.fileno()):
            raise Plain(f"Another run is using the folder {wanted.folder}; stop it, or choose another with --data.")
        yield wanted.folder, [lock.fileno()]


def _locked(lock: int) -> bool:
    """Whether the lock could be had; the cloud of a run that was killed may be saving still, for a second or two."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        else:
            return True


def settle(port: int, signing_keys: str) -> dict[str, str]:
    """Tell the code of backend/ where it is, as a deployment does: by its environment. Returns what was set."""
    told = {
        "ANTEROOM_STAGE": STAGE,
        "ANTEROOM_KEYS": signing_keys,
        "ANTEROOM_PATIENT_ORIGIN": f"http://localhost:{port}",
        "ANTEROOM_STAFF_ORIGIN": f"http://staff.localhost:{port}",
        "ANTEROOM_FILES_ORIGIN": f"http://files.localhost:{port}",
    }
    os.environ |= told
    return told


def _read() -> Portal:
    from scripts.local import filling  # here, because what it imports reads the environment settled above

    with step("Reading app.json"):
        return filling.read()


@contextmanager
def _engine(name: str, folder: Path, held: list[int]) -> Iterator[str]:
    if name == "ministack":
        environment.ensure("ministack")
    with ExitStack() as stack:
        with step(f"Starting the local cloud ({name})"):
            address = stack.enter_context(engine.moto() if name == "moto" else engine.ministack(folder, held, signed=True))
        try:
            yield address
        finally:
            say("Stopping the local cloud" + " and saving its data" * (name == "ministack"))


def _fill(portal: Portal, kind: str) -> None:
    from scripts.local import filling

    with step("Creating tables and bucket"):
        filling.build(portal)
    filling.seed(portal, kind)  # first, since its forms are among the pages
    filling.publish(portal)


@contextmanager
def _noted(path: Path, told: dict[str, str]) -> Iterator[None]:
    """What other commands need to work on this run, readable by its owner only, gone when it stops."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(told, file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _opened(portal: Portal, folder: Path, held: socket.socket) -> Iterator[None]:
    """Serving and pumping."""
    from scripts.local import opening

    with step("Opening the portals"), ExitStack() as stack:
        stack.enter_context(opening.opened(portal, folder, held))
        later = stack.pop_all()
    with later:
        yield

"""The product, started as people start it: `running` for any test that wants the whole of it at an address."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from scripts.local import engine
from scripts.local.environment import ROOT
from scripts.local.outbox import Outbox
from tests.guard import silence

READY_SECONDS = 300.0  # on a machine where the environments must be made first
STOP_SECONDS = 60.0


@dataclass
class Run:
    """A run of scripts/run.py. `words` is all it has said so far, line by line."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    words: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def address(self) -> str:
        """The patients' host, without a last slash."""
        return f"http://localhost:{self.port}"

    @property
    def staff_address(self) -> str:
        """The staff's host, without a last slash."""
        return f"http://staff.localhost:{self.port}"

    def get(self, path: str) -> bytes:
        """The body of a GET on the patients' host."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return bytes(answer.read())

    def outbox(self, to: str = "") -> list[dict[str, Any]]:
        """The messages sent so far, the newest first; only those to one address if given."""
        messages: list[dict[str, Any]] = json.loads(self.get(f"/local/outbox.json?{urlencode({'to': to})}"))["messages"]
        return messages

    def mail_to(self, address: str, *, after: int = 0, seconds: float = 60.0, coded: bool = False) -> dict[str, Any]:
        """The newest mail to an address with a number above `after`, of those with a code if only they will do; waits for it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for message in self.outbox(address):
                if message["number"] > after and (message["code"] or not coded):
                    return message
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address} within {seconds} s")

    def code_to(self, address: str, *, after: int = 0) -> str:
        """The newest code that was mailed there; other mails may have come since."""
        return str(self.mail_to(address, after=after, coded=True)["code"])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal and wait for its end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


def launch(*words: str, script: str = "run.py", **environ: str) -> subprocess.Popen[str]:
    """scripts/run.py, or another, in a process of its own; further variables for its environment as keywords."""
    command = [sys.executable, str(ROOT / "scripts" / script), *words]
    return subprocess.Popen(
        command, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


@contextmanager
def started(data: Path, *words: str, script: str = "run.py", **environ: str) -> Iterator[Run]:
    """A run that is ready; stopped by its process id if it still lives when the block ends. All that it said is listened to then."""
    port = engine.free_port()
    run = Run(launch("--port", str(port), "--data", str(data), *words, script=script, **environ), port, data)
    begun = time.monotonic()
    ready = threading.Event()

    def listen() -> None:
        assert run.process.stdout
        with run.process.stdout as said:
            for line in said:
                run.words.append(line.rstrip("\n"))
                if line.startswith("ready "):
                    ready.set()
        ready.set()  # it has ended; waiting any longer would be in vain

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        ready.wait(READY_SECONDS)
        run.seconds = time.monotonic() - begun
        assert any(line.startswith("ready ") for line in run.words), "\n".join(run.words)
        yield run
    finally:
        if run.process.poll() is None:
            run.stop()
        listener.join(STOP_SECONDS)
    sent = Outbox(data / "outbox").listed() if (data / "outbox").is_dir() else []
    found = silence.overheard(run.words, sent)
    assert found == [], "\n".join(found)


def processes_on(data: Path) -> list[str]:
    """What still runs and was told of this folder."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    told = [line for line in listed if str(data) in line]
    by_environment = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(data).encode() in environ.read_bytes():
                by_environment.append(environ.parent.name)
        except OSError:
            continue
    return told + by_environment


def gone(data: Path, seconds: float = 15.0) -> bool:
    """Whether nothing of it runs any more, within a while."""
    until = time.monotonic() + seconds
    while processes_on(data) and time.monotonic() < until:
        time.sleep(0.1)
    return not processes_on(data)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The whole product with the demo in it, one for the session; tests that change much use people of their own."""
    with started(tmp_path_factory.mktemp("running"), ANTEROOM_LOG="INFO") as run:  # all that a deployment would log is listened to
        yield run
        assert run.stop() == 0, "\n".join(run.words)

"""`scripts/run.py` as people use it: it starts, keeps what it has, says plainly what is wrong, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from scripts.local import engine
from scripts.local.environment import ROOT
from tests.local import serving
from tests.local.serving import Run, gone

pytestmark = pytest.mark.cloud

SECOND_START = 10.0  # seconds, promised on a machine with nothing else to do


def cookie_of(run: Run, who: str) -> str:
    """The cookie of somebody of the cast, signed in with one tap."""
    request = urllib.request.Request(f"http://127.0.0.1:{run.port}/local/sign-in", f"who={who}".encode(), {"Origin": run.address})

    class Stay(urllib.request.HTTPRedirectHandler):
        def http_error_303(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
            """The answer itself is what is wanted."""
            return fp

    with urllib.request.build_opener(Stay).open(request, timeout=30) as answer:
        return str(answer.headers["Set-Cookie"]).split(";")[0]


def told(run: Run, path: str, cookie: str) -> Any:
    """The decoded answer of North's API to whoever holds the cookie."""
    request = urllib.request.Request(f"http://127.0.0.1:{run.port}/api/clinics/north/{path}", headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def visits_of(run: Run, who: str) -> list[str]:
    """The ids of somebody's coming visits at North."""
    return [visit["id"] for visit in told(run, "appointments", cookie_of(run, who))["upcoming"]]


def busy() -> float:
    """How many times slower this machine is than an idle one, because others want its cores too; 1 or more."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_it_says_what_it_does_and_the_last_line_is_ready(running: Run) -> None:
    said = [line for line in running.words if not line.startswith("{")]  # the product's log goes on, also in the middle of a line
    assert said[-1] == f"ready {running.address}/"
    steps = [line.split(" ...")[0] for line in said if " ..." in line]
    assert steps[-5:] == [
        "Starting the local cloud (ministack)",
        "Creating tables and bucket",
        "Seeding the demo",
        "Publishing the portals",
        "Opening the portals",
    ]
    assert all(line.endswith(" s") for line in said if " ... " in line)


def test_the_demo_is_there_and_its_mails_were_sent(running: Run) -> None:
    assert len(visits_of(running, "ada")) == 2
    mail = running.mail_to("ada.moreno@example.com")
    assert "BEGIN:VCALENDAR" in mail["ics"]
    assert b"Ada Moreno" in running.get("/local/")


def test_a_mailed_code_signs_in_over_http(running: Run) -> None:
    headers = {"Content-Type": "application/json", "X-Portal": "1", "Origin": running.address}
    before = max((message["number"] for message in running.outbox()), default=0)
    about = json.dumps({"email": "zoe@patients.example"}).encode()
    start = urllib.request.Request(f"http://127.0.0.1:{running.port}/api/clinics/north/sign-in/start", about, headers)
    with urllib.request.urlopen(start, timeout=30) as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0]
    code = running.mail_to("zoe@patients.example", after=before)["code"]
    assert len(code) == 8
    sent = json.dumps({"code": code}).encode()
    verify = urllib.request.Request(f"http://127.0.0.1:{running.port}/api/clinics/north/sign-in/verify", sent, headers | {"Cookie": cookie})
    with urllib.request.urlopen(verify, timeout=30) as answer:
        assert json.loads(answer.read())["email"] == "zoe@patients.example"


SIGNALS = [signal.SIGTERM, *(pytest.param(number, marks=pytest.mark.deep) for number in (signal.SIGINT, signal.SIGHUP))]


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: signal.Signals(number).name)
def test_a_signal_stops_it_cleanly_and_the_next_start_finds_everything(tmp_path: Path, number: int) -> None:
    with serving.started(tmp_path) as first:
        visits, messages, cookie = visits_of(first, "ada"), len(first.outbox()), cookie_of(first, "ben")
        assert first.stop(number) == 0
    assert first.words[-1] == "stopped"
    assert gone(tmp_path)
    with serving.started(tmp_path) as second:
        assert second.seconds <= SECOND_START * busy()
        assert visits_of(second, "ada") == visits
        assert told(second, "session", cookie)["signedIn"] is True
        assert len(second.outbox()) >= messages
        assert "Seeding the demo" not in "\n".join(second.words)
    assert gone(tmp_path)


@pytest.mark.deep
def test_a_run_that_is_killed_takes_its_cloud_along_which_saves_first(tmp_path: Path) -> None:
    with serving.started(tmp_path) as first:
        visits = visits_of(first, "ada")
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait(10)
    with serving.started(tmp_path) as second:  # at once: it waits for the first one's cloud
        assert visits_of(second, "ada") == visits


def test_the_signing_key_and_the_note_are_for_their_owner_only(running: Run) -> None:
    assert [(running.data / name).stat().st_mode & 0o777 for name in ("signing-key", "running.json")] == [0o600, 0o600]


def test_an_empty_start_has_clinics_and_nobody(tmp_path: Path) -> None:
    with serving.started(tmp_path, "--seed", "empty") as run:
        assert len(json.loads(run.get("/api/clinics"))["clinics"]) == 3
        assert run.outbox() == []
        assert visits_of(run, "ada") == []


@pytest.mark.deep
def test_moto_runs_it_too_keeps_nothing_and_says_so(tmp_path: Path) -> None:
    with serving.started(tmp_path, "--engine", "moto") as run:
        assert "The engine is moto: nothing is kept when it stops." in run.words
        assert len(visits_of(run, "ada")) == 2
        assert run.mail_to("ada.moreno@example.com")["ics"]
        assert run.stop() == 0
    assert list(tmp_path.iterdir()) == []


def test_another_command_publishes_and_seeds_into_it(running: Run) -> None:
    for command, said in (("publish", "Publishing the portals"), ("seed", "Reading the clinics in")):
        words = [sys.executable, str(ROOT / "scripts" / f"{command}.py"), "--data", str(running.data)]
        assert said in subprocess.run(words, capture_output=True, text=True, check=True).stdout


def test_the_first_to_run_a_clinic_is_invited_from_the_command_line(running: Run) -> None:
    def invite(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "scripts" / "invite.py"), *words, "--data", str(running.data)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = invite("prairie", "Nia Brooks", "nia.brooks@example.com")
    assert (done.returncode, done.stderr) == (0, "")
    assert "who runs prairie first has mail" in done.stdout
    assert "/invitation/#c=prairie&h=" in running.mail_to("nia.brooks@example.com")["text"]
    for words in (("nowhere", "Nia Brooks", "nia@example.com"), ("prairie", "Nia Brooks", "no address")):
        refused = invite(*words)
        assert refused.returncode == 2
        assert refused.stderr.count("\n") == 1


@pytest.mark.deep
def test_a_run_whose_terminal_is_gone_still_stops_cleanly(tmp_path: Path) -> None:
    process = serving.launch("--port", str(engine.free_port()), "--data", str(tmp_path))
    assert process.stdout
    while not process.stdout.readline().startswith("ready "):
        pass
    process.stdout.close()
    process.send_signal(signal.SIGHUP)
    assert process.wait(serving.STOP_SECONDS) == 0
    assert gone(tmp_path)

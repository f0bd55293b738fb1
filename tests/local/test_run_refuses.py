"""What `scripts/run.py` says when something is in the way: one plain sentence, and nothing is left behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.local import engine, options
from scripts.local.environment import ROOT
from tests.local import serving
from tests.local.serving import Run, gone

pytestmark = pytest.mark.cloud


def ends(*words: str, **environ: str) -> tuple[int, str]:
    """A start that ends by itself: exit code, and the last line it said."""
    process = serving.launch(*words, **environ)
    said, _ = process.communicate(timeout=serving.READY_SECONDS)
    return process.returncode, said.rstrip("\n").split("\n")[-1]


def test_without_a_run_such_a_command_says_how_to_start_one(tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "publish.py"), "--data", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert process.returncode == 2
    assert process.stderr == f"No run is using the folder {tmp_path}; start one with: python3 scripts/run.py\n"


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with options.listen(engine.free_port()) as held:
        held.listen()
        port = held.getsockname()[1]
        code, said = ends("--port", str(port), "--data", str(tmp_path))
    assert (code, said) == (2, f"Port {port} is not free; stop what uses it, or choose another with --port.")
    assert gone(tmp_path)


def test_a_folder_in_use_is_one_sentence(running: Run) -> None:
    code, said = ends("--port", str(engine.free_port()), "--data", str(running.data))
    assert (code, said) == (2, f"Another run is using the folder {running.data}; stop it, or choose another with --data.")


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, said = ends("--port", str(engine.free_port()), "--data", str(tmp_path / "file"))
    assert code == 2
    assert said.startswith(f"The folder {tmp_path / 'file'} cannot be used (")


def changed(folder: Path, **about: Any) -> str:
    """app.json with something of its first clinic changed; the path of the copy."""
    wrong = json.loads((ROOT / "app.json").read_text(encoding="utf-8"))
    wrong["clinics"][0] |= about
    (folder / "app.json").write_text(json.dumps(wrong), encoding="utf-8")
    return str(folder / "app.json")


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"zone": "America/New_Yrok"}, "clinics[0].zone: 'America/New_Yrok' is not an IANA time zone"),
        ({"telephon": "1"}, "clinics[0]: Object contains unknown field `telephon`"),
        ({"holidays": {"country": "US", "subdivision": "ZZ"}}, "the holidays of US-ZZ (clinic north) are not known"),
    ],
)
def test_a_wrong_app_json_is_one_sentence_with_place_and_reason(tmp_path: Path, about: dict[str, Any], reason: str) -> None:
    path = changed(tmp_path, **about)
    code, said = ends("--port", str(engine.free_port()), "--data", str(tmp_path / "data"), ANTEROOM_APP_JSON=path)
    assert (code, said) == (2, f"{path} has a mistake: {reason}")
    assert gone(tmp_path)
    assert not (tmp_path / "data" / "state").exists()


def test_an_app_json_that_is_no_json_or_not_there_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "app.json").write_text("{")
    for name in ("app.json", "nowhere.json"):
        path = tmp_path / name
        code, said = ends("--port", str(engine.free_port()), "--data", str(tmp_path / "data"), ANTEROOM_APP_JSON=str(path))
        assert code == 2
        assert said.startswith(f"{path} has a mistake: ")


@pytest.mark.deep
def test_a_start_that_fails_in_the_middle_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where a folder must be")
    process = serving.launch("--port", str(engine.free_port()), "--data", str(tmp_path))
    said, _ = process.communicate(timeout=serving.READY_SECONDS)
    assert process.returncode != 0
    assert "ready" not in said
    assert gone(tmp_path)


def test_a_start_that_is_stopped_in_the_middle_leaves_no_process(tmp_path: Path) -> None:
    process = serving.launch("--port", str(engine.free_port()), "--data", str(tmp_path))
    assert process.stdout
    while not process.stdout.readline().startswith("Starting the local cloud"):
        pass
    process.send_signal(signal.SIGTERM)
    assert process.wait(serving.STOP_SECONDS) == 0
    process.stdout.close()
    assert gone(tmp_path)

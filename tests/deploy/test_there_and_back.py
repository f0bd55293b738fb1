"""A stage deployed, deployed again, and brought back, on the local cloud (deep: three deployments)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.local import engine
from scripts.local.environment import ROOT

pytestmark = pytest.mark.deep

OLD, NEW = "A request met a bug of ours", "A request met a new bug of ours"


PORT = str(engine.free_port())  # of all, since it stands in the template's parameters


def deploy(data: Path, *words: str) -> str:
    """scripts/deploy.py on the local cloud, to its end; what it said."""
    command = [sys.executable, str(ROOT / "scripts" / "deploy.py"), "--stage", "local", "--data", str(data), "--port", PORT, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_changed_is_shown_and_the_way_back_leads_to_what_was_before(whole: Path, tmp_path: Path) -> None:
    data, next_ = tmp_path / "data", tmp_path / "next"
    shutil.copytree(whole, next_)
    (next_ / "sam.yaml").write_text((whole / "sam.yaml").read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    assert "+ APIHandler" in deploy(data, "--built", str(whole))
    second = deploy(data, "--built", str(next_))
    assert "~ BugsAlarm (AWS::CloudWatch::Alarm)" in second
    assert "+ " not in second, "nothing is made twice"
    assert "files written: 0, removed: 0" in second
    back = deploy(data, "--roll-back")
    assert "~ BugsAlarm (AWS::CloudWatch::Alarm)" in back
    assert "Back to " in back
    assert "  nothing" in deploy(data, "--built", str(whole))


def test_a_package_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "deploy.py"), "--stage", "local", "--data", str(tmp_path / "data")]
    done = subprocess.run([*command, "--built", str(tmp_path)], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 2
    assert done.stderr.strip().endswith(f"sam.yaml is missing; build it with: python3 scripts/build.py --out {tmp_path}")
    assert "Changing the stack" not in done.stdout

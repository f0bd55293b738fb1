"""Two readers of templates find nothing that we have not weighed (deep: their environment takes more than a minute to make)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from scripts.local import environment
from scripts.local.environment import ROOT

pytestmark = pytest.mark.deep

BESIDE = [ROOT / "infra" / "edge.yaml", ROOT / "infra" / "guard.yaml"]
EXCEPTIONS = ROOT / "infra" / "checkov.yaml"


@pytest.fixture(scope="session")
def lint() -> Path:
    """The folder of the readers' commands."""
    return environment.ensure("lint").parent


def failed(lint: Path, templates: list[Path]) -> set[str]:
    """Ids of all that checkov finds, its exceptions put aside."""
    files = [word for path in templates for word in ("-f", str(path))]
    command = [str(lint / "python"), str(lint / "checkov"), "--skip-download", "--framework", "cloudformation", "-o", "json", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return {each["check_id"] for each in json.loads(done.stdout)["results"]["failed_checks"]}


def test_cfn_lint_finds_nothing(lint: Path, built: tuple[Path, Path]) -> None:
    templates = [str(built[0]), *map(str, BESIDE)]
    done = subprocess.run([str(lint / "python"), str(lint / "cfn-lint"), *templates], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_checkov_finds_is_what_we_leave_with_a_reason(lint: Path, built: tuple[Path, Path]) -> None:
    lines = EXCEPTIONS.read_text(encoding="utf-8").splitlines()
    excepted = yaml.safe_load("\n".join(lines))["skip-check"]
    assert [line for line in lines if line.startswith("  - ") and len(line.partition("#")[2].split()) < 5] == []
    assert failed(lint, [built[0], *BESIDE]) == set(excepted)

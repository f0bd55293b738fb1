"""The packages as they are deployed, built once for all who look at them."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.building import functions, package, project, targets
from scripts.local import template

Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, Path]:
    """The template and the API's zip for this machine: the workers of a run share one build."""
    with _alone(tmp_path_factory, worker_id) as out:
        if not (out / package.NAME).is_file():
            folder = tmp_path_factory.mktemp("project")
            project.lay_out(targets.here(), folder)
            package.package(folder, out)
    return out / "sam.yaml", out / package.NAME


@pytest.fixture(scope="session")
def whole(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder that scripts/build.py leaves, the publishing worker's package in it too."""
    with _alone(tmp_path_factory, worker_id) as out:
        for own in functions.OWN:
            if not (out / own.archive).is_file():
                own.build(targets.here(), tmp_path_factory.mktemp(own.name), out)
    return out


@contextmanager
def _alone(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Path]:
    """The folder that all workers of a run share, to one of them at a time."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    with (shared / "package.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield shared / "package"


@pytest.fixture(scope="session")
def merged(built: tuple[Path, Path]) -> dict[str, Any]:
    """The template that goes to AWS, with CloudFormation's short tags as {"!Tag": what it holds}."""
    document: dict[str, Any] = yaml.load(built[0].read_text(encoding="utf-8"), template.Loader)
    return document


@pytest.fixture(scope="session")
def of_kind(merged: dict[str, Any]) -> Callable[[str], Resources]:
    """All resources of a type, by logical name."""

    def found(kind: str) -> Resources:
        return {name: each for name, each in merged["Resources"].items() if each["Type"] == kind}

    return found

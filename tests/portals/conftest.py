"""The portals as app.json has them, rendered once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Brand, Clinic
from chalicelib.intake.records import Form
from chalicelib.intake.rules import abroad, reading
from chalicelib.people import actions as people
from chalicelib.people.records import Practitioner
from chalicelib.portals import actions as portals
from chalicelib.portals.records import Page

TEMPLATES = Path(__file__).resolve().parents[2] / "portal_templates"
App = tuple[Brand, Sequence[Clinic], Sequence[Practitioner]]
Mend = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def app() -> App:
    portal = clinics.read_portal()
    return portal.brand, portal.clinics, people.read_practitioners(portal.practitioners, portal.clinics)


@pytest.fixture(scope="session")
def forms(app: App) -> dict[str, list[Form]]:
    """Our forms as each clinic publishes them first."""
    ours = [json.loads(path.read_bytes()) for path in sorted((TEMPLATES / "intake/questionnaires").glob("*.json"))]
    read = {clinic.id: [reading.read(abroad.of(each, clinic.address.country)).form for each in ours] for clinic in app[1]}
    return {clinic: [form for form in forms if form] for clinic, forms in read.items()}


@pytest.fixture(scope="session")
def pages(app: App, forms: dict[str, list[Form]]) -> dict[str, Page]:
    """Every object of the bucket, by key."""
    return portals.render(*app, forms=forms)


@pytest.fixture
def changed(tmp_path: Path) -> Mend:
    """A copy of the templates in which one piece of text of one file is another."""

    def change(file: str, old: str, new: str) -> Path:
        copy = tmp_path / "templates"
        shutil.copytree(TEMPLATES, copy)
        text = (copy / file).read_text("utf-8")
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1), "utf-8")
        return copy

    return change

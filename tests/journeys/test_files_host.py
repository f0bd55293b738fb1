"""A browser sends a file straight to quarantine and opens what was made of it, under the pages' own policy and the buckets' rules."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest

from scripts.local.environment import ROOT
from tests.documents import samples
from tests.journeys.chrome import DESK
from tests.journeys.conftest import NewWindow
from tests.local.serving import Run

pytestmark = pytest.mark.browser
PHOTO = samples.jpeg()

# What the product does of a form and a link until its own doors do: in a process of its own, since a row's table is settled once.
BESIDE = """
import json, sys, uuid
from datetime import timedelta
from chalicelib.documents import store
from chalicelib.documents.actions import checking
from chalicelib.documents.rules import places
from chalicelib.kit import clock, links, table
from tests.documents.makers import a_document

def form(soon, size, sha256):
    document = a_document(id=uuid.uuid4().hex, size=int(size), sha256=sha256, asked=clock.now())
    with table.together() as tx:
        store.put("north", document, None, tx)
    made = links.form(checking.quarantine().name, places.sent(document), "image/jpeg", document.size, document.sha256, soon)
    return {"id": document.id, "url": made.url, "fields": made.fields}

def link(soon, document_id):
    document = store.get("north", document_id)
    key, bucket = f"{places.released(document)}file", checking.documents()
    made = links.link(bucket.name, key, bucket.first_version(key), "image/jpeg", "card.jpg", soon)
    return {"state": document.state, "url": made}

print(json.dumps(globals()[sys.argv[1]](timedelta(minutes=5), *sys.argv[2:])))
"""
SEND = """async ({url, fields, content}) => {
  const form = new FormData();
  for (const [name, text] of Object.entries(fields)) form.append(name, text);
  form.append("file", new Blob([Uint8Array.from(atob(content), each => each.charCodeAt(0))]), "card.jpg");
  return fetch(url, {method: "POST", body: form}).then(answer => answer.status, () => "kept from it");
}"""
SHOW = """url => new Promise(told => {
  const picture = new Image();
  picture.onload = () => told(picture.naturalWidth);
  picture.onerror = () => told("kept from it");
  picture.src = url;
})"""
READ = 'url => fetch(url).then(async answer => (await answer.arrayBuffer()).byteLength, () => "kept from it")'


def beside(run: Run, *words: str) -> dict[str, Any]:
    """What the code of the product answers in the run's own environment."""
    told = json.loads((run.data / "running.json").read_text(encoding="utf-8"))
    environ = os.environ | told | {"PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", BESIDE, *words], env=environ, stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def a_form(run: Run) -> dict[str, Any]:
    """A form for the photograph, and the photograph."""
    made = beside(run, "form", str(len(PHOTO)), hashlib.sha256(PHOTO).hexdigest())
    return made | {"content": base64.b64encode(PHOTO).decode()}


def released(run: Run, document: str, seconds: float = 60.0) -> str:
    """A link to the file, once it was made anew and scanned."""
    until, found = time.monotonic() + seconds, {"state": ""}
    while time.monotonic() < until and found["state"] not in ("released", "refused"):
        time.sleep(0.5)
        found = beside(run, "link", document)
    assert found["state"] == "released"
    return str(found["url"])


def test_a_patients_page_sends_and_shows_and_a_staff_page_shows_alone(running: Run, new_window: NewWindow) -> None:
    patient, staff = new_window(DESK), new_window(DESK)
    patient.page.goto(f"{running.address}/north/en/")
    staff.page.goto(f"{running.staff_address}/sign-in/")
    form = a_form(running)
    assert patient.page.evaluate(SEND, form) == 201
    link = released(running, form["id"])
    for window in (patient, staff):
        assert window.page.evaluate(SHOW, link) == 1200
        assert window.page.evaluate(READ, link) > 1000


def test_a_staff_page_is_kept_from_the_answer_to_a_form_and_an_edited_link_shows_nothing(running: Run, new_window: NewWindow) -> None:
    staff = new_window(DESK)
    staff.page.goto(f"{running.staff_address}/sign-in/")
    staff.watch.expect("net::ERR_FAILED", "net::ERR_BLOCKED_BY_ORB", 403)
    form = a_form(running)
    assert staff.page.evaluate(SEND, form) == "kept from it"
    link = released(running, form["id"])  # what CORS keeps from a page is the answer: it was sent, with a form that somebody signed
    assert staff.page.evaluate(SHOW, link.replace("card.jpg", "card.svg")) == "kept from it"
    blocked = [fault for fault in staff.watch.faults if "blocked by CORS policy" in fault]
    assert staff.watch.faults == blocked != []
    staff.watch.faults.clear()

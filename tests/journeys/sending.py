"""Sending a file and opening what was made of it, as a page does, with forms and links as the product makes them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
from typing import Any

from scripts.local.environment import ROOT
from tests.documents import samples
from tests.local.serving import Run

Told = dict[str, str]
PHOTO = samples.jpeg()

# What the product does of a form and a link until its own doors do: in a process of its own, since a row's table is settled once.
BESIDE = """
import json, sys, uuid
from datetime import timedelta
from chalicelib.documents import store
from chalicelib.documents.actions import checking
from chalicelib.documents.rules import places
from chalicelib.kit import clock, links
from tests.documents.makers import a_document, put

def form(soon, size, sha256):
    document = a_document(id=uuid.uuid4().hex, size=int(size), sha256=sha256, asked=clock.now())
    put(document)
    made = links.form(checking.quarantine().name, places.sent(document), "image/jpeg", document.size, document.sha256, soon)
    return {"id": document.id, "url": made.url, "fields": made.fields}

def link(soon, document_id):
    document = store.get("north", document_id)
    key, bucket = f"{places.released(document)}file", checking.documents()
    made = links.link(bucket.name, key, "image/jpeg", "card.jpg", soon)
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


def told_of(run: Run) -> Told:
    """What a run told its own environment."""
    told: Told = json.loads((run.data / "running.json").read_text(encoding="utf-8"))
    return told


def told_of_deployed(run: Run) -> Told:
    """The same of a stage that is deployed here, whose functions were told by the template."""
    place = json.loads((run.data / "deployed.json").read_text(encoding="utf-8"))
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    files = {"ANTEROOM_STAGE": "local", "ANTEROOM_FILES_ORIGIN": f"http://files.localhost:{run.port}"}
    return keys | files | {"AWS_ENDPOINT_URL": place["api"].partition("/restapis/")[0]}


def beside(told: Told, *words: str) -> dict[str, Any]:
    """What the code of the product answers in an environment."""
    environ = os.environ | told | {"PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", BESIDE, *words], env=environ, stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def a_form(told: Told) -> dict[str, Any]:
    """A form for the photograph, and the photograph."""
    made = beside(told, "form", str(len(PHOTO)), hashlib.sha256(PHOTO).hexdigest())
    return made | {"content": base64.b64encode(PHOTO).decode()}


def released(told: Told, document: str, seconds: float = 60.0) -> str:
    """A link to the file, once it was made anew and scanned."""
    until, found = time.monotonic() + seconds, {"state": ""}
    while time.monotonic() < until and found["state"] not in ("released", "refused"):
        time.sleep(0.5)
        found = beside(told, "link", document)
    assert found["state"] == "released"
    return str(found["url"])

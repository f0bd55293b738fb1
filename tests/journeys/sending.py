"""Sending a file and opening what was made of it by hand, as scripts of a page can, with a form and a link of the doors."""

from __future__ import annotations

import base64
from typing import Any

from tests.documents import samples
from tests.journeys.papers import Sender

PHOTO = samples.jpeg()
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


def a_form(sender: Sender) -> dict[str, Any]:
    """A form for the photograph, and the photograph."""
    way = sender.ask(PHOTO, "insurance-front")
    return {"id": way["document"]["id"], "url": way["url"], "fields": way["fields"], "content": base64.b64encode(PHOTO).decode()}


def released(sender: Sender, document: str) -> str:
    """A link to the file, once it was made anew and scanned."""
    sender.await_check(document)
    return str(sender.api.post(f"documents/{document}/open", {})["url"])

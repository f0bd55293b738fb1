"""A form as pages are made of it: what stands together on a screen, and all that decides, without a word in any language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.intake.records import Form, Item
from chalicelib.intake.rules import paging

LARGEST = 1_000_000  # bytes of what a page decides by: a phone reads all of it before it shows anything
WORDED = {
    "text",
    "prefix",
    "help",
    "control",
    "page",
    "score",
    "prefill",
    "sensitive",
    "permission",
}  # of an item, and what only the staff need
Shown = paging.Page  # what is shown together


def pages(form: Form) -> tuple[Shown, ...]:
    """What is shown together, in order: each with its title, and the id that answers are known by."""
    return paging.pages(form.items)


def decisive(form: Form) -> bytes:
    """What portal_templates/intake/rules.js decides by (JSON): a form's items as `records.Item` has them, and its pages by link ids."""
    shown = {page.id: [each.link_id for each in page.items] for page in pages(form)}
    told = {"id": form.id, "version": form.version, "starts": [*shown], "pages": [*shown.values()], "items": _bare(form.items)}
    return msgspec.json.encode(told)


def _bare(items: Sequence[Item]) -> list[dict[str, Any]]:
    return [_item(item) for item in items]


def _item(item: Item) -> dict[str, Any]:
    bare: dict[str, Any] = {name: each for name, each in msgspec.to_builtins(item).items() if name not in WORDED}
    for name in ("options", "initial"):
        if name in bare:
            bare[name] = [{member: each for member, each in option.items() if member not in WORDED} for option in bare[name]]
    if item.items:
        bare["items"] = _bare(item.items)
    return bare

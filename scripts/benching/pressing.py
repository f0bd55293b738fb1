"""Renders many clinics from nothing, and then the same pages by Jinja alone, in a process of its own; leaves the CPU of both.

The bare loop gets templates, contexts and the globals of the environments as our own rendering had them, in the same order,
in environments that have compiled nothing yet. It comes second, so whatever both may keep is kept for it already.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jinja2
from msgspec.structs import replace

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.people import actions as people
from chalicelib.people.records import Practitioner
from chalicelib.portals import actions as portals

LANGUAGES = 2
RENDER = jinja2.Template.render
Print = tuple[jinja2.Environment, str, dict[str, Any]]


def many(count: int, known: Sequence[Clinic], staff: Sequence[Practitioner]) -> Iterator[tuple[Clinic, list[Practitioner]]]:
    """So many clinics with their practitioners, made from those of app.json that speak two languages."""
    models = [clinic for clinic in known if len(clinic.languages) == LANGUAGES]
    for number in range(count):
        like = models[number % len(models)]
        clinic = replace(like, id=f"{like.id}-{number:04}")
        yield clinic, [_moved(person, like.id, clinic.id) for person in staff if person.role(like.id)]


def _moved(person: Practitioner, old: str, new: str) -> Practitioner:
    roles = tuple(replace(role, clinic=new) for role in person.roles if role.clinic == old)
    return replace(person, id=f"{person.id}-{new}", roles=roles)


def measure(count: int) -> dict[str, float]:
    """Pages, and seconds of CPU of ours and of Jinja alone."""
    portal = clinics.read_portal()
    staff = people.read_practitioners(portal.practitioners, portal.clinics)
    made = list(many(count, portal.clinics, staff))
    printed: list[Print] = []
    _listen(printed)
    begun = time.process_time()
    size = sum(len(page.body) for _, page in portals.printed(portal.brand, *_apart(made)))
    between = time.process_time()
    gc.collect()
    rested = time.process_time()
    _again(printed)
    return {"pages": len(printed), "bytes": size, "ours": between - begun, "bare": time.process_time() - rested}


def _apart(made: Sequence[tuple[Clinic, list[Practitioner]]]) -> tuple[list[Clinic], list[Practitioner]]:
    return [clinic for clinic, _ in made], [person for _, staff in made for person in staff]


def _listen(printed: list[Print]) -> None:
    """Note what is rendered: which environment, template and context. It costs a microsecond a page."""

    def noted(self: Any, **context: Any) -> str:
        if self.environment.extensions:
            printed.append((self.environment, self.name, context))
        return RENDER(self, **context)

    jinja2.Template.render = noted  # type: ignore[method-assign]  # on purpose, to take notes


def _again(printed: Sequence[Print]) -> None:
    """The bare loop."""
    fresh: dict[int, jinja2.Environment] = {}
    for environment, name, context in printed:
        if id(environment) not in fresh:
            fresh[id(environment)] = environment.overlay(bytecode_cache=None)
        RENDER(fresh[id(environment)].get_template(name), **context).encode()


def main() -> None:
    """`pressing COUNT OUT`."""
    count, out = sys.argv[1:]
    Path(out).write_text(json.dumps(measure(int(count))), encoding="utf-8")


if __name__ == "__main__":
    main()

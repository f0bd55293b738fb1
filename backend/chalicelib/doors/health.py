"""Whether what the API stands on answers. However often somebody asks, a container looks no oftener than every `KEPT` seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from chalicelib.clinics import actions as clinics
from chalicelib.doors.shapes import Dependencies, Dependency, Health, State
from chalicelib.kit import clock, memory, settings, zone

log = logging.getLogger("anteroom.doors")

KEPT = 10  # seconds


@memory.kept(KEPT)
def look(version: str) -> Health:
    """How the API is now, or was a few seconds ago; the build says which release it is, else it is `version`."""
    found = Dependencies(tables=tried("tables", clinics.reach), keys=tried("keys", settings.keys))
    well = State.OK is found.tables.state is found.keys.state
    return Health(State.OK if well else State.DOWN, settings.release(version), zone.VERSION, clock.now(), found)


def tried(name: str, reach: Callable[[], object]) -> Dependency:
    """Whether something answers, and after how long. Nobody outside is told why it does not; the log says what kind of fault it is."""
    began = time.perf_counter()
    state = State.OK
    try:
        reach()
    except Exception as error:  # whatever it is, it does not answer
        log.warning("%s: down, %s", name, type(error).__name__)
        state = State.DOWN
    return Dependency(state, round((time.perf_counter() - began) * 1000, 1))

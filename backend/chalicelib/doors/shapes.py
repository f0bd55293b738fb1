"""What the doors themselves tell: how the product is."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct


class State(StrEnum):
    """Whether it works."""

    OK = "ok"
    DOWN = "down"


class Dependency(Struct, frozen=True, rename="camel"):
    """Something that the API cannot do without."""

    state: State
    milliseconds: Annotated[float, Meta(ge=0, description="how long it took to answer, or to fail")]


class Dependencies(Struct, frozen=True, rename="camel"):
    """All that the API cannot do without."""

    tables: Annotated[Dependency, Meta(description="one read of the registry of clinics")]
    keys: Annotated[Dependency, Meta(description="whether there are keys to sign sessions with; remembered for minutes once they are read")]


class Health(Struct, frozen=True, rename="camel"):
    """How the API is. `state` is down where one of its dependencies is."""

    state: State
    version: str
    tzdata: Annotated[str, Meta(description="version of the IANA time zone data that decides")]
    looked: Annotated[datetime, Meta(tz=True, description="when it was looked; what was seen is told again for 10 seconds")]
    dependencies: Dependencies


WELL = Health(
    state=State.OK,
    version="0.1.0",
    tzdata="2026f",
    looked=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    dependencies=Dependencies(tables=Dependency(State.OK, 4.2), keys=Dependency(State.OK, 0.0)),
)

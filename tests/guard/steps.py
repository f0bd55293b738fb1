"""What somebody might ask of any door: their own things, other people's, other clinics', and what is not there.

The doors are those of the app and the bodies their own examples, so a new door is asked from its first day. What people
type is the asker's canary.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.doors.records import Operation
from chalicelib.doors.routes import operations
from chalicelib.identity.records import Role
from chalicelib.kit import clock
from tests.guard.canaries import Owner
from tests.guard.expectations import BY_NAME
from tests.guard.kinds import Kind

SERVICE = {"north": "visit", "south": "gp"}
KIND = {"north": "referral", "south": "letter"}
PARAMETER = re.compile(r"\{(\w+)\}")
# Doors that end the asker's session: seldom asked, or little else would be.
ENDING = frozenset({"sign_out", "end_all_sessions", "switch_clinic", "deactivate_staff"})
# As whom the expectation table knows somebody of a role.
AS = {
    Role.PATIENT: Kind.ADA,
    Role.PRACTITIONER: Kind.BEA,
    Role.NURSE: Kind.DANA,
    Role.RECEPTION: Kind.RHEA,
    Role.MANAGER: Kind.CYRUS,
    Role.GROUP_MANAGER: Kind.GALE,
}


@dataclass(frozen=True)
class Step:
    """One request, the clinics whose keys it may touch, and the owners whom it may show beside those whom the asker always sees."""

    door: str
    method: str
    path: str
    body: dict[str, Any]
    clinics: frozenset[str]
    shows: frozenset[int] = frozenset()


@dataclass
class World:
    """Who there is, what there is of each kind (by the path's parameter), and times that can be booked."""

    everybody: list[Owner]
    slots: dict[str, list[str]]
    things: dict[str, list[str]] = field(default_factory=dict)
    only: list[str] = field(default_factory=list)  # the doors that are asked; empty: all


@dataclass(frozen=True)
class Asking:
    """Who asks, at which clinic, and what chance decides with."""

    owner: Owner
    place: str
    world: World
    chance: random.Random

    def somebody(self) -> str:
        """The address of somebody whom the clinic knows: anybody may type it."""
        return self.chance.choice([each for each in self.world.everybody if each.clinic == self.place or not self.place]).email


Typed = Callable[[Asking], Any]
TYPED: dict[str, Typed] = {
    "given": lambda asking: asking.owner.word("given"),
    "family": lambda asking: asking.owner.word("family"),
    "reason": lambda asking: f"{asking.owner.word('reason')} and its long story",
    "note": lambda asking: asking.owner.word("note"),
    "label": lambda asking: asking.owner.word("label"),
    "telephone": lambda asking: asking.owner.telephone,
    "birthDate": lambda asking: asking.owner.born.isoformat(),
    "service": lambda asking: SERVICE[asking.owner.clinic],
    "start": lambda asking: asking.chance.choice(asking.world.slots[asking.owner.clinic]),
    "practitioner": lambda _: "",
    "clinic": lambda asking: asking.chance.choice(list(SERVICE)),
    "from": lambda _: (clock.now() - timedelta(days=1)).date().isoformat(),
    "to": lambda _: clock.now().date().isoformat(),
    "version": lambda _: 1,
}
# Where a word means another thing at one door.
TYPED_AT: dict[tuple[str, str], Typed] = {
    ("list_patients", "name"): lambda _: "canary",  # what every canary begins with: it would find everybody
    ("list_patients", "cursor"): lambda _: "",
    ("request_upload", "name"): lambda asking: asking.owner.word("upload"),
    ("request_upload", "kind"): lambda asking: KIND[asking.owner.clinic],
    ("return_document", "note"): lambda _: "Please take it again.",  # for the patient: they are meant to read it
    ("return_item", "note"): lambda _: "Please look at it again.",  # the same
    ("return_item", "path"): lambda _: "phq-9-items/phq-9-2",  # of a form that was handed in
    ("relabel_document", "kind"): lambda asking: KIND[asking.owner.clinic],
    ("invite_staff", "name"): lambda asking: asking.owner.word("guest"),
    ("invite_staff", "email"): lambda asking: f"{asking.owner.word('guest')}{asking.chance.randrange(50)}@example.com",
    ("add_patient", "email"): lambda _: "",
    ("start_sign_in", "email"): Asking.somebody,
    ("start_staff_sign_in", "email"): Asking.somebody,
    ("start_recovery", "email"): Asking.somebody,
}


@lru_cache(maxsize=1)
def doors() -> dict[str, tuple[Operation, dict[str, Any]]]:
    """Every operation of the app with the body of its example."""
    from app import app

    found = {each.name: each for each in operations(app)}
    return {name: (each, msgspec.json.decode(msgspec.json.encode(each.asks)) if each.asks else {}) for name, each in found.items()}


def doors_of(owner: Owner) -> list[str]:
    """The doors' names, those of their own host that may let them in most often, those that end a session hardly ever."""
    weighed: list[str] = []
    for name, (operation, _) in doors().items():
        own = operation.audience in {None, owner.caller.audience}
        lets_in = BY_NAME[name].anyone or AS[owner.role] in BY_NAME[name].may
        weighed += [name] * (1 if name in ENDING or not own else 6 if lets_in else 2)
    return weighed


def step(owner: Owner, world: World, chance: random.Random) -> Step:
    """A request that this owner makes."""
    operation, example = doors()[chance.choice([name for name in doors_of(owner) if not world.only or name in world.only])]
    row = BY_NAME[operation.name]
    others = [each for each in SERVICE if each != owner.clinic]
    place = chance.choice([owner.clinic] * 3 + others) if "{clinic}" in operation.path else ""
    path = operation.path.removeprefix("/api").replace("{clinic}", place)
    path = PARAMETER.sub(lambda match: chance.choice(_things(owner, world, match[1])), path)
    asking = Asking(owner, place, world, chance)
    body = {name: _typed(operation.name, name, text, asking) for name, text in example.items()}
    across = (row.across or operation.name == "list_staff") and owner.role is Role.GROUP_MANAGER
    clinics = {owner.clinic} | (set(SERVICE) if across else set())
    if row.anyone:
        written_to = {each.clinic for each in world.everybody if each.email == body.get("email")}
        clinics |= {place, str(body.get("clinic", place))} | written_to
    shows = frozenset(each.number for each in world.everybody if across and not each.is_patient)
    return Step(operation.name, operation.method, path + _query(operation, owner, world, chance), body, frozenset(clinics), shows)


def _things(owner: Owner, world: World, kind: str) -> list[str]:
    """All there are of a kind, and none; those that may be theirs four times as often, or hardly a request would get anywhere."""
    own = [each for each in world.things[kind] if (owner.id if owner.is_patient else owner.clinic) in each]
    return [*world.things[kind], *own * 3, "nothing"]


def _typed(door: str, name: str, text: Any, asking: Asking) -> Any:
    type_ = TYPED_AT.get((door, name), TYPED.get(name))
    return type_(asking) if type_ else text


def _query(operation: Operation, owner: Owner, world: World, chance: random.Random) -> str:
    """What a page of ours asks with it."""
    if operation.name == "find_slots":
        return f"?service={SERVICE[owner.clinic]}&days=3"
    if operation.name == "list_staff" and owner.role is Role.GROUP_MANAGER:
        return chance.choice(["", "?across=true"])
    if operation.name == "list_audit_events":
        patient, who = chance.choice(world.things["patient"]), chance.choice(world.things["account"])
        return chance.choice(["", f"?patient={patient}", f"?who={who}", "?limit=5"])
    return ""

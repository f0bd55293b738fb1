"""Makes the tape: plays every scene once against moto, in a process of its own."""

from __future__ import annotations

import gzip
import pickle
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from moto import mock_aws

from scripts.benching import inspecting, scenes, tape
from scripts.benching.world import NORTH, NOW, Guest, World
from scripts.benching.world import event as event_of

# What a container remembers for a minute, asked for before an operation is taped or timed.
WARM = (
    ("chalicelib.clinics.actions", "brand"),
    ("chalicelib.clinics.actions", "get", "north"),
    ("chalicelib.clinics.actions", "listed"),
    ("chalicelib.people.actions", "practitioners", "north"),
)
COMPRESSED_FROM = 1024  # bytes of an answer, as .chalice/config.json tells API Gateway


def record() -> dict[str, Any]:
    """The whole tape."""
    recorder = tape.Recorder()  # before any client is made
    with mock_aws():
        from app import app

        world = World(app)
        warming = _warmed(recorder)
        operations = [_taped(recorder, world, scene, event) for scene, event in scenes.told(world)]
        inspected = inspecting.counted(recorder, lambda: scenes.requested(world))
    first = event_of("GET", NORTH, Guest())
    services = sorted({call["service"] for operation in operations for call in operation["calls"]})
    clock = {"now": NOW, "second": timedelta(seconds=1)}
    return {
        "operations": operations,
        "warm": WARM,
        "warming": warming,
        "services": services,
        "first": first,
        "inspected": msgspec.to_builtins(inspected),
        **clock,
    }


def _warmed(recorder: tape.Recorder) -> list[tape.Call]:
    import_module("chalicelib.kit.memory").forget()
    with recorder.taping() as calls:
        for module, function, *arguments in WARM:
            getattr(import_module(module), function)(*arguments)
    return calls


def _taped(recorder: tape.Recorder, world: World, scene: scenes.Scene, event: dict[str, Any]) -> dict[str, Any]:
    """One operation: its calls, and how large its answer is."""
    module, name = scene.entry
    world.later = scene.later
    context = SimpleNamespace(aws_request_id="bench", function_name="bench", memory_limit_in_mb="1024")
    with recorder.taping() as calls:
        answer = getattr(import_module(module), name)(event, context)
    world.later = timedelta()
    status = answer.get("statusCode") if isinstance(answer, dict) else None
    if status and status >= 400:
        raise RuntimeError(f"{scene.name} was answered {status}: {answer['body']}")
    body = str(answer.get("body", "")).encode() if status else b""
    wire = len(gzip.compress(body, mtime=0)) if len(body) >= COMPRESSED_FROM else len(body)
    about = {"name": scene.name, "entry": scene.entry, "event": event, "status": status, "later": scene.later}
    return about | {"calls": calls, "bytes": len(body), "wire": wire}


def main() -> None:
    """Leave the tape where the command says."""
    Path(sys.argv[1]).write_bytes(pickle.dumps(record()))


if __name__ == "__main__":
    main()

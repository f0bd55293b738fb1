"""What follows a changed stack: the clinics into the tables, the pages into the bucket, the first managers, and a look at it all."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from chalicelib.accounts.actions import invitations
from chalicelib.identity import actions as identity
from chalicelib.kit import memory, table
from scripts.deploying.stages import FirstManager, Stage
from scripts.local import filling
from scripts.local.environment import Plain, say, step
from scripts.local.filling import Portal

PATIENCE = 120.0  # seconds until a stage must answer; an edge learns of itself slowly
PAUSE = 2.0

Get = Callable[[str], tuple[int, bytes]]


def tell(name: str, told: Mapping[str, str]) -> None:
    """Let this process work on the stage as its functions do: by its environment."""
    os.environ |= {
        "ANTEROOM_STAGE": name,
        "ANTEROOM_PATIENT_ORIGIN": told["PatientOrigin"],
        "ANTEROOM_STAFF_ORIGIN": told["StaffOrigin"],
        "ANTEROOM_FILES_ORIGIN": told.get("FilesOrigin", ""),
        "ANTEROOM_KEYS_SECRET": f"anteroom/{name}/keys",
        "ANTEROOM_SENDER": told.get("SenderIdentity", ""),
    }
    table.connection.cache_clear()
    memory.forget()


def store(portal: Portal, kind: str) -> None:
    """Clinics and practitioners as app.json has them; `demo` also fills an empty store with people and visits."""
    filling.seed(portal, kind)


def publish(name: str, region: str) -> None:
    """The pages that changed."""
    from scripts.publishing import deployed

    deployed.publish(name, region)


def invite(stage: Stage) -> None:
    """Everybody whom infra/stages.json names and whom nobody has invited yet."""
    for person in stage.first_managers:
        if not _is_known(person):
            filling.invite(person.clinic, person.name, person.email)


def _is_known(person: FirstManager) -> bool:
    address = invitations.address(person.email)
    return any(member.email == address for member in identity.members(person.clinic))


def look(told: Mapping[str, str], portal: Portal, get: Get) -> None:
    """Plain unless the stage answers: its health, times of a clinic, and a page on each host."""
    with step("Looking whether it answers"):
        health = answers(get, f"{told['PatientOrigin']}/api/health")
        clinic = portal.clinics[0]
        answers(get, f"{told['PatientOrigin']}/api/clinics/{clinic.id}/slots?service={clinic.services[0].id}")
        answers(get, f"{told['PatientOrigin']}/{clinic.id}/{clinic.languages[0].split('-')[0]}/")
        answers(get, f"{told['StaffOrigin']}/sign-in/")
    say(f"  version {json.loads(health)['version']}; health, times and pages answer")


def answers(get: Get, url: str) -> bytes:
    """The body of a 200, for which it waits a while; Plain with the last answer where none comes."""
    until, status = time.monotonic() + PATIENCE, 0
    while time.monotonic() < until:
        status, body = get(url)
        if status == 200:
            return body
        time.sleep(PAUSE)
    if status:
        raise Plain(f"It is deployed, but {url} answers {status}. Go back with --roll-back, or look into docs/runbook.md.")
    raise Plain(
        f"It is deployed, but {url} does not answer. Mostly its name does not lead to CloudFront yet (docs/guides/custom-domain.md, "
        "step 6): once it does, the same command looks again."
    )


def fetched(url: str) -> tuple[int, bytes]:
    """The status and body of a GET; status 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status), bytes(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, b""
    except OSError:
        return 0, b""

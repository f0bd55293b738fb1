"""infra/stages.json: what an operator says of each stage, read strictly, every mistake one plain sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from scripts.local.environment import ROOT, Plain

FILE = ROOT / "infra" / "stages.json"
LOCAL = "local"
UNGUARDED = (LOCAL, "test")  # by these names the code knows this machine, and lets in who did not come through the edge

Origin = Annotated[str, Meta(pattern=r"^(https?://[a-z0-9.:-]+)?$")]
Arn = Annotated[str, Meta(pattern=r"^(arn:.+)?$")]


class FirstManager(Struct, frozen=True, forbid_unknown_fields=True):
    """Who runs a clinic first, and is invited by mail."""

    clinic: str
    name: str
    email: str


class Stage(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One stage. An empty origin means CloudFront's own name; an empty ARN or address means none."""

    region: Annotated[str, Meta(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    sender: Annotated[str, Meta(min_length=3)]
    patient_origin: Origin = ""
    staff_origin: Origin = ""
    files_origin: Origin = ""  # what stands in for S3's own hosts: none on AWS
    certificate: Arn = ""
    web_acl: Arn = ""
    alarm_address: str = ""
    first_managers: tuple[FirstManager, ...] = ()


def read(name: str, file: Path = FILE) -> Stage:
    """What the file says of a stage; Plain with the place of its first mistake, or with the stages there are."""
    try:
        stages = msgspec.json.decode(file.read_bytes(), type=dict[str, Stage])
    except OSError as error:
        raise Plain(f"{file} cannot be read ({error.strerror}).") from error
    except msgspec.MsgspecError as error:
        raise Plain(f"{file} has a mistake: {error}.") from error
    if name not in stages:
        raise Plain(f"{file} has no stage {name!r}; it has {', '.join(sorted(stages))}, and there is always {LOCAL!r}.")
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,15}", name):
        raise Plain(f"{name!r} cannot be a stage's name: it needs 2 to 16 lower-case letters, digits and hyphens, a letter first.")
    if name in UNGUARDED:
        raise Plain(f"{name!r} cannot be a stage on AWS: under the names {' and '.join(UNGUARDED)} the API lets everybody past the edge.")
    return _sensible(name, stages[name], file)


def _sensible(name: str, stage: Stage, file: Path) -> Stage:
    """The stage, if what it says fits together."""
    hosts = (stage.patient_origin, stage.staff_origin)
    if bool(stage.patient_origin) != bool(stage.staff_origin):
        raise Plain(f"{file}: stage {name} names one origin; name both, or neither to use CloudFront's own names.")
    if stage.patient_origin and stage.patient_origin == stage.staff_origin:
        raise Plain(f"{file}: stage {name} has one origin for patients and staff; each needs a host of its own.")
    if stage.files_origin:
        raise Plain(f"{file}: stage {name} names an origin for files, which lie on S3's own host wherever there is one.")
    if any(hosts) and not stage.certificate:
        raise Plain(f"{file}: stage {name} has hosts of its own, so it needs a certificate for them (docs/guides/custom-domain.md).")
    if stage.certificate and ":us-east-1:" not in stage.certificate:
        raise Plain(f"{file}: stage {name}: CloudFront takes certificates from us-east-1 alone (docs/guides/custom-domain.md).")
    return stage


def parameters(name: str, stage: Stage) -> dict[str, str]:
    """The template's parameters; what is empty is left out, and CloudFormation then takes the template's default."""
    told = {
        "Stage": name,
        "PatientOrigin": stage.patient_origin,
        "StaffOrigin": stage.staff_origin,
        "FilesOrigin": stage.files_origin,
        "Certificate": stage.certificate,
        "WebAcl": stage.web_acl,
        "SenderIdentity": stage.sender,
        "AlarmAddress": stage.alarm_address,
    }
    return {key: value for key, value in told.items() if value}

"""The way back: the template and packages of an earlier deployment, under the parameters that infra/stages.json has now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import yaml

from scripts.deploying import stages
from scripts.deploying.artifacts import Artifacts, Deployment
from scripts.deploying.deploy import Place, change, edges
from scripts.local import template
from scripts.local.environment import Plain, say


def roll_back(place: Place, *, ask: bool) -> None:
    """Back to the template and the packages of the deployment before; parameters, data and pages stay as they are."""
    before = earlier(place.artifacts.deployments())
    say(f"Back to {before.version}, deployed {before.at}.")
    told = kept(present(place), taken(place.artifacts, before.template))
    for line in differing(before.parameters, told):
        say(line)
    change(place, before.template, told, ask=ask)
    place.artifacts.note(before.template, told, before.version, datetime.now(UTC))
    say("The functions are those of before. The pages are not: publish them from that version with python3 scripts/publish.py --stage NAME")


def earlier(deployments: list[Deployment]) -> Deployment:
    """The newest deployment of another template than the present one; Plain where there is none."""
    others = [each for each in deployments if each.template != deployments[-1].template]
    if not others:
        raise Plain("There is no earlier deployment to go back to.")
    return others[-1]


def present(place: Place) -> dict[str, str]:
    """What the stage says now; without hosts of its own, CloudFront's names."""
    told = stages.parameters(place.name, place.stage)
    return told if "PatientOrigin" in told else told | edges(place.stack.outputs())


def taken(artifacts: Artifacts, key: str) -> frozenset[str]:
    """The names of the parameters that a kept template takes."""
    return frozenset(yaml.load(artifacts.read(key), template.Loader).get("Parameters", {}))


def kept(told: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    """What of this a template takes: CloudFormation refuses a parameter that a template does not have."""
    return {name: value for name, value in told.items() if name in names}


def differing(then: Mapping[str, str], told: Mapping[str, str]) -> Iterator[str]:
    """A line for each parameter that is not what that deployment had; nothing said means the template's default."""
    for name in sorted(then.keys() | told.keys()):
        if then.get(name) != told.get(name):
            yield f"  {name} stays {told.get(name, 'at its default')}; it was {then.get(name, 'at its default')} then"

"""The stage `local`: the very template and package on the local cloud, with our gateway standing in for CloudFront alone."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from urllib.parse import urlsplit

import boto3

from chalicelib.documents.rules import places
from chalicelib.kit import clock, settings
from scripts.deploying import back, deploy
from scripts.deploying.api import Deployed, invoked, letters
from scripts.deploying.stages import LOCAL, FirstManager, Stage
from scripts.local import arrivals, engine, fence, filling, gateway, opening, options, pump
from scripts.local.arrivals import Arrivals
from scripts.local.demo import Cast
from scripts.local.environment import rest, say
from scripts.local.filling import Portal
from scripts.local.outbox import Outbox
from scripts.local.pages import Desk
from scripts.local.wire import Request

SENDER = "harbourhealth.example"
MAIL_SECONDS = 0.5
NOTE = "deployed.json"  # in the data folder: where the API itself is


def run(wanted: argparse.Namespace) -> None:
    """Everything, and with --serve until somebody stops it."""
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        held = stack.enter_context(options.listen(wanted.port))
        portal = filling.read()
        engine.point_at(stack.enter_context(engine.ministack(wanted.folder)))
        edge = Edge(portal, Outbox(wanted.folder / "outbox"))
        place = deploy.at(LOCAL, settled(wanted.port), "here", seed="demo", get=edge.get)
        edge.outputs = place.stack.outputs
        if wanted.roll_back:
            back.roll_back(place, ask=False)
        else:
            deploy.deploy(place, portal, wanted.built, ask=False)
        (wanted.folder / NOTE).write_text(json.dumps({"api": edge.doors().address}), encoding="utf-8")
        if wanted.serve:
            stack.enter_context(pump.running([pump.Pump("mail", MAIL_SECONDS, letters(edge.outbox)), came(edge.bell)]))
            stack.enter_context(gateway.serve(edge.gateway(), held))
            say(f"ready http://localhost:{wanted.port}/")
            rest()


def came(bell: pump.Bell) -> pump.Pump:
    """Tells the deployed inspector what came, and what its scan says.

    The local cloud's own rule is switched off: what it tells lacks the version (tests/local/test_files.py), at which the function stops.
    """
    events = boto3.client("events")
    for rule in events.list_rules(NamePrefix=f"anteroom-{LOCAL}-InspectDocumentsCame")["Rules"]:
        events.disable_rule(Name=rule["Name"])
    bucket, inspect = settings.bucket(places.QUARANTINE), invoked(f"anteroom-{LOCAL}-inspecting")
    return pump.Pump("files that came", arrivals.SECONDS, Arrivals(boto3.client("s3"), bucket, inspect, clock.now).turn, bell)


def settled(port: int) -> Stage:
    """What infra/stages.json would say of it."""
    return Stage(
        region=engine.REGION,
        sender=SENDER,
        patient_origin=f"http://localhost:{port}",
        staff_origin=f"http://{gateway.STAFF_HOST}:{port}",
        files_origin=f"http://{fence.FILES_HOST}:{port}",
        first_managers=(FirstManager("prairie", "Frances Oakes", "frances.oakes@prairierose.example"),),
    )


class Edge:
    """Our gateway before the deployed functions and the bucket, made once the stack can say where they are."""

    def __init__(self, portal: Portal, outbox: Outbox) -> None:
        self.portal, self.outbox, self.bell = portal, outbox, pump.Bell()
        self.outputs: Callable[[], dict[str, str]] = dict

    def doors(self) -> Deployed:
        """The deployed API, which is shown the edge's secret."""
        secret = boto3.client("secretsmanager").get_secret_value(SecretId=f"anteroom/{LOCAL}/edge")["SecretString"]
        return Deployed(boto3.client("s3").meta.endpoint_url, self.outputs()["RestAPIId"], secret)

    @cache  # noqa: B019 - there is one edge, and it lives as long as the process
    def gateway(self) -> gateway.Gateway:
        """The gateway, with what the stack told."""
        origins = (settings.origin("patient"), settings.origin("staff"))
        desk = Desk(self.portal.brand, self.portal.clinics, origins, self.outbox, Cast(self.portal.clinics))
        return gateway.Gateway(self.doors(), opening.shelves(self.portal), desk, opening.files(), self.bell)

    def get(self, url: str) -> tuple[int, bytes]:
        """The status and body of a GET, without going through a port."""
        parts = urlsplit(url)
        answer = self.gateway().answer(Request("GET", parts.path, parts.query, {"host": parts.netloc}))
        return answer.status, answer.body

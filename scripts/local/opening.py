"""Puts the parts together once the cloud is full: gateway, doors, pages, outbox, pumps."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from botocore.config import Config

from chalicelib.documents.rules import places
from chalicelib.documents.workers import inspect
from chalicelib.kit import clock, post, settings
from scripts.local import arrivals, gateway, pump, template
from scripts.local.api import Api
from scripts.local.arrivals import Arrivals
from scripts.local.demo import Cast
from scripts.local.files import Files
from scripts.local.filling import Portal
from scripts.local.outbox import Outbox
from scripts.local.pages import Desk
from scripts.local.shelf import Shelf


@contextmanager
def opened(portal: Portal, folder: Path, held: socket.socket) -> Iterator[None]:
    """Serves on the socket, and pumps, while the block runs."""
    from app import app  # the Chalice app of backend/
    from chalicelib.notices import workers

    app.log.setLevel(os.environ.get("ANTEROOM_LOG", "WARNING"))  # Chalice would show errors only; INFO is what a deployment logs
    outbox = Outbox(folder / "outbox")
    keep_what_is_sent(outbox)
    origins = (settings.origin("patient"), settings.origin("staff"))
    desk = Desk(portal.brand, portal.clinics, origins, outbox, Cast(portal.clinics))
    bell = pump.Bell()
    pumps = pump.pumps(boto3.client("dynamodbstreams"), settings.table("notices"), workers.send_posted, workers.sweep_due, clock.now, bell)
    pumps += arrivals.pumps(Arrivals(boto3.client("s3"), settings.bucket(places.QUARANTINE), inspect, clock.now), bell)
    with pump.running(pumps), gateway.serve(gateway.Gateway(Api(app), shelves(portal), desk, files(), bell), held):
        yield


def files() -> Files:
    """The two buckets that browsers send to and read from by themselves."""
    buckets = [settings.bucket(name) for name in (places.QUARANTINE, places.DOCUMENTS)]
    return Files(boto3.client("s3").meta.endpoint_url, buckets)


def shelves(portal: Portal) -> dict[str, Shelf]:
    """The pages of each host name, from the one bucket."""
    s3 = boto3.client("s3", config=Config(max_pool_connections=gateway.THREADS))
    languages = {clinic.id: clinic.languages for clinic in portal.clinics}
    patient, staff = (
        Shelf(s3, settings.bucket("portals"), f"{host}/", languages, template.headers(settings.stage(), host, settings.files_origin()))
        for host in ("patient", "staff")
    )
    return {gateway.STAFF_HOST: staff} | dict.fromkeys(gateway.PATIENT_HOSTS, patient)


def keep_what_is_sent(outbox: Outbox) -> None:
    """Let every mail also fall into the outbox, once the engine has taken it."""
    really_send = post.send

    def send(sender: str, to: str, message: bytes) -> str:
        number = really_send(sender, to, message)
        outbox.keep_mail(message, clock.now())
        return number

    post.send = send

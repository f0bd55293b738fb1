"""Fills the cloud: tables and bucket, clinics and practitioners, the portals' pages, and the demo's people and visits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from typing import Any

import boto3
import holidays

from chalicelib.accounts.actions import invitations
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Brand, Clinic
from chalicelib.intake.actions import questionnaires
from chalicelib.intake.records import Form
from chalicelib.kit import clock, settings, zone
from chalicelib.kit.bucket import Bucket
from chalicelib.kit.problem import Problem
from chalicelib.people import actions as people
from chalicelib.people.records import Practitioner
from chalicelib.portals import actions as portals
from chalicelib.schedules import actions as schedules
from chalicelib.schedules.records import Span
from scripts.local import demo, demo_forms, demo_papers, template
from scripts.local.environment import Plain, say, step

DAYS_AHEAD = 800  # no horizon reaches further
YEARS_AHEAD = 2  # public holidays are written for this year and so many more


@dataclass(frozen=True)
class Portal:
    """app.json, read and checked; the clinics are closed on their public holidays."""

    brand: Brand
    clinics: Sequence[Clinic]
    practitioners: Sequence[Practitioner]


def read() -> Portal:
    """app.json as it is now; Plain with the place and the reason of its first mistake."""
    try:
        portal = clinics.read_portal()
        practitioners = people.read_practitioners(portal.practitioners, portal.clinics)
    except Problem as problem:
        raise Plain(f"{settings.app_json()} has a mistake: {problem.detail}") from problem
    today = clock.now()
    closed = [clinics.closed_on(clinic, public_holidays(clinic, zone.local_date(today, clinic.zone).year)) for clinic in portal.clinics]
    return Portal(portal.brand, closed, practitioners)


def public_holidays(clinic: Clinic, year: int) -> dict[date, str]:
    """The public holidays that close a clinic from January of that year on; Plain for a place the library does not know."""
    place = clinic.holidays
    if place is None:
        return {}
    try:
        return dict(holidays.country_holidays(place.country, subdiv=place.subdivision, years=range(year, year + YEARS_AHEAD + 1)))
    except NotImplementedError as error:
        where = "-".join(filter(None, (place.country, place.subdivision)))
        reason = f"the holidays of {where} (clinic {clinic.id}) are not known"
        raise Plain(f"{settings.app_json()} has a mistake: {reason}") from error


def build(portal: Portal) -> None:
    """Tables and bucket from infra/overlay.yaml, and leave to send mail; what is there stays as it is."""
    template.create(settings.stage())
    boto3.client("ses").verify_email_identity(EmailAddress=parseaddr(portal.brand.sender)[1])


def publish(portal: Portal) -> None:
    """Write the pages that changed."""
    try:
        with step("Publishing the portals"):
            bucket, forms = Bucket(settings.bucket("portals")), published(portal)
            done = portals.publish_portals(bucket, portal.brand, portal.clinics, portal.practitioners, forms=forms)
    except Problem as problem:
        raise Plain(f"The portals cannot be rendered, so nothing was written: {problem.detail}") from problem
    if done.written or done.removed:
        say(f"  {len(done.written)} files written, {len(done.removed)} removed, {done.kept} as they were")


def seed(portal: Portal, kind: str) -> None:
    """Clinics and practitioners as app.json has them; into an empty store also the demo's people and visits.

    The clinics come last: a seeding that was cut short finds an empty store again and goes on where it stopped.
    """
    fresh = kind == "demo" and not clinics.listed()
    with step("Seeding the demo" if fresh else "Reading the clinics in"):
        people.save_practitioners(portal.practitioners)
        booked = demo.fill(portal.clinics, clock.now()) if fresh else {}
        begin_forms(portal.clinics)
        clinics.save_all(portal.clinics)
        demo_papers.send(portal.clinics, booked, clock.now())
        demo_forms.fill(portal.clinics, booked, clock.now())
        _align(portal.practitioners)


def published(portal: Portal) -> dict[str, list[Form]]:
    """The forms of each clinic that have a page, as its store has them."""
    return {clinic.id: questionnaires.published(clinic.id) for clinic in portal.clinics}


def our_forms() -> list[dict[str, Any]]:
    """The forms that a clinic begins with, as FHIR's JSON."""
    return [json.loads(path.read_bytes()) for path in sorted((settings.templates() / "intake" / "questionnaires").glob("*.json"))]


def begin_forms(portal: Sequence[Clinic]) -> None:
    """Our forms for every clinic that lacks them; what a clinic has made of one stays."""
    forms = our_forms()
    for clinic in portal:
        questionnaires.begin(clinic.id, forms, clock.now(), clinic.address.country)


def invite(clinic: str, name: str, email: str) -> None:
    """Invite who runs a clinic first; Plain where that cannot be, in the product's own words."""
    try:
        with step("Inviting"):
            invitations.invite_first_manager(clinics.get(clinic), name, email, clock.now())
    except Problem as problem:
        told = problem.extra.get("errors")
        reasons = [each["detail"] for each in told if isinstance(each, dict)] if isinstance(told, list) else []
        raise Plain(" ".join([problem.title, problem.detail, *reasons])) from problem
    say(f"  who runs {clinic} first has mail")


def _align(practitioners: Sequence[Practitioner]) -> None:
    """Who has joined a clinic is busy there with the visits that were made elsewhere before."""
    today = zone.minute(clock.now())
    for person in practitioners:
        if len(person.clinics) > 1:
            schedules.align(person, Span(today, today + DAYS_AHEAD * 1440))

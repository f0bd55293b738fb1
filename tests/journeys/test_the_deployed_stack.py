"""The very template and package, deployed to the local cloud: a visit is booked in the browser against what really runs there."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chalicelib.kit.bucket import Bucket
from chalicelib.portals.records import Counts
from scripts.publishing import there
from tests.journeys import sending
from tests.journeys.chrome import PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.papers import a_sender
from tests.journeys.people import a_newcomer
from tests.journeys.portal import Portal
from tests.local import serving
from tests.local.serving import Run

pytestmark = [pytest.mark.browser, pytest.mark.cloud]


@pytest.fixture(scope="module")
def deployed(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A stage on the local cloud, deployed by the command that deploys to AWS."""
    words = ("--stage", "local", "--serve", "--built", str(whole))
    with serving.started(tmp_path_factory.mktemp("deployed"), *words, script="deploy.py") as run:
        yield run
        assert run.stop() == 0, "\n".join(run.words)


def test_it_says_what_it_does_and_ends_with_a_stack_that_answers(deployed: Run) -> None:
    said = "\n".join(deployed.words)
    for line in ("Changing the stack", "Publishing", "Inviting", "health, times and pages answer", "deployed: http://localhost:"):
        assert line in said, said
    health = json.loads(deployed.get("/api/health"))
    assert health["state"] == "ok"


def test_a_patient_books_finds_it_again_and_cancels_it_against_the_deployed_functions(deployed: Run, new_window: NewWindow) -> None:
    portal, lena = Portal(new_window(PHONE), deployed), a_newcomer()
    portal.open()
    portal.choose_service()
    chosen = portal.choose_time()
    portal.sign_in(lena)
    code = deployed.mail_to(lena.email)
    portal.introduce(lena)
    visit = portal.book()
    expect(portal.page.locator("#visit [data-text=time]")).to_have_text(chosen.clock)
    booked = deployed.mail_to(lena.email, after=code["number"])
    assert booked["subject"] == portal.words.mail_booked
    portal.open(f"visit/#{visit}")
    portal.cancel("I have to travel that day.")
    assert deployed.mail_to(lena.email, after=booked["number"])["subject"] == portal.words.mail_cancelled


def test_a_file_goes_the_whole_way_through_the_deployed_inspector(deployed: Run, new_window: NewWindow) -> None:
    window = new_window(PHONE)
    sender, page = a_sender(window.context, deployed), window.page
    page.goto(f"{deployed.address}/north/en/")
    form = sending.a_form(sender)
    assert page.evaluate(sending.SEND, form) == 201
    assert page.evaluate(sending.SHOW, sending.released(sender, form["id"])) == 1200
    assert "\n".join(deployed.words).count("files that came:") == 0


def test_who_runs_a_clinic_first_is_invited_by_mail(deployed: Run) -> None:
    mail = deployed.mail_to("frances.oakes@prairierose.example")
    assert deployed.staff_address in mail["text"]


@pytest.fixture
def cloud_of(deployed: Run, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The portal bucket of the deployed stage, whose cloud this process works on for a test."""
    place = json.loads((deployed.data / "deployed.json").read_text(encoding="utf-8"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", place["api"].partition("/restapis/")[0])
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return Bucket("anteroom-local-portals-000000000000")


def test_the_deployed_worker_writes_what_is_missing_and_nothing_else(cloud_of: Bucket) -> None:
    """What the deployment has published from here is what the worker would publish from the tables, byte for byte."""
    before = dict(cloud_of.tags())
    pages = len(before) - 1  # one is the note
    cloud_of.delete(["patient/prairie/en/index.html"])
    cloud_of.put("patient/north/es/book/index.html", b"spoilt", "text/html", "no-store")
    done = there.publish("local", "us-east-1")
    assert done == Counts(written=2, removed=0, kept=pages - 2, languages=0, forgotten=2)
    assert dict(cloud_of.tags()) == before
    assert there.publish("local", "us-east-1") == Counts(written=0, removed=0, kept=pages, languages=0, forgotten=0)


def test_past_the_edge_the_api_lets_nobody_in(deployed: Run) -> None:
    """Straight to API Gateway, without what CloudFront shows."""
    place = json.loads((deployed.data / "deployed.json").read_text(encoding="utf-8"))
    for path in ("/api/health", "/api/clinics", "/api/openapi.json"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(place["api"] + path, timeout=30)
        with refused.value:
            assert refused.value.code == 403, path

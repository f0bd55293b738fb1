"""The publishing worker, called as AWS calls it: with what the tables hold, and never more than its role allows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.clinics import actions as clinics
from chalicelib.clinics import store
from chalicelib.intake.records import Form
from chalicelib.kit import settings
from chalicelib.kit.bucket import Bucket
from chalicelib.people import actions as people
from chalicelib.portals import actions as portals
from chalicelib.portals import workers
from chalicelib.portals.actions import stored
from chalicelib.portals.rules.problems import NoClinics, Untranslated
from scripts.local import filling
from tests.callers import given_the_clinics
from tests.guard import roles
from tests.overhearing import overheard
from tests.portals.conftest import App

pytestmark = pytest.mark.thorough

CONTEXT = SimpleNamespace(aws_request_id="r-1")
ROLE = "PublishPortalsRole"
NOTHING = {"written": 0, "removed": 0, "languages": 0, "forgotten": 0}
HOME = "patient/north/es/index.html"


@pytest.fixture
def bucket(cloud: None) -> Bucket:
    """The stage's, with clinics and their forms in the tables and nothing published."""
    given_the_clinics()
    filling.begin_forms(clinics.listed())
    return Bucket(settings.bucket("portals"))


@pytest.fixture
def published(bucket: Bucket, app: App, forms: dict[str, list[Form]]) -> Bucket:
    """The same, after a publishing from app.json as it is deployed."""
    portals.publish_portals(bucket, *app, forms=forms)
    return bucket


def called() -> dict[str, int]:
    """What the worker answers, save how many files were right already."""
    return {name: count for name, count in workers.publish({}, CONTEXT).items() if name != "kept"}


def test_what_is_published_from_app_json_is_what_the_worker_would_publish(published: Bucket) -> None:
    assert called() == NOTHING


def test_a_page_that_is_gone_comes_back_and_nothing_else_is_written(published: Bucket) -> None:
    before = dict(published.tags())
    published.delete([HOME])
    assert called() == {**NOTHING, "written": 1}
    assert dict(published.tags()) == before
    assert called() == NOTHING


def test_a_clinic_that_has_changed_is_written_and_no_other(published: Bucket) -> None:
    before = dict(published.tags())
    clinics.save(replace(clinics.get("north"), telephone="+1 203 555 0199"))
    answer = workers.publish({}, CONTEXT)
    changed = {key for key, tag in published.tags() if before.get(key) != tag}
    assert answer["written"] == len(changed) > 10
    assert {key for key in changed if not key.startswith(("patient/north/", "published.json"))} == set()


def test_a_container_that_has_published_before_does_not_go_by_what_it_remembers(published: Bucket) -> None:
    assert called() == NOTHING
    row = clinics.get("north")
    memory_of_then = clinics.listed()
    store.put("north", replace(row, telephone="+1 203 555 0199"))  # as another container writes it
    assert clinics.listed() == memory_of_then
    assert called()["written"] > 10


def test_a_clinic_that_is_gone_goes_from_the_portal(published: Bucket) -> None:
    clinics.save_all([clinic for clinic in clinics.listed() if clinic.id != "prairie"])
    assert called()["removed"] > 10
    assert [*published.keys("patient/prairie/")] == []


def test_who_works_in_two_clinics_stands_once_in_each_at_the_clinics_own_place(bucket: Bucket) -> None:
    stood = [(clinic.id, person.id) for clinic in clinics.listed() for person in people.practitioners(clinic.id)]
    told = [(role.clinic, person.id) for clinic in clinics.listed() for person in stored._practitioners(clinic.id) for role in person.roles]
    assert told == stood
    assert len({person for _, person in stood}) < len(stood)


def test_clinics_stand_in_the_order_of_app_json_and_new_ones_after_them(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = clinics.read_portal()
    turned = SimpleNamespace(clinics=portal.clinics[::-1][1:])
    monkeypatch.setattr(clinics, "read_portal", lambda: turned)
    ids = [clinic.id for clinic in turned.clinics]
    assert [clinic.id for clinic in stored._in_order(clinics.listed())] == [*ids, portal.clinics[-1].id]


def test_an_empty_table_takes_nothing_away(published: Bucket) -> None:
    before = dict(published.tags())
    clinics.save_all([])
    with pytest.raises(NoClinics):
        workers.publish({}, CONTEXT)
    assert dict(published.tags()) == before


class Told:
    """An edge that knows the clinics, and notes what it is told beside."""

    made: list[Told] = []

    def __init__(self, store: str, distributions: Mapping[str, str]) -> None:
        self.about, self.forgotten = (store, distributions), dict[str, Sequence[str]]()
        Told.made.append(self)

    def languages(self) -> Mapping[str, str]:
        return {clinic.id: portals.languages(clinic) for clinic in clinics.listed()}

    def tell(self, languages: Mapping[str, str], gone: Collection[str]) -> None:
        raise AssertionError((languages, gone))

    def forget(self, host: str, addresses: Sequence[str]) -> None:
        self.forgotten[host] = addresses


def test_the_edge_that_the_environment_names_forgets_what_changed(published: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTEROOM_EDGE_STORE", "arn:store")
    monkeypatch.setenv("ANTEROOM_PATIENT_DISTRIBUTION", "E1")
    monkeypatch.setenv("ANTEROOM_STAFF_DISTRIBUTION", "E2")
    monkeypatch.setattr(stored, "CloudFront", Told)
    published.put(HOME, b"spoilt", "text/html", "no-store")
    assert called() == {**NOTHING, "written": 1, "forgotten": 2}
    assert Told.made[-1].about == ("arn:store", {"patient": "E1", "staff": "E2"})
    assert Told.made[-1].forgotten == {"patient": ["/north/es/", "/north/es/index.html"]}


def test_it_answers_and_logs_numbers_alone(published: Bucket) -> None:
    published.delete([HOME])
    with overheard() as heard:
        answer = workers.publish({}, CONTEXT)
    assert {type(count) for count in answer.values()} == {int}
    assert heard.lines == []
    (counted,) = heard.metrics
    assert (counted["Publishings"], counted["FilesWritten"], counted["removed"]) == (1, 1, 0)
    assert (counted["worker"], counted["request"]) == ("publish", "r-1")


def test_a_publishing_that_stops_says_so_and_fails(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise Untranslated("'Visit' has no words in 'fr'.")

    monkeypatch.setattr(stored, "publish_portals", broken)
    with overheard() as heard, pytest.raises(Untranslated):
        workers.publish({}, CONTEXT)
    (line,) = heard.lines
    assert heard.metrics == []
    assert (line["worker"], line["request"]) == ("publish", "r-1")
    assert "Untranslated" in line["trace"]


def test_all_it_asks_of_tables_and_bucket_its_role_allows_and_no_more_is_allowed(
    published: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics.save_all([clinic for clinic in clinics.listed() if clinic.id != "prairie"])
    with roles.asked(monkeypatch) as found:
        workers.publish({}, CONTEXT)
    assert {right for right in found if right[0] != "s3"} == set(roles.allowed(ROLE))
    assert {action for _, action in found if action.startswith("s3:")} == {
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }


def test_lambda_needs_no_app_and_no_chalice_to_import_it() -> None:
    backend = Path(workers.__file__).parents[2]
    code = "import sys; from chalicelib.portals import workers; print(callable(workers.publish), 'app' in sys.modules, 'chalice' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=backend, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True False False"

"""The stand-in for S3's own host: what was signed passes as it was signed, and nothing else reaches a bucket."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import boto3
import pytest

from chalicelib.documents import store
from chalicelib.documents.actions import checking
from chalicelib.documents.records import DocumentReference, DocumentState
from chalicelib.documents.rules import LARGEST, places
from chalicelib.documents.workers import inspect
from chalicelib.kit import clock, links, memory, settings, table
from chalicelib.kit.links import Form
from scripts.local import engine, files, opening, template
from scripts.local.arrivals import Arrivals
from scripts.local.files import Files
from scripts.local.wire import Answer, Request
from tests.callers import given_the_clinics
from tests.documents import samples
from tests.documents.makers import a_document, put

ORIGIN = "http://files.localhost:8000"
PATIENT, STAFF, EVIL = "http://localhost:8000", "http://staff.localhost:8000", "http://evil.example"
SOON = timedelta(minutes=5)
PHOTO = samples.jpeg()


@pytest.fixture(scope="module")
def _signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with engine.ministack(tmp_path_factory.mktemp("files"), signed=True) as address:
        yield address


@pytest.fixture
def room(_signed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """The room before a local cloud that looks at signatures, as in the local run."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", _signed)
    yield from opened(monkeypatch)


@pytest.fixture
def lax_room(_ministack: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """The room before a local cloud that does not, as under a deployed stage."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", _ministack)
    yield from opened(monkeypatch)


@pytest.fixture
def moto_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """The same before moto."""
    with engine.moto() as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield from opened(monkeypatch)


def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    monkeypatch.setenv("ANTEROOM_FILES_ORIGIN", ORIGIN)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # moto, where it runs in this process, put in keys of its own
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    forgotten()
    template.create("test")
    yield opening.files()
    forgotten()


def forgotten() -> None:
    """No client and no answer is kept that another cloud gave."""
    links._client.cache_clear()
    table.connection.cache_clear()
    memory.forget()


def a_form(content: bytes = PHOTO, key: str = "sent/north/one", good_for: timedelta = SOON) -> Form:
    digest = hashlib.sha256(content).hexdigest()
    return links.form(settings.bucket(places.QUARANTINE), key, "image/jpeg", len(content), digest, good_for)


def a_post(form: Form, content: bytes = PHOTO, changed: Mapping[str, str] | None = None, origin: str = PATIENT) -> Request:
    """What a browser sends of a form, some of its fields changed; an empty field is left out."""
    mark = uuid.uuid4().hex
    fields = {name: text for name, text in (form.fields | dict(changed or {})).items() if text}
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode() for name, text in fields.items()]
    file = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\nContent-Type: image/jpeg\r\n\r\n'.encode()
    headers = {"content-type": f"multipart/form-data; boundary={mark}", "origin": origin, "sec-fetch-site": "same-site", "cookie": "a=b"}
    body = b"".join(parts) + file + content + f"\r\n--{mark}--\r\n".encode()
    return Request("POST", urlsplit(form.url).path, headers={"host": urlsplit(form.url).netloc} | headers, body=body)


def asked(method: str, url: str, **headers: str) -> Request:
    parts = urlsplit(url)
    return Request(method, parts.path, parts.query, {"host": parts.netloc, **headers})


def a_link(content: bytes = PHOTO, good_for: timedelta = SOON) -> str:
    bucket = settings.bucket(places.DOCUMENTS)
    boto3.client("s3").put_object(Bucket=bucket, Key="released/north/one/file", Body=content, ContentType="image/jpeg")
    return links.link(bucket, "released/north/one/file", "image/jpeg", "card.jpg", good_for)


def code(answer: Answer) -> tuple[int, str]:
    """The status, and S3's word for what is wrong."""
    return answer.status, answer.body.decode().partition("<Code>")[2].partition("</Code>")[0]


@pytest.mark.cloud
def test_a_form_stores_the_file_and_the_page_that_sent_it_may_read_the_answer(room: Files) -> None:
    answer = room.answer(a_post(a_form()))
    assert (answer.status, answer.header("access-control-allow-origin")) == (201, PATIENT)
    found = boto3.client("s3").get_object(Bucket=settings.bucket(places.QUARANTINE), Key="sent/north/one")
    assert (found["Body"].read(), found["ContentType"]) == (PHOTO, "image/jpeg")


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("changed", "content", "answer"),
    [
        ({"x-amz-signature": "0" * 64}, PHOTO, (403, "SignatureDoesNotMatch")),
        ({"x-amz-signature": ""}, PHOTO, (403, "AccessDenied")),
        ({"policy": ""}, PHOTO, (403, "AccessDenied")),
        ({"policy": "", "x-amz-signature": ""}, b'name="policy" name="x-amz-signature"', (400, "InvalidArgument")),
        ({"policy": "e30="}, PHOTO, (403, "SignatureDoesNotMatch")),
        ({"key": "sent/north/two"}, PHOTO, (403, "AccessDenied")),
        ({"Content-Type": "text/html"}, PHOTO, (403, "AccessDenied")),
        ({}, PHOTO + b"x", (400, "EntityTooLarge")),
        ({}, b"", (400, "EntityTooSmall")),
    ],
    ids=["forged", "unsigned", "without-policy", "only-words", "another-policy", "26-key", "28-type", "27-too-large", "19-empty"],
)
def test_a_form_that_nobody_signed_so_stores_nothing(room: Files, changed: dict[str, str], content: bytes, answer: tuple[int, str]) -> None:
    form = a_form(key=f"sent/north/{uuid.uuid4().hex}")
    assert code(room.answer(a_post(form, content, changed))) == answer
    assert checking.quarantine().first_version(changed.get("key", form.fields["key"])) == ""


@pytest.mark.cloud
def test_forms_and_links_lapse(room: Files) -> None:
    form, link = a_form(good_for=timedelta(seconds=1)), a_link(good_for=timedelta(seconds=1))
    time.sleep(2.1)
    assert code(room.answer(a_post(form))) == (403, "AccessDenied")
    assert code(room.answer(asked("GET", link))) == (403, "AccessDenied")


@pytest.mark.cloud
def test_a_link_opens_for_both_hosts_pages_and_for_no_other_site(room: Files) -> None:
    link = a_link()
    for origin, heard in ((PATIENT, PATIENT), (STAFF, STAFF), (EVIL, "")):
        answer = room.answer(asked("GET", link, origin=origin))
        assert (answer.status, answer.body, answer.header("access-control-allow-origin")) == (200, PHOTO, heard)


@pytest.mark.cloud
def test_an_edited_link_or_another_method_opens_nothing(room: Files) -> None:
    link = a_link()
    for edited in (link.replace("card.jpg", "card.htm"), link.replace("X-Amz-Expires=300", "X-Amz-Expires=600")):
        assert edited != link
        assert code(room.answer(asked("GET", edited))) == (403, "SignatureDoesNotMatch")
    assert room.answer(asked("HEAD", link)).status == 403
    assert room.answer(replace(asked("GET", link), headers={"host": "files.localhost:9000"})).status == 403


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("origin", "method", "place", "allowed"),
    [
        (PATIENT, "POST", places.QUARANTINE, True),
        (STAFF, "POST", places.QUARANTINE, False),
        (EVIL, "POST", places.QUARANTINE, False),
        (PATIENT, "GET", places.QUARANTINE, False),
        (PATIENT, "GET", places.DOCUMENTS, True),
        (STAFF, "GET", places.DOCUMENTS, True),
        (EVIL, "GET", places.DOCUMENTS, False),
        (PATIENT, "PUT", places.DOCUMENTS, False),
    ],
)
def test_a_browsers_question_is_answered_as_the_buckets_rules_have_it(
    room: Files, origin: str, method: str, place: str, allowed: bool
) -> None:
    asking = {"host": "files.localhost:8000", "origin": origin, "access-control-request-method": method}
    answer = room.answer(Request("OPTIONS", f"/{settings.bucket(place)}", headers=asking))
    assert (answer.status, answer.header("access-control-allow-origin")) == ((200, origin) if allowed else (403, ""))


QUARANTINE, DOCUMENTS = settings.bucket(places.QUARANTINE), settings.bucket(places.DOCUMENTS)
SIGNED = "X-Amz-Signature=0"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", f"/{DOCUMENTS}?{SIGNED}"),
        ("GET", f"/{DOCUMENTS}/released/north/one/file"),
        ("GET", f"/{settings.bucket('portals')}/patient/index.html?{SIGNED}"),
        ("GET", f"/_ministack/ready?{SIGNED}"),
        ("GET", f"//{DOCUMENTS}/released/north/one/file?{SIGNED}"),
        ("PUT", f"/{QUARANTINE}/sent/north/one?{SIGNED}"),
        ("DELETE", f"/{DOCUMENTS}/released/north/one/file?{SIGNED}"),
        ("POST", f"/{QUARANTINE}"),
        ("POST", f"/{QUARANTINE}?delete"),
        ("POST", f"/{DOCUMENTS}/released/north/one/file?uploads"),
        ("OPTIONS", f"/{QUARANTINE}"),
    ],
)
def test_what_no_form_and_no_link_asks_for_does_not_reach_the_engine(method: str, path: str) -> None:
    closed = Files("http://127.0.0.1:1", {QUARANTINE, DOCUMENTS})  # where nobody would answer
    answer = closed.answer(asked(method, ORIGIN + path))
    assert (code(answer), answer.header("content-type")) == ((403, "AccessDenied"), "application/xml")


def test_the_largest_file_and_what_stands_around_it_are_let_through() -> None:
    content = bytes(LARGEST)
    form = Form(f"{ORIGIN}/{QUARANTINE}", {"key": "k" * 1024, "policy": "p" * 4000, "x-amz-security-token": "t" * 4000})
    assert len(a_post(form, content).body) < files.LARGEST
    assert code(files.too_large()) == (400, "EntityTooLarge")


def a_sent(room: Files, content: bytes) -> DocumentReference:
    """A file that was asked for and came, told as EventBridge and the scan tell of it; as it then is."""
    digest = hashlib.sha256(content).hexdigest()
    given_the_clinics()
    document = a_document(id=uuid.uuid4().hex, size=len(content), sha256=digest, asked=clock.now())
    put(document)
    assert room.answer(a_post(a_form(content, places.sent(document)), content)).status == 201
    Arrivals(boto3.client("s3"), settings.bucket(places.QUARANTINE), inspect, clock.now).turn()
    found = store.get(document.clinic, document.id)
    assert found
    return found


@pytest.mark.cloud
def test_a_photograph_goes_the_whole_way_from_a_form_to_a_link(room: Files) -> None:
    document = a_sent(room, PHOTO)
    assert document.state is DocumentState.RELEASED
    key, bucket = f"{places.released(document)}file", checking.documents()
    link = links.link(bucket.name, key, "image/jpeg", "insurance-front-1.jpg", SOON)
    answer = room.answer(asked("GET", link, origin=STAFF))
    assert (answer.status, answer.header("content-type"), answer.body[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert answer.body != PHOTO, "it was made anew"


@pytest.mark.cloud
def test_17_what_the_scan_knows_is_refused(room: Files) -> None:
    assert a_sent(room, PHOTO + samples.EICAR).state is DocumentState.REFUSED


@pytest.mark.cloud
def test_under_a_stage_deployed_here_a_form_needs_no_true_signature_and_any_site_may_ask(lax_room: Files) -> None:
    """Gaps of the emulator without AUTH; policies and links are looked at all the same."""
    answer = lax_room.answer(a_post(a_form(), changed={"x-amz-signature": "0" * 64}, origin=EVIL))
    assert (answer.status, answer.header("access-control-allow-origin")) == (201, "*")
    assert code(lax_room.answer(a_post(a_form(), PHOTO + b"x"))) == (400, "EntityTooLarge")
    assert code(lax_room.answer(a_post(a_form(), changed={"key": "sent/north/two"}))) == (403, "AccessDenied")
    assert code(lax_room.answer(asked("GET", a_link().replace("X-Amz-Expires=300", "X-Amz-Expires=600")))) == (403, "SignatureDoesNotMatch")


@pytest.mark.cloud
def test_the_local_clouds_own_events_do_not_say_which_version_came(lax_room: Files) -> None:
    """A gap of the emulator, for which the pump stands in under a deployed stage too."""
    s3, sqs, events = boto3.client("s3"), boto3.client("sqs"), boto3.client("events")
    bucket, queue = settings.bucket(places.QUARANTINE), sqs.create_queue(QueueName=f"told-{uuid.uuid4().hex}")["QueueUrl"]
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="came", EventPattern='{"source": ["aws.s3"], "detail-type": ["Object Created"]}')
    events.put_targets(Rule="came", Targets=[{"Id": "1", "Arn": arn}])
    assert lax_room.answer(a_post(a_form())).status == 201
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    told = json.loads(message["Body"])["detail"]["object"]
    events.remove_targets(Rule="came", Ids=["1"])
    sqs.delete_queue(QueueUrl=queue)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    assert told["key"] == "sent/north/one"
    assert "version-id" not in told


@pytest.mark.cloud
def test_moto_takes_every_form_and_opens_every_link(moto_room: Files) -> None:
    """A gap of that engine: it compares no signature, no policy and no time. It stores and shows what is well-formed, as it should."""
    form = a_form()
    assert moto_room.answer(a_post(form)).status in (200, 201, 204)
    assert moto_room.answer(a_post(form, PHOTO + b"x", {"x-amz-signature": "0" * 64})).status in (200, 201, 204)
    link = a_link()
    answer = moto_room.answer(asked("GET", link))
    assert (answer.status, answer.body) == (200, PHOTO)
    assert moto_room.answer(asked("GET", link.replace("X-Amz-Expires=300", "X-Amz-Expires=600"))).status == 200

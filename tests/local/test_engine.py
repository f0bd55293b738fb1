"""The engines: programs reach them and web pages do not, and ministack ends as it should."""

from __future__ import annotations

import asyncio
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from scripts.local import engine, environment, fence

pytestmark = pytest.mark.cloud

KEPT = "kept-behind-the-fence"
RESET = {"moto": "/moto-api/reset", "ministack": "/_ministack/reset"}
READ = {"moto": "/moto-api/lib.js", "ministack": "/_ministack/ready"}


@pytest.fixture(scope="module", params=["moto", "ministack"])
def fenced(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Each engine, by name and address."""
    if request.param == "ministack":
        yield request.param, request.getfixturevalue("_ministack")
    else:
        with engine.moto() as address:
            yield request.param, address


@pytest.fixture
def s3(fenced: tuple[str, str]) -> Iterator[Any]:
    """boto3 on that engine, with one bucket to lose; taken away again, since tests share the engines."""
    client: Any = boto3.client("s3", endpoint_url=fenced[1])
    client.create_bucket(Bucket=KEPT)
    yield client
    client.delete_bucket(Bucket=KEPT)


def ask(method: str, address: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers (names in lower case) of one request."""
    asked = urllib.request.Request(address, b"" if method == "POST" else None, headers, method=method)
    try:
        answer = urllib.request.urlopen(asked, timeout=120)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        return answer.status, answer.read(), {name.lower(): text for name, text in answer.headers.items()}


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Host": "localhost"},
        {"Host": "127.0.0.1:1{port}"},
        {"Host": "127.0.0.1:{port}, evil.example"},
    ],
    ids=lambda headers: " ".join(f"{name}={text}" for name, text in headers.items()),
)
def test_a_web_page_is_refused_and_nothing_is_lost(fenced: tuple[str, str], s3: Any, method: str, headers: dict[str, str]) -> None:
    name, address = fenced
    sent = {each: text.format(port=address.rpartition(":")[2]) for each, text in headers.items()}
    status, said, told = ask(method, address + RESET[name], sent)
    assert (status, said) == (403, fence.REFUSAL)
    assert not [each for each in told if each.startswith("access-control")]
    assert KEPT in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_program_is_answered(fenced: tuple[str, str], host: str) -> None:
    name, address = fenced
    assert ask("GET", address.replace("127.0.0.1", host) + READ[name], {})[0] == 200


@pytest.mark.parametrize(
    ("further", "admitted"),
    [
        ([], False),
        ([("x-anteroom-edge", "secret")], True),  # our gateway before a deployed API
        ([("access-control-request-headers", "x-anteroom-edge")], False),  # a page that asks whether it may send that
        ([("x-anteroom-edge", "secret"), ("host", "evil.example")], False),
    ],
)
def test_what_our_gateway_hands_on_for_a_page_is_answered_and_no_page_can_say_so(further: list[tuple[str, str]], admitted: bool) -> None:
    headers = [("host", "localhost:4566"), ("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")]
    assert fence.admits([*headers, *further], 4566) is admitted


@pytest.mark.parametrize(
    ("headers", "admitted"),
    [
        ([("host", "files.localhost:8000"), ("x-anteroom-edge", "files"), ("origin", "http://localhost:8000")], True),  # our gateway
        ([("host", "files.localhost:8000")], False),  # a program, or a page that asks whether it may
        ([("host", "files.localhost:8000"), ("origin", "http://evil.example")], False),
        ([("host", "files.localhost.evil.example"), ("x-anteroom-edge", "files")], False),
        ([("host", "files.localhost"), ("host", "evil.example"), ("x-anteroom-edge", "files")], False),
    ],
)
def test_what_our_gateway_hands_on_arrives_under_the_files_host_and_nothing_else_does(
    headers: list[tuple[str, str]], admitted: bool
) -> None:
    assert fence.admits(headers, 4566) is admitted


def test_what_boto3_puts_it_gets_back(s3: Any) -> None:
    s3.put_object(Bucket=KEPT, Key="a", Body=b"1")
    assert s3.get_object(Bucket=KEPT, Key="a")["Body"].read() == b"1"
    s3.delete_object(Bucket=KEPT, Key="a")


@pytest.mark.parametrize(
    ("headers", "heard"),
    [
        ([(b"host", b"localhost:4566")], ["the engine"]),
        ([(b"host", b"localhost:4566"), (b"Origin", b"http://evil.example")], [{"type": "websocket.close"}]),
        ([(b"host", b"localhost:4566"), (b"host", b"evil.example")], [{"type": "websocket.close"}]),
        ([], [{"type": "websocket.close"}]),
    ],
)
def test_a_web_page_cannot_open_a_websocket_either(headers: list[tuple[bytes, bytes]], heard: list[Any]) -> None:
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send("the engine")

    async def knock() -> None:
        await fence.before_asgi(answer, 4566)({"type": "websocket", "headers": headers}, None, send)

    asyncio.run(knock())
    assert said == heard


def close_our_end(child: subprocess.Popen[bytes]) -> None:
    """What happens to standard input when whoever started it has died."""
    assert child.stdin
    child.stdin.close()


@pytest.mark.parametrize("end", [subprocess.Popen.terminate, close_our_end], ids=["told to", "left alone"])
def test_ministack_saves_and_ends_well(tmp_path: Path, end: Callable[[subprocess.Popen[bytes]], None]) -> None:
    child, address = engine._started(environment.ensure("ministack"), tmp_path, (), {})
    try:
        boto3.client("s3", endpoint_url=address).create_bucket(Bucket=KEPT)
        end(child)
        assert child.wait(engine.STOP_SECONDS) == 0
    finally:
        engine._stop(child)
    assert "Fatal" not in (tmp_path / "ministack.log").read_text(encoding="utf-8")
    assert list((tmp_path / "state").iterdir())

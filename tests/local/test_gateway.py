"""The stand-in for the edge: which host and path lead where, over a real connection."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from scripts.local import engine, files, gateway, options, wire
from scripts.local.environment import Plain
from scripts.local.gateway import Gateway
from scripts.local.pump import Bell
from scripts.local.wire import Answer, Request


class Echo:
    """A room that says its name and what it was asked."""

    def __init__(self, name: str) -> None:
        self.name = name

    def answer(self, request: Request) -> Answer:
        """`name METHOD path?query length-of-body`."""
        said = f"{self.name} {request.method} {request.path}?{request.query} {len(request.body)}"
        return Answer(200, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], said.encode())


class Closed:
    """A room that lets nobody do anything."""

    def answer(self, request: Request) -> Answer:
        """Always refuses, in five bytes."""
        return wire.text(405, "Shut")


class Broken:
    """A room with a bug."""

    def answer(self, request: Request) -> Answer:
        """Never answers."""
        raise RuntimeError(request.path)


SHELVES = {"localhost": Echo("patient"), "127.0.0.1": Echo("patient"), "staff.localhost": Echo("staff")}


@contextmanager
def served(app: Gateway) -> Iterator[int]:
    """The gateway on a port of its own."""
    held = options.listen(engine.free_port())
    port = held.getsockname()[1]
    with gateway.serve(app, held):
        yield port


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A gateway before rooms that echo."""
    with served(Gateway(Echo("api"), SHELVES, Echo("local"), Echo("s3"))) as number:
        yield number


def ask(port: int, method: str, path: str, host: str = "localhost", body: bytes | None = None) -> tuple[int, str, http.client.HTTPMessage]:
    """Status, body and headers of one request."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, body=body, headers={"Host": f"{host}:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers


@pytest.mark.parametrize(
    ("host", "path", "said"),
    [
        ("localhost", "/north/en/", "patient GET /north/en/? 0"),
        ("127.0.0.1", "/", "patient GET /? 0"),
        ("LOCALHOST", "/", "patient GET /? 0"),
        ("staff.localhost", "/", "staff GET /? 0"),
        ("localhost", "/api/clinics?lang=es", "api GET /api/clinics?lang=es 0"),
        ("staff.localhost", "/api/session", "api GET /api/session? 0"),
        ("localhost", "/apis", "patient GET /apis? 0"),
        ("localhost", "/local/", "local GET /local/? 0"),
        ("staff.localhost", "/local/sign-in", "local GET /local/sign-in? 0"),
        ("files.localhost", "/bucket/key?a=1", "s3 GET /bucket/key?a=1 0"),
        ("FILES.localhost", "/api/session", "s3 GET /api/session? 0"),
        ("files.localhost", "/local/", "s3 GET /local/? 0"),
        ("localhost", "/a%2Fb/%E2%9C%93", "patient GET /a%2Fb/%E2%9C%93? 0"),
        ("localhost", "//[", "patient GET //[? 0"),
        ("localhost", "//api/session?a=1?b", "patient GET //api/session?a=1?b 0"),
        ("localhost", "http://localhost/api/session?a=1", "api GET /api/session?a=1 0"),
        ("localhost", "HTTP://localhost", "patient GET /? 0"),
    ],
)
def test_host_and_path_lead_to_their_room(port: int, host: str, path: str, said: str) -> None:
    assert ask(port, "GET", path, host)[:2] == (200, said)


def test_a_foreign_host_name_is_served_nothing(port: int) -> None:
    status, said, _ = ask(port, "GET", "/api/clinics", "evil.example")
    assert (status, said) == (404, "No portal is served at this host name; use localhost or staff.localhost.\n")


def test_both_cookies_arrive_and_the_server_does_not_say_what_it_is(port: int) -> None:
    headers = ask(port, "GET", "/")[2]
    assert headers.get_all("set-cookie") == ["a=1", "b=2"]
    assert headers["server"] is None


def test_a_body_comes_through_and_one_over_ten_megabytes_is_a_problem(port: int) -> None:
    assert ask(port, "POST", "/api/x", body=b"x" * 100_000)[:2] == (200, "api POST /api/x? 100000")
    status, said, headers = ask(port, "POST", "/api/x", body=b"x" * (10 * 1024 * 1024 + 1))
    assert (status, headers["content-type"]) == (413, "application/problem+json; charset=utf-8")
    assert '"type":"too-large"' in said


def test_a_file_of_ten_megabytes_passes_with_what_stands_around_it_and_what_is_larger_is_told_as_s3_tells_it(port: int) -> None:
    form = b"x" * (10 * 1024 * 1024 + 5000)
    assert ask(port, "POST", "/bucket", "files.localhost", form)[:2] == (200, f"s3 POST /bucket? {len(form)}")
    status, said, headers = ask(port, "POST", "/bucket", "files.localhost", b"x" * (files.LARGEST + 1))
    assert (status, headers["content-type"]) == (400, "application/xml")
    assert "<Code>EntityTooLarge</Code>" in said


def test_a_bug_is_one_sentence_outside_and_a_traceback_inside(caplog: pytest.LogCaptureFixture) -> None:
    with served(Gateway(Broken(), SHELVES, Broken(), Broken())) as port:
        status, said, _ = ask(port, "GET", "/api/x")
    assert (status, said) == (502, "The local run could not answer; its words are in the terminal.\n")
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [("localhost", "/", 200), ("localhost", "/api/x", 405), ("localhost", "/local/", 502), ("evil.example", "/", 404)],
)
def test_head_is_told_the_length_and_sent_nothing_whatever_the_answer(host: str, path: str, status: int) -> None:
    with (
        served(Gateway(Closed(), SHELVES, Broken(), Closed())) as port,
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection,
    ):
        connection.request("GET", path, headers={"Host": host})
        length = len(connection.getresponse().read()) + (host == "localhost" and path == "/")  # HEAD is a letter longer than GET
        connection.request("HEAD", path, headers={"Host": host})
        used = connection.sock
        answer = connection.getresponse()
        assert (answer.status, answer.headers["content-length"], answer.read()) == (status, str(length), b"")
        connection.request("GET", "/", headers={"Host": "localhost"})
        assert connection.sock is used  # what came after the HEAD's answer on the same connection is the next answer
        assert connection.getresponse().read() == b"patient GET /? 0"


def test_fifty_are_answered_at_once() -> None:
    together = threading.Barrier(50)

    class Meeting:
        """Answers nobody before all fifty are there."""

        def answer(self, request: Request) -> Answer:
            """Waits for the others."""
            together.wait(20)
            return wire.text(200, "met")

    with served(Gateway(Meeting(), SHELVES, Echo("local"), Echo("s3"))) as port:
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(ask(port, "GET", "/api/x")[0])) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 50


def test_what_is_being_answered_when_it_stops_is_finished() -> None:
    asked, heard = threading.Event(), []

    class Slow:
        """Answers a while after it was asked."""

        def answer(self, request: Request) -> Answer:
            """Takes half a second."""
            asked.set()
            threading.Event().wait(0.5)
            return wire.text(200, "finished")

    with served(Gateway(Slow(), SHELVES, Echo("local"), Echo("s3"))) as port:
        thread = threading.Thread(target=lambda: heard.append(ask(port, "GET", "/api/x")[:2]))
        thread.start()
        assert asked.wait(10)
    thread.join()
    assert heard == [(200, "finished\n")]


def test_a_port_in_use_is_one_sentence() -> None:
    with options.listen(engine.free_port()) as held:
        held.listen()
        port = held.getsockname()[1]
        with pytest.raises(Plain) as told:
            options.check_port(port)
    assert str(told.value) == f"Port {port} is not free; stop what uses it, or choose another with --port."


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_is_one_sentence(port: int) -> None:
    with pytest.raises(Plain):
        options.check_port(port)


def test_the_bell_is_rung_after_what_may_have_written_and_after_nothing_else() -> None:
    bell = Bell()
    heard = bell.heard()
    rung = {}
    with served(Gateway(Echo("api"), SHELVES, Echo("local"), Echo("s3"), bell)) as port:
        for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"):
            heard.clear()
            ask(port, method, "/api/clinics")
            rung[method] = heard.is_set()
    assert rung == {"GET": False, "HEAD": False, "OPTIONS": False, "POST": True, "PUT": True, "PATCH": True, "DELETE": True}

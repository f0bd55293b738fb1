"""The stand-in for API Gateway: what a request becomes, and what an answer becomes."""

from __future__ import annotations

import base64
import json
import threading
from typing import Any

import pytest
from chalice.app import Chalice, Response

from scripts.local import api
from scripts.local.api import Api
from scripts.local.wire import Request


def an_app(**views: Any) -> Chalice:
    """A Chalice app with one GET and POST route for each keyword: `things__name` is /api/things/{name}."""
    app = Chalice(app_name="example")
    for name, view in views.items():
        path = "/api/" + "/".join("{name}" if part == "name" else part for part in name.split("__"))
        app.route(path, methods=["GET", "POST"], content_types=["*/*"], name=name)(view)
    return app


def said(answer: Any) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.body)


def test_a_path_parameter_arrives_decoded_and_whole() -> None:
    doors = Api(an_app(things__name=lambda name: {"id": name}))
    assert said(doors.answer(Request("GET", "/api/things/a%20b%2Fc"))) == {"id": "a b/c"}


def test_fixed_words_win_over_parameters_and_a_last_slash_does_not_count() -> None:
    doors = Api(an_app(things__name=lambda name: {"id": name}, things__new=lambda: {"new": True}))
    assert said(doors.answer(Request("GET", "/api/things/new/"))) == {"new": True}


def test_a_path_that_is_not_there_is_a_problem() -> None:
    answer = Api(an_app(things=dict)).answer(Request("GET", "/api/nothing"))
    assert answer.status == 404
    assert answer.header("content-type") == "application/problem+json; charset=utf-8"
    assert said(answer)["type"] == "not-found"


def test_a_method_that_a_path_lacks_is_a_problem_that_says_which_it_has() -> None:
    answer = Api(an_app(things=dict)).answer(Request("DELETE", "/api/things"))
    assert (answer.status, answer.header("allow"), said(answer)["type"]) == (405, "GET, POST", "wrong-method")


def test_two_cookies_go_out_as_two_headers() -> None:
    doors = Api(an_app(things=lambda: Response("{}", headers={"Set-Cookie": ["a=1", "b=2"], "X-One": "1"})))
    headers = doors.answer(Request("GET", "/api/things")).headers
    assert [text for name, text in headers if name.lower() == "set-cookie"] == ["a=1", "b=2"]
    assert ("X-One", "1") in headers


def test_the_event_has_what_api_gateway_puts_into_it() -> None:
    request = Request(
        "POST", "/api/things/7", "a=1&a=2&b=", {"host": "localhost", "content-type": "application/json"}, b'{"x": 1}', "10.0.0.9"
    )
    event = api.event_of(request, "/api/things/{id}", {"id": "7"}, ())
    assert event["requestContext"]["identity"]["sourceIp"] == "10.0.0.9"
    assert len(event["requestContext"]["requestId"]) == 36
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [""]}
    assert event["queryStringParameters"] == {"a": "2", "b": ""}
    assert (event["body"], event["isBase64Encoded"]) == ('{"x": 1}', False)
    assert event["multiValueHeaders"]["host"] == ["localhost"]


def test_an_empty_request_has_none_where_api_gateway_has_none() -> None:
    event = api.event_of(Request("GET", "/api/things"), "/api/things", {}, ())
    assert [event[name] for name in ("body", "pathParameters", "queryStringParameters", "multiValueQueryStringParameters")] == [None] * 4


def test_binary_goes_in_and_out_as_base64() -> None:
    request = Request("POST", "/api/things", headers={"content-type": "image/png"}, body=b"\x89\xff")
    event = api.event_of(request, "/api/things", {}, ("image/png",))
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"\x89\xff", True)
    assert api.answer_of({"statusCode": 200, "body": event["body"], "isBase64Encoded": True}).body == b"\x89\xff"


def test_text_that_is_no_text_does_not_stop_the_gateway() -> None:
    request = Request("POST", "/api/things", headers={"content-type": "application/json"}, body=b"\xff\xfe")
    assert api.event_of(request, "/api/things", {}, ("image/png",))["body"] == "\ufffd\ufffd"


def test_each_thread_answers_its_own_request() -> None:
    both = threading.Barrier(8)
    app = an_app(things__name=lambda name: heard_by(both))

    def heard_by(both: threading.Barrier) -> dict[str, str]:
        """What Chalice holds for the current request, once all eight are being answered."""
        both.wait(10)
        request: Any = app.current_request
        return {"id": request.uri_params["name"]}

    doors = Api(app)
    heard: dict[str, str] = {}

    def ask(name: str) -> None:
        heard[name] = said(doors.answer(Request("GET", f"/api/things/{name}")))["id"]

    threads = [threading.Thread(target=ask, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {str(number): str(number) for number in range(8)}


def test_a_bug_behind_the_doors_is_a_502_as_on_aws(caplog: pytest.LogCaptureFixture) -> None:
    doors = Api(an_app(things=lambda: Response({1, 2})))
    assert doors.answer(Request("GET", "/api/things")).status == 502
    assert "the app let an exception out" in caplog.text


def test_a_body_over_the_limit_is_a_problem() -> None:
    answer = api.too_large()
    assert (answer.status, said(answer)["type"], said(answer)["detail"]) == (413, "too-large", "Send at most 10 MB.")

"""The edge's functions decide as the local run does: their very code, in Chromium, beside the shelf, over one table of cases."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Browser, Page

from chalicelib.portals import actions as portals
from scripts.building import edge
from scripts.local import finding, template
from scripts.local.environment import Plain
from scripts.local.shelf import Shelf
from scripts.local.wire import Answer, Request

NAMES = ("patient.js", "staff.js", "not_found.js")
LANGUAGES = {"north": ("en-US", "es-US"), "prairie": ("en-CA",), "sul-2": ("fil-PH", "es-US", "en-US")}
STORE = {clinic: ",".join(tag.split("-")[0] for tag in tags) for clinic, tags in LANGUAGES.items()}
ASSETS = ("a/0123456789ab/portal.css", "a/0123456789ab/booking/choose_time.js", "a/ffffffffffff/theme-north.css")
FORMS = ("form/phq-9/1/index.html", "form/new-patient/12/rest/index.html")
SEGMENTS = ("", "north", "en", "es", "book", "index.html", "404.html", "icon.svg", "..", "%2e%2e", "nowhere")
WISHES = (
    "",
    "en",
    "es",
    "fr",
    "*",
    "ES-mx",
    "en-US;q=0.5",
    "es;q=0.9",
    "es;q=0",
    "fil",
    " en ; q=1.000",
    "es;q=2",
    "es;q",
    ";q=1",
    "é",
    "en\r\nX: y",
)
# Texts go into the page and come out of it: thousands of objects would be taken apart and put together one by one.
RUN = """async ([code, text, stored]) => {
  const store = JSON.parse(stored);
  const strange = new Set();
  const get = async key => {
    if (!/^[a-z][a-z0-9-]{1,39}$/.test(key)) strange.add(key);
    if (!Object.hasOwn(store, key)) throw new Error('KeyNotFound');
    return store[key];
  };
  const handler = new Function('cf', code.replace(/^import cf from 'cloudfront';$/m, '') + 'return handler;')({kvs: () => ({get})});
  const answers = [];
  for (const event of JSON.parse(text)) {
    if (event.request) event.request.rawQueryString = () => event.query === null ? undefined : event.query;
    answers.push(await handler(event));
  }
  return JSON.stringify({answers, strange: [...strange]});
}"""


class Case(NamedTuple):
    """One GET: host (`patient`, `staff`), path as it is sent, Accept-Language (None: not sent), query (None: no question mark)."""

    host: str
    path: str
    wish: str | None = None
    query: str | None = None


class Told(NamedTuple):
    """What came of it: the status, where it leads to, which object was shown, and the headers of a redirect."""

    status: int
    location: str = ""
    key: str = ""
    headers: dict[str, str] = {}


def pages() -> set[str]:
    """Every key that a portal of these clinics has, and some assets."""
    known = portals.layout()
    made = {f"patient/{key}" for key in (*known.brand, *ASSETS)} | {f"staff/{key}" for key in (*known.staff, *ASSETS)}
    for clinic, tags in LANGUAGES.items():
        made |= {f"patient/{clinic}/{key}" for key in known.clinic}
        made |= {f"patient/{clinic}/{tag.split('-')[0]}/{key}" for tag in tags for key in (*known.tongue, *FORMS)}
    return made


PAGES = pages()
HOSTILE = (
    "/../staff/index.html", "/..", "/a/../north/en/", "/a/0123456789ab/../../staff/index.html", "/a/0123456789ab/..", "/a/0123456789ab//x",
    "/a/0123456789ab/.hidden", "/a/0123456789AB/portal.css", "/a/0123456789ab", "/a/0123456789ab/", "/a/0123456789abc/portal.css",
    "/a/0123456789ab/portal.css\n", "/a/0123456789ab/portal.css\r\nx", "/a/0123456789ab/nothing.css", "/a/0123456789ab/po%72tal.css",
    "/%2e%2e/staff/", "/%2E%2e%2Fstaff/", "/north%2fen/", "/nor%74h/", "/north%00", "/north\x00", "/north/%zz", "/%", "/north/en/%",
    "//evil.example", "//evil.example/%2e%2e", "///north/", "//north/", "/\\evil.example", "/north\\", "/north//", "/north/en//",
    "/https://evil.example/", "/north;x/", "/north?", "/north\r\nLocation: https://evil.example/", "/north\n", "/north/\n", "/north /",
    "/NORTH/", "/North", "/nörth/", "/north/ñ/", "/北/", "/\u202enorth/", "/north\u2028", "/__proto__/", "/constructor/", "/toString", "/hasOwnProperty/",
    "/north/__proto__/", "/north/constructor/book/", "/north/en/constructor", "/length", "/north/0/", "/" + "n" * 8000, "/" + "north/" * 1000,
    "/" + "a" * 41 + "/", "/n/", "/1north/", "/-/", "/api", "/api/", "/local/", "/robots.txt", "/favicon.ico", "/icon.svg", "/north/icon.svg",
    "/north/manifest.webmanifest", "/manifest.webmanifest", "/north/en/manifest.webmanifest", "/sul-2", "/sul-2/fil/", "/sul-2/nowhere",
    "/north/en/form/", "/north/en/form/phq-9/", "/north/en/form/PHQ-9/1/", "/north/en/form/phq-9/1", "/north/en/form/phq-9/1/x/", "/form/phq-9/1/",
    "/north/en/form/phq-9/1234567/", "/north/en/form/../1/", "/north/en/form/p/1/", "/north/en/form/phq-9/1/index.html\n", "/north/xx/form/phq-9/1/",
    "/north/en/form/phq-9/2/", "/patient/index.html", "/staff/", "/published.json", "/north/en/book/time/", "/north/en/book/time", "/north/en/book/time/index.html",
    "/prairie/es/", "/prairie/es/book/", "/sign-in/", "/sign-in", "/people/index.html", "/people/index.html/", "/404.html/", "/index.html/",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """The table: every path of up to four parts of a small alphabet, every page there is, hostile paths, and every wish at a bare address."""
    for host in ("patient", "staff"):
        for depth in range(1, 5):
            yield from (Case(host, "/" + "/".join(parts)) for parts in product(SEGMENTS, repeat=depth))
        for key in sorted(PAGES):
            path = "/" + key.partition("/")[2]
            yield from (Case(host, path), Case(host, path.removesuffix("index.html")))
        yield from (Case(host, path, wish, "x=1") for path in HOSTILE for wish in (None, "es"))
    for clinic, path in product((*LANGUAGES, "nowhere"), ("/{}", "/{}/")):
        address = path.format(clinic)
        yield from (Case("patient", address, ",".join(wishes)) for wishes in product(WISHES, repeat=2))
        yield from (
            Case("patient", address, wish)
            for wish in (None, "de," * 19 + "es", "de," * 20 + "es", ",", ";" * 500, "es-" * 3000, "x" * 8000)
        )
        for query in (None, "", "a=1&b=2&a=3", "a", "?", "next=//evil.example", "x=%0d%0aSet-Cookie:%20y", "é=ü", "q=" + "z" * 4000):
            yield Case("patient", address, "es", query)


CASES = tuple(cases())


class Stored:
    """A bucket whose objects hold their own keys; the not-found pages have their status, as publishing gives it."""

    def get_object(self, **wanted: str) -> dict[str, Any]:
        """As boto3 answers."""
        key = wanted["Key"]
        if key not in PAGES:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        status = {"status": "404"} if key.endswith("404.html") else {}
        return {"Body": io.BytesIO(key.encode()), "ETag": '"x"', "ContentType": "text/plain", "Metadata": status}


@cache
def by_the_shelf() -> list[Told]:
    """What the local run answers to each case."""
    headers = template.headers("any")
    shelves = {host: Shelf(Stored(), "any", f"{host}/", LANGUAGES, headers) for host in ("patient", "staff")}
    return [_told(shelves[case.host].answer(_asked(case))) for case in CASES]


def _asked(case: Case) -> Request:
    return Request("GET", case.path, case.query or "", {} if case.wish is None else {"accept-language": case.wish})


def _told(answer: Answer) -> Told:
    if answer.status == 302:
        headers = {name.lower(): text for name, text in answer.headers}
        return Told(302, headers.pop("location"), "", headers)
    shown = answer.body.decode() if answer.body.decode() in PAGES else ""
    return Told(answer.status, key=shown)


def by_the_functions(page: Page) -> list[Told]:
    """What the edge answers to each case: the function before the cache, S3, and the function after it."""
    patient, staff = _sent(page, "patient"), _sent(page, "staff")
    chosen = [next(patient if case.host == "patient" else staff) for case in CASES]
    statuses = {told: _answered(page, told) for told in ("", "404")}
    return [_outcome(case, answer, statuses) for case, answer in zip(CASES, chosen, strict=True)]


def _sent(page: Page, host: str) -> Iterator[dict[str, Any]]:
    return iter(_run(page, f"{host}.js", [_event(case) for case in CASES if case.host == host]))


def _run(page: Page, name: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a function makes of each event. The store, whose every answer is paid for, is asked for what may be a clinic's id alone."""
    made = json.loads(page.evaluate(RUN, [edge.code(name), json.dumps(events), json.dumps(STORE)]))
    assert made["strange"] == []
    answers: list[dict[str, Any]] = made["answers"]
    return answers


def _event(case: Case) -> dict[str, Any]:
    headers = {} if case.wish is None else {"accept-language": {"value": case.wish}}
    request = {"method": "GET", "uri": case.path, "querystring": {}, "headers": headers, "cookies": {}}
    return {"version": "1.0", "context": {"eventType": "viewer-request"}, "request": request, "query": case.query}


def _answered(page: Page, told: str, status: int = 200) -> dict[str, Any]:
    """What the function after the cache makes of S3's answer; `told` is the object's status, if it has one."""
    headers = {"etag": {"value": '"x"'}} | ({"x-amz-meta-status": {"value": told}} if told else {})
    response = {"statusCode": status, "statusDescription": "", "headers": headers, "cookies": {}}
    (answer,) = _run(page, "not_found.js", [{"response": response}])
    return answer


def _outcome(case: Case, answer: dict[str, Any], statuses: dict[str, dict[str, Any]]) -> Told:
    if "statusCode" in answer:
        headers = {name: held["value"] for name, held in answer["headers"].items()}
        return Told(answer["statusCode"], headers.pop("location"), "", headers)
    assert answer["uri"].startswith("/"), case
    key = case.host + answer["uri"]
    if key not in PAGES:
        return Told(404)
    return Told(statuses["404" if key.endswith("404.html") else ""]["statusCode"], key=key)


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """An empty page of Chromium."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.browser
def test_the_functions_decide_as_the_shelf_does(tab: Page) -> None:
    pairs = zip(CASES, by_the_functions(tab), by_the_shelf(), strict=True)
    assert [(case, edge_s, shelf_s) for case, edge_s, shelf_s in pairs if edge_s != shelf_s][:5] == []


@pytest.mark.browser
@pytest.mark.parametrize("status", [200, 206, 304])
def test_only_a_whole_answer_takes_the_status_of_its_page_and_none_shows_it(tab: Page, status: int) -> None:
    answer = _answered(tab, "404", status)
    assert (answer["statusCode"], list(answer["headers"])) == (404 if status == 200 else status, ["etag"])
    assert _answered(tab, "", status)["statusCode"] == status


def test_the_table_meets_every_outcome() -> None:
    answers = by_the_shelf()
    assert {told.key for told in answers} == {*PAGES, ""}
    assert {told.status for told in answers} == {200, 302, 404}
    assert {told.location.partition("?")[0] for told in answers if told.location} == {
        f"/{clinic}/{tag.split('-')[0]}/" for clinic, tags in LANGUAGES.items() for tag in tags
    }


def test_a_host_shows_nothing_of_the_other() -> None:
    for case, told in zip(CASES, by_the_shelf(), strict=True):
        assert not told.key or told.key.startswith(f"{case.host}/"), case


def test_a_redirect_leads_into_the_portal_and_nowhere_else() -> None:
    for case, told in zip(CASES, by_the_shelf(), strict=True):
        if told.location:
            assert re.match(r"/(north|prairie|sul-2)/(en|es|fil)/(\?|$)", told.location), case


def test_a_redirect_has_the_headers_of_every_answer_of_its_own() -> None:
    (headers,) = {tuple(sorted(told.headers.items())) for told in by_the_shelf() if told.location}
    assert dict(headers) == {"cache-control": "no-cache", "vary": "Accept-Language"} | {
        name.lower(): text for name, text in template.headers("any").items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_whole_small_and_in_the_runtime_s_language(name: str) -> None:
    code = edge.code(name)
    assert len(code.encode()) <= edge.LARGEST
    assert "/*" not in code
    assert "//" not in code.replace("https://", "")
    # What cloudfront-js-2.0 does not know, or knows in part: ES 5.1, const, let, async and await are all that is needed.
    assert not re.search(r"=>|`|\.\.\.|\?\.|\?\?|\bclass\b|\bof\b|\bfunction\s*\*|=\s*[\[{]\s*\w+\s*[,}\]]\s*=", code)
    assert re.search(r"^(async )?function handler\(event\)", code, re.MULTILINE)


def test_a_function_that_outgrows_the_edge_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "LARGEST", 1000)
    with pytest.raises(Plain, match=r"infra/functions/patient.js has \d+ bytes with its pages, and CloudFront takes 1000"):
        edge.code("patient.js")


def test_a_regular_expression_ends_where_javascript_ends_it() -> None:
    assert finding.matches(finding.SLUG, "north")
    assert not finding.matches(finding.SLUG, "north\n")

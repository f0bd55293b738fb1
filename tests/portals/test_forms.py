"""A published form is a page in each language, light enough for a phone, and its rules lie beside it without a word."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from statistics import median
from typing import Any

import msgspec
import pytest

from chalicelib.intake.actions import pages as intake
from chalicelib.intake.records import Form, Item, ItemType
from chalicelib.intake.rules import deciding, reading
from chalicelib.portals import actions as portals
from chalicelib.portals.records import Page
from scripts.local.environment import ROOT
from tests.intake.test_forms import ALL, SHIPPED, form
from tests.overhearing import overheard
from tests.portals.conftest import App
from tests.portals.markup import Document

PAGES = dict[str, Page]
MOST_OWN, MOST_RULES = 3_000, 3_000  # bytes, compressed: of the median form's own markup, and of rules.js
OWN = re.compile(r'<form id="form".*?</form>', re.DOTALL)
TODAY = "2026-11-24"


def of_forms(pages: PAGES) -> list[str]:
    """The keys of the pages of forms."""
    return [key for key in pages if "/form/" in key and "/rest/" not in key]


def weight(text: str | bytes) -> int:
    """Compressed, in bytes."""
    return len(gzip.compress(text.encode() if isinstance(text, str) else text, mtime=0))


def test_the_median_form_brings_little_markup_of_its_own(pages: PAGES) -> None:
    own = {key: weight(found[0]) for key in of_forms(pages) if (found := OWN.search(pages[key].body.decode()))}
    assert len(own) == len(of_forms(pages))
    assert median(own.values()) <= MOST_OWN
    assert max(own.values()) <= MOST_OWN


def test_the_rules_of_the_page_are_small(pages: PAGES) -> None:
    (rules,) = (page for key, page in pages.items() if key.endswith("/intake/rules.js"))
    assert weight(rules.body) <= MOST_RULES


def test_every_version_has_a_page_in_each_language(app: App, forms: dict[str, list[Form]], pages: PAGES) -> None:
    newer = [msgspec.structs.replace(each, version="2") for each in forms["north"][:1]]
    made = portals.render(*app, forms={"north": [*forms["north"][:1], *newer]})
    wanted = {f"patient/north/{tongue}/form/{newer[0].id}/{version}/index.html" for tongue in ("en", "es") for version in "12"}
    assert wanted <= made.keys()
    assert not [key for key in made if "/south/en/form/" in key]


@pytest.mark.parametrize("fault", ["too large", "broken"])
def test_a_form_that_cannot_be_shown_is_left_out_and_all_others_are_there(
    fault: str, app: App, forms: dict[str, list[Form]], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = forms["north"][0], a_form([{"linkId": "q", "type": "string", "text": "Q"}])
    wanted = portals.render(app[0], app[1][:1], (), forms={"north": [good]})
    plain = intake.decisive

    def decisive(form: Form) -> bytes:
        if form.id == good.id:
            return plain(form)
        if fault == "broken":
            raise RecursionError
        return b" " * (intake.LARGEST + 1)

    monkeypatch.setattr(intake, "decisive", decisive)
    with overheard() as heard:
        assert portals.render(app[0], app[1][:1], (), forms={"north": [bad, good]}) == wanted
    (line,) = heard.lines
    assert line["message"].startswith("north's form odd-form, version 1, is left out: ")
    assert [each["FormsLeftOut"] for each in heard.metrics] == [1]


def test_nobody_can_make_a_form_whose_rules_lie_where_anothers_do(pages: PAGES) -> None:
    keys = [key for key in pages if re.search(r"/a/[0-9a-f]{12}/[0-9a-f]{32}/[a-z0-9-]+\.json$", key)]
    assert {key.rpartition("/")[2].removesuffix(".json") for key in keys} == set(SHIPPED)  # some more than once: by country
    assert all(pages[key].digest.startswith("".join(key.split("/")[2:4])) for key in keys)


def questions(items: tuple[Item, ...]) -> Iterator[Item]:
    """All that is asked, however deep."""
    for item in items:
        if item.type not in (ItemType.GROUP, ItemType.DISPLAY) and not deciding.is_given(item):
            yield item
        yield from questions(item.items)


def whole(pages: PAGES, key: str) -> str:
    """A form's page with what follows it."""
    rest = key.replace("/index.html", "/rest/index.html")
    return pages[key].body.decode() + (pages[rest].body.decode() if rest in pages else "")


def test_every_question_is_on_the_page_once_and_in_its_words(forms: dict[str, list[Form]], pages: PAGES) -> None:
    for each in forms["north"]:
        for tongue in ("en", "es"):
            source = whole(pages, f"patient/north/{tongue}/form/{each.id}/1/index.html")
            for item in questions(each.items):
                assert source.count(f'data-q="{item.link_id}"') == 1, (each.id, item.link_id)
            said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source)).replace("&#39;", "'")
            missing = [item.text[tongue] for item in questions(each.items) if " ".join(item.text[tongue].split()) not in said]
            assert missing == [], each.id


def test_the_rules_beside_a_form_have_no_words_and_decide_the_same(pages: PAGES) -> None:
    for key in of_forms(pages):
        (preload,) = (link for link in Document(pages[key]).all("link", rel="preload") if link["as"] == "fetch")
        told = json.loads(pages[f"patient{preload['href']}"].body)
        assert set(told) == {"id", "version", "starts", "pages", "items"}
        assert not [name for name in _names(told["items"]) if name in {"text", "help", "page", "prefix"}]
    for name in sorted(ALL):
        made, given = form(name), list[dict[str, Any]]()
        bare = msgspec.convert(json.loads(intake.decisive(made))["items"], tuple[Item, ...])
        ours = deciding.decide(made.items, given, TODAY, complete=True)
        assert deciding.decide(bare, given, TODAY, complete=True) == ours, name


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _names(each)
    if isinstance(value, dict):
        yield from value
        yield from _names(list(value.values()))


def a_form(items: list[dict[str, Any]], **about: Any) -> Form:
    """A small form as its author wrote it."""
    document = {"resourceType": "Questionnaire", "url": "https://x.example/odd-form", "version": "1", "status": "active", "title": "Odd"}
    made = reading.read({**document, "item": items, **about}).form
    assert made
    return made


def of(app: App, made: Form, tongue: str = "en") -> str:
    """Its page in the North."""
    return portals.render(app[0], app[1][:1], (), forms={"north": [made]})[
        f"patient/north/{tongue}/form/odd-form/1/index.html"
    ].body.decode()


def test_words_of_an_author_are_words_and_no_markup(app: App) -> None:
    hostile = '<img src=x onerror="alert(1)">{{ 7 * 7 }}'
    options = [{"valueCoding": {"code": "a", "display": hostile}}, {"valueString": hostile}]
    made = a_form(
        [{"linkId": hostile.replace("/", "")[:9], "type": "choice", "text": hostile, "answerOption": options}],
        title=hostile,
        copyright=hostile,
    )
    source = of(app, made)
    assert "<img" not in source
    assert source.count("{{ 7 * 7 }}") >= 5
    assert source.count("&lt;img") >= 5


def test_a_form_that_does_not_speak_a_language_is_shown_in_its_own_and_says_so(app: App) -> None:
    made = a_form([{"linkId": "q", "type": "string", "text": "How are you?"}])
    assert '<form id="form" novalidate hidden autocomplete="off" lang="en"' in of(app, made, "es")
    assert "How are you?" in of(app, made, "es")
    assert "lang=" not in re.findall(r"<form[^>]*>", of(app, made))[0]


def test_every_feature_that_can_be_read_can_be_printed(app: App) -> None:
    made = [msgspec.structs.replace(form(name), id=name, version="1") for name in sorted(ALL)]
    pages = portals.render(app[0], app[1][:1], (), forms={"north": made})
    for each in made:
        source = whole(pages, f"patient/north/en/form/{each.id}/1/index.html")
        assert source.count('<section class="page card" data-page=') == len(intake.pages(each)), each.id


def test_the_page_says_whom_to_call_in_its_country(pages: PAGES) -> None:
    for clinic, number in {"north": "988", "prairie": "988", "south": "116 123"}.items():
        source = pages[f"patient/{clinic}/en/form/phq-9/1/index.html"].body.decode()
        assert f'href="tel:{number.replace(" ", "")}"' in source
        assert ('href="sms:988"' in source) == (number == "988")


def test_a_source_is_named_on_the_page(forms: dict[str, list[Form]], pages: PAGES) -> None:
    for each in forms["north"]:
        if each.copyright:
            assert each.copyright["en"].split(".")[0] in pages[f"patient/north/en/form/{each.id}/1/index.html"].body.decode()


def test_a_form_of_ours_lies_where_templates_are_read() -> None:
    assert {path.stem for path in (ROOT / "portal_templates/intake/questionnaires").glob("*.json")} <= set(ALL)

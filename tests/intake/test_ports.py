"""The page decides as the server does: both ports of the rules on forms and answers by chance, tens of thousands of decisions."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page

from chalicelib.intake.rules import deciding
from chalicelib.intake.rules.deciding import Decision
from scripts.local.environment import ROOT
from tests.intake import randomly
from tests.intake.test_forms import ALL, form

pytestmark = pytest.mark.browser
RULES = (ROOT / "portal_templates" / "intake" / "rules.js").read_text(encoding="utf-8")
TODAY = "2026-11-24"
NAMES = sorted(ALL)
AT_ONCE = 50  # cases that cross to the browser together
DECIDE = "cases => cases.map(({items, given, complete, day}) => window.decide(items, given, day, complete))"


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page that has the rules, and nothing else."""
    page = browser.new_page()
    page.add_script_tag(content=RULES.replace("export const decide", "window.decide"), type="module")
    page.wait_for_function("() => Boolean(window.decide)")
    return page


def a_case(forms: randomly.Forms, number: int) -> dict[str, Any]:
    """A form, and answers to it: in turn one made by chance, one that ships or shows a feature."""
    items = list(form(NAMES[number // 2 % len(NAMES)]).items) if number % 2 else forms.form()
    given = randomly.answered(forms.random, items)
    return {"items": items, "given": given, "complete": forms.random.random() < 0.7, "day": TODAY}


def on_the_page(page: Page, cases: list[dict[str, Any]]) -> list[list[tuple[Any, ...]]]:
    """What the page decides."""
    told = page.evaluate(DECIDE, msgspec.to_builtins(cases))
    return [[(each["path"], each["enabled"], each["value"], tuple(each["complaints"])) for each in one] for one in told]


@pytest.mark.parametrize("wanted", [5_000, pytest.param(50_000, marks=pytest.mark.deep)])
def test_the_page_decides_as_the_server_does(page: Page, wanted: int, record_property: Any) -> None:
    forms, made, number = randomly.Forms(seed=wanted), list[Decision](), 0
    while len(made) < wanted or number < 2 * len(NAMES):
        cases = [a_case(forms, number) for number in range(number, number + AT_ONCE)]
        number += AT_ONCE
        for case, theirs in zip(cases, on_the_page(page, cases), strict=True):
            ours = deciding.decide(case["items"], case["given"], TODAY, complete=case["complete"])
            assert theirs == [tuple(each) for each in ours], msgspec.json.encode(case).decode()
            made += ours
    unasked, wrong = sum(not each.enabled for each in made), sum(len(each.complaints) for each in made)
    for name, count in {"decisions": len(made), "not asked": unasked, "complaints": wrong}.items():
        record_property(name, count)
    assert min(unasked, wrong) > wanted / 20

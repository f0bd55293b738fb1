"""One browser for the session, the running product, and windows that nobody has used before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.cast import CYRUS
from tests.journeys import chrome
from tests.journeys.desk import Desk
from tests.journeys.portal import Portal, Window
from tests.journeys.scenes import Stage
from tests.journeys.watching import Watch
from tests.local.serving import Run

PATIENCE = 30_000  # milliseconds for anything a page is expected to do, on a machine that has much else to do

expect.set_options(timeout=PATIENCE)
NewWindow = Callable[..., Window]
SIZES = [pytest.param(chrome.PHONE, id="phone"), pytest.param(chrome.DESK, id="desk")]
# What is done is the same at both sizes, and every page is looked at in both: the second one follows in the deep run.
ON_A_PHONE = [SIZES[0], pytest.param(chrome.DESK, id="desk", marks=pytest.mark.deep)]
AT_BOTH_SIZES = pytest.mark.parametrize("portal", SIZES, indirect=True)  # at every change: the main ways of patients
AT_A_DESK = [SIZES[1], pytest.param(chrome.PHONE, id="phone", marks=pytest.mark.deep)]


@pytest.fixture
def new_window(browser: Browser) -> Iterator[NewWindow]:
    """`new_window(PHONE)`: a window with a context of its own; when the test ends, nothing may have gone wrong in it."""
    windows: list[Window] = []

    def opened(size: ViewportSize = chrome.PHONE, **options: Any) -> Window:
        windows.append(a_window(browser, size, **options))
        return windows[-1]

    yield opened
    for window in windows:
        left(window)
    assert [fault for window in windows for fault in window.watch.faults] == []


def left(window: Window) -> None:
    """Close it; what is on its way there is nobody's business any more, not the next test's either."""
    for page in window.context.pages:
        page.unroute_all(behavior="ignoreErrors")
    window.context.unroute_all(behavior="ignoreErrors")
    window.context.close()


def a_window(browser: Browser, size: ViewportSize, **options: Any) -> Window:
    """A phone's window is touched and zooms out when its page is too wide; a desk's is neither."""
    touched = size["width"] < 600
    context = browser.new_context(viewport=size, is_mobile=touched, has_touch=touched, service_workers="block", **options)
    context.set_default_timeout(PATIENCE)
    watch = Watch(context)
    return Window(context, context.new_page(), watch)


@pytest.fixture(scope="session")
def stage(browser: Browser, running: Run) -> Stage:
    """The product and its people."""
    return Stage(browser, running)


@pytest.fixture
def phone(new_window: NewWindow, running: Run) -> Portal:
    """The North's portal in English on a phone, for what is the same at a desk."""
    return Portal(new_window(chrome.PHONE), running)


@pytest.fixture(params=ON_A_PHONE)
def portal(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Portal:
    """The North's portal in English on a phone, and at a desk in the deep run."""
    return Portal(new_window(request.param), running)


@pytest.fixture
def manager(new_window: NewWindow, running: Run) -> Desk:
    """Cyrus at a desk of his own."""
    desk = Desk(new_window(chrome.DESK), running)
    desk.enter(CYRUS)
    return desk


@pytest.fixture(params=ON_A_PHONE)
def desk(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """A browser where nobody has signed in before."""
    return Desk(new_window(request.param), running)

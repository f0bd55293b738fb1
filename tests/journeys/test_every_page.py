"""Every page in every state, on a phone and at a desk, in both languages: what must be true of all of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, ViewportSize

from tests.journeys import looking
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import a_window, left
from tests.journeys.portal import Portal
from tests.journeys.scenes import SCENES, Stage, times
from tests.journeys.staff_scenes import STAFF_SCENES

pytestmark = pytest.mark.browser

NARROW: ViewportSize = {"width": 320, "height": 640}
# English on a phone and Spanish at a desk, and the other way round: each second scene. At every change each scene is looked at in
# one language, in turn; the deep run looks at it in the other one too, and at what opens on a page that another scene shows.
OPENED = frozenset(
    {
        *("staff-menu", "staff-invite", "staff-export", "staff-add", "staff-link-code", "staff-own-patients", "staff-emergency"),
        *("staff-documents-missing", "staff-documents-none", "staff-document-infected", "staff-visit-form-again", "staff-today-nurse"),
        *("staff-form-tried", "staff-form-publish", "staff-form-missing", "staff-codes", "visits-none", "no-times", "south"),
    }
)
SHOWN = [
    pytest.param(
        (scene, language, PHONE if (place + number) % 2 else DESK),
        id=f"{scene.name}-{language}",
        marks=[pytest.mark.deep] if scene.name in OPENED or (len(scene.languages) > 1 and place != number // 2 % 2) else [],
    )
    for number, scene in enumerate((*SCENES, *STAFF_SCENES))
    for place, language in enumerate(scene.languages)
]


@pytest.fixture(params=SHOWN)
def shown(request: pytest.FixtureRequest, browser: Browser, stage: Stage) -> Iterator[Portal]:
    """A page that stands as a person finds it; each look leaves it as it was."""
    scene, language, size = request.param
    window = a_window(browser, size, storage_state=stage.state(scene.who))
    portal = Portal(window, stage.run, language)
    window.watch.expect(*scene.provokes)
    scene.show(portal)
    yield portal
    left(window)


def faults_behind_the_page(shown: Portal) -> list[Any]:
    """What the browser complained of: the console, the policy, requests that failed."""
    return list(shown.window.watch.faults) if shown.window.watch.asked else ["nothing was asked"]


def axe_by_day_and_by_night(shown: Portal) -> list[Any]:
    """What axe finds; colours speak no language, so the night is looked at once."""
    found = looking.axe(shown.page)
    if shown.language == "en":
        shown.page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # those that fade are measured once they are there
        found += looking.axe(shown.page, "color-contrast")
        shown.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    return found


def small_controls(shown: Portal) -> list[Any]:
    """Controls that a thumb misses."""
    return looking.too_small(shown.page)


def over_the_edge(shown: Portal) -> list[Any]:
    """What hangs over an edge or is cut off."""
    return looking.too_wide(shown.page) + looking.clipped(shown.page)


def sideways_when_narrow(shown: Portal) -> list[Any]:
    """What needs scrolling sideways at 320 px, also with the spacing that readers may set."""
    size = shown.page.viewport_size
    assert size
    shown.page.set_viewport_size(NARROW)
    found = over_the_edge(shown)
    looking.space_out(shown.page)
    found += over_the_edge(shown)
    looking.space_out(shown.page, "")
    shown.page.set_viewport_size(size)
    return found


def unmarked_in_the_systems_own_colours(shown: Portal) -> list[Any]:
    """Controls and choices that forced colours leave looking like text."""
    shown.page.emulate_media(forced_colors="active")
    found = looking.unmarked(shown.page)
    shown.page.emulate_media(forced_colors="none")
    return found


def moving_for_who_wants_it_still(shown: Portal) -> list[Any]:
    """What moves under reduced motion."""
    shown.page.emulate_media(reduced_motion="reduce")
    found = looking.moving(shown.page)
    shown.page.emulate_media(reduced_motion="no-preference")
    return found


LOOKS: tuple[Callable[[Portal], list[Any]], ...] = (
    faults_behind_the_page,
    axe_by_day_and_by_night,
    small_controls,
    over_the_edge,
    sideways_when_narrow,
    unmarked_in_the_systems_own_colours,
    moving_for_who_wants_it_still,
)


def test_a_page_stands_every_look(shown: Portal) -> None:
    """One test a page, since a page costs more to bring about than all looks at it."""
    assert {look.__name__: found for look in LOOKS if (found := look(shown))} == {}


def test_a_picture_in_the_systems_own_colours_shows_what_is_chosen(portal: Portal) -> None:
    times(portal)
    portal.page.emulate_media(forced_colors="active")
    chosen, other = (edge_of(portal.page.locator(f"#times label.slot:has(input{state})").first) for state in (":checked", ":not(:checked)"))
    assert set(chosen) != set(other)
    assert len(set(edge_of(portal.button("Continue")))) > 1, "the button has no outline"


def edge_of(control: Locator) -> list[object]:
    """The pixels along a control's upper edge, between its corners."""
    picture = Image.open(io.BytesIO(control.screenshot())).convert("RGB")
    middle = picture.width // 2
    return [picture.getpixel((x, y)) for x in range(middle - 10, middle + 10) for y in range(4)]

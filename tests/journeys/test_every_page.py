"""Every page in every state, on a phone and at a desk, in both languages: what must be true of all of them."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, ViewportSize

from tests.journeys import looking
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import a_window
from tests.journeys.portal import Portal
from tests.journeys.scenes import SCENES, Stage, times
from tests.journeys.staff_scenes import STAFF_SCENES
from tests.local.serving import Run

pytestmark = pytest.mark.browser

NARROW: ViewportSize = {"width": 320, "height": 640}
# English on a phone and Spanish at a desk, and the other way round: each second scene.
SHOWN = [
    pytest.param((scene, language, PHONE if (place + number) % 2 else DESK), id=f"{scene.name}-{language}")
    for number, scene in enumerate((*SCENES, *STAFF_SCENES))
    for place, language in enumerate(scene.languages)
]


@pytest.fixture(scope="session")
def stage(browser: Browser, running: Run) -> Stage:
    """The product and its people."""
    return Stage(browser, running)


@pytest.fixture(scope="module", params=SHOWN)
def shown(request: pytest.FixtureRequest, browser: Browser, stage: Stage) -> Iterator[Portal]:
    """A page that stands as a person finds it. It is looked at from many sides, so each look leaves it as it was."""
    scene, language, size = request.param
    window = a_window(browser, size, storage_state=stage.state(scene.who))
    portal = Portal(window, stage.run, language)
    window.watch.expect(*scene.provokes)
    scene.show(portal)
    yield portal
    window.context.close()


def test_nothing_goes_wrong_behind_the_page(shown: Portal) -> None:
    assert shown.window.watch.asked
    assert shown.window.watch.faults == []


def test_axe_finds_nothing_by_day_and_by_night(shown: Portal) -> None:
    found = looking.axe(shown.page)
    if shown.language == "en":  # colours speak no language
        shown.page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # those that fade are measured once they are there
        found += looking.axe(shown.page, "color-contrast")
        shown.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    assert found == []


def test_controls_are_large_enough(shown: Portal) -> None:
    assert looking.too_small(shown.page) == []


def test_nothing_hangs_over_the_edge(shown: Portal) -> None:
    assert looking.too_wide(shown.page) == []
    assert looking.clipped(shown.page) == []


def test_a_narrow_window_needs_no_scrolling_sideways_whatever_the_spacing(shown: Portal) -> None:
    size = shown.page.viewport_size
    assert size
    shown.page.set_viewport_size(NARROW)
    found = looking.too_wide(shown.page) + looking.clipped(shown.page)
    looking.space_out(shown.page)
    found += looking.too_wide(shown.page) + looking.clipped(shown.page)
    looking.space_out(shown.page, "")
    shown.page.set_viewport_size(size)
    assert found == []


def test_the_systems_own_colours_keep_controls_and_choices_apart_from_text(shown: Portal) -> None:
    shown.page.emulate_media(forced_colors="active")
    found = looking.unmarked(shown.page)
    shown.page.emulate_media(forced_colors="none")
    assert found == []


def test_nothing_moves_for_who_wants_it_still(shown: Portal) -> None:
    shown.page.emulate_media(reduced_motion="reduce")
    found = looking.moving(shown.page)
    shown.page.emulate_media(reduced_motion="no-preference")
    assert found == []


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

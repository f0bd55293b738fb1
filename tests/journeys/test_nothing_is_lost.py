"""What is chosen and typed survives signing in, going back, a neighbour who was faster, and a network that fails."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.cast import ADA, BEN
from tests.journeys.conftest import NewWindow
from tests.journeys.people import Api, a_newcomer
from tests.journeys.portal import Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser

NOTE = "Please speak slowly, I hear badly."
BOOK = "**/api/clinics/north/appointments?*"


def test_the_choice_survives_signing_in_a_reload_and_going_back(portal: Portal) -> None:
    portal.open()
    portal.choose_service()
    chosen = portal.choose_time(2)
    time = portal.page.locator("#when [data-text=time]")
    portal.sign_in(a_newcomer())
    expect(time).to_contain_text(chosen.clock)
    portal.page.reload()
    expect(time).to_contain_text(chosen.clock)
    expect(portal.page.get_by_label("First name")).to_be_visible()
    portal.page.go_back()
    expect(portal.page.locator("#times input:checked")).to_have_value(chosen.start)
    expect(portal.page.locator("#picked strong")).to_have_text(chosen.label)
    portal.page.go_back()
    expect(portal.page.get_by_role("heading", name="What do you need?")).to_be_visible()
    portal.page.go_forward()
    expect(portal.page.locator("#times input:checked")).to_have_value(chosen.start)


def test_a_reload_between_the_two_steps_comes_back_to_the_code(portal: Portal) -> None:
    portal.open("visits/")
    code = portal.ask_for_code(a_newcomer())
    portal.page.reload()
    portal.give_code(code)
    expect(portal.page.get_by_role("heading", name="No upcoming visits")).to_be_visible()


def test_a_time_that_a_neighbour_takes_while_one_types_is_said_clearly_and_nothing_is_lost(
    portal: Portal, new_window: NewWindow, running: Run
) -> None:
    ada = Api(new_window().context, running)
    ada.enter(ADA)
    portal.api.enter(BEN)
    portal.window.watch.expect(409)
    slot = portal.api.times("visit", "bea")[-1]
    portal.open_details(slot)
    portal.page.get_by_label(portal.words.note).fill(NOTE)
    taken = ada.book("visit", slot["start"], "bea")
    portal.button("Book this visit").click()
    expect(portal.page.locator("#gone")).to_contain_text("Somebody else has just taken this time")
    expect(portal.page.locator("#gone")).to_be_focused()
    portal.link("Choose another time").click()
    expect(portal.page.locator(f'#week input[value="{slot["date"]}"]')).to_be_checked()
    expect(portal.page.locator(f'#times input[value="{slot["start"]}"]')).to_have_count(0)
    portal.page.locator("#times label.slot").last.click()
    portal.button("Continue").click()
    expect(portal.page.get_by_label(portal.words.note)).to_have_value(NOTE)
    portal.api.cancel(portal.book())
    ada.cancel(taken["id"])


@pytest.mark.parametrize("arrives", [False, True], ids=["on the way there", "on the way back"])
def test_a_booking_whose_answer_is_lost_is_sent_again_with_the_same_key_and_booked_once(portal: Portal, arrives: bool) -> None:
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if arrives:
            route.fetch()
        route.abort("failed")

    portal.api.enter(BEN)
    before = len(portal.api.get("appointments")["upcoming"])
    portal.window.watch.expect("net::ERR_FAILED")
    portal.open_details(portal.api.times("visit", "bea")[3])
    portal.page.get_by_label(portal.words.note).fill(NOTE)
    portal.page.route(BOOK, lose, times=1)
    portal.button("Book this visit").click()
    expect(portal.page.locator(".error-summary")).to_contain_text("it cannot be booked twice")
    expect(portal.page.get_by_label(portal.words.note)).to_have_value(NOTE)
    with portal.page.expect_request(BOOK) as again:
        portal.button("Book this visit").click()
    visit = portal.booked()
    assert [again.value.headers["idempotency-key"]] == keys
    assert len(portal.api.get("appointments")["upcoming"]) == before + 1
    assert portal.api.get(f"appointments/{visit}")["note"] == NOTE
    portal.api.cancel(visit)


def test_a_wrong_code_is_said_at_its_field_and_the_right_one_still_works(portal: Portal) -> None:
    portal.window.watch.expect(422)
    portal.open("visits/")
    code = portal.ask_for_code(a_newcomer())
    portal.give_code("12345")
    expect(portal.page.locator("#code-error")).to_have_text("The code has 8 digits")
    portal.give_code("".join(str(9 - int(digit)) for digit in code))
    expect(portal.page.locator("#code-error")).to_contain_text("That code is not right")
    expect(portal.page.locator(".error-summary")).to_be_focused()
    portal.page.locator(".error-summary a").click()
    expect(portal.page.get_by_label("8-digit code")).to_be_focused()
    portal.give_code(f"{code[:4]} {code[4:]}")
    expect(portal.page.get_by_role("heading", name="No upcoming visits")).to_be_visible()


def test_a_session_that_ends_midway_asks_to_sign_in_again_and_keeps_what_was_typed(portal: Portal) -> None:
    lena = a_newcomer()
    portal.api.sign_in(lena)
    portal.window.watch.expect(401)
    portal.open_details(portal.api.times("visit", "bea")[4])
    portal.introduce(lena)
    portal.page.get_by_label(portal.words.note).fill(NOTE)
    session = portal.window.context.storage_state()
    portal.api.post("sign-out", {})
    portal.window.context.set_storage_state(session)  # the browser still has what the clinic no longer honours
    portal.button("Book this visit").click()
    expect(portal.page.locator(".error-summary")).to_contain_text("nothing you typed is lost")
    portal.sign_in(lena)
    expect(portal.page.get_by_label("First name")).to_have_value(lena.given)
    expect(portal.page.get_by_label("Year")).to_have_value("1991")
    visit = portal.book()
    assert portal.api.get(f"appointments/{visit}")["note"] == NOTE


def test_what_is_missing_or_impossible_is_said_at_each_field(portal: Portal) -> None:
    portal.api.sign_in(a_newcomer())
    portal.open_details(portal.api.times("visit", "bea")[5])
    portal.page.get_by_label("First name").fill("  ")
    portal.page.get_by_label("Month").fill("13")
    portal.button("Book this visit").click()
    expect(portal.page.locator(".error-summary li")).to_have_text(
        ["Enter your first name", "Enter your last name", "Enter your date of birth"]
    )
    portal.introduce(a_newcomer())
    portal.page.get_by_label("Day", exact=True).fill("31")
    portal.page.get_by_label("Month").fill("2")
    portal.button("Book this visit").click()
    expect(portal.page.locator(".error-summary li")).to_have_text(["Enter a real date of birth, with numbers"])
    expect(portal.page.locator("#birthDate-error")).to_be_visible()

"""The whole booking without a pointer: Tab, arrows, Space and Enter; one always sees where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.people import a_newcomer
from tests.journeys.portal import Portal

pytestmark = pytest.mark.browser

MOST = 60  # presses of Tab from one end of a page to the other

# What shows the focus (a radio's label for a radio that is drawn as one), and what is wrong with how it does.
SEEN = """
focused => {
  const drawn = focused.matches('input[type=radio], input[type=checkbox]') ? focused.closest('.option') ?? focused.nextElementSibling : focused;
  const marks = ['', '::before', '::after'].map(part => getComputedStyle(drawn, part || null));
  if (!marks.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)) return 'no ring';
  const box = drawn.getBoundingClientRect(), dock = document.querySelector('.dock');
  if (box.bottom <= 0 || box.top >= innerHeight) return 'out of sight';
  if (!dock || dock.contains(focused) || getComputedStyle(dock).position !== 'fixed') return '';
  return box.bottom > dock.getBoundingClientRect().top + 1 ? 'behind the dock' : '';
}
"""


class Keyboard:
    """Hands that know no pointer; each step looks whether the focus can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        """One key; what it leads to must be visible."""
        self.page.keyboard.press(key)

    def tab_to(self, wanted: Locator) -> None:
        """Tab until it is there."""
        for _ in range(MOST):
            self.press("Tab")
            focused = self.page.locator(":focus")
            assert focused.count() == 0 or focused.evaluate(SEEN) == "", focused.evaluate("element => element.outerHTML")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"Tab does not reach {wanted}")

    def follow(self, wanted: Locator) -> None:
        """Tab to a link or button and press Enter."""
        self.tab_to(wanted)
        self.press("Enter")

    def type(self, wanted: Locator, words: str) -> None:
        """Tab to a field and write."""
        self.tab_to(wanted)
        self.page.keyboard.type(words)


def test_a_visit_is_booked_and_cancelled_without_a_pointer(portal: Portal) -> None:
    page, keys, lena = portal.page, Keyboard(portal.page), a_newcomer()
    portal.open()
    keys.follow(portal.link("Book a visit"))
    keys.follow(portal.link("Anyone available, Doctor visit"))
    choose_a_time(portal, keys)
    keys.type(page.get_by_label("Email address"), lena.email)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Enter your code")).to_be_focused()
    keys.type(page.get_by_label("8-digit code"), running_code(portal, lena.email))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Nice to meet you")).to_be_focused()
    for label, words in (("First name", lena.given), ("Last name", lena.family), ("Month", "5"), ("Day", "4"), ("Year", "1991")):
        keys.type(page.get_by_label(label, exact=True), words)
    keys.follow(portal.button("Book this visit"))
    visit = portal.booked()
    expect(page.get_by_role("heading", name="Your visit is booked")).to_be_focused()
    cancel(portal, keys, visit)


def running_code(portal: Portal, address: str) -> str:
    """The code in the newest mail."""
    return portal.run.code_to(address)


def choose_a_time(portal: Portal, keys: Keyboard) -> None:
    """A colleague, the next week, another day, the third time: a group of choices is one stop, the arrows walk in it."""
    page = portal.page
    expect(page.locator("#times input").first).to_be_attached()
    keys.tab_to(page.locator("[name=practitioner]:checked"))
    keys.press("ArrowRight")
    expect(page.get_by_role("radio", name="Dr Bea Lindqvist")).to_be_focused()
    expect(page.locator("#later")).to_be_enabled()
    before = page.locator("#week-label").text_content() or ""
    keys.follow(page.locator("#later"))
    expect(page.locator("#week-label")).not_to_have_text(before)
    expect(page.locator("#week-label")).to_be_focused()
    keys.tab_to(page.locator("#week input:checked"))
    day = page.locator("#week input:checked").input_value()
    keys.press("ArrowRight")
    expect(page.locator("#week input:checked")).not_to_have_value(day)
    expect(page.locator("#week input:checked")).to_be_focused()
    keys.tab_to(page.locator("#times input").first)
    keys.press("Space")
    for _ in range(2):
        keys.press("ArrowRight")
    expect(page.locator("#times input").nth(2)).to_be_checked()
    assert page.locator(":focus").evaluate(SEEN) == ""
    chosen = page.locator("#picked strong").text_content() or ""
    keys.follow(portal.button("Continue"))
    expect(page.locator("#when [data-text=time]")).to_contain_text(chosen.split(", ")[-1])


def cancel(portal: Portal, keys: Keyboard, visit: str) -> None:
    """Through "my visits"; the dialog holds the focus, Escape leaves it, and the news has it after."""
    page = portal.page
    keys.follow(portal.link("My visits"))
    expect(page.locator("#upcoming li")).to_have_count(1)
    keys.follow(page.locator("#upcoming h3 a"))
    expect(page.locator("#visit")).to_be_visible()
    assert page.url.endswith(f"#{visit}")
    keys.follow(portal.button("Cancel this visit"))
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(portal.button("Cancel this visit")).to_be_focused()
    keys.press("Enter")
    keys.type(page.get_by_label("Why are you cancelling?"), "I feel better.")
    keys.follow(portal.button("Yes, cancel it"))
    expect(page.locator("#told")).to_be_focused()
    expect(page.locator("#told")).to_contain_text("I feel better.")


def test_a_long_list_of_times_never_hides_the_focus_behind_the_dock(portal: Portal) -> None:
    portal.open("book/time/?service=visit")
    times = portal.page.locator("#times input")
    expect(times.first).to_be_attached()
    keys = Keyboard(portal.page)
    keys.tab_to(times.first)
    hidden = []
    for _ in range(times.count()):
        keys.press("ArrowDown")
        hidden.append(portal.page.locator(":focus").evaluate(SEEN))
    assert set(hidden) == {""}


def test_the_first_stop_of_a_page_leads_past_its_frame(portal: Portal) -> None:
    portal.open("book/")
    keys = Keyboard(portal.page)
    keys.press("Tab")
    expect(portal.page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keys.press("Enter")
    expect(portal.page.get_by_role("main")).to_be_focused()
    keys.press("Tab")
    expect(portal.page.locator("#back")).to_be_focused()

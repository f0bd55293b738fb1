"""Which items there are, before anything else is read of them: nothing that is too deep or too much goes further than this."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from chalicelib.intake.records import ItemType
from chalicelib.intake.rules import answers
from chalicelib.intake.rules.reading.element import Element
from chalicelib.intake.rules.reading.report import Spot, shown

LONGEST_ID = 255
RESERVED = frozenset({"__proto__", "constructor", "prototype"})  # of every JavaScript object
BRACKETS = frozenset("[]#")  # of places: "medicines[1]/dose"
LEVELS = {
    ItemType.OPEN_CHOICE: "L1",
    ItemType.QUANTITY: "L1",
    ItemType.DATE_TIME: "L1",
    ItemType.TIME: "L1",
    ItemType.URL: "L1",
    ItemType.ATTACHMENT: "L1",
}


class Entry:
    """An item on its way: what is known of it (`about` is what its record will be made of), what is above and what is below."""

    def __init__(self, element: Element, above: Entry | None, link_id: str) -> None:
        self.element, self.above, self.link_id = element, above, link_id
        self.place: str = f"{above.place}/{link_id}" if above else link_id
        self.depth: int = above.depth + 1 if above else 1
        self.type = ItemType.GROUP
        self.below: list[Entry] = []
        self.about: dict[str, Any] = {}
        self.is_listed = False  # options stand there or are named: what is wrong with them is told where they are read

    def said(self, name: str) -> Any:
        """What was read of it so far; None."""
        return self.about.get(name)


def outline(whole: Element) -> list[Entry]:
    """Every item in its order. Where there are too many or they go too deep, only those up to there, and that is refused."""
    found: list[Entry] = []
    seen, places = set[str](), set[str]()
    waiting: list[tuple[Element, Entry | None, int]] = [(each, None, n) for n, each in _items(whole)]
    while waiting:
        element, above, number = waiting.pop()
        if len(found) == answers.MOST_ITEMS:
            whole.refuse("item", f"There are more than {answers.MOST_ITEMS:,} items.")
            break
        entry = _entry(element, above, number)
        _check_id(entry, seen, places)
        seen.add(entry.link_id)
        places.add(entry.place)
        found.append(entry)
        below = _items(entry.element)
        if below and entry.depth == answers.DEEPEST:
            entry.element.refuse("item", f"Items go deeper than {answers.DEEPEST} levels.")
        else:
            waiting += [(each, entry, n) for n, each in below]
    return found


def _items(element: Element) -> list[tuple[int, Element]]:
    return list(enumerate(element.elements("item"), 1))[::-1]


def _entry(element: Element, above: Entry | None, number: int) -> Entry:
    link_id = element.parts.get("linkId")
    named = link_id if isinstance(link_id, str) and link_id else ""
    path = f"{above.element.spot.place}/" if above else ""
    named_so = shown(named, LONGEST_ID)
    spot = Spot(path + (named_so or f"({number})"), named_so)
    entry = Entry(Element(element.parts, element.report, spot), above, named)
    entry.type = _type(entry.element)
    if above:
        above.below.append(entry)
    return entry


def _check_id(entry: Entry, seen: Set[str], places: Set[str]) -> None:
    link_id, refuse = entry.link_id, entry.element.refuse
    if not link_id.strip():
        refuse("linkId", "Every item needs a linkId: answers are kept by it.")
    elif len(link_id) > LONGEST_ID or not entry.element.name("linkId"):
        refuse("linkId", f"A linkId has at most {LONGEST_ID} characters.")
    elif link_id in RESERVED or not link_id.isprintable():
        refuse("linkId", "A linkId cannot contain what cannot be seen, nor be a word that pages reserve.")
    elif BRACKETS & set(link_id):
        refuse("linkId", "A linkId cannot contain [, ] or #: the places of answers are written with them.")
    elif link_id in seen:
        refuse("linkId", "Another item has this linkId.")
    elif entry.place in places:
        refuse("linkId", "Together with what is above it, it reads as another item's does: change one of the two.")


def _type(element: Element) -> ItemType:
    given = element.name("type")
    if given == "reference":
        element.needs("rest")
        element.ignore("type reference", "Nothing is looked up: patients choose from the options, or write an answer in their own words.")
        return ItemType.OPEN_CHOICE
    if given not in set(ItemType):
        element.refuse("type", "This is not one of the types that a patient can be asked for.")
        return ItemType.GROUP
    found = ItemType(given)
    element.needs(LEVELS.get(found, "L0"))
    return found

"""Forms and answers by chance, always the same for a seed: as tangled as a form may be, and wrong in as many ways as answers can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from chalicelib.intake.records import Calculation, Condition, Item, ItemType, Kind, Operator, Option, Sum

POOL: dict[Kind, list[Any]] = {
    Kind.BOOLEAN: [True, False],
    Kind.DECIMAL: [-1.5, 0, 0.1, 0.25, 1, 2.5, 70, 172.5, 1e308, -1e308, 1e-200, 5e-324],
    Kind.INTEGER: [-1, 0, 1, 2, 3, 70, 180, 2026, 2027],
    Kind.DATE: ["2026", "2026-11", "2026-11-23", "2026-11-24", "2026-11-25", "1990-02-28", "2026-02-30", "26-01-01", "1990-11-25"],
    Kind.DATE_TIME: [
        "2026-11-24T10:00:00Z",
        "2026-11-24T05:00:00-05:00",
        "2026-11-24T10:00:00.5+00:30",
        "2026-11-24",
        "2026-11",
        "2025",
        "2026-11-24T10:00",
        "2026-11-25T00:00:00+14:00",
        "2026-11-25",
    ],
    Kind.TIME: ["08:00:00", "08:00", "23:59:59", "24:00:00", "8:00", "08:00:00.25"],
    Kind.STRING: ["", "a", "red", "Red", "é", "😀😀", "12345", "x" * 260, "a b\n"],
    Kind.URI: ["https://a.example", "a"],
    Kind.CODING: ["|a", "|b", "|c", "s|a"],
    Kind.QUANTITY: [0, 37.5, 38, 100.4],
    Kind.ATTACHMENT: ["DocumentReference/1", "DocumentReference/2"],
}
UNITS = ("", "Cel", "kg")
KIND = {
    ItemType.BOOLEAN: Kind.BOOLEAN,
    ItemType.DECIMAL: Kind.DECIMAL,
    ItemType.INTEGER: Kind.INTEGER,
    ItemType.DATE: Kind.DATE,
    ItemType.DATE_TIME: Kind.DATE_TIME,
    ItemType.TIME: Kind.TIME,
    ItemType.STRING: Kind.STRING,
    ItemType.TEXT: Kind.STRING,
    ItemType.URL: Kind.URI,
    ItemType.CHOICE: Kind.CODING,
    ItemType.OPEN_CHOICE: Kind.CODING,
    ItemType.ATTACHMENT: Kind.ATTACHMENT,
    ItemType.QUANTITY: Kind.QUANTITY,
}
PATTERNS = ("[0-9]{5}", "[a-z]+", "(?:red|Red)", "[^\n]{1,3}")


class Forms:
    """Makes forms; each item's conditions ask of those that were made before it, wherever they stand, so that none runs in a circle."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.known: list[tuple[str, Kind]] = []

    def form(self) -> list[Item]:
        """Some dozen items, to be put in any order."""
        self.known = []
        items = [self.item(1) for _ in range(self.random.randint(3, 9))]
        self.random.shuffle(items)
        return items

    def item(self, depth: int) -> Item:
        """One, with what is below it made first or last."""
        chance = self.random.random
        link_id, about = f"i{len(self.known)}x{self.random.randrange(10**6)}", dict[str, Any]()
        if chance() < 0.45:
            about |= {"when": self.conditions(), "any_of": chance() < 0.5}
        if depth < 4 and chance() < 0.3:
            below = tuple(self.item(depth + 1) for _ in range(self.random.randint(1, 4)))
            return Item(link_id=link_id, type=ItemType.GROUP, items=below, **self.counted(), **about)
        kind = self.random.choice([each for each in ItemType if each is not ItemType.GROUP])
        if kind is ItemType.DISPLAY:
            return Item(link_id=link_id, type=kind, **about)
        about |= self.bounds(kind) | self.counted()
        if chance() < 0.15:
            about |= self.given(kind)
        below = tuple(self.item(depth + 1) for _ in range(self.random.choice((0, 0, 0, 0, 1, 2)) if depth < 4 else 0))
        self.known.append((link_id, KIND[kind]))
        return Item(
            link_id=link_id,
            type=kind,
            items=below,
            required_when=self.conditions() if chance() < (0.6 if about.get("consent") else 0.15) else (),
            **about,
        )

    def conditions(self) -> tuple[Condition, ...]:
        """Up to three, of questions that are there already."""
        return tuple(self.condition() for _ in range(self.random.randint(1, 3))) if self.known else ()

    def condition(self) -> Condition:
        """One that may hold, with any operator."""
        question, kind = self.random.choice(self.known)
        operator = self.random.choice(list(Operator))
        if operator is Operator.EXISTS:
            return Condition(question=question, operator=operator, value=self.random.random() < 0.7)
        unit = self.random.choice(UNITS) if kind is Kind.QUANTITY else ""
        return Condition(question=question, operator=operator, kind=kind, value=self.random.choice(POOL[kind]), unit=unit)

    def counted(self) -> dict[str, Any]:
        """How often it may or must be there."""
        repeats = self.random.random() < 0.3
        about: dict[str, Any] = {"repeats": repeats, "required": self.random.random() < 0.4}
        return about | ({"min_occurs": self.random.randint(0, 2), "max_occurs": self.random.choice((0, 2, 3))} if repeats else {})

    def bounds(self, kind: ItemType) -> dict[str, Any]:
        """What its answers are held against."""
        chance, about = self.random.random, dict[str, Any]()
        value = KIND[kind]
        if value in (Kind.STRING, Kind.URI):
            about |= {"max_length": self.random.choice((0, 2, 5)), "min_length": self.random.choice((0, 0, 2))}
            about["pattern"] = self.random.choice(PATTERNS) if chance() < 0.3 else ""
        if value in (Kind.DECIMAL, Kind.INTEGER, Kind.QUANTITY, Kind.DATE, Kind.DATE_TIME, Kind.TIME) and chance() < 0.5:
            about |= {"min_value": self.random.choice(POOL[value]), "max_value": self.random.choice(POOL[value])}
        if value in (Kind.INTEGER, Kind.DATE, Kind.DATE_TIME) and chance() < 0.3:
            about["not_after"] = "today"
        if value is Kind.DECIMAL:
            about["max_decimals"] = self.random.choice((-1, 0, 1))
        if value is Kind.QUANTITY and chance() < 0.5:
            about["units"] = ("Cel",)
        if value is Kind.CODING:
            some = POOL[Kind.CODING][: self.random.randint(2, 4)]
            about["options"] = tuple(Option(value=each, ordinal=self.ordinal(), alone=chance() < 0.1) for each in some)
        if kind is ItemType.BOOLEAN:
            about["consent"] = chance() < 0.3
        return about

    def ordinal(self) -> float | None:
        """A weight, or none."""
        return self.random.choice((None, 0.0, 1.0, 2.0, 0.1, 0.2))

    def given(self, kind: ItemType) -> dict[str, Any]:
        """What nobody is asked for."""
        if kind in (ItemType.INTEGER, ItemType.DECIMAL) and self.known:
            of = tuple(name for name, _ in self.random.sample(self.known, min(2, len(self.known))))
            return {"calculated": Calculation(kind=self.random.choice(list(Sum)), of=of)}
        value = Option(kind=KIND[kind], value=self.random.choice(POOL[KIND[kind]]))
        return {self.random.choice(("hidden", "read_only")): True, "initial": (value,) if self.random.random() < 0.7 else ()}


def answered(random: Random, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Answers by chance to a form: of the right types, and otherwise as it comes."""
    return [given for item in items for given in _given(random, item)]


def _given(random: Random, item: Item) -> Iterator[dict[str, Any]]:
    if item.type is ItemType.DISPLAY or random.random() < 0.2:
        return
    if item.type is ItemType.GROUP:
        for _ in range(random.randint(0, 3) if item.repeats else 1):
            yield {"linkId": item.link_id, "item": answered(random, item.items)}
        return
    if (item.calculated or item.hidden or item.read_only) and random.random() < 0.9:
        return
    answers = [_answer(random, item) for _ in range(random.randint(1, 3) if item.repeats or random.random() < 0.1 else 1)]
    yield {"linkId": item.link_id, "answer": [{**each, "item": answered(random, item.items)} if item.items else each for each in answers]}


def _answer(random: Random, item: Item) -> dict[str, Any]:
    kind = KIND[item.type]
    if item.type is ItemType.OPEN_CHOICE and random.random() < 0.3:
        kind = Kind.STRING
    options = [each for each in item.options if each.kind is kind]
    value = random.choice(options).value if options and random.random() < 0.9 else random.choice(POOL[kind])
    if kind is Kind.CODING:
        system, _, code = str(value).partition("|")
        return {"valueCoding": {"system": system, "code": code} if system else {"code": code}}
    if kind is Kind.QUANTITY:
        return {"valueQuantity": {"value": value, "code": random.choice(UNITS)}}
    return {f"value{kind}": {"url": value} if kind is Kind.ATTACHMENT else value}

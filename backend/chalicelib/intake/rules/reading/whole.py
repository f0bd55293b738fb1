"""What items have to do with each other: whom they ask for, of what they are reckoned, and that none of it runs in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.intake.records import Calculation, Item, ItemType, Option, Sum
from chalicelib.intake.rules.reading import conditions, items, ours
from chalicelib.intake.rules.reading.element import Element, Extension
from chalicelib.intake.rules.reading.outline import Entry

MOST_OF, MOST_OF_ALL = 100, 2_000  # questions that one item is reckoned of, and all items of a form together
MOST_CONDITIONS = 2_000
LONGEST_CHAIN = 100  # steps from an item to all that it depends on: deciding follows them one within the other
CHOSEN = (ItemType.CHOICE, ItemType.OPEN_CHOICE)
OF: dict[Sum, tuple[frozenset[ItemType], int | None, str]] = {
    Sum.ORDINALS: (frozenset(CHOSEN), None, "A sum is made of questions with options that have weights (ordinalValue)."),
    Sum.BMI: (
        frozenset({ItemType.DECIMAL, ItemType.INTEGER, ItemType.QUANTITY}),
        2,
        "It is made of two numbers: kilograms, then centimetres.",
    ),
    Sum.AGE: (frozenset({ItemType.DATE}), 1, "An age is made of one date."),
}
METRIC = ("kg", "cm")
Step = tuple[str, str]  # ("asked" or "value", link id)


def check(entries: Sequence[Entry]) -> None:
    """All of it; what is reckoned is in `about` then."""
    by_id = {entry.link_id: entry for entry in entries}
    _refuse_second_scores(entries)
    for entry in entries:
        for feature, name in (("enableWhen", "when"), ("requiredWhen", "required_when")):
            for condition in entry.about.get(name, ()):
                conditions.check(conditions.Asking(entry, condition, feature), by_id)
        _reckon(entry, entries, by_id)
        _inherit(entry)
        _settle_initial(entry)
        if (
            entry.type is ItemType.CHOICE
            and not entry.is_listed
            and not any(entry.about.get(each) for each in ("options", "hidden", "read_only"))
        ):
            entry.element.refuse("type choice", "There is nothing to choose from.")
    _check_amount(entries)
    _check_circles(entries, by_id)


def _refuse_second_scores(entries: Sequence[Entry]) -> None:
    """A group has one score of a name: each of them would be reckoned of all the group's choices."""
    seen: set[tuple[int, str]] = set()
    for entry in entries:
        if extension := entry.said("scored"):
            told = (id(entry.above), entry.about["score"])
            if told in seen:
                extension.wrong("Its group has this score already.")
                del entry.about["scored"]
            seen.add(told)


def _check_amount(entries: Sequence[Entry]) -> None:
    """That all conditions, and all that is reckoned, are not too much together."""
    found = asked = 0
    for entry in entries:
        asked += len(entry.about.get("when", ())) + len(entry.about.get("required_when", ()))
        if asked > MOST_CONDITIONS:
            entry.element.refuse("enableWhen", f"There are more than {MOST_CONDITIONS:,} conditions in this form.")
            return
        calculated: Calculation | None = entry.said("calculated")
        found += len(calculated.of) if calculated else 0
        if found > MOST_OF_ALL:
            entry.element.refuse("extension calculated", f"What is reckoned in this form names more than {MOST_OF_ALL:,} questions.")
            return


def _settle_initial(entry: Entry) -> None:
    """What stands there first is the value of what nobody is asked for; else a page begins empty, which is told."""
    told: tuple[Option, ...] = entry.about["initial"]
    if not told:
        return
    if entry.said("calculated"):
        entry.element.ignore("initial", "It is reckoned, whatever stood there first.")
    elif not entry.said("hidden") and not entry.said("read_only"):
        entry.element.ignore(
            "initial", "Patients answer this themselves: nothing stands there first. What is known is offered by prefillFrom."
        )
    else:
        entry.about["initial"] = told[:1]
        if len(told) > 1:
            entry.element.ignore("initial", "Only the first value stands there.")
        return
    entry.about["initial"] = ()


def _inherit(entry: Entry) -> None:
    above = entry.above
    if above and above.said("hidden"):
        entry.about["hidden"] = True
    if above and above.said("read_only") and above.type is ItemType.GROUP:
        entry.about["read_only"] = True


def _reckon(entry: Entry, entries: Sequence[Entry], by_id: Mapping[str, Entry]) -> None:
    reckoned, scored = entry.about.pop("reckoned", None), entry.about.pop("scored", None)
    if reckoned and scored:
        scored.wrong("A score is reckoned already.")
    elif reckoned:
        _calculate(entry, reckoned, by_id)
    elif scored:
        _score(entry, scored, entries)


def _calculate(entry: Entry, reckoned: tuple[Sum, tuple[str, ...], Extension], by_id: Mapping[str, Entry]) -> None:
    kind, of, extension = reckoned
    types, count, why = OF[kind]
    found = [by_id[link_id] for link_id in of if link_id in by_id]
    if len(of) > MOST_OF or len(set(of)) < len(of):
        extension.wrong(f"It is reckoned of at most {MOST_OF} questions, and of none of them twice.")
    elif len(found) != len(of):
        extension.wrong("It is reckoned of a question that is not in this form.")
    elif len(found) != (count or len(found)) or not all(each.type in types for each in found):
        extension.wrong(why)
    elif kind is Sum.ORDINALS and not any(map(_is_weighed, found)):
        extension.wrong("None of the options that are added up has a weight (ordinalValue).")
    elif kind is Sum.BMI and any(
        each.type is ItemType.QUANTITY and each.said("units") != (unit,) for each, unit in zip(found, METRIC, strict=True)
    ):
        extension.wrong("It is reckoned of kilograms and centimetres: let no other unit be answered.")
    else:
        entry.about["calculated"] = Calculation(kind=kind, of=of)


def _score(entry: Entry, extension: Extension, entries: Sequence[Entry]) -> None:
    """Of the group that it stands in, and all that is below that."""
    within = list(_below(entry.above.below if entry.above else [each for each in entries if not each.above]))
    of = tuple(each.link_id for each in within if _is_weighed(each))
    if not of:
        extension.wrong("There are no weighed options (ordinalValue) in its group.")
    elif len(of) > MOST_OF:
        extension.wrong(f"A score is reckoned of at most {MOST_OF} questions, and its group has {len(of)} that weigh.")
        return
    else:
        entry.about["calculated"] = Calculation(kind=Sum.ORDINALS, of=of)
    if len(of) != ours.SCORES.get(entry.about["score"], len(of)):
        extension.warn(extension.feature, f"This score adds up {ours.SCORES[entry.about['score']]} questions, and its group has {len(of)}.")
    if not entry.said("read_only"):
        extension.warn(extension.feature, "Nobody is asked for a score: it should be readOnly.")


def _below(entries: Sequence[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _below(entry.below)


def _is_weighed(entry: Entry) -> bool:
    return entry.type in CHOSEN and any(option.ordinal is not None for option in entry.about.get("options", ()))


def _check_circles(entries: Sequence[Entry], by_id: Mapping[str, Entry]) -> None:
    """Depth first without recursion: who depends on himself is refused, and who depends on too many in a row."""
    lengths: dict[Step, int] = {}
    for entry in entries:
        _follow(("value", entry.link_id), by_id, lengths)


def _follow(begin: Step, by_id: Mapping[str, Entry], lengths: dict[Step, int]) -> None:
    path: dict[Step, Iterator[Step]] = {} if begin in lengths else {begin: _steps(begin, by_id)}
    while path:
        at = next(reversed(path))
        step = next((each for each in path[at] if each not in lengths), None)
        if step is None:
            del path[at]
            lengths[at] = 1 + max((lengths.get(each, 0) for each in _steps(at, by_id)), default=0)
            if lengths[at] == LONGEST_CHAIN:
                by_id[at[1]].element.refuse("enableWhen", "Too many questions depend on each other in a row.")
        elif step in path:
            by_id[at[1]].element.refuse(*_circle(at, step))
            lengths[step] = 0
        else:
            path[step] = _steps(step, by_id)


def _circle(at: Step, step: Step) -> tuple[str, str]:
    if at[0] == step[0] == "value":
        return "extension calculated", "It is reckoned of something that depends on it."
    return "enableWhen", "Whether it is asked depends, in the end, on itself."


def _steps(step: Step, by_id: Mapping[str, Entry]) -> Iterator[Step]:
    """What deciding looks at next, for whether an item is asked or for what it says."""
    kind, link_id = step
    entry = by_id[link_id]
    if kind == "value":
        yield "asked", link_id
        calculated: Calculation | None = entry.about.get("calculated")
        told: Sequence[str] = calculated.of if calculated else ()
    else:
        if entry.above:
            yield "asked", entry.above.link_id
        told = [each.question for each in entry.about.get("when", ())]
    yield from (("value", each) for each in told if each in by_id)


def assemble(entries: Sequence[Entry]) -> tuple[Item, ...]:
    """The items themselves, each made after those below it."""
    made: dict[int, Item] = {}
    for entry in reversed(entries):
        below = [each for each in entry.below if not _is_help(each)]
        about = entry.about
        written = [each.about["text"] for each in entry.below if _is_help(each)]
        about["help"] = next((each for each in [*written, about.pop("format", {})] if each), {})
        made[id(entry)] = Item(link_id=entry.link_id, type=entry.type, items=tuple(made[id(each)] for each in below), **about)
    return tuple(made[id(entry)] for entry in entries if not entry.above)


def _is_help(entry: Entry) -> bool:
    """Words that belong to the question above them; those that are not always there stay by themselves."""
    always = not entry.about["when"] and not entry.about.get("hidden")
    return entry.about.get("control") in items.HELPS and entry.above is not None and always


def check_below(entries: Sequence[Entry]) -> None:
    """That nothing is asked below a question that is answered several times."""
    for entry in entries:
        asks = entry.type not in (ItemType.GROUP, ItemType.DISPLAY)
        if asks and entry.said("repeats") and any(each.type is not ItemType.DISPLAY for each in entry.below):
            entry.element.refuse("repeats", "Nothing can be asked below each of several answers: make it a group that repeats.")


def check_texts(entries: Sequence[Entry], whole: Element) -> None:
    """That texts have nothing to ask below them, and that there is anything in the form."""
    if not entries:
        whole.refuse("item", "There is nothing in this form.")
    for entry in entries:
        if entry.type is ItemType.DISPLAY and any(not _is_help(each) for each in entry.below):
            entry.element.refuse("item", "Nothing can be asked below a text: make it a group.")

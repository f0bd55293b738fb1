"""What there is to choose from: written with the question, or in a list that stands in the same document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.clinics.records import Words
from chalicelib.intake.records import ItemType, Kind, Option
from chalicelib.intake.rules.reading import plain
from chalicelib.intake.rules.reading.element import STANDARD, Element, Extension
from chalicelib.intake.rules.reading.outline import Entry
from chalicelib.intake.rules.reading.plain import Typed
from chalicelib.intake.rules.reading.report import Report

MOST, MOST_LETTERS = 10_000, 2_000_000  # options in all lists of a form, and characters of their words: a list can be named often
CHOSEN = (Kind.CODING, Kind.STRING, Kind.INTEGER, Kind.DATE, Kind.TIME)
WITH_OPTIONS = frozenset({ItemType.STRING, ItemType.TEXT, ItemType.INTEGER, ItemType.DATE, ItemType.TIME})
PUBLISH = "Publish the list with the form: as a contained ValueSet with all its codes."


class Lists:
    """The value sets of a document, each read when it is first asked for, and how many options there are in all."""

    def __init__(self, whole: Element) -> None:
        self.count = self.letters = 0
        self._written: dict[str, Mapping[str, Any]] = {}
        self._read: dict[str, list[Option]] = {}
        for each in whole.elements("contained"):
            if each.parts.get("resourceType") == "ValueSet":
                self._written |= dict.fromkeys((f"#{each.name('id')}", each.name("url")), each.parts)

    def options(self, entry: Entry) -> tuple[Option, ...]:
        """What a question has to choose from; nothing where that was refused."""
        element = entry.element
        written, named = element.elements("answerOption"), element.name("answerValueSet")
        entry.is_listed = bool(written or named)
        if written and named:
            element.refuse("answerValueSet", "Either a list is named or its options are written, not both.")
        found = [option for each in written if (option := _option(each))]
        if named:
            if named not in self._read:
                self._read[named] = list(self._of_list(element, named))
            found += self._read[named]
            if not self._read[named]:
                del self._read[named]  # what is wrong with it is told wherever it is named
        self.count += len(found)
        if self.count > MOST:
            element.refuse("answerOption", f"The form has more than {MOST:,} options.")
            return ()
        self.letters += sum(len(words) for each in found for words in each.text.values())
        if self.letters > MOST_LETTERS:
            element.refuse("answerOption", f"All options of the form together have more than {MOST_LETTERS:,} characters.")
            return ()
        return tuple(_once(element, found))

    def _of_list(self, element: Element, named: str) -> Iterator[Option]:
        element.needs("L1" if named in self._written or named.startswith("#") else "L3")
        if named not in self._written:
            missing = "The list that is named here is not in the document." if named.startswith("#") else PUBLISH
            element.refuse("answerValueSet", missing)
            return
        concepts = list(_concepts(Element(self._written[named], element.report, element.spot)))
        if not concepts:
            element.refuse("answerValueSet", PUBLISH)
        for concept in concepts[: MOST + 1]:
            coding = plain.typed(Kind.CODING, concept.parts)
            if coding is None:
                element.refuse("answerValueSet", "Every concept of a list needs a code.")
                return
            yield Option(value=coding.value, text=_words_of_concept(concept, coding), ordinal=_details(concept).get("ordinal"))


def read(entry: Entry, lists: Lists) -> None:
    """The options of a question, and what follows of them for its type."""
    found, element = lists.options(entry), entry.element
    chosen = entry.type in (ItemType.CHOICE, ItemType.OPEN_CHOICE)
    if found and entry.type in WITH_OPTIONS:
        entry.type = ItemType.CHOICE
    elif found and not chosen:
        element.refuse("answerOption", "A question of this type has nothing to choose from.")
    if found:
        entry.about["options"] = found


def _once(element: Element, options: list[Option]) -> Iterator[Option]:
    seen: set[tuple[Kind, Any]] = set()
    for each in options:
        if (each.kind, each.value) in seen:
            element.ignore("answerOption", "An option stands there twice; the first of them counts.")
        else:
            yield each
        seen.add((each.kind, each.value))


def _option(element: Element) -> Option | None:
    found = element.typed("value", CHOSEN)
    if found is None:
        return None
    about = _details(element)
    if found.kind is Kind.CODING:
        coding = element.element("valueCoding")
        about = _details(coding) | about
        text = _words_of_concept(coding, found)
    else:
        text = element.words("valueString") if found.kind is Kind.STRING else {element.report.language: str(found.value)}
    return Option(kind=found.kind, value=found.value, text=text, initial=element.flag("initialSelected"), **about)


def _words_of_concept(concept: Element, coding: Typed) -> Words:
    """What a code is called: its display with its translations, or else the code itself."""
    found = concept.words("display") or {concept.report.language: str(coding.value).partition("|")[2]}
    for each in concept.elements("designation") if "designation" in concept.parts else ():
        language, words = plain.language(each.name("language")), each.words("value").get(concept.report.language, "")
        if language and words and language not in found:
            found = found | {language: words}
    return found


def _details(element: Element) -> dict[str, Any]:
    """What extensions say of an option: its weight, what stands before it, whether it excludes all others."""
    about: dict[str, Any] = {}
    for each in element.extensions():
        reader = READERS.get(each.url)
        if reader is None:
            each.ignored("We do not know what it says of an option.")
        else:
            name, value = reader(each)
            about[name] = value
    return about


def _ordinal(extension: Extension) -> tuple[str, Any]:
    found = extension.number(-1_000_000, 1_000_000, whole=False)
    return "ordinal", None if found is None else float(found)


READERS: dict[str, Callable[[Extension], tuple[str, Any]]] = {
    f"{STANDARD}ordinalValue": _ordinal,
    f"{STANDARD}itemWeight": _ordinal,  # what later editions call it
    f"{STANDARD}questionnaire-optionPrefix": lambda each: ("prefix", each.written()),
    f"{STANDARD}questionnaire-optionExclusive": lambda each: ("alone", each.told()),
}


def _concepts(valueset: Element) -> Iterator[Element]:
    """Every concept of a list: as it was expanded, or else as it was written; nothing where it is not written out."""
    expanded = valueset.element("expansion").elements("contains")
    if expanded:
        yield from _expanded(expanded)
        return
    composed = valueset.element("compose")
    if composed.elements("exclude"):
        return
    included = composed.elements("include")
    if all(each.elements("concept") and "filter" not in each.parts and "valueSet" not in each.parts for each in included):
        for each in included:
            yield from (_within(concept, each.name("system"), valueset.report) for concept in each.elements("concept"))


def _expanded(contains: list[Element]) -> Iterator[Element]:
    waiting = contains[::-1]
    while waiting:
        each = waiting.pop()
        if not each.flag("abstract") and not each.flag("inactive"):
            yield each
        waiting += each.elements("contains")[::-1]


def _within(concept: Element, system: str, report: Report) -> Element:
    return Element(concept.parts | {"system": system}, report, concept.spot)

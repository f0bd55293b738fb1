"""One item, read of its part of the document; what it has to do with others comes later (`whole`)."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.intake.records import OURS, ItemType, Kind, Option
from chalicelib.intake.rules import answers
from chalicelib.intake.rules.reading import bounds, conditions, expressions, options, ours
from chalicelib.intake.rules.reading.element import STANDARD, Extension
from chalicelib.intake.rules.reading.options import Lists
from chalicelib.intake.rules.reading.outline import Entry

CONTROL = "extension questionnaire-itemControl"
HELPS = frozenset({"help", "flyover"})
LONGEST_PREFIX = 255
AS_OTHERS = "It is shown as all others of its type are."
READ = frozenset(
    {
        *("id", "linkId", "text", "type", "prefix", "required", "repeats", "readOnly", "maxLength", "enableWhen", "enableBehavior"),
        *("answerOption", "answerValueSet", "initial", "item", "extension", "modifierExtension", "_text"),
    }
)
KNOWN = {"code": "Codes of questions are not kept.", "definition": "Definitions of questions are not kept."}
INITIAL = tuple(kind for kind in Kind if kind not in (Kind.QUANTITY, Kind.ATTACHMENT))

Reader = Callable[[Entry, Extension], None]


def hidden(entry: Entry, extension: Extension) -> None:
    """Nobody sees it, nor what is below."""
    entry.about["hidden"] = extension.told()


def item_control(entry: Entry, extension: Extension) -> None:
    """How it is shown, by a code of FHIR's."""
    coding = extension.element("valueCodeableConcept").elements("coding")
    entry.about["control"] = coding[0].name("code") if coding else ""
    if not coding:
        extension.ignored(AS_OTHERS)


def choice_orientation(_: Entry, extension: Extension) -> None:
    """Across or down, which the width of the page decides."""
    extension.ignored("Options stand as there is room for them.")


def entry_format(entry: Entry, extension: Extension) -> None:
    """How to write the answer, in a few words."""
    entry.about["format"] = extension.words("valueString")
    if not entry.about["format"]:
        extension.wrong("It needs a valueString.")


READERS: dict[str, tuple[Reader, frozenset[ItemType], bool]] = {
    "questionnaire-hidden": (hidden, ours.ANY, False),
    "questionnaire-itemControl": (item_control, ours.ANY, False),
    "questionnaire-choiceOrientation": (choice_orientation, ours.ANY, True),
    "entryFormat": (entry_format, ours.QUESTIONS, False),
}
BY_URL = {f"{STANDARD}{name}": reader for name, reader in (bounds.READERS | READERS).items()} | {
    f"{OURS}{name}": reader for name, reader in ours.READERS.items()
}


def read(entry: Entry, lists: Lists) -> None:
    """All that its part says; `entry.about` has it then."""
    element, about = entry.element, entry.about
    about |= {"text": element.words("text"), "prefix": element.name("prefix", LONGEST_PREFIX)}
    about |= {"required": element.flag("required"), "repeats": element.flag("repeats"), "read_only": element.flag("readOnly")}
    bounds.max_length(entry)
    _extensions(entry)
    options.read(entry, lists)
    about["when"] = tuple(conditions.of_item(entry))
    about["initial"] = tuple(_initial(entry))
    bounds.settle(entry)
    ours.settle(entry)
    _settle(entry)
    expressions.beside(element, READ, KNOWN)


def _extensions(entry: Entry) -> None:
    seen: set[str] = set()
    for each in entry.element.extensions():
        found = BY_URL.get(each.url)
        if found is None:
            expressions.told(each)
            continue
        reader, types, several = found
        if entry.type not in types:
            (each.wrong if each.url.startswith(OURS) else each.ignored)("It says nothing of items of this type.")
        elif each.url in seen and not several:
            each.wrong("It stands there twice.")
        else:
            each.needs("L1" if each.last in bounds.READERS else "L0")
            reader(entry, each)
        seen.add(each.url)


def _initial(entry: Entry) -> list[Option]:
    """What stands there before anybody answers."""
    element, kinds = entry.element, answers.KINDS.get(entry.type, ())
    given = element.elements("initial")
    if given and not set(kinds) & set(INITIAL):
        element.ignore("initial", "Nothing can stand there before somebody answers.")
        return []
    selected = [each for each in entry.about.get("options", ()) if each.initial]
    if selected and given:
        element.ignore("initialSelected", "What stands there first is said by initial.")
    found = [typed for each in given if (typed := each.typed("value", tuple(kind for kind in kinds if kind in INITIAL)))]
    told = [Option(kind=each.kind, value=each.value) for each in (found or ([] if given else selected))]
    if len(told) > 1 and not entry.said("repeats"):
        element.ignore("initial", "It does not repeat, so that only the first value stands there.")
        del told[1:]
    return [each for each in told if _is_offered(entry, each)]


def _is_offered(entry: Entry, initial: Option) -> bool:
    offered = {(each.kind, each.value) for each in entry.about.get("options", ())}
    if not offered or (initial.kind, initial.value) in offered or (entry.type, initial.kind) == (ItemType.OPEN_CHOICE, Kind.STRING):
        return True
    entry.element.ignore("initial", "What should stand there is none of the options.")
    return False


def _is_shown_so(entry: Entry, control: str) -> bool:
    """Whether pages do what it says; what they do anyhow is done too."""
    if control in HELPS:
        return entry.type is ItemType.DISPLAY
    if control == "page":
        return entry.type is ItemType.GROUP and entry.above is None
    several = bool(entry.about["repeats"])
    if entry.type is ItemType.BOOLEAN:
        return control == ("check-box" if entry.said("consent") else "radio-button")
    return entry.type in ours.CHOSEN and control in (("check-box",) if several else ("drop-down", "radio-button"))


def _settle(entry: Entry) -> None:
    about, element = entry.about, entry.element
    if about.get("control") and not _is_shown_so(entry, about["control"]):
        element.ignore(CONTROL, AS_OTHERS)
        del about["control"]
    if entry.type is ItemType.DISPLAY and (about["required"] or about["repeats"]):
        element.ignore("required", "A text asks for nothing.")
        about |= {"required": False, "repeats": False}
    if (
        entry.type is ItemType.GROUP
        and not about["repeats"]
        and any(about.get(each) for each in ("required", "required_when", "min_occurs"))
    ):
        element.ignore("required", "A group that is there once is not required itself: the questions in it are.")
    if about["repeats"]:
        element.needs("L2" if entry.type is ItemType.GROUP else "L1")
    if entry.below and entry.type is not ItemType.GROUP:
        element.needs("L1")
    if not about["text"] and entry.type not in (ItemType.GROUP, ItemType.DISPLAY):
        element.warn("text", "The question has no words.")

"""What is not read: what a form can do without is told, and what it cannot is refused."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.intake.rules.reading.element import Element, Extension

PREFIXES = ("sdc-questionnaire-", "questionnaire-")
# What decides about answers by expressions (FHIRPath, CQL) or by other documents, by what it is called without its prefix.
REFUSED = {
    "enableWhenExpression": ("L5", "Whether this is asked depends on an expression: say it by conditions (enableWhen)."),
    "answerExpression": ("L5", "What there is to choose from depends on an expression: write the options down."),
    "answerOptionsToggleExpression": ("L5", "Which options there are depends on an expression: ask two questions instead."),
    "constraint": ("L5", "Answers are checked by an expression: bind them by lengths, patterns and values."),
    "targetConstraint": ("L5", "Answers are checked by an expression: bind them by lengths, patterns and values."),
    "subQuestionnaire": ("rest", "A part of this form is another document: put its questions in here."),
    "answerRepeats": ("rest", "How often this is asked depends on other answers: let the group repeat."),
}
IGNORED = {
    "initialExpression": ("L4", "Nothing is filled in by an expression: name the source by prefillFrom."),
    "calculatedExpression": (
        "L4",
        "Nothing is reckoned by an expression: patients are asked, unless it is calculated by our own extension.",
    ),
    "variable": ("L4", "It is only used by expressions."),
    "launchContext": ("L4", "It is only used by expressions."),
    "designNotes": ("L0", "Notes of the author are not kept."),
}
CQF = "cqf-expression"
WORDS_ONLY = frozenset({"_text", "_title", "_prefix", "_description", "_copyright"})


def told(extension: Extension) -> None:
    """An extension that nobody reads."""
    name = extension.last
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    name = "answerRepeats" if name.startswith("answerRepeats") else name
    level, why = REFUSED.get(name) or IGNORED.get(name) or ("L0", "We do not know this extension.")
    extension.needs(level)
    (extension.wrong if name in REFUSED else extension.ignored)(why)


def beside(element: Element, read: frozenset[str], known: Mapping[str, str]) -> None:
    """The elements of an item, or of the form, that nobody reads; `known` says why of those that FHIR has."""
    for name in element.parts:
        if name in read:
            continue
        if name.startswith("_") and name not in WORDS_ONLY and _is_reckoned(element.parts[name]):
            element.needs("L5")
            element.refuse(name[1:], "This depends on an expression: write down what it is.")
        else:
            element.ignore(name, known.get(name, "We do not know it."))


def _is_reckoned(given: object) -> bool:
    extensions = given.get("extension") if isinstance(given, dict) else None
    listed = extensions if isinstance(extensions, list) else []
    urls = [each.get("url") for each in listed if isinstance(each, dict)]
    return any(isinstance(url, str) and url.endswith(CQF) for url in urls)

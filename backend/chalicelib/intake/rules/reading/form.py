"""A Questionnaire (FHIR R4) read into our profile, with what was noticed on the way."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.intake.records import Form, PublicationStatus, Reading
from chalicelib.intake.rules.reading import expressions, items, options, outline, plain, whole
from chalicelib.intake.rules.reading.element import Element
from chalicelib.intake.rules.reading.report import Report, Spot

FORMS = "https://anteroom.example/fhir/Questionnaire/"  # of forms that have no url of their own
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s|#]+")
VERSION = re.compile(r"[^\s|#]{1,64}")
OTHERS = re.compile(r"[^a-z0-9]+")
LONGEST_SLUG = 40
IMPLICIT = "The rules that it names are not applied."
READ = frozenset(
    {
        *("resourceType", "url", "version", "status", "language", "title", "_title", "description", "_description"),
        *("copyright", "_copyright", "item", "contained", "extension", "modifierExtension"),
        # Of those below nothing would be seen by patients, and nothing is lost while the document itself is kept.
        *("id", "meta", "identifier", "name", "experimental", "subjectType", "date", "publisher", "contact", "jurisdiction"),
        *("purpose", "approvalDate", "lastReviewDate", "effectivePeriod"),
    }
)
KNOWN = {
    "text": "The words of the questions are shown, not the prepared view (text.div).",
    "code": "Codes of forms are not kept.",
    "derivedFrom": "It stands for itself, whatever it was made from.",
    "useContext": "Where it is used is decided here, not in the document.",
    "implicitRules": IMPLICIT,
}


def read(document: object) -> Reading:
    """Any JSON value, as a form; a line says what was noticed, and without a form one at least says why there is none. Never raises."""
    report = Report()
    questionnaire = Element(document, report, Spot())
    if questionnaire.parts.get("resourceType") != "Questionnaire":
        questionnaire.refuse("resourceType", "This is not a Questionnaire of FHIR's.")
        return Reading(None, report.lines, report.level)
    about = _about(questionnaire)
    entries = outline.outline(questionnaire)
    lists = options.Lists(questionnaire)
    for entry in entries:
        items.read(entry, lists)
    whole.check(entries)
    whole.check_texts(entries, questionnaire)
    whole.check_below(entries)
    form = None if report.refused else Form(items=whole.assemble(entries), **about)
    return Reading(form, report.lines, report.level)


def _about(questionnaire: Element) -> dict[str, Any]:
    """What is said of the form as such."""
    report = questionnaire.report
    report.language = plain.language(questionnaire.name("language")) or report.language
    url, version = questionnaire.name("url"), questionnaire.name("version")
    if not url and questionnaire.parts.get("url") in (None, ""):
        url = FORMS + slug(questionnaire.name("name") or questionnaire.name("id") or questionnaire.name("title"))
        questionnaire.warn("url", "It has no url. It gets one of ours, which answers will name.")
    if not version and questionnaire.parts.get("version") in (None, ""):
        version = "0"
        questionnaire.warn("version", "It has no version. It gets one when it is published.")
    if not ADDRESS.fullmatch(url):
        questionnaire.refuse("url", "A url is an address without a version: answers name it.")
    if not VERSION.fullmatch(version):
        questionnaire.refuse("version", "A version is one word: answers name it.")
    for each in questionnaire.extensions():
        expressions.told(each)
    expressions.beside(questionnaire, READ, KNOWN)
    title = questionnaire.words("title") or {report.language: questionnaire.name("name") or slug(url)}
    about: dict[str, Any] = {name: questionnaire.words(name) for name in ("description", "copyright")}
    return about | {"id": slug(url), "url": url, "version": version, "status": _status(questionnaire), "title": title}


def _status(questionnaire: Element) -> PublicationStatus:
    found = questionnaire.name("status")
    if found in set(PublicationStatus):
        return PublicationStatus(found)
    questionnaire.warn("status", "It is not said whether this is in use: it is read as a draft.")
    return PublicationStatus.DRAFT


def slug(url: str) -> str:
    """The last part of a url, as we name forms: 2 to 40 small letters, digits and hyphens, a letter first."""
    last = next((each for each in reversed(re.split(r"[/:]", url.lower())) if OTHERS.sub("", each)), "")
    found = OTHERS.sub("-", last).strip("-")
    return (found if len(found) > 1 and found[0].isalpha() else f"form-{found}")[:LONGEST_SLUG].rstrip("-")

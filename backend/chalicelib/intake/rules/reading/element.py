"""A part of a document whose author is not trusted with anything: what is asked of it is of the right type, or is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.clinics.records import Words
from chalicelib.intake.records import Kind, Verdict
from chalicelib.intake.rules import answers
from chalicelib.intake.rules.reading import plain
from chalicelib.intake.rules.reading.plain import LONGEST_NAME, Typed
from chalicelib.intake.rules.reading.report import Report, Spot

STANDARD = "http://hl7.org/fhir/StructureDefinition/"
TRANSLATION = f"{STANDARD}translation"


class Element:
    """A JSON object at a place of the form; empty where there is none."""

    def __init__(self, given: object, report: Report, spot: Spot) -> None:
        self.parts: dict[str, Any] = given if isinstance(given, dict) else {}
        self.report, self.spot = report, spot

    def refuse(self, feature: str, why: str) -> None:
        """There will be no form because of it."""
        self.report.tell(Verdict.REFUSED, self.spot, feature, why)

    def ignore(self, feature: str, why: str) -> None:
        """The form does without it."""
        self.report.tell(Verdict.IGNORED, self.spot, feature, why)

    def warn(self, feature: str, why: str) -> None:
        """It works, and should be looked at."""
        self.report.tell(Verdict.WORKS, self.spot, feature, why)

    def needs(self, level: str) -> None:
        """A feature of that level was met."""
        self.report.needs(level)

    def flag(self, name: str) -> bool:
        """True or false; false where it is not said."""
        given = self.parts.get(name, False)
        if not isinstance(given, bool):
            self.refuse(name, "Only true or false can stand here.")
        return given is True

    def name(self, name: str, longest: int = LONGEST_NAME) -> str:
        """Something written that is not for reading: a code, an address; empty where it is not there."""
        given = self.parts.get(name, "")
        if isinstance(given, str) and len(given) <= longest and plain.is_text(given):
            return given.strip()
        self.refuse(name, f"This must be text of at most {longest:,} characters.")
        return ""

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number within bounds; None where it is refused."""
        number = plain.number(self.parts.get(name), whole=True)
        if number is None or not least <= number <= most:
            self.refuse(name, f"This must be a whole number from {least:,} to {most:,}.")
            return None
        return int(number)

    def element(self, name: str) -> Element:
        """What is below; an empty one where it is not there."""
        given = self.parts.get(name, {})
        if not isinstance(given, dict):
            self.refuse(name, "This must be a JSON object.")
        return Element(given, self.report, self.spot)

    def elements(self, name: str) -> list[Element]:
        """All that stand in a list."""
        given = self.parts.get(name, [])
        listed = given if isinstance(given, list) else [None]
        if not all(isinstance(each, dict) for each in listed):
            self.refuse(name, "This must be a list of JSON objects.")
        return [Element(each, self.report, self.spot) for each in listed if isinstance(each, dict)]

    def extensions(self) -> list[Extension]:
        """Its extensions. What modifies the meaning of all the rest cannot be done without."""
        if "modifierExtension" in self.parts:
            self.needs("rest")
            self.refuse("modifierExtension", "It changes what this part means, in a way that we do not know.")
        return [Extension(each.parts, self.report, self.spot) for each in self.elements("extension")]

    def words(self, name: str) -> Words:
        """Words for reading, in the document's language and in those that they are translated to."""
        given = self.parts.get(name, "")
        told = given if isinstance(given, str) and plain.is_text(given) else None
        if told is None or len(told) > answers.LONGEST:
            self.refuse(name, f"This must be text of at most {answers.LONGEST:,} characters.")
            return {}
        found = {self.report.language: told} if told.strip() else {}
        for each in self.element(f"_{name}").extensions() if f"_{name}" in self.parts else ():
            if each.url == TRANSLATION:
                found = found | {language: words for language, words in each.translation() if language not in found}
            else:
                each.ignored(f"The words stay as they are written ({name}).")
        return found

    def typed(self, prefix: str, kinds: tuple[Kind, ...]) -> Typed | None:
        """Its one value[x] or answer[x]; None where it is refused."""
        names = [name for name in self.parts if name.startswith(prefix) and name[len(prefix) : len(prefix) + 1].isupper()]
        kind = next((kind for kind in kinds if names == [f"{prefix}{kind}"]), None)
        found = None if kind is None else plain.typed(kind, self.parts[names[0]])
        if found is None:
            wanted = ", ".join(f"{prefix}{kind}" for kind in kinds)
            self.refuse(names[0] if len(names) == 1 else prefix, f"Exactly one value is needed here, and one that is right: {wanted}.")
        return found


class Extension(Element):
    """An extension; `last` is the last part of its url, by which people call it."""

    def __init__(self, given: object, report: Report, spot: Spot) -> None:
        super().__init__(given, report, spot)
        self.url = self.name("url")
        self.last = self.url.rstrip("/").rpartition("/")[2]
        if not self.url:
            self.refuse("extension", "An extension has a url.")

    @property
    def feature(self) -> str:
        """What it is called in lines."""
        return f"extension {self.last}"

    def ignored(self, why: str) -> None:
        """The form does without it."""
        self.ignore(self.feature, why)

    def wrong(self, why: str) -> None:
        """It is one of those that are read, and cannot be read."""
        self.refuse(self.feature, why)

    def given(self, *names: str) -> Any:
        """The first of some value[x] that it has; None."""
        return next((self.parts[name] for name in names if name in self.parts), None)

    def told(self) -> bool:
        """Its valueBoolean."""
        found = self.given("valueBoolean")
        if not isinstance(found, bool):
            self.wrong("It needs a valueBoolean.")
        return found is True

    def written(self, longest: int = LONGEST_NAME) -> str:
        """Its valueCode or valueString; empty where it is refused."""
        found = self.given("valueCode", "valueString", "valueMarkdown")
        if isinstance(found, str) and found.strip() and len(found) <= longest and plain.is_text(found):
            return found
        self.wrong(f"It needs a valueCode or valueString of at most {longest:,} characters.")
        return ""

    def number(self, least: float, most: float, *, whole: bool = True) -> float | None:
        """Its valueInteger, or where it need not be whole its valueDecimal; None where it is refused."""
        names = ("valueInteger", "valuePositiveInt", "valueUnsignedInt") + (() if whole else ("valueDecimal",))
        found = plain.number(self.given(*names), whole=whole)
        if found is None or not least <= found <= most:
            self.wrong(f"It needs a {'whole ' if whole else ''}number from {least:,} to {most:,}.")
            return None
        return found

    def below(self, url: str) -> list[Extension]:
        """The parts that it is made of, of one name."""
        return [each for each in self.extensions() if each.url == url]

    def one(self, url: str) -> Extension | None:
        """A part that there is exactly once; None where it is refused."""
        found = self.below(url)
        if len(found) != 1:
            self.wrong(f"It needs exactly one part “{url}”.")
            return None
        return found[0]

    def translation(self) -> Iterator[tuple[str, str]]:
        """The language and the words of a translation."""
        language, content = self.one("lang"), self.one("content")
        if not language or not content:
            return
        found = plain.language(language.written())
        if not found:
            language.wrong("Name the language by its code, as in “es”.")
        words = content.written(answers.LONGEST)
        if found and words:
            yield found, words

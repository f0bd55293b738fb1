"""Words in the page's language: the catalogues of the templates, and names of days, times and languages."""

from __future__ import annotations

import gettext
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NoReturn

from babel import Locale, dates, lists
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chalicelib.clinics.records import Window, Words
from chalicelib.kit import text, zone
from chalicelib.portals.rules.problems import Untranslated

SOURCE = "en"  # the language the templates are written in


class _NotThere(gettext.NullTranslations):
    """Asked last: the catalogue does not know the text."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def _missing(self, message: str) -> NoReturn:
        raise Untranslated(f"{message!r} has no words in {self.language!r}.")

    def gettext(self, message: str) -> str:
        self._missing(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self._missing(msgid1)


def catalogue(language: str, templates: Path) -> gettext.NullTranslations:
    """The translations of one language (`es`); an empty or fuzzy entry, or none at all, is Untranslated."""
    if language == SOURCE:
        return gettext.NullTranslations()
    path = templates / "locale" / f"{language}.po"
    if not path.is_file():
        raise Untranslated(f"There is no catalogue for {language!r}.")
    with path.open("rb") as opened:
        entries = read_po(opened, locale=language)
    compiled = BytesIO()
    for entry in entries:
        words = [entry.string] if isinstance(entry.string, str) else list(entry.string or [""])
        if entry.id and (entry.fuzzy or not all(words)):
            raise Untranslated(f"{entry.id!r} has no settled words in {language!r}.")
    write_mo(compiled, entries)
    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    translations.add_fallback(_NotThere(language))
    return translations


@lru_cache(maxsize=2048)
def _time(wall: str, tag: str) -> str:
    """`8:00 AM` for `08:00`, kept on one line."""
    hours, minutes = (int(part) for part in wall.split(":"))
    return text.time_label(zone.EPOCH.replace(hour=hours % 24, minute=minutes), tag).replace(" ", "\u00a0")


class Tongue:
    """How one language of a clinic says things. `tag` is BCP 47 (`es-US`), `primary` its first part."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.locale = Locale.parse(tag, sep="-")
        self.primary: str = self.locale.language
        self.direction: str = self.locale.text_direction

    def of(self, words: Words) -> str:
        """The words for the whole tag, else for its language; Untranslated without either."""
        found = words.get(self.tag) or words.get(self.primary)
        if not found:
            raise Untranslated(f"{next(iter(words.values()), '')!r} has no words in {self.primary!r}.")
        return found

    def weekday(self, day: int) -> str:
        """A day's full name as it stands in a sentence; 0 is Monday."""
        return text.locale(self.tag).days[day]

    def window(self, window: Window) -> str:
        """`8:00 AM – 12:00 PM`, as this language writes it."""
        return f"{_time(window.start, self.tag)} – {_time(window.end, self.tag)}"

    def date(self, day: date) -> str:
        """A calendar date in full."""
        return str(dates.format_date(day, "long", locale=self.locale))

    def date_order(self) -> list[str]:
        """In which order people write a date: `["month", "day", "year"]`."""
        pattern = str(dates.get_date_format("short", self.locale).pattern)
        return sorted(("day", "month", "year"), key=lambda part: pattern.index({"day": "d", "month": "M", "year": "y"}[part]))

    def example_date(self) -> str:
        """A date of birth as three numbers in this language's order: `3 31 1980`."""
        return " ".join({"day": "31", "month": "3", "year": "1980"}[part] for part in self.date_order())

    def spoken(self, languages: tuple[str, ...]) -> str:
        """`English and Spanish`, for language codes."""
        return str(lists.format_list([self.locale.languages[code] for code in languages], locale=self.locale))

    def own_name(self) -> str:
        """What the language calls itself: `Español`."""
        name: str = self.locale.languages[self.primary]
        return name[:1].upper() + name[1:]

"""A clinic's times, and answers with the files they name, in a reader's words."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import Beside, Item, Kind
from chalicelib.intake.rules import differing, labels, telling
from chalicelib.intake.rules.telling import Told
from chalicelib.intake.rules.values import Said
from chalicelib.kit import text, zone


def _file(one: Said) -> str:
    """The id of the document that an answer names."""
    return str(one.value).removeprefix(differing.FILE)


class Spoken:
    """The clinic's times, and answers, for a reader."""

    def __init__(self, clinic: Clinic, beside: Beside, tag: str) -> None:
        self.zone, self.tag, self.beside = clinic.zone, tag, beside
        self.kinds = {kind.id: kind for kind in clinic.documents}

    def label(self, at: datetime | None) -> str:
        """An instant in words; empty for none."""
        return text.short_label(zone.local(at, self.zone), self.tag) if at else ""

    def answer(self, item: Item, one: Said) -> str:
        """An answer; a file by what it is of."""
        file = self.beside.files.get(_file(one)) if one.kind is Kind.ATTACHMENT else None
        kind = self.kinds.get(file.kind) if file else None
        if file is None or kind is None:
            return telling.answer(item, one, self.tag)
        name = text.words(kind.name, self.tag)
        return labels.say("page-of", self.tag).format(name, file.page) if kind.pages > 1 else name

    def files(self, each: Told) -> list[str]:
        """The documents that can be looked at, by id."""
        named = [_file(one) for one in each.answers if one.kind is Kind.ATTACHMENT]
        return [name if name in self.beside.files else "" for name in named]

"""What is noticed while a form is read, and which level of the profile (docs: L0 to L5, rest) it needs."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.intake.records import Line, Verdict

LEVELS = ("L0", "L1", "L2", "L3", "L4", "L5", "rest")
MOST_LINES = 500  # of one verdict: nobody reads on, and the first of them says enough
SHOWN = 64  # characters of what is not ours


class Spot(NamedTuple):
    """Where in a form: a path of link ids, and the last of them as it was given."""

    place: str = ""
    link_id: str = ""


class Report:
    """Lines as they come. `language` is the document's own, of which all its plain words are."""

    def __init__(self) -> None:
        self.language = "en"
        self.level = LEVELS[0]
        self._lines: dict[Verdict, list[tuple[int, Line]]] = {verdict: [] for verdict in Verdict}

    def needs(self, level: str) -> None:
        """A feature of that level was met."""
        self.level = max(self.level, level, key=LEVELS.index)

    def tell(self, verdict: Verdict, spot: Spot, feature: str, why: str) -> None:
        """One line, unless it was told already or there are too many."""
        line = Line(spot.place, spot.link_id, shown(feature), verdict, why)
        told = self._lines[verdict]
        if len(told) < MOST_LINES and not (told and told[-1][1] == line):
            told.append((sum(map(len, self._lines.values())), line))

    @property
    def refused(self) -> bool:
        """Whether there will be no form."""
        return bool(self._lines[Verdict.REFUSED])

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of them, in their order."""
        return tuple(line for _, line in sorted((each for told in self._lines.values() for each in told), key=lambda each: each[0]))


def shown(text: str, longest: int = SHOWN) -> str:
    """A stranger's words, so that they can stand in a line: short, and nothing in them that cannot be seen."""
    return "".join(each if each.isprintable() else "?" for each in text[:longest])

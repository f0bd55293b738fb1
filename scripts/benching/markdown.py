"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Sequence


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table; numbers stand to the right."""
    right = [all(_is_number(row[column]) for row in rows) for column in range(len(heads))]
    return [_row(heads), _row(["--:" if each else "---" for each in right]), *map(_row, rows)]


def _is_number(text: str) -> bool:
    return not text or text.replace(",", "").replace(".", "", 1).replace("$", "", 1).isdecimal()


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

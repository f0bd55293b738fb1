"""What is reckoned of answers that are numbers or dates. portal_templates/intake/rules.js reckons the same."""

from __future__ import annotations

import math
from collections.abc import Iterator

from chalicelib.intake.records import Kind
from chalicelib.intake.rules import values
from chalicelib.intake.rules.values import Said


def bmi(kilograms: float, centimetres: float) -> float | None:
    """To one decimal; None for a height so small, or a weight so large, that there is no such number."""
    square = centimetres * centimetres
    found = 100_000 * kilograms / square if square > 0 else math.inf
    return math.floor(found + 0.5) / 10 if math.isfinite(found) else None


def years(one: Said, today: str) -> Iterator[float]:
    """Whole years since a full date that is not to come."""
    born = str(one.value)
    if one.kind is Kind.DATE and len(born) == len(today) and values.moment(one.kind, born) and born <= today:
        yield float(int(today[:4]) - int(born[:4]) - (today[4:] < born[4:]))

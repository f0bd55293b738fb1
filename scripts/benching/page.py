"""Renders what was found as one page of Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scripts.benching import bill_page, operations, publishing
from scripts.benching.cold import Cold
from scripts.benching.markdown import table
from scripts.benching.money import Bill, billed_ms
from scripts.benching.operations import Operation
from scripts.benching.publishing import Rate
from scripts.benching.weights import Weight

LARGEST_ZIP = 16_000_000
OF_ORDINARY, OF_BARE = 0.55, 1.8

OPERATIONS = (
    f"{operations.PROCESSES} fresh processes with the package alone play taped requests of a busy clinic again, ours and botocore's calls "
    "in turn; answers come from memory, so connections and TLS, which cost both the same, are in neither. Ratio: beside clients as "
    "botocore makes them, in brackets the least and the most of a process. Tuned: beside clients with our own settings (arguments "
    "unchecked, a fixed user agent). Units by DynamoDB's published rules. Lambda ms are worked out: CPU at the function's share of a "
    "processor, and usual waits."
)
PUBLISHING = (
    "Rendering only, from nothing, on one core; each row a fresh process. The bare loop has the same templates, contexts and globals, "
    "and comes second."
)


@dataclass(frozen=True)
class Found:
    """What each part found; None or empty where it was not asked for."""

    cold: Cold | None = None
    operations: Sequence[Operation] = ()
    bill: Bill | None = None
    rates: Sequence[Rate] = ()
    weights: Sequence[Weight] = ()


@dataclass(frozen=True)
class Verdict:
    """One target."""

    what: str
    wanted: str
    found: str
    met: bool


def render(found: Found, day: str) -> str:
    """The page."""
    lines = [f"# Bench of {day}", "", _machine(), ""]
    lines += _verdict_lines(verdicts(found))
    for part in (_cold, _operations, _bill, _publishing, _weights):
        lines += part(found)
    return "\n".join(lines).rstrip() + "\n"


def _machine() -> str:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return (
        f"`python3 scripts/bench.py` on {machine}. All times are CPU of the process, medians of fresh processes; "
        "what is compared took turns in the same run. Nothing ran on AWS."
    )


def verdicts(found: Found) -> Iterator[Verdict]:
    """Every target, and whether it is met."""
    if found.cold:
        cold = found.cold
        yield Verdict("Bytes of the API's zip", "at most 16 MB", f"{cold.lean_bytes / 1e6:.2f} MB", cold.lean_bytes <= LARGEST_ZIP)
        yield Verdict(
            "Imported on the ordinary path though few need it", "nothing", ", ".join(cold.lean.late) or "nothing", not cold.lean.late
        )
        yield _at_most("Cold start, of the ordinary zip of the same code", OF_ORDINARY, cold.of_ordinary)
        yield _at_most("Cold start, of a lean bare Chalice and botocore", OF_BARE, cold.of_bare)
    if found.operations:
        above = [f"{each.name} {each.ratio:.2f}" for each in found.operations if each.ratio > operations.WANTED]
        aimed = sum(each.ratio <= operations.AIM for each in found.operations)
        told = f"{'all' if not above else 'all but ' + ', '.join(above)}; {aimed} of {len(found.operations)} at most {operations.AIM}"
        yield Verdict("CPU of each operation, of botocore making the same calls", f"at most {operations.WANTED}", told, not above)
    if found.rates:
        _, median, _ = publishing.spread(found.rates)
        yield Verdict("Pages a second, of a bare Jinja loop", f"at least {publishing.WANTED}", f"{median:.2f}", median >= publishing.WANTED)


def _at_most(what: str, wanted: float, found: float) -> Verdict:
    return Verdict(what, f"at most {wanted}", f"{found:.2f}", found <= wanted)


def _verdict_lines(each: Iterable[Verdict]) -> list[str]:
    rows = [(one.what, one.wanted, one.found, "yes" if one.met else "**no**") for one in each]
    return [*table(("Target", "Wanted", "Found", "Met"), rows), ""] if rows else []


def _cold(found: Found) -> list[str]:
    if not found.cold:
        return []
    cold = found.cold
    sizes = {"lean": f"{cold.lean_bytes / 1e6:.2f}", "ordinary": f"{cold.ordinary_bytes / 1e6:.2f}", "bare": ""}
    named = {
        "lean": "as deployed (`scripts/build.py`)",
        "ordinary": "ordinary Chalice zip of the same code",
        "bare": "Chalice and one botocore client, built as lean",
    }
    rows = []
    for name, words in named.items():
        start = getattr(cold, name)
        low, high = min(start.answered), max(start.answered)
        rows.append((words, sizes[name], f"{start.imported_median:.0f}", f"{start.median:.0f} [{low:.0f}-{high:.0f}]", str(start.modules)))
    told = (
        f"{len(cold.lean.answered)} fresh interpreters each (`-I -S -B`), from nothing to the answer of `GET /api/clinics/north`; "
        "ours also fetches the edge's secrets. Starting the interpreter, the network and TLS are not in it."
    )
    return ["## Cold start", "", *table(("Package", "Zip MB", "Import ms", "First answer ms", "Modules"), rows), "", told, ""]


def _operations(found: Found) -> list[str]:
    if not found.operations:
        return []
    heads = (
        "Operation",
        "AWS calls",
        "Read units",
        "Write units",
        "Answer B (wire)",
        "CPU ms",
        "botocore ms",
        "Ratio",
        "Tuned",
        "Lambda ms",
    )
    return ["## Operations", "", *table(heads, [_operation(each) for each in found.operations]), "", OPERATIONS, ""]


def _operation(each: Operation) -> tuple[str, ...]:
    calls = ", ".join(f"{name} {count}" if count > 1 else name for name, count in each.calls.items())
    least, most = each.spread
    return (
        each.name,
        calls,
        f"{each.units.read:g}",
        f"{each.units.write:g}",
        f"{each.bytes} ({each.wire})" if each.bytes else "",
        f"{each.cpu:.2f}",
        f"{each.bare:.2f}",
        f"{each.ratio:.2f} [{least:.2f}-{most:.2f}]",
        f"{each.tuned:.2f}",
        str(billed_ms(each)),
    )


def _bill(found: Found) -> list[str]:
    return bill_page.lines(found.bill) if found.bill else []


def _publishing(found: Found) -> list[str]:
    if not found.rates:
        return []
    rows = [
        (
            f"{rate.clinics:,} x 2",
            f"{rate.pages:,}",
            f"{rate.bytes / 1e6:.0f}",
            f"{rate.pages / rate.ours:.0f}",
            f"{rate.pages / rate.bare:.0f}",
            f"{rate.of_bare:.2f}",
        )
        for rate in found.rates
    ]
    heads = ("Clinics x languages", "Pages", "MB", "Pages a CPU second", "Bare Jinja", "Ratio")
    return ["## Publish rate", "", *table(heads, rows), "", PUBLISHING, ""]


def _weights(found: Found) -> list[str]:
    if not found.weights:
        return []
    rows = [
        (each.page, f"{each.html:,}", f"{each.css:,}", f"{each.js:,}", f"{each.font:,}", f"{each.bytes:,}", str(each.requests))
        for each in found.weights
    ]
    told = "Bytes of a first load as gzip makes them, headers, manifest, icon and the API's answers aside."
    return ["## Page weights", "", *table(("Page", "HTML", "CSS", "JS", "Font", "All", "Files"), rows), "", told, ""]

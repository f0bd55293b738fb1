"""The dated page that a deep run leaves in docs/evidence/: on what machine, what ran, how long, and with which figures."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree


def write(results: Path, folder: Path) -> Path | None:
    """Write the page from pytest's JUnit file, if there is one; a second run of a day replaces the first."""
    if not results.is_file():
        return None
    today = datetime.now(UTC).date().isoformat()
    page = folder / f"{today}.md"
    folder.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join(_lines(ElementTree.parse(results).getroot(), today)) + "\n", encoding="utf-8")
    return page


def _lines(root: ElementTree.Element, today: str) -> Iterator[str]:
    cases = list(root.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    seconds = sum(float(suite.get("time", 0)) for suite in root.iter("testsuite"))
    yield f"# Deep run of {today}"
    yield ""
    yield f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}."
    yield f"{len(cases)} tests, {len(failed)} failed, {seconds:.0f} s."
    yield ""
    yield from _figures(cases)
    if failed:
        yield "## Failed"
        yield ""
        yield from (f"- {_name(case)}" for case in failed)


def _figures(cases: list[ElementTree.Element]) -> Iterator[str]:
    """What tests wrote down with pytest's `record_property`, then the slowest."""
    told = [(case, each) for case in cases for each in case.iter("property")]
    if told:
        yield "| Test | What | Figure |"
        yield "|---|---|---|"
        yield from (f"| {_name(case)} | {each.get('name')} | {each.get('value')} |" for case, each in told)
        yield ""
    yield "| Slowest tests | s |"
    yield "|---|---|"
    slowest = sorted(cases, key=lambda case: -float(case.get("time", 0)))[:20]
    yield from (f"| {_name(case)} | {float(case.get('time', 0)):.1f} |" for case in slowest)
    yield ""


def _name(case: ElementTree.Element) -> str:
    return f"{case.get('classname', '').removeprefix('tests.')}: {case.get('name', '').replace('|', chr(92) + '|')}"

"""Say what becomes of forms from elsewhere: `python3 scripts/read_forms.py FILE_OR_FOLDER ...`.

Reads every FHIR R4 Questionnaire (JSON) that it is pointed at as an import would, changes nothing, and prints a table in
Markdown: the level of our profile that each one needs, whether it can be had here, and what stands in the way.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.local import environment

SHOWN = 4  # reasons of one form


def documents(places: Sequence[Path]) -> Iterator[tuple[Path, Any]]:
    """Every Questionnaire in these files and folders, in order; what is no JSON or something else is passed over."""
    for place in places:
        for path in sorted(place.rglob("*.json")) if place.is_dir() else [place]:
            try:
                document = json.loads(path.read_text(encoding="utf-8"))
            except (ValueError, RecursionError):
                continue
            if isinstance(document, dict) and document.get("resourceType") == "Questionnaire":
                yield path, document


def row(name: str, document: Any) -> str:
    """One line of the table."""
    from chalicelib.intake.records import Verdict
    from chalicelib.intake.rules import reading

    found = reading.read(document)
    counts = {verdict: Counter(line.feature for line in found.lines if line.verdict is verdict) for verdict in Verdict}
    items = json.dumps(document).count('"linkId"')
    cells = [name, str(items), found.level, "read" if found.form else "refused"]
    cells += [_told(counts[verdict]) for verdict in (Verdict.REFUSED, Verdict.IGNORED)]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _told(counts: Counter[str]) -> str:
    most = [f"{feature} ({count})" if count > 1 else feature for feature, count in counts.most_common(SHOWN)]
    return ", ".join(most + ([f"{len(counts) - SHOWN} more"] if len(counts) > SHOWN else []))


def table(places: Sequence[Path]) -> Iterator[str]:
    """All lines; Plain where there is nothing to read."""
    rows = [row(path.name, document) for path, document in documents(places)]
    if not rows:
        raise environment.Plain("There is no Questionnaire in what was named.")
    yield from ("| Form | Items | Level | | Refused | Ignored |", "| --- | --: | --- | --- | --- | --- |", *rows)


def main() -> int:
    """Print the table; 2 and a sentence where there is nothing to read."""
    try:
        environment.check_version((sys.version_info[0], sys.version_info[1]))
        environment.enter("run")
        sys.path.insert(1, str(environment.ROOT / "backend"))
        for line in table([Path(word) for word in sys.argv[1:]]):
            environment.say(line)
    except environment.Plain as sentence:
        print(sentence, file=sys.stderr, flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

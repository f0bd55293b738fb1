"""The code of the edge's functions: infra/functions, with the pages, patterns and headers put in that Python knows already."""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from typing import Any

from scripts.local.environment import ROOT, Plain

FUNCTIONS = ROOT / "infra" / "functions"
LARGEST = 10 * 1024  # bytes of one function (quota of CloudFront Functions)
_PLACE = re.compile(r"\[/\* (\w+) \*/\]|\{/\* (\w+) \*/\}|/\* (\w+) \*/ /\^\$/")


def code(name: str) -> str:
    """What CloudFront runs for a function of infra/functions, such as `patient.js`, without its comments."""
    text = (FUNCTIONS / name).read_text("utf-8")
    whole = _PLACE.sub(lambda place: _put_in()[next(filter(None, place.groups()))], text)
    lines = [line for line in whole.splitlines() if line.strip() and not line.lstrip().startswith("//")]
    made = "\n".join(lines) + "\n"
    if len(made.encode()) > LARGEST:
        raise Plain(f"infra/functions/{name} has {len(made.encode())} bytes with its pages, and CloudFront takes {LARGEST}.")
    return made


@cache
def _put_in() -> dict[str, str]:
    """What stands in each place, as JavaScript. The pages are the renderer's: a new one needs no second list."""
    backend = str(ROOT / "backend")
    if backend not in sys.path:
        sys.path.insert(0, backend)
    from scripts.local import finding, template

    pages = finding.layout()
    redirect = {name.lower(): words for name, words in {**finding.REDIRECT, **template.headers("any")}.items()}
    patterns = {"asset": finding.ASSET, "slug": finding.SLUG, "wish": finding.WISH}
    return {
        "brand": _script(pages.brand),
        "clinic": _script(pages.clinic),
        "tongue": _script(pages.tongue),
        "staff": _script(pages.staff),
        "headers": _script(redirect),
        "form": f"/{pages.forms}/",
    } | {name: f"/{pattern}/" for name, pattern in patterns.items()}


def _script(value: Any) -> str:
    return json.dumps(value, separators=(", ", ": "))

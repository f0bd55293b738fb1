"""Forms as pages: where each published version lies, what its page is told, and its rules beside all pages of that version."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from chalicelib.clinics.records import Clinic, Words
from chalicelib.intake.actions import pages as intake
from chalicelib.intake.actions.pages import Shown
from chalicelib.intake.records import Form, Item
from chalicelib.portals.actions.wording import Tongue
from chalicelib.portals.records import Page
from chalicelib.portals.rules import crisis

TEMPLATE, REST, SHEET = "intake/form.html", "intake/rest.html", "forms.css"
KEYS = r"^form\/[a-z][a-z0-9-]{1,39}\/[0-9]{1,6}\/(rest\/)?index\.html$"
AT_ONCE = 48  # items that come with the first page of a form; what is more follows while that is read
JSON, FOREVER = "application/json", "public, max-age=31536000, immutable"
FOLDER, PRINT = 12, 44  # hex digits of the folder, as of all assets; and of the fingerprint, so that nobody can make another's address


class TooLarge(ValueError):
    """A form that no phone should have to read."""


def addresses(form: Form) -> dict[str, str]:
    """Address below a clinic's language -> template. A published version never changes, so that its number is enough."""
    first = f"form/{form.id}/{form.version}/"
    return {first: TEMPLATE} | ({f"{first}rest/": REST} if _apart(intake.pages(form))[1] else {})


def _apart(pages: Sequence[Shown]) -> tuple[Sequence[Shown], Sequence[Shown]]:
    """What comes at once, one page at least, and the rest."""
    sizes = accumulate(sum(map(_size, page.items)) for page in pages)
    first = max(1, sum(size <= AT_ONCE for size in sizes))
    return pages[:first], pages[first:]


def _size(item: Item) -> int:
    return 1 + sum(map(_size, item.items))


def rules(form: Form) -> tuple[str, Page]:
    """Key and content of what decides, the same for every language and for every clinic that has this very form. TooLarge."""
    page = Page(body=intake.decisive(form), content_type=JSON, cache_control=FOREVER)
    if len(page.body) > intake.LARGEST:
        raise TooLarge(f"it has {len(page.body):,} bytes to decide by, of at most {intake.LARGEST:,}")
    return f"a/{page.digest[:FOLDER]}/{page.digest[FOLDER:PRINT]}/{form.id}.json", page


def about(form: Form, tongue: Tongue, clinic: Clinic) -> dict[str, Any]:
    """What the template is told. A form that does not speak a language is shown in its own first one, which the page says."""
    speaks = tongue.primary in form.title or tongue.tag in form.title
    language = tongue.primary if speaks else next(iter(form.title))

    def said(words: Words) -> str:
        return words.get(tongue.tag) or words.get(language) or next(iter(words.values()), "")

    first, rest = _apart(intake.pages(form))
    return {
        "form": form,
        "language": language,
        "said": said,
        "pages": first,
        "rest": rest,
        "rules": f"/{rules(form)[0]}",
        "unit_of": unit,
        "lines": crisis.LINES.get(clinic.address.country, {}),
    }


UNITS = {"[degF]": "°F", "Cel": "°C", "[lb_av]": "lb", "[in_i]": "in", "[ft_i]": "ft", "mm[Hg]": "mmHg", "kg/m2": "kg/m²", "%": "%"}


def unit(code: str) -> str:
    """How people write a unit of UCUM's."""
    return UNITS.get(code, code)

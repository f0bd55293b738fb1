"""How far a form is filled, as counts: which pages somebody has now gone on from for the first time, and what the counts come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chalicelib.intake.records import Form, QuestionnaireResponse, Reach, Reached
from chalicelib.intake.rules import paging

BEGUN, HANDED_IN = "[begun]", "[handed-in]"  # beside the pages, whose ids are link ids: `reading` refuses brackets in those


def gone_on(form: Form, before: QuestionnaireResponse | None, after: QuestionnaireResponse) -> Iterator[str]:
    """What a change is counted as. Each response counts once for each page, however often it is saved or amended."""
    if before is None:
        yield BEGUN
    seen = set(before.seen) if before else set()
    yield from (page.id for page in paging.pages(form.items) if page.id in after.seen and page.id not in seen)
    if after.edition and not (before and before.edition):
        yield HANDED_IN


def told(form: Form, counts: Mapping[str, int]) -> Reach:
    """The counts of a version in the order of its pages."""
    pages = tuple(Reached(page.id, page.title, counts.get(page.id, 0)) for page in paging.pages(form.items))
    return Reach(counts.get(BEGUN, 0), pages, counts.get(HANDED_IN, 0))

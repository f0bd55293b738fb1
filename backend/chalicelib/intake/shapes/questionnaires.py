"""Forms as they cross the wire, to who manages them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from msgspec import Meta

from chalicelib.clinics.records import Clinic, Record, Words
from chalicelib.intake.records import Draft, Held, Kept, Line, PublicationStatus, Published, Reach, Reading, Verdict
from chalicelib.intake.rules import translating
from chalicelib.intake.shapes import asked
from chalicelib.kit import text, zone

Document = Annotated[dict[str, Any], Meta(description="a Questionnaire of FHIR R4")]
Change = Annotated[int, Meta(description="counts the changes of the draft: what If-Match names; 0 of what was published")]


class DraftView(Record, frozen=True, kw_only=True):
    """What will be the next version of a form; `name` is who changed it last."""

    title: Words
    changed: datetime
    label: str
    name: str
    change: Change


class ListedForm(Record, frozen=True, kw_only=True):
    """A form: the newest version that was published, and the draft of the next."""

    id: str
    title: Words
    version: Annotated[int, Meta(description="0 where it was never published")]
    status: PublicationStatus
    level: Annotated[str, Meta(description="the highest of our profile that a feature of it needs, L0 to L5 or rest")]
    published: datetime | None
    label: Annotated[str, Meta(description="when it was published, or retired, in the clinic's time")]
    name: Annotated[str, Meta(description="who published it; empty where it came with the product")]
    draft: DraftView | None


class FormList(Record, frozen=True, kw_only=True):
    """All forms of a clinic, by id."""

    forms: list[ListedForm]


class VersionQuery(Record, frozen=True, kw_only=True):
    """Which version: a number, `draft`, or nothing for the newest that was published (the draft where none was)."""

    version: Annotated[str, Meta(pattern=r"^(draft|[1-9][0-9]{0,5})?$")] = ""


class LineView(Record, frozen=True, kw_only=True):
    """What was noticed at a place of a form: a path of link ids, or "" for the form itself."""

    place: str
    link_id: str
    feature: str
    verdict: Verdict
    why: str


class ReachedView(Record, frozen=True, kw_only=True):
    """A page, and how many have gone on from it."""

    page: str
    title: Words
    reached: int


class ReachView(Record, frozen=True, kw_only=True):
    """How far patients come with a version, in counts alone."""

    begun: int
    pages: Annotated[list[ReachedView], Meta(description="in order; a page that was never asked counts nobody")]
    handed_in: int


class QuestionnaireView(Record, frozen=True, kw_only=True):
    """One version of a form: the document, and what reading it says."""

    id: str
    version: Annotated[str, Meta(description="a number, or draft")]
    status: PublicationStatus
    title: Words
    level: str
    lines: list[LineView]
    document: Document
    change: Change
    asked: Annotated[str, Meta(description="at which visits the clinic asks for it, in words")] = ""
    reach: Annotated[ReachView | None, Meta(description="null of a draft")] = None


class Import(Record, frozen=True, kw_only=True):
    """A form made elsewhere, as it is; `replace` a draft that is there."""

    document: Annotated[Any, Meta(description="a Questionnaire of FHIR R4; whatever else it is, the answer says so")]
    replace: bool = False


class Imported(Record, frozen=True, kw_only=True):
    """What works, is ignored and is refused of it; `id` names the form whose draft it is now, and is empty where a line is refused."""

    id: str
    level: str
    lines: list[LineView]


class Drafting(Record, frozen=True, kw_only=True):
    """The draft as it was edited; nothing to begin one, like the newest version."""

    document: Document | None = None


class Confirmed(Record, frozen=True, kw_only=True):
    """That it is meant; nothing more needs to be said."""


def listed_form(clinic: Clinic, kept: Kept, tag: str) -> ListedForm:
    """A form as the list shows it."""
    newest, draft = kept
    said = newest or draft
    assert said, "a form has been published or drafted"
    when = newest and (newest.retired or newest.published)
    return ListedForm(
        id=kept.id,
        title=said.title,
        version=newest.version if newest else 0,
        status=newest.status if newest else PublicationStatus.DRAFT,
        level=said.level,
        published=newest.published if newest else None,
        label=_label(clinic, when, tag) if when else "",
        name=newest.name if newest else "",
        draft=_draft(clinic, draft, tag) if draft else None,
    )


def _draft(clinic: Clinic, draft: Draft, tag: str) -> DraftView:
    label = _label(clinic, draft.changed, tag)
    return DraftView(title=draft.title, changed=draft.changed, label=label, name=draft.name, change=draft.version)


def _label(clinic: Clinic, when: datetime, tag: str) -> str:
    return text.short_label(zone.local(when, clinic.zone), tag)


def questionnaire_view(clinic: Clinic, held: Held, tag: str) -> QuestionnaireView:
    """A version with its document."""
    of = held.of
    published = of if isinstance(of, Published) else None
    return QuestionnaireView(
        id=of.id,
        version=str(published.version) if published else "draft",
        status=published.status if published else PublicationStatus.DRAFT,
        title=of.title,
        level=held.reading.level,
        lines=_lines(clinic, held.reading, tag),
        document=held.document,
        change=0 if published else of.version,
        asked=asked.asked(clinic, of.id, tag),
        reach=_reach(held.reach) if held.reach else None,
    )


def _reach(reach: Reach) -> ReachView:
    pages = [ReachedView(page=each.page, title=each.title, reached=each.reached) for each in reach.pages]
    return ReachView(begun=reach.begun, pages=pages, handed_in=reach.handed_in)


def imported(clinic: Clinic, reading: Reading, draft: Draft | None, tag: str) -> Imported:
    """What was said of a document that was brought along."""
    return Imported(id=draft.id if draft else "", level=reading.level, lines=_lines(clinic, reading, tag))


def _lines(clinic: Clinic, reading: Reading, tag: str) -> list[LineView]:
    """What was noticed, and which words the clinic's patients would miss."""
    missing = translating.lines(reading.form, clinic.languages, tag) if reading.form else []
    return _views((*reading.lines, *missing))


def _views(lines: Sequence[Line]) -> list[LineView]:
    return [LineView(place=each.place, link_id=each.link_id, feature=each.feature, verdict=each.verdict, why=each.why) for each in lines]


# Examples, as the API's description shows them.
WHEN = datetime(2026, 11, 22, 18, 2, tzinfo=UTC)
ITEM = {"linkId": "asthma", "type": "boolean", "text": "Do you have asthma?", "required": True}
DOCUMENT: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "url": "https://clinic.example/Questionnaire/asthma",
    "version": "1",
    "status": "draft",
    "title": "Asthma",
    "item": [ITEM],
}
LINE = LineView(place="", link_id="", feature="code", verdict=Verdict.IGNORED, why="Codes of forms are not kept.")
DRAFT = DraftView(title={"en": "Asthma"}, changed=WHEN, label="Sun, Nov 22, 1:02 PM", name="Cyrus Vance", change=4)
LISTED = ListedForm(
    id="asthma",
    title={"en": "Asthma"},
    version=2,
    status=PublicationStatus.ACTIVE,
    level="L0",
    published=WHEN,
    label="Sun, Nov 22, 1:02 PM",
    name="Cyrus Vance",
    draft=DRAFT,
)
LIST = FormList(forms=[LISTED])
QUESTIONNAIRE = QuestionnaireView(
    id="asthma",
    version="draft",
    status=PublicationStatus.DRAFT,
    title={"en": "Asthma"},
    level="L0",
    lines=[LINE],
    document=DOCUMENT,
    change=4,
)
IMPORT = Import(document=DOCUMENT)
IMPORTED = Imported(id="asthma", level="L0", lines=[LINE])
DRAFTING = Drafting(document=DOCUMENT)

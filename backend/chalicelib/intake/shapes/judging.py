"""What staff say of answers, and answers as files, as they cross the wire."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Record
from chalicelib.intake.records import Exported, Format, FormStanding, QuestionnaireResponse, Review
from chalicelib.intake.rules import filing, flagging
from chalicelib.intake.rules.judging import What


class ReturnAsked(Record, frozen=True, kw_only=True):
    """Which answer is asked for again, and why."""

    path: Annotated[str, Meta(max_length=500, description="the question's place, as complaints name it")]
    note: Annotated[str, Meta(max_length=500, description="what the patient reads")]


class AcceptAsked(Record, frozen=True, kw_only=True):
    """What of it is accepted."""

    what: What


class AskedAgain(Record, frozen=True, kw_only=True):
    """An answer that the patient is asked for again."""

    path: str
    note: str
    at: datetime


class Judged(Record, frozen=True, kw_only=True):
    """A response after staff have said something of it."""

    id: str
    version: Annotated[int, Meta(description="of the response, for If-Match")]
    standing: FormStanding
    review: Review
    returned: list[AskedAgain]
    flags: Annotated[int, Meta(description="answers that cannot wait and that nobody has seen")]


class ExportAsked(Record, frozen=True, kw_only=True):
    """How answers are taken out, of which edition, and (staff) why."""

    format: Format
    edition: Annotated[int, Meta(ge=1, le=999_999, description="1: as it was handed in first; without it, last")] | None = None
    reason: Annotated[str, Meta(max_length=500, description="staff must give one of 10 characters or more")] = ""


class ExportedFile(Record, frozen=True, kw_only=True):
    """A file."""

    name: str
    content_type: str
    sha256: Annotated[str, Meta(description="of the bytes, in hex")]
    body: Annotated[str, Meta(description="the bytes, in base64")]


def judged(response: QuestionnaireResponse) -> Judged:
    """How a response stands now."""
    return Judged(
        id=response.id,
        version=response.version,
        standing=filing.standing(response),
        review=response.review,
        returned=[AskedAgain(path=each.path, note=each.note, at=each.at) for each in response.returned],
        flags=len(flagging.unseen(response.flags)),
    )


def exported(file: Exported) -> ExportedFile:
    """A file as JSON holds one."""
    body = base64.b64encode(file.body).decode()
    return ExportedFile(name=file.name, content_type=file.content_type, sha256=file.sha256, body=body)


# Examples, as the API's description shows them.
RETURN_ASKED = ReturnAsked(path="medicines[0]/dose", note="Please tell us how much you take each day.")
ACCEPT_ASKED = AcceptAsked(what=What.FLAGS)
JUDGED = Judged(
    id="9mvc1zh0k3w8t4e6p2qa-3w8t4e6p2qa1",
    version=5,
    standing=FormStanding.RETURNED,
    review=Review.NONE,
    returned=[AskedAgain(path=RETURN_ASKED.path, note=RETURN_ASKED.note, at=datetime.fromisoformat("2026-11-24T12:00:00+00:00"))],
    flags=0,
)
EXPORT_ASKED = ExportAsked(format=Format.PDF, reason="The patient moves to another clinic.")
EXPORTED = ExportedFile(name="new-patient-2026-11-24.pdf", content_type="application/pdf", sha256="5e" * 32, body="JVBERi0xLjcK")

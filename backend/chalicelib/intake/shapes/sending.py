"""What pages send of a form: which to begin, a draft, what is handed in, and what is changed afterwards."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from chalicelib.clinics.records import Record
from chalicelib.intake.records import Signature
from chalicelib.intake.rules.signing import Signed
from chalicelib.intake.shapes.responses import VIEW, Items

Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP 47")]
Path = Annotated[str, Meta(max_length=500, description="a place: link ids, `medicines[1]/dose` in a repetition")]
Page = Annotated[str, Meta(max_length=255, description="the link id that a page is known by")]


class Starting(Record, frozen=True, kw_only=True):
    """Which form to begin, and in which language."""

    questionnaire: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    language: Language


class Saving(Record, frozen=True, kw_only=True):
    """A draft as its page has it. `known`: the answers as we last gave them, so that two devices can be put together."""

    items: Items
    known: Annotated[
        list[dict[str, Any]] | None, Meta(description="answers that came last from here; without them another's are not merged")
    ] = None
    seen: Annotated[list[Page], Meta(max_length=2000, description="pages that were gone on from")] = []
    page: Annotated[Page, Meta(description="the page that is open")] = ""
    language: Language


class Submitting(Record, frozen=True, kw_only=True):
    """A form that is handed in: all answers, and a signature for each item that is signed."""

    items: Items
    known: Annotated[list[dict[str, Any]] | None, Meta(description="as for saveResponse")] = None
    seen: Annotated[list[Page], Meta(max_length=2000)] = []
    language: Annotated[Language, Meta(description="of the words that were shown, BCP 47")]
    signatures: Annotated[list[Signed], Meta(max_length=50)] = []


class Amending(Record, frozen=True, kw_only=True):
    """A form that was handed in, changed. What staff asked for again is changed or named in `kept`; `withdrawn` takes signatures back.

    What a signature covers is a No once it is taken back, whatever `items` say.
    """

    items: Items
    seen: Annotated[list[Page], Meta(max_length=2000)] = []
    language: Annotated[Language, Meta(description="of the words that were shown, BCP 47")]
    signatures: Annotated[list[Signed], Meta(max_length=50)] = []
    withdrawn: Annotated[list[Path], Meta(max_length=50)] = []
    kept: Annotated[list[Path], Meta(max_length=200)] = []
    reason: Annotated[str, Meta(max_length=500, description="why something is taken back")] = ""


# Examples, as the API's description shows them.
STARTING = Starting(questionnaire="consent-to-treat", language="en-US")
SAVING = Saving(items=VIEW.items, known=[], seen=["care"], page="exposure", language="en-US")
SIGNED = Signed(path="sign/signature", kind=Signature.TYPED, name="Ada Moreno")
OURS = "https://anteroom.example/fhir/CodeSystem/intake"
WHOLE: list[dict[str, Any]] = [
    *VIEW.items,
    {"linkId": "exposure", "item": [{"linkId": "agree-exposure", "answer": [{"valueBoolean": True}]}]},
    {"linkId": "telehealth", "item": [{"linkId": "agree-telehealth", "answer": [{"valueBoolean": True}]}]},
    {"linkId": "learners", "item": [{"linkId": "agree-learners", "answer": [{"valueCoding": {"system": OURS, "code": "ask"}}]}]},
    {"linkId": "payment", "item": [{"linkId": "agree-payment", "answer": [{"valueBoolean": True}]}]},
    {
        "linkId": "sign",
        "item": [
            {"linkId": "signer", "answer": [{"valueCoding": {"system": OURS, "code": "patient"}}]},
            {"linkId": "signature", "answer": [{"valueString": SIGNED.name}]},
        ],
    },
]
SUBMITTING = Submitting(items=WHOLE, known=[], seen=["care"], language="en-US", signatures=[SIGNED])
AMENDING = Amending(
    items=WHOLE,
    seen=["care"],
    language="en-US",
    signatures=[SIGNED],
    withdrawn=["sign/signature"],
    kept=["care/agree-care"],
    reason="I changed my mind.",
)

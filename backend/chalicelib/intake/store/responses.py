"""Rows of answers: each response as it stands and as it was every time that it was handed in, and what a patient's forms come to.

The id of a response begins with that of its visit, so that a response, what was offered to it and its visit's packet are read in
one call. A draft that nobody hands in goes some time after the visit.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.intake.records import Completed, Earlier, FormQueue, Packet, QuestionnaireResponse
from chalicelib.intake.rules import filing
from chalicelib.kit import packed, settings, table
from chalicelib.kit.problem import LookAgain

RESPONSE, EARLIER = msgspec.json.Decoder(QuestionnaireResponse), msgspec.json.Decoder(Earlier)
COMPLETED, PACKET = msgspec.json.Decoder(Completed), msgspec.json.Decoder(Packet)
STANDS, BEFORE = "response", "before"  # sort keys of a response: as it is, and what was known before it


class ResponseRow(table.Row):
    """Answers as packed JSON, or what is said of them as plain JSON."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("responses")

    document = UnicodeAttribute(null=True)
    packed = packed.Packed(null=True)


class Found(NamedTuple):
    """A response with what was offered to it, and the packet of its visit."""

    response: QuestionnaireResponse
    earlier: Earlier
    packet: Packet


class Begun(NamedTuple):
    """What a patient has of a visit: its packet, if anything was begun, and when they handed in which form last."""

    packet: Packet | None
    completed: Mapping[str, Completed]


def find(clinic: str, response: str) -> Found | None:
    """The response of that id in that clinic, with all that a change of it wants; one call."""
    places = [(_one(clinic, response), STANDS), (_one(clinic, response), BEFORE), _packet(clinic, filing.visit_of(response))]
    stands, before, packet = table.read_together(ResponseRow, places)
    if stands is None or packet is None:
        return None
    earlier = EARLIER.decode(_unpacked(before)) if before else Earlier()
    return Found(RESPONSE.decode(_unpacked(stands)), earlier, PACKET.decode(packet["document"]))


def get(clinic: str, response: str) -> QuestionnaireResponse | None:
    """The response of that id in that clinic, by itself."""
    (row,) = table.read_together(ResponseRow, [(_one(clinic, response), STANDS)])
    return RESPONSE.decode(_unpacked(row)) if row else None


def edition(clinic: str, response: str, number: int) -> QuestionnaireResponse | None:
    """A response as it was handed in for the first time (1), after its first amendment (2), and so on."""
    (row,) = table.read_together(ResponseRow, [(_one(clinic, response), _edition(number))])
    return RESPONSE.decode(_unpacked(row)) if row else None


def begun(clinic: str, patient: str, appointment: str, forms: Collection[str]) -> Begun:
    """The packet of a visit, and when its patient handed in which of these forms last; one call."""
    asked = sorted(set(forms))
    packet, *handed_in = table.read_together(
        ResponseRow, [_packet(clinic, appointment), *((_list(clinic, patient), _completed(form)) for form in asked)]
    )
    completed = {form: COMPLETED.decode(row["document"]) for form, row in zip(asked, handed_in, strict=True) if row}
    return Begun(PACKET.decode(packet["document"]) if packet else None, completed)


def several(clinic: str, wanted: Sequence[tuple[str, str, Collection[str]]]) -> list[tuple[Packet | None, Mapping[str, Completed]]]:
    """Of each patient, visit and some forms: the visit's packet, and when the patient handed in which of these forms last."""
    asked = [(_list(clinic, patient), _completed(form)) for patient, _, forms in wanted for form in sorted(forms)]
    places = [*(_packet(clinic, appointment) for _, appointment, _ in wanted), *asked]
    rows = dict(zip(places, table.read_together(ResponseRow, places), strict=True))
    return [
        _told(rows, _packet(clinic, visit), {form: (_list(clinic, patient), _completed(form)) for form in forms})
        for patient, visit, forms in wanted
    ]


def _told(
    rows: Mapping[tuple[str, str], Mapping[str, str] | None], packet: tuple[str, str], handed_in: Mapping[str, tuple[str, str]]
) -> tuple[Packet | None, Mapping[str, Completed]]:
    there, found = rows[packet], {form: rows[place] for form, place in handed_in.items()}
    return PACKET.decode(there["document"]) if there else None, {
        form: COMPLETED.decode(row["document"]) for form, row in found.items() if row
    }


def packet(clinic: str, appointment: str) -> Packet | None:
    """The packet of a visit; None where nobody has begun a form of it."""
    return begun(clinic, "", appointment, ()).packet


def add(clinic: str, response: QuestionnaireResponse, earlier: Earlier, until: datetime, tx: table.Transaction) -> None:
    """Write a new draft, which goes at `until` unless it is handed in: Lost if the patient has one of that form and visit."""
    place = f"{response.appointment}#{response.questionnaire}"
    expires = int(until.timestamp())
    tx.add(ResponseRow(_list(clinic, response.patient), place, document=response.id, expires=expires), table.Lost)
    tx.add(ResponseRow(_one(clinic, response.id), STANDS, packed=_packed(response), version=response.version, expires=expires), table.Lost)
    if earlier != Earlier():
        tx.add(ResponseRow(_one(clinic, response.id), BEFORE, packed=packed.pack(msgspec.json.encode(earlier)), expires=expires))


def put(clinic: str, response: QuestionnaireResponse, before: QuestionnaireResponse, until: datetime | None, tx: table.Transaction) -> None:
    """Write a response as it is now; Lost if it is not `before` any more that stands. `until`: when it goes as a draft (None: it stays).

    Handed in once more, it is written a second time under its edition, where nobody writes ever again.
    """
    kept, unchanged = _packed(response), Path("version") == before.version
    expires = int(until.timestamp()) if until else None
    tx.put(ResponseRow(_one(clinic, response.id), STANDS, packed=kept, version=response.version, expires=expires), unchanged, table.Lost)
    if response.edition != before.edition:
        tx.add(ResponseRow(_one(clinic, response.id), _edition(response.edition), packed=kept, version=response.version), table.Lost)
    if response.edition and not before.edition:
        _hand_in(clinic, response, tx)


def stay(clinic: str, response: QuestionnaireResponse, earlier: Earlier, tx: table.Transaction) -> None:
    """Say that what points at a response, and what was known before it, stay as it does."""
    place = f"{response.appointment}#{response.questionnaire}"
    tx.put(ResponseRow(_list(clinic, response.patient), place, document=response.id))
    if earlier != Earlier():
        tx.put(ResponseRow(_one(clinic, response.id), BEFORE, packed=packed.pack(msgspec.json.encode(earlier))))


def _hand_in(clinic: str, response: QuestionnaireResponse, tx: table.Transaction) -> None:
    """Say when the form was handed in last. An older response that is amended is not the last one for that."""
    assert response.authored is not None, "it was handed in"
    about = Completed(questionnaire=response.questionnaire, response=response.id, canonical=response.canonical, at=response.authored)
    tx.put(ResponseRow(_list(clinic, response.patient), _completed(response.questionnaire), document=msgspec.json.encode(about).decode()))


def put_packet(clinic: str, packet: Packet, before: Packet, tx: table.Transaction) -> None:
    """Write a packet, and where it stands in its queues and no longer in those of `before`.

    Lost if it is not of the version any more that it was read as (0: new).
    """
    unchanged = Path("version") == packet.version if packet.version else Path("pk").does_not_exist()
    version = packet.version + 1
    text = msgspec.json.encode(msgspec.structs.replace(packet, version=version)).decode()
    place, expires = f"{packet.start.isoformat()}#{packet.appointment}", int(filing.until(packet).timestamp())
    row = ResponseRow(*_packet(clinic, packet.appointment), document=text, version=version)
    row.expires = None if filing.is_kept(packet) else expires
    tx.put(row, unchanged, table.Lost)
    queues = filing.queues(packet)
    for queue in queues:
        tx.put(ResponseRow(_queue(clinic, queue), place, document=text, version=version, expires=expires))
    for queue in filing.queues(before) - queues:
        tx.delete(ResponseRow(_queue(clinic, queue), place))


def queue(clinic: str, queue: FormQueue, after: str, until: str, limit: int) -> list[tuple[str, Packet]]:
    """Packets of a queue between two places (an instant in ISO 8601, or what this gave), the earliest visit first; one Query."""
    rows = table.listed(ResponseRow, _queue(clinic, queue), f"{after}!", until, limit=limit)  # no place goes on after its id
    return [(row["sk"], PACKET.decode(row["document"])) for row in rows][:limit]


def _packed(response: QuestionnaireResponse) -> bytes:
    """As it is kept. LookAgain where a row has no room for it."""
    made = packed.pack(msgspec.json.encode(response))
    if len(made) > packed.LARGEST:
        raise LookAgain(errors=[{"field": "items", "code": "too-long", "detail": "That is more than we can keep. Write less."}])
    return made


def _unpacked(row: Mapping[str, str]) -> bytes:
    return packed.unpack(base64.b64decode(row["packed"]))


def _one(clinic: str, response: str) -> str:
    return table.key(clinic, "RESPONSE", response)


def _edition(number: int) -> str:
    return f"edition#{number:06d}"


def _list(clinic: str, patient: str) -> str:
    return table.key(clinic, "PATIENT", patient)


def _completed(questionnaire: str) -> str:
    return f"completed#{questionnaire}"


def _packet(clinic: str, appointment: str) -> tuple[str, str]:
    return table.key(clinic, "PACKET", appointment), "packet"


def _queue(clinic: str, queue: FormQueue) -> str:
    return table.key(clinic, "QUEUE", queue.value)

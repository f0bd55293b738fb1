"""Rows of documents: files by id and in their patient's list, marks of what is still to happen to them, and a folder for each visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.documents.records import UNDER_WAY, DocumentReference, Folder, Queue
from chalicelib.kit import settings, table

DOCUMENT, FOLDER = msgspec.json.Decoder(DocumentReference), msgspec.json.Decoder(Folder)
QUEUED_FOR = timedelta(days=60)  # after the visit: longer than anybody waits for anything of it


class DocumentRow(table.Row):
    """A file as one JSON document; a mark is a row without one."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("documents")

    document = UnicodeAttribute(null=True)


def put(clinic: str, document: DocumentReference, before: DocumentReference | None, tx: table.Transaction) -> None:
    """Write a new file (`before` None), or the next version of one: Lost if that is not the version that stands."""
    unchanged = Path("version") == before.version if before else Path("pk").does_not_exist()
    text = msgspec.json.encode(document).decode()
    tx.put(DocumentRow(_one(clinic, document.id), "document", document=text, version=document.version), unchanged, table.Lost)
    tx.put(DocumentRow(_list(clinic, document.patient), f"{document.appointment}#{document.id}", document=text, version=document.version))
    old, new = _marks(before), _marks(document)
    for kind, when in old - new:
        tx.delete(DocumentRow(table.key(clinic, kind), f"{when}#{document.id}"))
    for kind, when in new - old:
        tx.put(DocumentRow(table.key(clinic, kind), f"{when}#{document.id}"))


def get(clinic: str, document: str) -> DocumentReference | None:
    """The file of that id in that clinic."""
    row = table.read(DocumentRow, _one(clinic, document), "document")
    return row and DOCUMENT.decode(row.document)


def of_patient(clinic: str, patient: str, appointment: str = "") -> list[DocumentReference]:
    """A patient's files, of one visit or of all; in the order in which the ids were made."""
    first, last = (f"{appointment}#", f"{appointment}#~") if appointment else ("", "")
    return [DOCUMENT.decode(row["document"]) for row in table.listed(DocumentRow, _list(clinic, patient), first, last)]


def under_way(clinic: str, asked_until: datetime) -> list[str]:
    """Ids of the files, asked for then or earlier, to which something must still happen, the oldest first; one Query."""
    rows = table.listed(DocumentRow, table.key(clinic, "UNDER-WAY"), " ", f"{asked_until.isoformat()}#~")
    return [row["sk"].rpartition("#")[2] for row in rows]


def kept_until(clinic: str, day: date) -> list[str]:
    """Ids of the files whose last day was `day` or earlier, the longest over first; one Query."""
    rows = table.listed(DocumentRow, table.key(clinic, "KEPT-UNTIL"), " ", f"{day.isoformat()}#~")
    return [row["sk"].rpartition("#")[2] for row in rows]


def put_folder(clinic: str, folder: Folder, before: Sequence[Queue], tx: table.Transaction) -> None:
    """Write a folder, and where it stands in its queues and no longer in those of `before`.

    Lost if it is not of the version any more that it was read as (0: new).
    """
    unchanged = Path("version") == folder.version if folder.version else Path("pk").does_not_exist()
    version = folder.version + 1
    text = msgspec.json.encode(replace(folder, version=version)).decode()
    tx.put(DocumentRow(_folder(clinic, folder.appointment), "folder", document=text, version=version), unchanged, table.Lost)
    place, expires = f"{folder.start.isoformat()}#{folder.appointment}", int((folder.end + QUEUED_FOR).timestamp())
    for queue in folder.queues:
        tx.put(DocumentRow(_queue(clinic, queue), place, document=text, version=version, expires=expires))
    for queue in set(before) - set(folder.queues):
        tx.delete(DocumentRow(_queue(clinic, queue), place))


def folder(clinic: str, appointment: str) -> Folder | None:
    """The folder of a visit; None before anything was asked of it."""
    row = table.read(DocumentRow, _folder(clinic, appointment), "folder")
    return row and FOLDER.decode(row.document)


def folders(clinic: str, appointments: Sequence[str]) -> dict[str, Folder]:
    """The folders of several visits by the visit's id, without those of which nothing was asked."""
    rows = table.read_together(DocumentRow, [(_folder(clinic, each), "folder") for each in appointments])
    return {each: FOLDER.decode(row["document"]) for each, row in zip(appointments, rows, strict=True) if row}


def queue(clinic: str, queue: Queue, after: str, until: str, limit: int) -> list[tuple[str, Folder]]:
    """Folders of a queue between two places (an instant in ISO 8601, or what this gave), the earliest visit first; one Query."""
    rows = table.listed(DocumentRow, _queue(clinic, queue), f"{after}!", until, limit=limit)  # no place goes on after its id
    return [(row["sk"], FOLDER.decode(row["document"])) for row in rows][:limit]


def _marks(document: DocumentReference | None) -> set[tuple[str, str]]:
    """What is still to happen to it, and from when on."""
    if document is None or document.emptied:
        return set()
    marks = {("UNDER-WAY", document.asked.isoformat())} if document.state in UNDER_WAY else set()
    return marks | ({("KEPT-UNTIL", document.until.isoformat())} if document.until else set())


def _folder(clinic: str, appointment: str) -> str:
    return table.key(clinic, "FOLDER", appointment)


def _queue(clinic: str, queue: Queue) -> str:
    return table.key(clinic, "QUEUE", queue.value)


def _one(clinic: str, document: str) -> str:
    return table.key(clinic, "DOCUMENT", document)


def _list(clinic: str, patient: str) -> str:
    return table.key(clinic, "PATIENT", patient)

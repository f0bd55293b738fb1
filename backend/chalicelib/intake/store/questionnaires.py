"""Rows of forms: all of a clinic at a glance, and each version's document by itself, which is written once."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.intake.records import Draft, Published
from chalicelib.kit import packed, settings, table

PUBLISHED, DRAFT = msgspec.json.Decoder(Published), msgspec.json.Decoder(Draft)
DRAFTED = "draft"  # stands where others have their version


class QuestionnaireRow(table.Row):
    """What is said of a version, as one JSON document; or the version itself, FHIR's JSON, packed."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("questionnaires")

    document = UnicodeAttribute(null=True)
    packed = packed.Packed(null=True)


def listed(clinic: str) -> tuple[list[Published], list[Draft]]:
    """All that was published, by id and then by version, and all drafts, by id; one Query."""
    rows = table.listed(QuestionnaireRow, table.key(clinic, "QUESTIONNAIRES"))
    published = [PUBLISHED.decode(row["document"]) for row in rows if not row["sk"].endswith(f"#{DRAFTED}")]
    return published, [DRAFT.decode(row["document"]) for row in rows if row["sk"].endswith(f"#{DRAFTED}")]


def versions(clinic: str, questionnaire: str) -> tuple[list[Published], Draft | None]:
    """All versions of one form, the oldest first, and its draft; one Query."""
    rows = table.listed(QuestionnaireRow, table.key(clinic, "QUESTIONNAIRES"), f"{questionnaire}#", f"{questionnaire}#~")
    published = [PUBLISHED.decode(row["document"]) for row in rows if not row["sk"].endswith(f"#{DRAFTED}")]
    drafts = [DRAFT.decode(row["document"]) for row in rows if row["sk"].endswith(f"#{DRAFTED}")]
    return published, drafts[0] if drafts else None


def packed_document(clinic: str, questionnaire: str, version: int | None) -> bytes | None:
    """FHIR's JSON, packed, of that version, or of the draft (None); None where there is none."""
    row = table.read(QuestionnaireRow, _one(clinic, questionnaire), _place(version))
    return bytes(row.packed) if row else None


def add(clinic: str, published: Published, document: bytes, tx: table.Transaction) -> None:
    """Publish a version: Lost if there is one of that number, for no version is ever written again."""
    tx.add(QuestionnaireRow(_one(clinic, published.id), _place(published.version), packed=document, version=1), table.Lost)
    tx.add(_row(clinic, published, 1), table.Lost)


def retire(clinic: str, retired: Published, tx: table.Transaction) -> None:
    """Say that a version is not offered any more, once; its document stays as it is."""
    tx.put(_row(clinic, retired, 2), Path("version") == 1, table.Lost)


def put_draft(clinic: str, draft: Draft, document: bytes, before: Draft | None, tx: table.Transaction) -> None:
    """Write a draft as it is to be; Lost if the one that stands is not `before` (None: there is none)."""
    unchanged = Path("version") == before.version if before else Path("pk").does_not_exist()
    text = msgspec.json.encode(draft).decode()
    tx.put(QuestionnaireRow(*_head(clinic, draft.id, None), document=text, version=draft.version), unchanged, table.Lost)
    tx.put(QuestionnaireRow(_one(clinic, draft.id), DRAFTED, packed=document, version=draft.version))


def remove_draft(clinic: str, draft: Draft, tx: table.Transaction) -> None:
    """Take a draft away; Lost if it was changed meanwhile."""
    tx.delete(QuestionnaireRow(*_head(clinic, draft.id, None)), Path("version") == draft.version, table.Lost)
    tx.delete(QuestionnaireRow(_one(clinic, draft.id), DRAFTED))


def _row(clinic: str, published: Published, version: int) -> QuestionnaireRow:
    text = msgspec.json.encode(published).decode()
    return QuestionnaireRow(*_head(clinic, published.id, published.version), document=text, version=version)


def _head(clinic: str, questionnaire: str, version: int | None) -> tuple[str, str]:
    return table.key(clinic, "QUESTIONNAIRES"), f"{questionnaire}#{_place(version)}"


def _one(clinic: str, questionnaire: str) -> str:
    return table.key(clinic, "QUESTIONNAIRE", questionnaire)


def _place(version: int | None) -> str:
    return DRAFTED if version is None else f"{version:06d}"

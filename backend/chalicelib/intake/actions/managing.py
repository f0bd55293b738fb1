"""What a manager does with forms: import one, change its draft, try it, publish it, retire it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.doors import actions as doors
from chalicelib.doors.records import Once
from chalicelib.identity.records import Actor, Permission
from chalicelib.intake.actions import pages, questionnaires
from chalicelib.intake.records import Draft, Held, Kept, Published, Reading
from chalicelib.intake.rules import publishing, reaching, reading
from chalicelib.intake.store import counts
from chalicelib.intake.store import questionnaires as store
from chalicelib.kit import memory, packed, table
from chalicelib.kit.problem import Changed, LookAgain, NotFound

DRAFT = "draft"  # what is asked for in the place of a version


def list_questionnaires(clinic: Clinic, actor: Actor) -> list[Kept]:
    """Every form of the clinic once, by id."""
    actor.must(Permission.LIST_QUESTIONNAIRES, clinic.id)
    published, drafts = store.listed(clinic.id)
    newest, drafted = {each.id: each for each in published}, {each.id: each for each in drafts}
    return [Kept(newest.get(each), drafted.get(each)) for each in sorted({*newest, *drafted})]


def get_questionnaire(clinic: Clinic, actor: Actor, questionnaire: str, version: str) -> Held:
    """A version of a form ("2", "draft"); "" is the newest that was published, or else the draft. NotFound where there is none."""
    actor.must(Permission.GET_QUESTIONNAIRE, clinic.id)
    known, draft = store.versions(clinic.id, questionnaire)
    newest = known[-1] if known else None
    wanted = {"": newest or draft, DRAFT: draft}.get(version) or next((each for each in known if str(each.version) == version), None)
    held = _held(clinic, wanted)
    if held.reading.form is None or isinstance(held.of, Draft):
        return held
    found = counts.reached(clinic.id, held.of.id, str(held.of.version))
    return held._replace(reach=reaching.told(held.reading.form, found))


def _held(clinic: Clinic, of: Published | Draft | None) -> Held:
    document = of and store.packed_document(clinic.id, of.id, of.version if isinstance(of, Published) else None)
    if not of or not document:
        raise NotFound
    return Held(of, msgspec.json.decode(packed.unpack(document)), questionnaires.read(document))


def import_questionnaire(clinic: Clinic, actor: Actor, document: object, now: datetime, *, replace: bool) -> tuple[Reading, Draft | None]:
    """What reading a document says; a form that could be read is the draft of its id from now on.

    DraftThere if there is one that is not to be replaced.
    """
    actor.must(Permission.IMPORT_QUESTIONNAIRE, clinic.id)
    found = reading.read(document)
    if found.form is None or not isinstance(document, dict):
        return found, None
    if found.form.id in publishing.RESERVED:
        raise LookAgain(errors=[{"field": "document", "detail": "Give it another url: forms cannot be called that here."}])
    name, text = found.form.id, _packed(document)

    def attempt() -> Draft:
        known, before = store.versions(clinic.id, name)
        if before and not replace:
            raise publishing.DraftThere(f"Somebody is working on {name}. Look at that draft first, or put this in its place.")
        return _write(clinic, actor, found, text, known, before, Permission.IMPORT_QUESTIONNAIRE, now)

    return found, table.settle(attempt)


def draft_questionnaire(
    clinic: Clinic, actor: Actor, questionnaire: str, document: Mapping[str, Any] | None, version: int | None, now: datetime
) -> Held:
    """The draft of a form as it was edited; without a document, the draft there is, or one that is like the newest version.

    Changed if `version`, the one they saw, is not the one that stands. LookAgain with every place that was refused.
    """
    actor.must(Permission.DRAFT_QUESTIONNAIRE, clinic.id)
    return table.settle(lambda: _draft(clinic, actor, questionnaire, document, version, now))


def _draft(
    clinic: Clinic, actor: Actor, questionnaire: str, document: Mapping[str, Any] | None, version: int | None, now: datetime
) -> Held:
    known, before = store.versions(clinic.id, questionnaire)
    if not known and not before:
        raise NotFound
    if document is None and before:
        return _held(clinic, before)
    if version is not None and version != (before.version if before else 0):
        raise Changed("Somebody else has changed this draft. Look at it again before you save.")
    given = _held(clinic, known[-1]).document if document is None else dict(document)
    text = _packed(given)
    found = questionnaires.read(text)
    publishing.taken(found, questionnaire)
    return Held(_write(clinic, actor, found, text, known, before, Permission.DRAFT_QUESTIONNAIRE, now), given, found)


def _write(
    clinic: Clinic,
    actor: Actor,
    found: Reading,
    text: bytes,
    known: list[Published],
    before: Draft | None,
    action: Permission,
    now: datetime,
) -> Draft:
    assert found.form, "only what could be read is written"
    publishing.must_be_the_same(found.form, _url(clinic, known, before))
    draft = publishing.drafted(found.form, found.level, known, before, actor, now)
    with table.together() as tx:
        store.put_draft(clinic.id, draft, text, before, tx)
        audit.note(tx, clinic.id, action=action.value, by=actor, what=f"questionnaire/{draft.id}", at=now)
    return draft


def _url(clinic: Clinic, known: list[Published], before: Draft | None) -> str:
    """What the form is that has this name already; empty where there is none."""
    there = before or (known[-1] if known else None)
    form = _held(clinic, there).reading.form if there else None
    return form.url if form else ""


def _packed(document: Mapping[str, Any]) -> bytes:
    text = packed.pack(msgspec.json.encode(document))
    if len(text) > packed.LARGEST:
        raise publishing.too_large()
    return text


def publish_questionnaire(clinic: Clinic, actor: Actor, questionnaire: str, version: int | None, now: datetime, once: Once) -> Kept:
    """The draft becomes the next version, which is offered from now on in the place of the one before.

    Changed if `version`, the draft they saw, is not the one that stands; NoDraft where there is none.
    """
    actor.must(Permission.PUBLISH_QUESTIONNAIRE, clinic.id)
    made = table.settle(lambda: _publish(clinic, actor, questionnaire, version, now, once))
    memory.forget()
    return made


def _publish(clinic: Clinic, actor: Actor, questionnaire: str, version: int | None, now: datetime, once: Once) -> Kept:
    known, draft = _drafted(clinic, questionnaire)
    if version is not None and version != draft.version:
        raise Changed("Somebody else has changed this draft. Look at it again before you publish it.")
    held = _held(clinic, draft)
    form = publishing.taken(held.reading, questionnaire)
    if len(pages.decisive(form)) > pages.LARGEST:
        raise publishing.too_large()
    new = publishing.published(form, held.reading.level, known, draft, actor, now)
    with table.together() as tx:
        doors.keep(tx, once, Kept(new, None))
        store.add(clinic.id, new, _packed(publishing.stamped(held.document, form.url, new.version)), tx)
        for each in publishing.retired(known, actor, now):
            store.retire(clinic.id, each, tx)
        store.remove_draft(clinic.id, draft, tx)
        what = f"questionnaire/{questionnaire}"
        audit.note(tx, clinic.id, action="publish_questionnaire", by=actor, what=what, at=now, version=str(new.version))
    return Kept(new, None)


def drafted(clinic: Clinic, actor: Actor, questionnaire: str) -> Held:
    """The draft, to be tried; NoDraft where there is none."""
    actor.must(Permission.PREVIEW_QUESTIONNAIRE, clinic.id)
    return _held(clinic, _drafted(clinic, questionnaire)[1])


def _drafted(clinic: Clinic, questionnaire: str) -> tuple[list[Published], Draft]:
    known, draft = store.versions(clinic.id, questionnaire)
    if draft:
        return known, draft
    raise publishing.NoDraft("Begin one first.") if known else NotFound()


def retire_questionnaire(clinic: Clinic, actor: Actor, questionnaire: str, now: datetime) -> Kept:
    """No version is offered any more; what was begun can be finished. Once more changes nothing."""
    actor.must(Permission.RETIRE_QUESTIONNAIRE, clinic.id)
    kept = table.settle(lambda: _retire(clinic, actor, questionnaire, now))
    memory.forget()
    return kept


def _retire(clinic: Clinic, actor: Actor, questionnaire: str, now: datetime) -> Kept:
    known, draft = store.versions(clinic.id, questionnaire)
    if not known:
        raise publishing.NoDraft("It was never published.") if draft else NotFound()
    gone = publishing.retired(known, actor, now)
    if not gone:
        return Kept(known[-1], draft)
    with table.together() as tx:
        for each in gone:
            store.retire(clinic.id, each, tx)
        audit.note(tx, clinic.id, action="retire_questionnaire", by=actor, what=f"questionnaire/{questionnaire}", at=now)
    return Kept(gone[-1], draft)

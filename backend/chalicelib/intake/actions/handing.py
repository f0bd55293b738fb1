"""Handing a form in, and changing what was handed in. Whoever sends the very same once more gets the same answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor, Permission
from chalicelib.intake.actions import alerting, filing, responses
from chalicelib.intake.records import Answered, Form, QuestionnaireResponse, ResponseStatus
from chalicelib.intake.rules import consents, differing, saving, submitting
from chalicelib.intake.rules.saving import Sent, Shown
from chalicelib.intake.rules.signing import Signed
from chalicelib.intake.rules.submitting import Filed, Handed
from chalicelib.intake.store.responses import Found
from chalicelib.kit import table


class Signing(NamedTuple):
    """What comes with answers that are handed in. `proved`: by which methods they are signed in; the last three are an amendment's."""

    signatures: Sequence[Signed]
    proved: tuple[str, ...] = ()
    withdrawn: Sequence[str] = ()
    kept: Sequence[str] = ()
    reason: str = ""


Hand = Callable[[Form, QuestionnaireResponse, Handed, str, datetime], Filed]


def submit_response(
    clinic: Clinic, actor: Actor, response_id: str, sent: Sent, signing: Signing, version: int | None, now: datetime
) -> Shown:
    """A draft handed in. AlreadySent, Changed, FilesUnderWay; LookAgain with every place."""
    wish = Wish(clinic, actor, response_id, Permission.SUBMIT_RESPONSE, submitting.submitted)
    return _hand(wish, sent, signing, version, now)


def amend_response(
    clinic: Clinic, actor: Actor, response_id: str, sent: Sent, signing: Signing, version: int | None, now: datetime
) -> Shown:
    """What was handed in, changed, or what was agreed to taken back. NotSentYet; else as submit_response."""
    wish = Wish(clinic, actor, response_id, Permission.AMEND_RESPONSE, submitting.amended)
    return _hand(wish, sent, signing, version, now)


class Wish(NamedTuple):
    """What somebody wants to do with which response."""

    clinic: Clinic
    actor: Actor
    response: str
    permission: Permission
    hand: Hand


def _hand(wish: Wish, sent: Sent, signing: Signing, version: int | None, now: datetime) -> Shown:
    wish.actor.must(wish.permission, wish.clinic.id)
    return table.settle(lambda: _try(wish, sent, signing, version, now))


def _try(wish: Wish, sent: Sent, signing: Signing, version: int | None, now: datetime) -> Shown:
    clinic, actor = wish.clinic, wish.actor
    found = responses.found_of(clinic, actor, wish.response, wish.permission, now)
    before, form, today = found.response, filing.form_of(found.response), filing.today(clinic, now)
    handed = _handed(wish, form, found, sent, signing)
    if _is_told_again(wish, form, before, handed, version, today):
        responses.looked(clinic, actor, wish.permission, before.id, before.patient, now)
        return filing.shown(form, found, before)
    is_amendment = wish.permission is Permission.AMEND_RESPONSE and before.status is not ResponseStatus.IN_PROGRESS
    if is_amendment:
        saving.agreed(form, before, sent, handed.items, version, today)  # what staff ask for meanwhile is read before it is answered
    if not (is_amendment and submitting.is_taking_back(form, before, handed, today)):
        responses.check_visit(clinic, found)
    filed = wish.hand(form, before, handed, today, now)
    saving.agreed(form, before, sent, handed.items, version, today)
    with table.together() as tx:
        filing.write(tx, clinic, form, found, filed.response, now)
        alerting.note(tx, clinic, actor, wish.permission.value, filed.response, filed.flagged, now)
    return filing.shown(form, found, filed.response)


def _handed(wish: Wish, form: Form, found: Found, sent: Sent, signing: Signing) -> Handed:
    """What was sent, taken apart; LookAgain for what no page of ours sends."""
    language = saving.spoken(wish.clinic, sent.language)
    saving.places(form, sent.seen, "seen")
    submitting.check_places(form, signing.signatures, signing.withdrawn, signing.kept)
    items: Answered = saving.taken(form, sent.items, language)
    return Handed(
        items=items,
        seen=sent.seen,
        language=language,
        signatures=signing.signatures,
        files=responses.files_of(wish.clinic, found) if differing.files(form.items, items) else {},
        actor=wish.actor,
        proved=signing.proved,
        letterhead=filing.letterhead(wish.clinic, found.response.patient),
        withdrawn=signing.withdrawn,
        kept=signing.kept,
        reason=signing.reason,
    )


def _is_told_again(wish: Wish, form: Form, before: QuestionnaireResponse, handed: Handed, version: int | None, today: str) -> bool:
    """Whether exactly this is what was handed in last: its answer was lost on the way.

    An amendment may confirm what stands, and what staff have asked for since then was not confirmed by it.
    """
    status = ResponseStatus.COMPLETED if wish.permission is Permission.SUBMIT_RESPONSE else ResponseStatus.AMENDED
    taken_back = {each.path for each in before.evidence if each.withdrawn is not None}
    last = [each for each in before.evidence if each.at == before.authored]
    items = consents.taken_back(form, handed.items, handed.withdrawn, today)
    same = before.status is status and before.items == items and taken_back.issuperset(handed.withdrawn)
    signed = [(each.path, each.kind, each.strokes) for each in last] == [(each.path, each.kind, each.strokes) for each in handed.signatures]
    return same and signed and (status is ResponseStatus.COMPLETED or (version != before.version and not before.returned))

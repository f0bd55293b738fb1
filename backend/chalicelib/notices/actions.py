"""Posting a notice with the change it tells of, and seeing that it goes out: at once by the stream, surely by the sweep."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.doors import actions as doors
from chalicelib.kit import ids, logs, mail, metrics, secret, table
from chalicelib.kit import post as provider
from chalicelib.kit.metrics import Metric
from chalicelib.kit.text import Worded
from chalicelib.notices import rules, store
from chalicelib.notices.records import Channel, Notice, NoticeState, Pointer
from chalicelib.notices.rules import Step

log = logging.getLogger("anteroom.notices")

CODE = "{code}"  # where the text wants the code that the seed stands for
HANDLE = "{handle}"  # where the link wants the handle that the seed stands for
COUNTED = {
    NoticeState.SENT: Metric.NOTICES_SENT,
    NoticeState.PENDING: Metric.NOTICES_PUT_OFF,
    NoticeState.FAILED: Metric.NOTICES_GIVEN_UP,
}


def letter(clinic: str, to: str, language: str, worded: Worded, now: datetime, **about: Any) -> Notice:
    """A worded message to an address, due now; `about` are more of its members (with `link` comes the button). It is not posted yet."""
    about |= {"link_label": worded.link_label} if about.get("link") else {}
    return Notice(id=ids.new(), clinic=clinic, to=to, language=language, subject=worded.subject, text=worded.text, due=now, **about)


def post(tx: table.Transaction, notice: Notice) -> None:
    """Write a notice inside the transaction of what it tells: both happen or neither.

    SlowDown where the day's text messages are used up, of the clinic or of all. ValueError for a channel we lack.
    """
    if notice.channel is Channel.SMS:
        doors.must_spend_all(rules.SMS_LIMITS, notice.clinic, "", "", notice.due)
    if notice.channel is not Channel.MAIL:
        raise ValueError(f"nothing is sent by {notice.channel} yet")
    store.add(notice.clinic, notice, tx)


def withdraw(tx: table.Transaction, clinic: str, notice_id: str) -> None:
    """Take back a notice inside a transaction, if it has not gone out yet."""
    store.withdraw(clinic, notice_id, tx)


def send(clinic: str, notice_id: str, now: datetime) -> Notice | None:
    """Send a notice if it is due and nobody else has it in hand; returns what it is now, None if there is none."""
    with logs.about(clinic=clinic, notice=notice_id):
        return _send(clinic, notice_id, now)


def _send(clinic: str, notice_id: str, now: datetime) -> Notice | None:
    notice = store.get(clinic, notice_id)
    if notice is None:
        return None
    step = rules.next_step(notice, now)
    if step is Step.GIVE_UP:
        return _finished(notice, rules.failed(notice))
    if step is not Step.SEND:
        return notice
    claimed = rules.claimed(notice, now)
    try:
        with table.together() as tx:
            store.claim(clinic, notice, claimed, tx)
    except table.Lost:
        return notice
    return _finished(claimed, _tried(claimed, now))


def _tried(notice: Notice, now: datetime) -> Notice:
    """One call to the provider, and what it means for the notice."""
    try:
        receipt = _call(notice)
    except provider.PerhapsSent as error:
        log.warning("notice %s may have been sent: %s", notice.id, error)
        return rules.put_off(notice, now, certain=False)
    except Exception as error:  # whatever is wrong with one letter must not hold up the others
        log.warning("notice %s was not sent: %s", notice.id, error, exc_info=not isinstance(error, provider.NotSent))
        return rules.put_off(notice, now, certain=True)
    return rules.sent(notice, receipt)


def _call(notice: Notice) -> str:
    clinic = clinics.get(notice.clinic)
    text = notice.text.replace(CODE, secret.eight_digits(notice.seed)) if notice.seed else notice.text
    link = notice.link.replace(HANDLE, secret.handle(notice.seed)) if notice.seed else notice.link
    letter = mail.Letter(subject=notice.subject, text=text, language=notice.language, link=link, link_label=notice.link_label)
    calendar = (notice.calendar.method, notice.calendar.text) if notice.calendar else None
    sender = clinics.brand().sender
    return provider.send(
        sender, notice.to, mail.mime(sender, notice.to, letter, _letterhead(clinic), reply_to=clinic.email, calendar=calendar)
    )


def _letterhead(clinic: Clinic) -> mail.Letterhead:
    return mail.Letterhead(name=clinic.name, address=clinic.address.in_one_line, telephone=clinic.telephone, colour=clinic.theme.brand)


def _finished(old: Notice, new: Notice) -> Notice:
    """Write what became of a notice; where somebody else has written meanwhile, theirs stands."""
    try:
        with table.together() as tx:
            store.finish(new.clinic, old, new, tx)
    except table.Lost:
        return old
    metrics.note({COUNTED[new.state]: 1})
    if new.is_over and not new.provider:
        log.error("notice %s of clinic %s was given up after %d tries", new.id, new.clinic, new.attempts)
    return new


def sweep(now: datetime) -> None:
    """Send all that is due, from where the last sweep ended; late, lost and overlapping sweeps do no harm."""
    begun = store.watermark()
    swept = rules.minutes(begun, now)
    held = [minute for minute in swept for shard in range(rules.SHARDS) if not _emptied(minute, shard, now)]
    store.set_watermark(rules.watermark(swept, held, now))
    behind = {Metric.SWEEP_BEHIND: (now - begun).total_seconds()} if begun else {}
    metrics.note({Metric.SWEEPS: 1, **behind})


def _emptied(minute: datetime, shard: int, now: datetime) -> bool:
    """Whether nothing is left in a bucket once each of its notices was seen to."""
    settled = [_settled(pointer, now) for pointer in store.due(minute, shard)]  # each of them, also after one that is not
    return all(settled)


def _settled(pointer: Pointer, now: datetime) -> bool:
    """Whether a pointer is no longer needed where it lies."""
    try:
        notice = send(pointer.clinic, pointer.notice, now)
    except (msgspec.MsgspecError, LookupError, ValueError, TypeError):
        log.exception("notice %s cannot be read; it is looked at again later", pointer.notice)
        store.done(pointer, again=rules.whole_minute(now) + rules.LATER)
        return True
    if notice is None or notice.is_over or notice.version != pointer.version:
        store.done(pointer)
        return True
    return False

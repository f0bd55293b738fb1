"""Which forms a clinic has, for whoever shows them or takes answers to them; and the forms that a clinic begins with."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.audit import actions as audit
from chalicelib.intake.records import Form, PublicationStatus, Published, Reading
from chalicelib.intake.rules import abroad, publishing, reading
from chalicelib.intake.store import questionnaires as store
from chalicelib.kit import clock, memory, metrics, packed, table
from chalicelib.kit.metrics import Metric

log = logging.getLogger("anteroom.intake")

KEEP_SECONDS = 60  # how long a container may go on offering what was just retired
FOREVER = float("inf")  # of a container: what was published never changes
SHOWN_ON = timedelta(days=90)  # how long what was begun on a retired version can be finished on its page
VERSION = re.compile(r"[1-9][0-9]{0,5}")
SEEDING = "function/seeding"  # who does it, in the audit trail


@memory.kept(FOREVER)
def given(clinic: str, questionnaire: str, version: str) -> Form | None:
    """A version that was published ("1", "2"), as it was then; whether it is still offered it does not say. None if it cannot be read."""
    if not VERSION.fullmatch(version):
        return None
    found = store.packed_document(clinic, questionnaire, int(version))
    return read(found).form if found else None


@memory.kept(KEEP_SECONDS)
def offered(clinic: str) -> list[Form]:
    """The newest version of each form that is in use, by id."""
    newest = {each.id: each for each in store.listed(clinic)[0] if each.status is PublicationStatus.ACTIVE}
    return list(_forms(clinic, newest.values()))


def published(clinic: str) -> list[Form]:
    """All versions that have a page: what is offered, and what was until 90 days ago; each says its status."""
    since = clock.now() - SHOWN_ON
    return list(_forms(clinic, [each for each in store.listed(clinic)[0] if each.retired is None or each.retired > since]))


def _forms(clinic: str, wanted: Iterable[Published]) -> Iterator[Form]:
    for each in wanted:
        form = given(clinic, each.id, str(each.version))
        if form:
            yield replace(form, status=each.status)
        else:
            left_out(clinic, each.id, str(each.version), "it cannot be read")


def left_out(clinic: str, questionnaire: str, version: str, why: str) -> None:
    """Say that a version that was published is not shown: all others are."""
    log.error("%s's form %s, version %s, is left out: %s", clinic, questionnaire, version, why)
    metrics.note({Metric.FORMS_LEFT_OUT: 1}, clinic=clinic)


@lru_cache(maxsize=128)
def read(document: bytes) -> Reading:
    """A packed document and what is said of it. Many clinics publish the very same ones."""
    return reading.read(msgspec.json.decode(packed.unpack(document)))


def published_form(document: bytes) -> Form:
    """The form of a packed document that could be read when it was published."""
    form = read(document).form
    assert form, "only what can be read is published"
    return form


def begin(clinic: str, documents: Sequence[dict[str, Any]], now: datetime, country: str = abroad.HOME) -> list[str]:
    """Publish forms of ours (FHIR's JSON) in a clinic that lacks them, as its country needs them; their ids."""
    told = [abroad.of(each, country) for each in documents]
    return table.settle(lambda: _begin(clinic, told, now))


def _begin(clinic: str, documents: Sequence[dict[str, Any]], now: datetime) -> list[str]:
    there, drafts = store.listed(clinic)
    known = {each.id for each in there} | {each.id for each in drafts}
    wanted = [each for each in documents if reading.slug(each["url"]) not in known]
    if not wanted:
        return []
    with table.together() as tx:
        made = [_publish_first(clinic, each, now, tx) for each in wanted]
        audit.note(tx, clinic, action="publish_questionnaire", by=SEEDING, what="questionnaires", at=now, forms=" ".join(made))
    memory.forget()
    return made


def _publish_first(clinic: str, document: dict[str, Any], now: datetime, tx: table.Transaction) -> str:
    text = packed.pack(msgspec.json.encode(publishing.stamped(document, document["url"], 1)))
    form = published_form(text)
    new = Published(id=form.id, version=1, title=form.title, level=read(text).level, published=now, by=SEEDING)
    store.add(clinic, new, text, tx)
    return new.id

"""From the clinics to the bucket and the edge before it: only what changed, in an order that may be broken off anywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from chalicelib.clinics.records import Brand, Clinic
from chalicelib.kit import zone
from chalicelib.kit.bucket import Bucket
from chalicelib.people.records import Practitioner
from chalicelib.portals.actions import planning, writing
from chalicelib.portals.actions.planning import Note, Plan
from chalicelib.portals.actions.rendering import PATIENT, STAFF, TEMPLATES, Forms, Seen, nobody, printed
from chalicelib.portals.actions.wording import Tongue
from chalicelib.portals.actions.writing import Spool
from chalicelib.portals.records import Published

NOTE = "published.json"  # no host serves it


class Edge(Protocol):
    """What stands between the bucket and the readers. Telling it a thing twice does no harm."""

    def languages(self) -> Mapping[str, str]:
        """What it knows: clinic -> primary subtags, comma-separated, the clinic's own first."""

    def tell(self, languages: Mapping[str, str], gone: Collection[str]) -> None:
        """The languages of these clinics, and which clinics there are no more."""

    def forget(self, host: str, addresses: Sequence[str]) -> None:
        """Fetch these addresses of a host (`patient`, `staff`) anew when somebody asks for them; `/*` means all."""


def publish_portals(
    bucket: Bucket,
    brand: Brand,
    clinics: Sequence[Clinic],
    practitioners: Sequence[Practitioner],
    version_notes: str = zone.VERSION,
    templates: Path = TEMPLATES,
    *,
    forms: Forms = MappingProxyType({}),
    edge: Edge | None = None,
    dry_run: bool = False,
    seen: Seen = nobody,
) -> Published:
    """Render all, then write what changed; pages of clinics and languages that are gone are removed.

    Nothing is written unless all could be rendered (Untranslated, IconMissing). Broken off anywhere, it leaves pages that name only
    what is there, and the next run does the rest. `edge` is None where nothing stands before the bucket. A dry run writes nothing.
    """
    there = {key: tag for host in (PATIENT, STAFF) for key, tag in bucket.tags(host)}
    note = planning.read(bucket.get(NOTE))
    with writing.spool() as laid:
        rendered = printed(brand, clinics, practitioners, version_notes, templates, seen, forms=forms)
        wanted = planning.compare(rendered, there, note, laid)
        plan = planning.plan(wanted, set(laid), there, note)
        if edge:
            plan = planning.with_edge(plan, there, {clinic.id: languages(clinic) for clinic in clinics}, edge.languages())
        if not dry_run:
            _carry_out(bucket, plan, laid, edge, seen)
    return plan.published


def languages(clinic: Clinic) -> str:
    """What the edge is told of a clinic: the primary subtags of its languages, comma-separated, its own first."""
    return ",".join(dict.fromkeys(Tongue(tag).primary for tag in clinic.languages))


def _carry_out(bucket: Bucket, plan: Plan, laid: Spool, edge: Edge | None, seen: Seen) -> None:
    """Whatever is named is there before what names it, and goes after it; the note says what is left to do until all is done."""
    if plan.before.pending:
        _keep(bucket, plan.before)
    counted = _counted(len(plan.published.written), seen)
    hosts = [key for key in plan.published.written if planning.turn(key) == planning.HOSTS]
    for keys in planning.in_turn(plan.published.written[: len(plan.published.written) - len(hosts)]):
        writing.write(bucket, laid, keys, counted)
    if edge and plan.languages:
        edge.tell(plan.languages, ())
    writing.write(bucket, laid, hosts, counted)
    if edge and plan.gone:
        edge.tell({}, plan.gone)
    for keys in planning.in_turn(plan.published.removed):
        bucket.delete(keys)
    if edge:
        for host, addresses in plan.before.pending.items():
            edge.forget(host, addresses)
    if plan.after != plan.before:
        _keep(bucket, plan.after)


def _keep(bucket: Bucket, note: Note) -> None:
    bucket.put(NOTE, note.written(), "application/json", "no-store")


def _counted(total: int, seen: Seen) -> Callable[[], None]:
    """Tells who looks on, at each call, that one more is written."""
    numbers = count(1)
    return lambda: seen("Writing", next(numbers), total)
